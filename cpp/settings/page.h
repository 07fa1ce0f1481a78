// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

struct Configuration;
class QAbstractItemView;
class QLabel;
class SyncController;

/// One page of the settings. What is edited on it holds once the dialog's Apply takes it; what is a button holds at once.
class Page : public QWidget
{
    Q_OBJECT

public:
    Page(SyncController *controller, QWidget *parent);

    /// Shows what is stored, dropping what is edited.
    virtual void fill();
    /// Writes what is edited into \a configuration.
    virtual void store(Configuration &configuration) const;
    /// A password that was entered; empty if none was.
    virtual QString password() const;

Q_SIGNALS:
    /// Something was edited that Apply would store.
    void edited();

protected:
    /// Plain text in as many lines as it needs, which can be selected and copied.
    static QLabel *wrappedLabel(QWidget *parent, const QString &text = {});
    /// In the fixed font and from left to right: for keys and addresses, which read so in every language.
    static QLabel *technicalLabel(QWidget *parent);
    /// Lets a list take what is left of the page's height, however little: two of them would else make each page scroll.
    static void fitList(QAbstractItemView *list);

    SyncController *const m_controller;
};
