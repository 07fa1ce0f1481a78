// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A button that Falkon shows in a bar of its windows, as a binary interface.

#include <QIcon>
#include <QObject>
#include <QString>

/// Base of a button. Its members live in the opaque body, which Falkon's exported constructor fills; they are not
/// destroyed with the object (Falkon's own destructor is inline and cannot be called), a few hundred bytes for each
/// window that is closed. Signal: clicked(AbstractButtonInterface::ClickController*).
class AbstractButtonInterface : public QObject
{
public:
    explicit AbstractButtonInterface(QObject *parent = nullptr);

    virtual QString id() const = 0;
    virtual QString name() const = 0;

    void setTitle(const QString &title);
    void setToolTip(const QString &toolTip);
    void setIcon(const QIcon &icon);

    /// Falkon's own meta object, where the signals are; found by name, so that loading does not depend on it.
    const QMetaObject *metaObject() const override;

private:
    alignas(std::max_align_t) unsigned char m_opaque[496];
};

static_assert(sizeof(AbstractButtonInterface) >= 512, "larger than any release's class");
