// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "syncprogress.h"

#include <QCoreApplication>

namespace {
class Text
{
    Q_DECLARE_TR_FUNCTIONS(SyncProgress)
};

/// From so many seconds on minutes say enough.
constexpr qint64 LongS = 100;

int percentOf(double done, double of)
{
    return of > 0 ? qBound(0, int(100 * done / of), 100) : 0;
}

QString time(qint64 ms)
{
    const qint64 seconds = (ms + 999) / 1000;
    return seconds < LongS ? Text::tr("%n second(s)", nullptr, int(seconds))
                           : Text::tr("%n minute(s)", nullptr, int((seconds + 59) / 60));
}
}

std::optional<SyncProgress> SyncProgress::ofTransfer(const QJsonValue &progress)
{
    if (!progress.isObject()) {
        return std::nullopt;
    }
    const auto number = [&progress](const char *key) { return progress[QLatin1StringView(key)].toDouble(); };
    SyncProgress transfer;
    const QString direction = progress[QLatin1StringView("direction")].toString();
    transfer.step = direction == QLatin1StringView("sending") ? Sending
        : direction == QLatin1StringView("awaiting")          ? Awaiting
                                                              : Fetching;
    transfer.percent = percentOf(number("done"), number("size"));
    transfer.of = qint64(number("items"));
    transfer.done = number("size") > 0 ? qint64(number("items") * number("done") / number("size")) : 0;
    transfer.remainingMs = qint64(progress[QLatin1StringView("remaining_ms")].toDouble(-1));
    return transfer;
}

SyncProgress SyncProgress::ofShowing(qint64 done, qint64 of)
{
    SyncProgress showing;
    showing.step = Showing;
    showing.done = done;
    showing.of = of;
    showing.percent = percentOf(double(done), double(of));
    return showing;
}

QString SyncProgress::sentence() const
{
    if (step == Showing) {
        return Text::tr("Putting the bookmarks into this browser: %1 of %2.").arg(done).arg(of);
    }
    const QString far = of > 0 ? Text::tr("about %1 of %2").arg(done).arg(of) : Text::tr("%1 %").arg(percent);
    const bool timed = remainingMs >= 0;
    //: %1: "about 300 of 2000" or "15 %"
    const QString fetching = timed ? Text::tr("Fetching the bookmarks: %1. %2 left.") : Text::tr("Fetching the bookmarks: %1.");
    //: %1: "about 300 of 2000" or "15 %"
    const QString sending = timed ? Text::tr("Sending the bookmarks: %1. %2 left.") : Text::tr("Sending the bookmarks: %1.");
    //: %1: "about 300 of 2000" or "15 %"
    const QString awaiting = timed ? Text::tr("Another device sends the bookmarks: %1. %2 left.")
                                   : Text::tr("Another device sends the bookmarks: %1.");
    const QString sentence = (step == Sending ? sending : step == Awaiting ? awaiting : fetching).arg(far);
    return timed ? sentence.arg(time(remainingMs)) : sentence;
}
