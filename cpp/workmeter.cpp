// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workmeter.h"

#include <QAbstractEventDispatcher>

#include <ctime>

namespace {
enum Owner { Nobody, Plugin, Falkon };

/// All in nanoseconds.
struct Turn
{
    qint64 plugin = 0;
    qint64 wall = 0;
    qint64 falkon = 0;
    qint64 longestCall = 0;
    qint64 longestEntry = 0;
    const char *entry = "";
};

struct Meter
{
    int owner = Nobody;
    qint64 since = 0;
    qint64 wallSince = 0;
    /// Of the entry and of the call that is on.
    qint64 entryTime = 0;
    qint64 callTime = 0;
    const char *entry = "";
    Turn turn;

    qint64 plugin = 0;
    qint64 wall = 0;
    qint64 falkon = 0;
    qint64 longestCall = 0;
    qint64 caused = 0;
    qint64 total = 0;
    const char *longestEntry = "";
};

Meter meter;

qint64 nowNs(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

double toMs(qint64 nanoseconds)
{
    return double(nanoseconds) / 1e6;
}

/// From now on the time is \a next's; what passed is whose it was.
int hand(int next)
{
    const int before = meter.owner;
    // What the thread has used: other programs' load does not count.
    const qint64 now = nowNs(CLOCK_THREAD_CPUTIME_ID);
    const qint64 wall = nowNs(CLOCK_MONOTONIC);
    if (before == Plugin) {
        meter.turn.plugin += now - meter.since;
        meter.turn.wall += wall - meter.wallSince;
        meter.entryTime += now - meter.since;
    } else if (before == Falkon) {
        meter.turn.falkon += now - meter.since;
        meter.callTime += now - meter.since;
    }
    meter.since = now;
    meter.wallSince = wall;
    meter.owner = next;
    return before;
}

/// The event loop was back at its start: whatever waited for the thread has had its time.
void endTurn()
{
    const Turn &turn = meter.turn;
    if (turn.plugin == 0 && turn.falkon == 0) {
        return;
    }
    meter.total += turn.plugin;
    if (turn.plugin > meter.plugin) {
        meter.plugin = turn.plugin;
        meter.longestEntry = turn.entry;
    }
    meter.wall = qMax(meter.wall, turn.wall);
    meter.falkon = qMax(meter.falkon, turn.falkon);
    meter.longestCall = qMax(meter.longestCall, turn.longestCall);
    meter.caused = qMax(meter.caused, turn.plugin + turn.falkon - turn.longestCall);
    meter.turn = {};
}
}

WorkMeter::Entry::Entry(const char *name)
    : m_before(meter.owner)
{
    if (m_before == Nobody) {
        hand(Plugin);
        meter.entry = name;
        meter.entryTime = 0;
    }
}

WorkMeter::Entry::~Entry()
{
    if (m_before == Nobody) {
        hand(Nobody);
        if (meter.entryTime > meter.turn.longestEntry) {
            meter.turn.longestEntry = meter.entryTime;
            meter.turn.entry = meter.entry;
        }
    }
}

WorkMeter::FalkonCall::FalkonCall()
    : m_before(hand(Falkon))
{
    meter.callTime = 0;
}

WorkMeter::FalkonCall::~FalkonCall()
{
    hand(m_before);
    meter.turn.longestCall = qMax(meter.turn.longestCall, meter.callTime);
}

WorkMeter::WorkMeter(QObject *parent)
    : QObject(parent)
{
    const QAbstractEventDispatcher *loop = QAbstractEventDispatcher::instance();
    connect(loop, &QAbstractEventDispatcher::aboutToBlock, this, endTurn);
    connect(loop, &QAbstractEventDispatcher::awake, this, endTurn);
}

QJsonObject WorkMeter::read()
{
    return {
        {QStringLiteral("plugin"), toMs(meter.plugin)},
        {QStringLiteral("entry"), QLatin1StringView(meter.longestEntry)},
        {QStringLiteral("wall"), toMs(meter.wall)},
        {QStringLiteral("falkon"), toMs(meter.falkon)},
        {QStringLiteral("falkon_call"), toMs(meter.longestCall)},
        {QStringLiteral("caused"), toMs(meter.caused)},
        {QStringLiteral("total"), toMs(meter.total)},
    };
}

void WorkMeter::reset()
{
    meter.plugin = meter.wall = meter.falkon = meter.longestCall = meter.caused = meter.total = 0;
    meter.longestEntry = "";
}
