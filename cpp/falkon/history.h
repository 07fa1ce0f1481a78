// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Falkon's history, as a binary interface.

#include <QDateTime>
#include <QObject>
#include <QString>
#include <QUrl>

/// Only used by pointer. Signals, for string-based connections: historyEntryAdded(HistoryEntry),
/// historyEntryEdited(HistoryEntry,HistoryEntry), historyEntryDeleted(HistoryEntry), resetHistory(), which comes when the user
/// has emptied it.
class History : public QObject
{
public:
    /// One row of the table `history`; the same in all releases from 24.12 to 26.08.
    struct HistoryEntry
    {
        int id = 0;
        int count = 0;
        QDateTime date;
        QUrl url;
        QString urlString;
        QString title;
    };

    History() = delete;

    /// Whether its user wants a history at all.
    bool isSaving();

    // The signals themselves: who writes to the table tells the views that are open.
    void historyEntryAdded(const HistoryEntry &entry);
    void historyEntryEdited(const HistoryEntry &before, const HistoryEntry &after);
    void historyEntryDeleted(const HistoryEntry &entry);
};

using HistoryEntry = History::HistoryEntry;

static_assert(sizeof(History) == sizeof(QObject), "declared as an interface only, never constructed");
