// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonObject>
#include <QObject>
#include <QTimer>

/// Measures the longest time in which the main thread's event loop did not turn. Not counted is the time in which the thread
/// could have run but the machine ran others, and the time of the driver's own commands; a turn in which Falkon wrote its
/// bookmarks is counted apart, for it does so with or without a plugin.
class FrameMeter : public QObject
{
    Q_OBJECT

public:
    explicit FrameMeter(const QString &bookmarksFile, QObject *parent = nullptr);

    /// {"action": "reset" | "read" | "stop"}; "read" and "stop" give {"longest_ms", "used_ms",
    /// "saving_ms", "turns"}; "used_ms" is the processor time in the longest.
    QJsonObject execute(const QJsonObject &command);

    /// Runs \a work, which does not count; gives how long it held the thread, in milliseconds. May be nested.
    template <typename Work>
    double apart(Work work)
    {
        tick();
        ++m_apart;
        const qint64 before = heldNs();
        work();
        const double took = toMs(heldNs() - before);
        if (--m_apart == 0) {
            start();
        }
        return took;
    }

private:
    static double toMs(qint64 nanoseconds);
    void start();
    void tick();
    qint64 heldNs();
    /// Of the main thread, since it began: what it had the processor, and what it waited for it.
    enum Column { Used, Waited };
    qint64 scheduleNs(Column column);

    QTimer m_timer;
    QElapsedTimer m_sinceStart;
    QFile m_schedule;
    const QString m_bookmarksFile;
    QDateTime m_saved;
    qint64 m_waitedAtStartNs = 0;
    qint64 m_usedAtStartNs = 0;
    qint64 m_longestNs = 0;
    qint64 m_longestUsedNs = 0;
    qint64 m_savingNs = 0;
    qint64 m_turns = 0;
    int m_apart = 0;
};
