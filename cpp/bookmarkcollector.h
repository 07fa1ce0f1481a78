// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bookmarktokens.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QTimer>

#include "bridge/src/ffi.cxxqt.h"

#include <functional>

/// Hands over the whole bookmark tree, flat, a short quiet time after each change. Signals only say "look again": adding,
/// importing, dragging and editing all end in the same walk. A large tree is walked in slices, and from the start again
/// when it changes meanwhile.
class BookmarkCollector : public QObject
{
    Q_OBJECT

public:
    using Receiver = std::function<void(quint64 generation, rust::Vec<xmppsync::HostItem> items)>;

    BookmarkCollector(Bookmarks *bookmarks, BookmarkTokens &tokens, Receiver receiver, QObject *parent);

    /// Rises with every change that the applier did not make; the number of the tree as it is now.
    quint64 generation() const;
    /// The tree has changed since it was last handed over, or was never handed over.
    bool isDirty() const;
    /// When the tree last changed, whoever changed it.
    QDateTime lastChange() const;

    /// Counts the present tree as changed just now.
    void assumeUnsaved();
    /// While true, changes are the applier's own: they do not make the tree dirty.
    void setApplying(bool applying);
    /// Another number for the same tree, handed over after \a delayMs: what was decided on the old one is void.
    void collectAgain(int delayMs);
    /// Hands the tree over before returning, if it is dirty.
    void collectNow();

private Q_SLOTS:
    void onMoved();
    void onEdited();

private:
    void onChanged(int quietMs);
    void lookAt(qint64 time);

    struct Level
    {
        QList<BookmarkItem *> children;
        qsizetype next;
        quint64 token;
    };

    void onQuiet();
    void startWalk();
    void walkSlice();
    bool walk(qint64 budgetMs);

    Bookmarks *const m_bookmarks;
    BookmarkTokens &m_tokens;
    const Receiver m_receiver;
    QTimer m_quiet;
    QTimer m_slice;
    QElapsedTimer m_clock;
    /// By m_clock, in ms: when the tree became dirty, when it is to be walked, and when m_quiet looks whether that is now.
    qint64 m_dirtySince = 0;
    qint64 m_due = 0;
    qint64 m_look = 0;
    QDateTime m_lastChange;
    QList<Level> m_levels;
    rust::Vec<xmppsync::HostItem> m_items;
    quint64 m_generation = 1;
    bool m_dirty = true;
    bool m_applying = false;
};
