// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "historytable.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSqlError>
#include <QSqlQuery>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace {
const QString Connection = QStringLiteral("xmppsync-history");
/// How long SQLite waits for Falkon's own writes, in ms; the browser's end waits for this thread.
const QString Options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=250");
/// Before what failed is tried again, twice as long each time, and the longest.
constexpr int RetryMs = 2000;
constexpr int LongestRetryMs = 60'000;
/// So many failures in a row are no passing thing: some seconds.
constexpr int LastingFailures = 3;
/// In characters; the engine keeps no address that is as long, and what it does not get is not carried through the main thread.
constexpr int LongestUrl = 4096;
/// Rows in one part of a listing: the engine's side reads each in less than a millisecond of the main thread.
constexpr qsizetype PartRows = 400;

QJsonObject pageOf(const HistoryEntry &entry)
{
    return {
        {QStringLiteral("url"), QString::fromLatin1(entry.url.toEncoded())},
        {QStringLiteral("title"), entry.title},
        {QStringLiteral("count"), entry.count},
        {QStringLiteral("last"), entry.date.toMSecsSinceEpoch()},
    };
}

/// As Falkon writes it: what need not be encoded is not, spaces among it. The engine knows the encoded form alone.
QString inTable(const QString &url)
{
    return QUrl::fromEncoded(url.toLatin1()).toString();
}

/// Of a query for id, url, title, date and count.
HistoryEntry entryOf(const QSqlQuery &query)
{
    const QString url = query.value(1).toString();
    return {
        .id = query.value(0).toInt(),
        .count = query.value(4).toInt(),
        .date = QDateTime::fromMSecsSinceEpoch(query.value(3).toLongLong()),
        .url = QUrl(url),
        .urlString = url,
        .title = query.value(2).toString(),
    };
}
}

HistoryTable::HistoryTable(const QString &file)
    : m_file(file)
{
}

HistoryTable::~HistoryTable()
{
    QSqlDatabase::removeDatabase(Connection);
}

QSqlDatabase HistoryTable::database()
{
    QSqlDatabase database = QSqlDatabase::database(Connection, false);
    if (!database.isValid()) {
        database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), Connection);
        database.setDatabaseName(m_file);
        database.setConnectOptions(Options);
    }
    if (!database.isOpen() && !database.open()) {
        qWarning("XmppSync: the history cannot be opened: %s", qUtf8Printable(database.lastError().text()));
    }
    return database;
}

void HistoryTable::list(qint64 since, int failures)
{
    QSqlQuery query(database());
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT id, url, title, date, count FROM history WHERE date >= ? AND length(url) <= ?"));
    query.addBindValue(since);
    query.addBindValue(LongestUrl);
    if (!query.exec()) {
        // Half a listing would look like one.
        tryAgain(failures, [this, since](int failures) { list(since, failures); });
        return;
    }
    QJsonArray pages;
    while (query.next()) {
        if (pages.size() == PartRows) {
            if (QThread::currentThread()->isInterruptionRequested()) {
                // The engine takes no part for the whole, and asks again in its next session.
                return;
            }
            tellPages(pages, true, true);
            pages = {};
        }
        pages.append(pageOf(entryOf(query)));
    }
    if (query.lastError().isValid()) {
        // What was told of it does not count, and may be told again.
        tryAgain(failures, [this, since](int failures) { list(since, failures); });
        return;
    }
    succeeded(failures);
    tellPages(pages, true);
}

void HistoryTable::read(const QStringList &urls, int failures)
{
    QJsonArray pages;
    for (const QString &url : urls) {
        std::optional<HistoryEntry> entry;
        if (!row(url, &entry)) {
            tryAgain(failures, [this, urls](int failures) { read(urls, failures); });
            return;
        }
        if (entry && entry->urlString.size() <= LongestUrl) {
            pages.append(pageOf(*entry));
        }
    }
    succeeded(failures);
    if (!pages.isEmpty()) {
        tellPages(pages);
    }
}

void HistoryTable::apply(qint64 number, const QJsonArray &edits, int failures)
{
    QList<HistoryChange> changes;
    if (!applyAll(edits, &changes)) {
        tryAgain(failures, [this, number, edits](int failures) { apply(number, edits, failures); });
        return;
    }
    succeeded(failures);
    QJsonArray pages;
    for (const HistoryChange &change : std::as_const(changes)) {
        if (change.before) {
            pages.append(pageOf(*change.before));
        }
    }
    if (!pages.isEmpty()) {
        tellPages(pages);
    }
    pass({
        {QStringLiteral("type"), QStringLiteral("visits_applied")},
        {QStringLiteral("number"), number},
        {QStringLiteral("done"), true},
    });
    Q_EMIT changed(changes);
}

void HistoryTable::pass(const QJsonObject &command)
{
    Q_EMIT said(QJsonDocument(command).toJson(QJsonDocument::Compact));
}

/// Falkon may write at any time: the lock for writing comes before the first look.
bool HistoryTable::applyAll(const QJsonArray &edits, QList<HistoryChange> *changes)
{
    QSqlQuery transaction(database());
    if (!transaction.exec(QStringLiteral("BEGIN IMMEDIATE"))) {
        return false;
    }
    const bool good = std::all_of(edits.begin(), edits.end(), [&](const QJsonValue &value) {
        changes->append(HistoryChange());
        return edit(value.toObject(), &changes->last());
    });
    if (good && transaction.exec(QStringLiteral("COMMIT"))) {
        return true;
    }
    transaction.exec(QStringLiteral("ROLLBACK"));
    changes->clear();
    return false;
}

bool HistoryTable::edit(const QJsonObject &edit, HistoryChange *change)
{
    const QString encoded = edit.value(QLatin1StringView("url")).toString();
    const QString url = inTable(encoded);
    std::optional<HistoryEntry> &before = change->before;
    if (!row(encoded, &before)) {
        return false;
    }
    const bool remove = edit.value(QLatin1StringView("type")) == QLatin1StringView("delete");
    const int add = int(std::min(edit.value(QLatin1StringView("add")).toDouble(), 1e9));
    QSqlQuery query(database());
    if (remove) {
        query.prepare(QStringLiteral("DELETE FROM history WHERE url = ?"));
        query.addBindValue(url);
    } else if (before) {
        query.prepare(QStringLiteral("UPDATE history SET count = count + ?, date = MAX(date, ?), "
                                     "title = CASE WHEN ? = '' THEN title ELSE ? END WHERE url = ?"));
    } else if (add > 0) {
        query.prepare(QStringLiteral("INSERT INTO history (count, date, title, url) VALUES (?, ?, ?, ?)"));
    } else {
        return true;
    }
    if (!remove) {
        const QString title = edit.value(QLatin1StringView("title")).toString();
        query.addBindValue(add);
        query.addBindValue(edit.value(QLatin1StringView("last")).toInteger());
        query.addBindValue(title);
        if (before) {
            query.addBindValue(title);
        }
        query.addBindValue(url);
    }
    if (!query.exec()) {
        return false;
    }
    if (remove) {
        // The address would stay there; Falkon writes it encoded and as text.
        query.prepare(QStringLiteral("DELETE FROM icons WHERE url = ?"));
        query.addBindValue(QString::fromLatin1(QUrl::fromEncoded(encoded.toLatin1()).toEncoded(QUrl::RemoveFragment)));
        if (!query.exec()) {
            return false;
        }
    }
    return row(encoded, &change->after);
}

/// Leaves \a entry empty where there is none.
bool HistoryTable::row(const QString &url, std::optional<HistoryEntry> *entry)
{
    QSqlQuery query(database());
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT id, url, title, date, count FROM history WHERE url = ?"));
    query.addBindValue(inTable(url));
    if (!query.exec()) {
        return false;
    }
    if (query.next()) {
        *entry = entryOf(query);
        return true;
    }
    return !query.lastError().isValid();
}

template <typename Work>
void HistoryTable::tryAgain(int failures, Work work)
{
    ++failures;
    if (failures >= LastingFailures) {
        Q_EMIT troubled(true);
    }
    int pause = RetryMs;
    for (int times = 1; times < failures && pause < LongestRetryMs; ++times) {
        pause *= 2;
    }
    QTimer::singleShot(std::min(pause, LongestRetryMs), this, [work = std::move(work), failures] { work(failures); });
}

void HistoryTable::succeeded(int failures)
{
    if (failures >= LastingFailures) {
        Q_EMIT troubled(false);
    }
}

void HistoryTable::tellPages(const QJsonArray &pages, bool all, bool more)
{
    pass({
        {QStringLiteral("type"), QStringLiteral("visited")},
        {QStringLiteral("pages"), pages},
        {QStringLiteral("all"), all},
        {QStringLiteral("more"), more},
    });
}
