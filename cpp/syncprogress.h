// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

#include <optional>

/// How far something large is on its way: all bookmarks at a first join, or a large change.
struct SyncProgress
{
    enum Step {
        /// From another device to this one.
        Fetching,
        /// From this one, for the others.
        Sending,
        /// From another device to the server, for this one.
        Awaiting,
        /// From the engine into the browser's menus.
        Showing,
    };

    Step step = Fetching;
    /// In bookmarks, folders and separators; 0 in all where nobody knows.
    qint64 done = 0;
    qint64 of = 0;
    /// Of all bytes, or of all edits.
    int percent = 0;
    /// How long the rest takes, in milliseconds; below 0 where that cannot be told yet.
    qint64 remainingMs = -1;

    /// \a progress as in the engine's event "status"; nothing where it has none.
    static std::optional<SyncProgress> ofTransfer(const QJsonValue &progress);
    /// \a done of \a of edits are in the browser.
    static SyncProgress ofShowing(qint64 done, qint64 of);

    QString sentence() const;
};
