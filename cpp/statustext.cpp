// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "statustext.h"

#include "texts.h"

#include <QCoreApplication>

#include "bridge/src/ffi.cxxqt.h"

namespace {
using xmppsync::SyncPhase;
using xmppsync::SyncState;

QString text(const char *source)
{
    return QCoreApplication::translate("StatusText", source);
}

/// A reason of the engine, and what the user reads. Others are shown in the engine's own words.
struct Reason
{
    QLatin1StringView kind;
    const char *text;
};

constexpr Reason Reasons[] = {
    {QLatin1StringView("name_lookup"),
        QT_TRANSLATE_NOOP("StatusText", "The server of this address was not found. Check the address and the network.")},
    {QLatin1StringView("unreachable"), QT_TRANSLATE_NOOP("StatusText", "The server cannot be reached.")},
    {QLatin1StringView("timed_out"), QT_TRANSLATE_NOOP("StatusText", "The server did not answer in time.")},
    {QLatin1StringView("connection_lost"), QT_TRANSLATE_NOOP("StatusText", "The connection was lost.")},
    {QLatin1StringView("wrong_password"),
        QT_TRANSLATE_NOOP(
            "StatusText", "The server refused the address or the password. Enter the password again and press Apply.")},
    {QLatin1StringView("certificate"),
        QT_TRANSLATE_NOOP("StatusText",
            "The server's certificate is not trusted, so nothing was sent. If the server is your own, name its certificate "
            "authority on this page.")},
    {QLatin1StringView("conflict"),
        QT_TRANSLATE_NOOP("StatusText", "Another program took this device's place. Press Apply to take it back.")},
};

QString reason(const xmppsync::SyncStatus &status)
{
    const QString kind = toQt(status.reasonKind());
    for (const Reason &known : Reasons) {
        if (kind == known.kind) {
            return text(known.text);
        }
    }
    return toQt(status.reasonText());
}

QString phaseSentence(const xmppsync::SyncStatus &status)
{
    const qulonglong bookmarks = status.getBookmarks();
    const qulonglong replicas = status.getReplicas();
    switch (status.getPhase()) {
    case SyncPhase::WaitingForDevice:
        return text("Signed in. Waiting for another of your devices to share the bookmarks: start it, and trust this one there.");
    case SyncPhase::Syncing:
        return text("Signed in. Synchronizing (%1 to send, %2 to fetch).")
            .arg(qulonglong(status.getUnpublished()))
            .arg(qulonglong(status.getMissing()));
    case SyncPhase::UpToDate:
        return replicas == 0
            ? text("Signed in. This is your only device so far; set up another one to sync %1 bookmarks.").arg(bookmarks)
            : text("Up to date: %1 bookmarks, shared with %2 other devices.").arg(bookmarks).arg(replicas);
    case SyncPhase::Off:
        return text("Signed in. Bookmarks are not synchronized.");
    case SyncPhase::NeedsYou: {
        QStringList questions;
        for (const rust::String &question : status.needs()) {
            questions.append(toQt(question));
        }
        return questions.join(QLatin1Char(' '));
    }
    case SyncPhase::Offline:
    case SyncPhase::Starting:
        break;
    }
    return text("Signed in. Fetching your devices and bookmarks.");
}

constexpr const char *StateNames[] = {"offline", "connecting", "authenticating", "online", "waiting", "failed"};
constexpr const char *PhaseNames[] = {"offline", "starting", "waiting_for_device", "syncing", "up_to_date", "off", "needs_you"};
static_assert(int(SyncState::Failed) == 5 && int(SyncPhase::NeedsYou) == 6);
}

namespace StatusText {
QString sentence(const xmppsync::SyncStatus &status)
{
    switch (status.getState()) {
    case SyncState::Connecting:
        return text("Connecting to the server.");
    case SyncState::Authenticating:
        return text("Signing in.");
    case SyncState::Online:
        return phaseSentence(status);
    case SyncState::Waiting:
        return text("Not connected; trying again in %1 s. Your changes are kept and sent later.")
            .arg((status.getRetryInMs() + 999) / 1000);
    case SyncState::Failed:
        return text("Not connected. This needs your help:");
    case SyncState::Offline:
        break;
    }
    return text("Starting.");
}

QString problem(const xmppsync::SyncStatus &status)
{
    QStringList lines;
    const QString connection = reason(status);
    if (!connection.isEmpty()) {
        lines.append(connection);
    }
    for (const rust::String &line : status.problems()) {
        lines.append(toQt(line));
    }
    return lines.join(QLatin1Char('\n'));
}

void describe(const xmppsync::SyncStatus &status, QJsonObject &json)
{
    json.insert(QLatin1StringView("state"), QLatin1StringView(StateNames[int(status.getState())]));
    json.insert(QLatin1StringView("phase"), QLatin1StringView(PhaseNames[int(status.getPhase())]));
    json.insert(QLatin1StringView("reason"), toQt(status.reasonKind()));
    json.insert(QLatin1StringView("address"), toQt(status.address()));
    json.insert(QLatin1StringView("bookmarks"), qint64(status.getBookmarks()));
    json.insert(QLatin1StringView("replicas"), qint64(status.getReplicas()));
    json.insert(QLatin1StringView("unpublished"), qint64(status.getUnpublished()));
    json.insert(QLatin1StringView("missing"), qint64(status.getMissing()));
}
}
