// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "historycollector.h"

#include "falkon/mainapplication.h"
#include "workmeter.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace {
/// A page tells its title after its address, and Falkon writes on a thread of its own.
constexpr int QuietMs = 1500;
/// What Falkon's end waits for the table at most; the engine has the rest of the two seconds.
constexpr int StopMs = 300;
/// Changes that Falkon's views are told of in one turn of the event loop.
constexpr qsizetype ShownAtOnce = 20;

QString addressOf(const HistoryEntry &entry)
{
    return QString::fromLatin1((entry.url.isEmpty() ? QUrl(entry.urlString) : entry.url).toEncoded());
}
}

HistoryCollector::HistoryCollector(History *history, QObject *parent)
    : QObject(parent)
    , m_history(history)
    , m_table(new HistoryTable(QSqlDatabase::database().databaseName()))
{
    m_table->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_table, &QObject::deleteLater);
    connect(m_table, &HistoryTable::said, this, &HistoryCollector::said);
    connect(m_table, &HistoryTable::troubled, this, &HistoryCollector::troubled);
    connect(m_table, &HistoryTable::changed, this, [this](const QList<HistoryChange> &changes) {
        m_unshown.append(changes);
        showNext();
    });
    m_quiet.setSingleShot(true);
    connect(&m_quiet, &QTimer::timeout, this, &HistoryCollector::flush);
    connect(history, SIGNAL(historyEntryAdded(HistoryEntry)), this, SLOT(visited(HistoryEntry)));
    connect(history, SIGNAL(historyEntryEdited(HistoryEntry, HistoryEntry)), this, SLOT(edited(HistoryEntry, HistoryEntry)));
    connect(history, SIGNAL(historyEntryDeleted(HistoryEntry)), this, SLOT(deleted(HistoryEntry)));
    connect(history, SIGNAL(resetHistory()), this, SLOT(reset()));
    m_thread.setObjectName(QStringLiteral("xmppsync-history"));
    m_thread.start(QThread::LowPriority);
}

HistoryCollector::~HistoryCollector()
{
    flush();
    m_thread.requestInterruption();
    // After all that was asked for.
    onTable([](HistoryTable *) { QThread::currentThread()->quit(); });
    if (!m_thread.wait(StopMs)) {
        qWarning("XmppSync: the history is busy");
        // No statement waits for longer than its time for the lock.
        m_thread.wait();
    }
    // What the table has said is in the queue of this thread.
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
}

void HistoryCollector::take(const QJsonObject &event)
{
    const QJsonValue type = event.value(QLatin1StringView("type"));
    const bool lists = type == QLatin1StringView("visits_wanted");
    const bool writes = type == QLatin1StringView("visit_edits");
    if ((lists || writes) && !m_history->isSaving()) {
        // Whoever wants no history here does not want the others' either.
        m_putOff.append(event);
    } else if (lists) {
        const qint64 since = event.value(QLatin1StringView("since")).toInteger();
        onTable([since](HistoryTable *table) { table->list(since); });
    } else if (writes) {
        flush();
        const qint64 number = event.value(QLatin1StringView("number")).toInteger();
        const QJsonArray edits = event.value(QLatin1StringView("edits")).toArray();
        onTable([number, edits](HistoryTable *table) { table->apply(number, edits); });
    }
}

void HistoryCollector::visited(const HistoryEntry &entry)
{
    const WorkMeter::Entry work("history");
    if (!m_showing) {
        m_visited.insert(addressOf(entry));
        if (!m_quiet.isActive()) {
            m_quiet.start(QuietMs);
        }
        // Falkon does not say when its user wants a history again, but then it tells of visits.
        for (const QJsonObject &event : std::exchange(m_putOff, {})) {
            take(event);
        }
    }
}

void HistoryCollector::edited(const HistoryEntry &before, const HistoryEntry &after)
{
    visited(after.url.isEmpty() ? before : after);
}

void HistoryCollector::deleted(const HistoryEntry &entry)
{
    const WorkMeter::Entry work("history");
    if (!m_showing) {
        m_deleted.append(addressOf(entry));
        // Many at once come together; but a visit after it is none that was deleted.
        m_quiet.start(0);
    }
}

void HistoryCollector::reset()
{
    const WorkMeter::Entry work("history");
    m_visited.clear();
    flush();
    onTable([](HistoryTable *table) { table->pass({{QStringLiteral("type"), QStringLiteral("visits_emptied")}}); });
    // At its end Falkon empties it where its settings say so: that is meant for this computer.
    if (!MainApplication::instance()->isClosing()) {
        Q_EMIT emptied();
    }
}

void HistoryCollector::flush()
{
    const WorkMeter::Entry work("history");
    m_quiet.stop();
    if (!m_deleted.isEmpty()) {
        const QJsonObject command{
            {QStringLiteral("type"), QStringLiteral("visits_deleted")},
            {QStringLiteral("urls"), QJsonArray::fromStringList(std::exchange(m_deleted, {}))},
        };
        onTable([command](HistoryTable *table) { table->pass(command); });
    }
    if (!m_visited.isEmpty()) {
        const QStringList urls = std::exchange(m_visited, {}).values();
        onTable([urls](HistoryTable *table) { table->read(urls); });
    }
}

/// Views that are open, such as the history's own window and the sidebar, show what was written. They take all that is added for
/// visited today; what is older they read from the table when its period is opened.
void HistoryCollector::showNext()
{
    const WorkMeter::Entry work("history");
    m_showing = true;
    const qsizetype count = std::min(ShownAtOnce, m_unshown.size());
    const QDateTime today = QDate::currentDate().startOfDay();
    for (const HistoryChange &change : m_unshown.first(count)) {
        const WorkMeter::FalkonCall call;
        const bool ofToday = change.after && change.after->date >= today;
        if (ofToday && change.before) {
            m_history->historyEntryEdited(*change.before, *change.after);
        } else if (ofToday) {
            m_history->historyEntryAdded(*change.after);
        } else if (change.before && !change.after) {
            m_history->historyEntryDeleted(*change.before);
        }
    }
    m_showing = false;
    m_unshown.remove(0, count);
    if (!m_unshown.isEmpty()) {
        QTimer::singleShot(0, this, &HistoryCollector::showNext);
    }
}

template <typename Work>
void HistoryCollector::onTable(Work work)
{
    QMetaObject::invokeMethod(m_table, [table = m_table, work = std::move(work)] { work(table); });
}
