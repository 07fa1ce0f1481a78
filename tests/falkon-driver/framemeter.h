// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QJsonObject>
#include <QObject>
#include <QTimer>

/// Measures the longest time in which the main thread's event loop did not turn.
class FrameMeter : public QObject
{
    Q_OBJECT

public:
    explicit FrameMeter(QObject *parent = nullptr);

    /// {"action": "reset" | "read" | "stop"}; "read" and "stop" give {"longest_ms", "turns"}.
    QJsonObject execute(const QJsonObject &command);

private:
    void tick();

    QTimer m_timer;
    QElapsedTimer m_sinceTick;
    qint64 m_longestNs = 0;
    qint64 m_turns = 0;
};
