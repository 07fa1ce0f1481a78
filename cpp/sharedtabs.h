// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QObject>

class QJsonObject;

/// What the engine last told of tabs: those that are open on the account's other devices, and those that were sent to them.
class SharedTabs : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// As in the engine's event "tabs".
    const QJsonArray &elsewhere() const;
    /// As in the engine's event "sent_tabs".
    const QJsonArray &sent() const;

    /// Takes an event of the engine.
    void take(const QJsonObject &event);
    void clear();

Q_SIGNALS:
    void elsewhereChanged();
    void sentChanged();

private:
    void setElsewhere(const QJsonArray &devices);
    void setSent(const QJsonArray &sent);

    QJsonArray m_elsewhere;
    QJsonArray m_sent;
};
