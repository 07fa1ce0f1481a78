// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QStringList>

/// What came, went, was held, dropped or refused since the start, in words: only in memory, and only the newest. Titles and
/// addresses of pages are never in it.
class ActivityLog : public QObject
{
    Q_OBJECT

public:
    struct Entry
    {
        QDateTime time;
        QString text;
        /// How often in a row.
        int times = 1;
    };

    using QObject::QObject;

    /// Takes an event of the engine.
    void take(const QJsonObject &event);
    /// Oldest first.
    const QList<Entry> &entries() const;
    /// How many there ever were, those included that are no longer kept.
    quint64 count() const;
    /// For a report: without the addresses of people.
    QString asText() const;

Q_SIGNALS:
    void changed();

private:
    void add(const QString &text);
    void takeConnection(const QJsonObject &event);
    void takeStatus(const QJsonObject &status);
    void takeSentTabs(const QJsonObject &event);
    static QString sentence(const QString &type, const QJsonObject &event);

    QList<Entry> m_entries;
    quint64 m_count = 0;
    QStringList m_problems;
    QStringList m_needs;
    /// The states of tabs that were sent, by their names.
    QHash<QString, QString> m_sent;
    qint64 m_unpublished = 0;
};
