// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QTimer>

class SyncController;

/// Opens what the user's other devices send to this browser, one tab after the other behind the page that is in the front, and
/// says so. While Falkon starts, after it has restored its session.
class TabsReceiver : public QObject
{
    Q_OBJECT

public:
    TabsReceiver(SyncController *controller, QObject *parent);

private Q_SLOTS:
    void windowCreated();

private:
    void take(const QJsonObject &event);
    void openNext();
    void finish(const QJsonObject &parcel);
    void tellOpened(const QString &name);

    SyncController *const m_controller;
    QTimer m_timer;
    /// The engine's events "tabs_came" of which not all is open yet, and how many tabs of the first one are.
    QList<QJsonObject> m_waiting;
    qsizetype m_opened = 0;
    bool m_ready;
};
