// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "syncsession.h"

#include "falkon/bookmarks.h"
#include "problemtext.h"
#include "texts.h"
#include "workmeter.h"

#include <QJsonDocument>

#include <utility>

namespace {
/// Of the two seconds that Falkon's user waits at most, what is left to the engine.
constexpr std::uint32_t StopLimitMs = 1500;
}

SyncSession::SyncSession(Bookmarks *bookmarks, const QString &profilePath, QObject *parent)
    : QObject(parent)
    , m_bookmarks(bookmarks)
    , m_profilePath(profilePath)
    , m_tokens(bookmarks)
    , m_sink(std::make_shared<QueuedSink>(&m_receiver))
    , m_status(std::make_unique<xmppsync::SyncStatus>())
{
    connect(&m_receiver, &EngineReceiver::message, this, &SyncSession::message);
    // Queued: the signal comes while a lock is held that the destructor of the status takes.
    const auto tell = [this] {
        const WorkMeter::Entry entry("status");
        Q_EMIT statusChanged();
    };
    connect(m_status.get(), &xmppsync::SyncStatus::changed, this, tell, Qt::QueuedConnection);
}

SyncSession::~SyncSession()
{
    stop();
}

QString SyncSession::start(const QByteArray &engineConfig, bool withBookmarks, bool bookmarksJustLoaded)
{
    const QString error = guarded([&] {
        m_engine.emplace(xmppsync::init(rust::Str(engineConfig.constData(), std::size_t(engineConfig.size())), m_sink));
        xmppsync::watch(**m_engine, *m_status);
    });
    if (error.isEmpty() && withBookmarks) {
        joinBookmarks(bookmarksJustLoaded);
    }
    return error;
}

void SyncSession::stop()
{
    if (m_engine && m_collector) {
        if (m_applier->abort()) {
            m_collector->collectAgain(0);
        }
        m_collector->collectNow();
        saveNow();
    }
    m_sink->close();
    m_applier.reset();
    m_collector.reset();
    m_watcher.reset();
    if (m_engine && !xmppsync::shutdown(**m_engine, StopLimitMs)) {
        qWarning("XmppSync: the engine did not stop in time and was left behind");
    }
    m_engine.reset();
}

const xmppsync::SyncStatus &SyncSession::status() const
{
    return *m_status;
}

QString SyncSession::send(const QByteArray &json)
{
    return guarded([&] {
        const auto *data = reinterpret_cast<const std::uint8_t *>(json.constData());
        xmppsync::send(**m_engine, rust::Slice<const std::uint8_t>(data, std::size_t(json.size())));
    });
}

std::optional<SyncProgress> SyncSession::applying() const
{
    return m_applier && m_applier->isApplying() ? m_applying : std::nullopt;
}

quint64 SyncSession::generation() const
{
    return m_collector ? m_collector->generation() : 0;
}

quint64 SyncSession::appliedBatches() const
{
    return m_appliedBatches;
}

void SyncSession::joinBookmarks(bool justLoaded)
{
    const auto handOver = [this](quint64 generation, rust::Vec<xmppsync::HostItem> items) {
        guarded([&] { xmppsync::collect(**m_engine, generation, std::move(items)); });
        tellIfSaved();
    };
    m_watcher = std::make_unique<SaveWatcher>(m_profilePath, nullptr);
    m_collector = std::make_unique<BookmarkCollector>(m_bookmarks, m_tokens, handOver, nullptr);
    if (!justLoaded) {
        // Nobody knows whether Falkon has saved what was done before.
        m_collector->assumeUnsaved();
    }
    m_applier = std::make_unique<BookmarkApplier>(m_bookmarks, m_tokens, *m_collector, nullptr);
    connect(&m_receiver, &EngineReceiver::batch, m_applier.get(), &BookmarkApplier::apply);
    connect(m_applier.get(), &BookmarkApplier::progressed, this, &SyncSession::onProgressed);
    connect(m_applier.get(), &BookmarkApplier::applied, this, &SyncSession::onApplied);
    connect(m_watcher.get(), &SaveWatcher::written, this, &SyncSession::tellIfSaved);
}

void SyncSession::onProgressed(qsizetype done, qsizetype of)
{
    m_applying = SyncProgress::ofShowing(done, of);
    Q_EMIT statusChanged();
}

void SyncSession::onApplied(quint64 number)
{
    ++m_appliedBatches;
    if (std::exchange(m_applying, std::nullopt)) {
        Q_EMIT statusChanged();
    }
    guarded([&] { xmppsync::applied(**m_engine, number); });
    tellIfSaved();
}

/// The engine may only remember that Falkon holds something once Falkon's file does; else a crash would look like deletions.
void SyncSession::tellIfSaved()
{
    const QDateTime change = m_collector->lastChange();
    const quint64 generation = m_collector->generation();
    const bool told = generation == m_generationToldSaved && change == m_changeToldSaved;
    if (told || m_collector->isDirty() || m_applier->isApplying() || !m_watcher->isSavedSince(change)) {
        return;
    }
    m_generationToldSaved = generation;
    m_changeToldSaved = change;
    guarded([&] { xmppsync::saved(**m_engine, generation); });
}

void SyncSession::saveNow()
{
    tellIfSaved();
    if (m_generationToldSaved == m_collector->generation() && m_changeToldSaved == m_collector->lastChange()) {
        return;
    }
    const QDateTime before = m_watcher->lastWritten();
    // Falkon does not say whether it could write; a file that is not newer means that it could not.
    if (QMetaObject::invokeMethod(m_bookmarks, "saveSettings", Qt::DirectConnection) && m_watcher->lastWritten() != before) {
        guarded([&] { xmppsync::saved(**m_engine, m_collector->generation()); });
    }
}

/// Runs \a call, which may throw what Rust reports; gives its text, or an empty string.
template <typename Call>
QString SyncSession::guarded(Call call) const
{
    try {
        call();
        return {};
    } catch (const rust::Error &error) {
        return problemText(QJsonDocument::fromJson(error.what()).object());
    }
}
