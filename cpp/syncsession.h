// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bookmarkapplier.h"
#include "bookmarkcollector.h"
#include "bookmarktokens.h"
#include "queuedsink.h"
#include "savewatcher.h"
#include "syncprogress.h"

#include <QObject>

#include "bridge/src/ffi.cxxqt.h"

#include <memory>
#include <optional>

/// One run of the engine, joined to Falkon's bookmarks: what the user does goes to the engine, what the engine wants done is
/// applied, and the engine hears when Falkon's file holds it.
class SyncSession : public QObject
{
    Q_OBJECT

public:
    SyncSession(Bookmarks *bookmarks, const QString &profilePath, QObject *parent);
    ~SyncSession() override;

    /// Starts the engine; gives an empty string, or a sentence for the user. \a engineConfig as in Configuration::forEngine().
    QString start(const QByteArray &engineConfig, bool withBookmarks, bool bookmarksJustLoaded);
    /// Hands over what is still unsaid, saves the bookmarks, and stops the engine within two seconds. May be called again.
    void stop();

    const xmppsync::SyncStatus &status() const;
    /// Hands one JSON command to the engine; gives an empty string, or why not.
    QString send(const QByteArray &json);

    /// How far a long batch of edits is; nothing while none is being applied.
    std::optional<SyncProgress> applying() const;
    quint64 generation() const;
    quint64 appliedBatches() const;

Q_SIGNALS:
    void statusChanged();
    /// One event of the engine as JSON.
    void message(const QByteArray &json);

private:
    void joinBookmarks(bool justLoaded);
    void onProgressed(qsizetype done, qsizetype of);
    void onApplied(quint64 number);
    void tellIfSaved();
    void saveNow();
    template <typename Call>
    QString guarded(Call call) const;

    Bookmarks *const m_bookmarks;
    const QString m_profilePath;
    BookmarkTokens m_tokens;
    EngineReceiver m_receiver;
    std::shared_ptr<QueuedSink> m_sink;
    std::unique_ptr<xmppsync::SyncStatus> m_status;
    std::optional<rust::Box<xmppsync::Engine>> m_engine;
    std::unique_ptr<BookmarkCollector> m_collector;
    std::unique_ptr<BookmarkApplier> m_applier;
    std::unique_ptr<SaveWatcher> m_watcher;
    std::optional<SyncProgress> m_applying;
    QDateTime m_changeToldSaved;
    quint64 m_generationToldSaved = 0;
    quint64 m_appliedBatches = 0;
};
