// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QSet>
#include <QTimer>

class BrowserWindow;
class SyncController;

/// Opens what the user's other devices send to this browser, one tab after the other behind the page that is in the front, and
/// says so. While Falkon starts, after it has restored its session. Of what was half open when Falkon was killed, all opens
/// again: whether its session has the first half is not known, and a page that comes twice is better than one that never does.
class TabsReceiver : public QObject
{
    Q_OBJECT

public:
    TabsReceiver(SyncController *controller, QObject *parent);
    /// Opens the rest of what is half open, unless Falkon ends, where it goes on at the next start.
    ~TabsReceiver() override;

private Q_SLOTS:
    void windowCreated(BrowserWindow *window);
    void windowCloses();

private:
    void take(const QJsonObject &event);
    void forgetWaiting();
    void watch(BrowserWindow *window);
    void openNext();
    bool openOne();
    void keepPlace() const;
    qsizetype keptPlace(const QJsonValue &parcel) const;
    void finish(const QJsonObject &parcel);
    void tellOpened(const QString &name);

    SyncController *const m_controller;
    QTimer m_timer;
    /// The engine's events "tabs_came" of which not all is open yet, and how many tabs of the first one are.
    QList<QJsonObject> m_waiting;
    qsizetype m_opened = 0;
    /// Holds the name of the parcel that was half open at Falkon's last end, and how many tabs of it were.
    const QString m_placeFile;
    /// The windows that are about to close in this turn of the event loop.
    QSet<const QObject *> m_closing;
    bool m_ready;
};
