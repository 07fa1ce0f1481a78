// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "statustext.h"

#include "problemtext.h"
#include "texts.h"

#include <QCoreApplication>

#include "bridge/src/ffi.cxxqt.h"

namespace {
using xmppsync::SyncPhase;
using xmppsync::SyncState;

class Text
{
    Q_DECLARE_TR_FUNCTIONS(StatusText)
};

QString bookmarks(qint64 count)
{
    return Text::tr("%n bookmark(s)", nullptr, int(count));
}

QString phaseSentence(const xmppsync::SyncStatus &status, const QJsonArray &needs, const std::optional<SyncProgress> &progress)
{
    const qint64 replicas = qint64(status.getReplicas());
    const SyncPhase phase = status.getPhase();
    const bool busy = phase == SyncPhase::WaitingForDevice || phase == SyncPhase::Syncing || phase == SyncPhase::UpToDate;
    if (progress && busy) {
        return progress->sentence();
    }
    switch (phase) {
    case SyncPhase::WaitingForDevice:
        return Text::tr(
            "Signed in. Waiting for another of your devices to share the bookmarks: start it, and trust this one there.");
    case SyncPhase::Syncing:
        return Text::tr("Signed in. Synchronizing (%1 to send, %2 to fetch).")
            .arg(qulonglong(status.getUnpublished()))
            .arg(qulonglong(status.getMissing()));
    case SyncPhase::UpToDate:
        return replicas == 0
            ? Text::tr("Signed in. This is your only device so far; set up another one to sync %1.")
                  .arg(bookmarks(qint64(status.getBookmarks())))
            : Text::tr("Up to date: %1, shared with %2.")
                  .arg(bookmarks(qint64(status.getBookmarks())), Text::tr("%n other device(s)", nullptr, int(replicas)));
    case SyncPhase::Off:
        return Text::tr("Signed in. The synchronization of bookmarks is paused.");
    case SyncPhase::NeedsYou: {
        QStringList questions;
        for (const QJsonValue &need : needs) {
            questions.append(StatusText::question(need.toObject()));
        }
        return questions.join(QLatin1Char(' '));
    }
    case SyncPhase::Offline:
    case SyncPhase::Starting:
        break;
    }
    return Text::tr("Signed in. Fetching your devices and bookmarks.");
}

constexpr const char *StateNames[] = {"offline", "connecting", "authenticating", "online", "waiting", "failed"};
constexpr const char *PhaseNames[] = {"offline", "starting", "waiting_for_device", "syncing", "up_to_date", "off", "needs_you"};
static_assert(int(SyncState::Failed) == 5 && int(SyncPhase::NeedsYou) == 6);
}

namespace StatusText {
QString sentence(const xmppsync::SyncStatus &status, const QJsonArray &needs, const std::optional<SyncProgress> &progress)
{
    switch (status.getState()) {
    case SyncState::Connecting:
        return Text::tr("Connecting to the server.");
    case SyncState::Authenticating:
        return Text::tr("Signing in.");
    case SyncState::Online:
        return phaseSentence(status, needs, progress);
    case SyncState::Waiting:
        return Text::tr("Not connected; trying again in %1 s. Your changes are kept and sent later.")
            .arg((status.getRetryInMs() + 999) / 1000);
    case SyncState::Failed:
        return Text::tr("Not connected. This needs your help:");
    case SyncState::Offline:
        break;
    }
    return Text::tr("Starting.");
}

QString question(const QJsonObject &need)
{
    const auto number = [](const QJsonValue &object, const char *key) {
        return qint64(object[QLatin1StringView(key)].toDouble());
    };
    if (need.value(QLatin1StringView("type")) == QLatin1StringView("join")) {
        const QJsonValue preview = need.value(QLatin1StringView("preview"));
        const QString start = need.value(QLatin1StringView("again")).toBool()
            ? Text::tr("This browser has other bookmarks now than it had when it was last synchronized.")
            : Text::tr("This browser and your other devices have different bookmarks.");
        //: After one of the two sentences "This browser has other bookmarks…", "This browser and your other devices have…"
        return Text::tr("%1 Here: %2. There: %3. The same on both sides: %4. A merge adds %5 here and %6 there; with the same "
                        "address and otherwise different: %7.")
            .arg(start)
            .arg(number(preview, "local"))
            .arg(number(preview, "account"))
            .arg(number(preview, "matched"))
            .arg(number(preview, "added_here"))
            .arg(number(preview, "added_there"))
            .arg(number(preview, "conflicts"));
    }
    const QString gone = bookmarks(number(need, "items"));
    const qint64 all = number(need, "of");
    const QString question = need.value(QLatin1StringView("question")).toString();
    if (question.startsWith(QLatin1StringView("doubled:"))) {
        return Text::tr("“%1” added %2, and most of them are here already. They are not shown here yet.")
            .arg(need.value(QLatin1StringView("device")).toString(), gone);
    }
    if (question.startsWith(QLatin1StringView("incoming:"))) {
        return Text::tr("“%1” deleted %2 of %3. Here they are all still there.")
            .arg(need.value(QLatin1StringView("device")).toString(), gone)
            .arg(all);
    }
    return Text::tr("%1 of %2 are gone from this browser. Your other devices still have them.").arg(gone).arg(all);
}

QString problem(const xmppsync::SyncStatus &status)
{
    QStringList lines;
    for (const xmppsync::SyncProblem &each : status.problems()) {
        lines.append(problemText(toQt(each.kind), toQt(each.text), toQt(each.cause)));
    }
    return lines.join(QLatin1Char('\n'));
}

void describe(const xmppsync::SyncStatus &status, QJsonObject &json)
{
    json.insert(QLatin1StringView("state"), QLatin1StringView(StateNames[int(status.getState())]));
    json.insert(QLatin1StringView("phase"), QLatin1StringView(PhaseNames[int(status.getPhase())]));
    QJsonArray problems;
    for (const xmppsync::SyncProblem &each : status.problems()) {
        problems.append(toQt(each.kind));
    }
    json.insert(QLatin1StringView("problems"), problems);
    json.insert(QLatin1StringView("address"), toQt(status.address()));
    json.insert(QLatin1StringView("bookmarks"), qint64(status.getBookmarks()));
    json.insert(QLatin1StringView("replicas"), qint64(status.getReplicas()));
    json.insert(QLatin1StringView("unpublished"), qint64(status.getUnpublished()));
    json.insert(QLatin1StringView("missing"), qint64(status.getMissing()));
}
}
