// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "framemeter.h"

#include <QFileInfo>

namespace {
constexpr int TickMs = 2;
constexpr qint64 NsPerMs = 1'000'000;
/// Shorter turns hold no save of a file that matters here.
constexpr qint64 LeastSaveNs = 4 * NsPerMs;
}

FrameMeter::FrameMeter(const QString &bookmarksFile, QObject *parent)
    : QObject(parent)
    // "thread-self" is resolved now, in the main thread: run time, time spent waiting to run (ns), time slices.
    , m_schedule(QFile::symLinkTarget(QStringLiteral("/proc/thread-self")) + QStringLiteral("/schedstat"))
    , m_bookmarksFile(bookmarksFile)
{
    if (!m_schedule.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        qWarning(
            "XmppSync test driver: without %s, other programs' load counts as stalls", qUtf8Printable(m_schedule.fileName()));
    }
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(TickMs);
    connect(&m_timer, &QTimer::timeout, this, &FrameMeter::tick);
    start();
}

QJsonObject FrameMeter::execute(const QJsonObject &command)
{
    const QString action = command.value(QLatin1String("action")).toString(QStringLiteral("read"));
    if (action == QLatin1String("reset")) {
        m_longestNs = m_longestUsedNs = 0;
        m_savingNs = 0;
        m_turns = 0;
        m_saved = QFileInfo(m_bookmarksFile).lastModified();
        start();
        m_timer.start();
        return {};
    }
    if (action == QLatin1String("stop")) {
        m_timer.stop();
    } else if (action != QLatin1String("read")) {
        return {{QStringLiteral("error"), QStringLiteral("action is reset, read or stop")}};
    }
    return {
        {QStringLiteral("longest_ms"), toMs(m_longestNs)},
        {QStringLiteral("used_ms"), toMs(m_longestUsedNs)},
        {QStringLiteral("saving_ms"), toMs(m_savingNs)},
        {QStringLiteral("turns"), m_turns},
    };
}

double FrameMeter::toMs(qint64 nanoseconds)
{
    return double(nanoseconds) / double(NsPerMs);
}

void FrameMeter::start()
{
    m_waitedAtStartNs = scheduleNs(Waited);
    m_usedAtStartNs = scheduleNs(Used);
    m_sinceStart.start();
}

void FrameMeter::tick()
{
    if (!m_timer.isActive() || m_apart > 0) {
        return;
    }
    const qint64 held = heldNs() - TickMs * NsPerMs;
    qint64 *longest = &m_longestNs;
    if (held > LeastSaveNs) {
        const QDateTime saved = QFileInfo(m_bookmarksFile).lastModified();
        if (saved != m_saved) {
            m_saved = saved;
            longest = &m_savingNs;
        }
    }
    if (longest == &m_longestNs && held > m_longestNs) {
        m_longestUsedNs = scheduleNs(Used) - m_usedAtStartNs;
    }
    *longest = qMax(*longest, held);
    ++m_turns;
    start();
}

/// Since start().
qint64 FrameMeter::heldNs()
{
    const qint64 wall = m_sinceStart.nsecsElapsed();
    return wall - (scheduleNs(Waited) - m_waitedAtStartNs);
}

qint64 FrameMeter::scheduleNs(Column column)
{
    if (!m_schedule.isOpen() || !m_schedule.seek(0)) {
        return 0;
    }
    return m_schedule.readAll().split(' ').value(column).toLongLong();
}
