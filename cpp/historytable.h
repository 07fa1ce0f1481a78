// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "falkon/history.h"

#include <QJsonArray>
#include <QList>
#include <QObject>
#include <QSqlDatabase>

#include <optional>

/// What became of a row, for Falkon's views: it is new without the first, and gone without the second.
struct HistoryChange
{
    std::optional<HistoryEntry> before;
    std::optional<HistoryEntry> after;
};

/// Reads and writes Falkon's table of its history, on a thread of its own, through a connection of its own. What it is asked for
/// it does one after the other, and says in that order what the engine is to know; what fails it tries again, later and later,
/// and counts the failures. Addresses are encoded (QUrl::toEncoded).
class HistoryTable : public QObject
{
    Q_OBJECT

public:
    /// \a file is Falkon's database.
    explicit HistoryTable(const QString &file);
    ~HistoryTable() override;

    /// Tells all that was visited since then, in ms since the Unix epoch; half of it where the thread is asked to end.
    void list(qint64 since, int failures = 0);
    /// Tells what these rows are now.
    void read(const QStringList &urls, int failures = 0);
    /// Carries out the engine's event "visit_edits", all of it or nothing, and tells what the rows were before.
    void apply(qint64 number, const QJsonArray &edits, int failures = 0);
    /// Tells that after all that came before.
    void pass(const QJsonObject &command);

Q_SIGNALS:
    /// A command for the engine.
    void said(const QByteArray &command);
    void changed(const QList<HistoryChange> &changes);
    /// Something has failed again and again, or works again.
    void troubled(bool troubled);

private:
    QSqlDatabase database();
    bool row(const QString &url, std::optional<HistoryEntry> *entry);
    bool edit(const QJsonObject &edit, HistoryChange *change);
    bool applyAll(const QJsonArray &edits, QList<HistoryChange> *changes);
    template <typename Work>
    void tryAgain(int failures, Work work);
    void succeeded(int failures);
    void tellPages(const QJsonArray &pages, bool all = false, bool more = false);

    const QString m_file;
};
