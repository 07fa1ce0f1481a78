// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "framemeter.h"

namespace {
constexpr int TickMs = 2;
constexpr double NsPerMs = 1e6;
}

FrameMeter::FrameMeter(QObject *parent)
    : QObject(parent)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(TickMs);
    connect(&m_timer, &QTimer::timeout, this, &FrameMeter::tick);
}

QJsonObject FrameMeter::execute(const QJsonObject &command)
{
    const QString action = command.value(QLatin1String("action")).toString(QStringLiteral("read"));
    if (action == QLatin1String("reset")) {
        m_longestNs = 0;
        m_turns = 0;
        m_sinceTick.start();
        m_timer.start();
        return {};
    }
    if (action == QLatin1String("stop")) {
        m_timer.stop();
    } else if (action != QLatin1String("read")) {
        return {{QStringLiteral("error"), QStringLiteral("action is reset, read or stop")}};
    }
    return {{QStringLiteral("longest_ms"), double(m_longestNs) / NsPerMs}, {QStringLiteral("turns"), m_turns}};
}

void FrameMeter::tick()
{
    m_longestNs = qMax(m_longestNs, m_sinceTick.nsecsElapsed() - qint64(TickMs * NsPerMs));
    m_sinceTick.start();
    ++m_turns;
}
