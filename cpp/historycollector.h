// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "falkon/history.h"
#include "historytable.h"

#include <QJsonObject>
#include <QSet>
#include <QThread>
#include <QTimer>

/// Tells the engine what is visited in this browser and what its user deletes from the history, and brings there what the engine
/// has from the others. The table's work is done elsewhere (HistoryTable); here is only what Falkon's signals say.
class HistoryCollector : public QObject
{
    Q_OBJECT

public:
    HistoryCollector(History *history, QObject *parent);
    /// Returns soon, whatever the table is doing.
    ~HistoryCollector() override;

    /// An event of the engine.
    void take(const QJsonObject &event);

Q_SIGNALS:
    /// A command for the engine.
    void said(const QByteArray &command);
    /// The history cannot be read or written, or can be again.
    void troubled(bool troubled);
    /// The user has emptied the history of this browser.
    void emptied();

private Q_SLOTS:
    void visited(const HistoryEntry &entry);
    void edited(const HistoryEntry &before, const HistoryEntry &after);
    void deleted(const HistoryEntry &entry);
    void reset();

private:
    void flush();
    void showNext();
    template <typename Work>
    void onTable(Work work);

    History *const m_history;
    QThread m_thread;
    HistoryTable *m_table;
    QTimer m_quiet;
    QSet<QString> m_visited;
    QStringList m_deleted;
    /// What the engine asked for while Falkon saves no history.
    QList<QJsonObject> m_putOff;
    /// What Falkon's views do not know yet.
    QList<HistoryChange> m_unshown;
    /// The signals are this object's own.
    bool m_showing = false;
};
