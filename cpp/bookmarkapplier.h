// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bookmarkeditor.h"
#include "hostedits.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

class BookmarkCollector;

/// Applies the engine's batches to Falkon's bookmarks, in slices, so that the browser never stalls. Waits while a menu, a
/// modal dialog or a drag is there, for those hold pointers into the tree. A batch that is based on an older tree is dropped
/// and the tree is collected again; the engine then sends another one.
class BookmarkApplier : public QObject
{
    Q_OBJECT

public:
    BookmarkApplier(Bookmarks *bookmarks, BookmarkTokens &tokens, BookmarkCollector &collector, QObject *parent);

    /// Starts with \a batch; drops one that is still at work.
    void apply(const HostBatch &batch);
    bool isApplying() const;
    /// Drops the rest of a batch at work. True if part of it is already in the tree.
    bool abort();

Q_SIGNALS:
    /// So many edits of a long batch are in the tree.
    void progressed(qsizetype done, qsizetype of);
    /// All edits of the batch are in the tree.
    void applied(quint64 number);

private:
    bool userIsBusy();
    void slice();
    void drop();
    bool applyNext();

    BookmarkCollector &m_collector;
    BookmarkEditor m_editor;
    QTimer m_timer;
    QElapsedTimer m_sinceTold;
    HostBatch m_batch;
    qsizetype m_next = 0;
    int m_failures = 0;
    /// Looks in a row at which a mouse button was down.
    int m_heldLooks = 0;
    bool m_applying = false;
};
