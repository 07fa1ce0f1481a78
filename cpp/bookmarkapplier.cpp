// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bookmarkapplier.h"

#include "bookmarkcollector.h"
#include "workmeter.h"

#include <QApplication>

namespace {
/// How long a slice may hold the Qt thread: a third of a frame.
constexpr qint64 SliceMs = 5;
/// Each signal lets every open tab search the whole tree, so a longer batch tells the browser once for each slice.
constexpr qsizetype MostSignalledEdits = 16;
/// How often it is told how far a long batch is.
constexpr int TellMs = 250;
/// How often a waiting batch looks whether the user is done.
constexpr int BusyPollMs = 250;
/// After a batch that could not be applied the tree is collected again: at once, then later and later.
constexpr int FirstRetryMs = 500;
constexpr int MostRetryDoublings = 7;
/// A button that stays down for so many looks was let go of unseen: where a drag's source is deleted, Qt hears of its end no
/// more, and what comes must not wait for the next click.
constexpr int MostHeldLooks = 20'000 / BusyPollMs;
}

BookmarkApplier::BookmarkApplier(Bookmarks *bookmarks, BookmarkTokens &tokens, BookmarkCollector &collector, QObject *parent)
    : QObject(parent)
    , m_collector(collector)
    , m_editor(bookmarks, tokens)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &BookmarkApplier::slice);
}

// Menus, dialogs and drags hold pointers to items.
bool BookmarkApplier::userIsBusy()
{
    if (QApplication::activePopupWidget() || QApplication::activeModalWidget()) {
        return true;
    }
    if (QGuiApplication::mouseButtons() == Qt::NoButton) {
        m_heldLooks = 0;
        return false;
    }
    return ++m_heldLooks <= MostHeldLooks;
}

void BookmarkApplier::apply(const HostBatch &batch)
{
    if (abort()) {
        m_collector.collectAgain(0);
    }
    m_batch = batch;
    m_heldLooks = 0;
    m_editor.setSilent(batch.edits.size() > MostSignalledEdits);
    m_applying = true;
    m_sinceTold.start();
    slice();
}

bool BookmarkApplier::isApplying() const
{
    return m_applying;
}

bool BookmarkApplier::abort()
{
    const bool partly = m_applying && m_next > 0;
    m_timer.stop();
    m_editor.discardDetached();
    m_batch = {};
    m_next = 0;
    m_applying = false;
    return partly;
}

void BookmarkApplier::slice()
{
    const WorkMeter::Entry entry("apply");
    if (m_collector.isDirty() || m_batch.generation != m_collector.generation()) {
        drop();
        return;
    }
    if (userIsBusy()) {
        m_timer.start(BusyPollMs);
        return;
    }
    QElapsedTimer clock;
    clock.start();
    m_collector.setApplying(true);
    bool good = true;
    do {
        good = applyNext();
    } while (good && m_next < m_batch.edits.size() && clock.elapsed() < SliceMs);
    const bool complete = good && m_next == m_batch.edits.size();
    m_editor.tell();
    if (complete) {
        m_editor.forgetRemovedFolder();
    }
    m_collector.setApplying(false);

    if (!good) {
        const int delay = FirstRetryMs << qMin(m_failures++, MostRetryDoublings);
        abort();
        m_collector.collectAgain(delay);
    } else if (complete) {
        m_failures = 0;
        const quint64 number = m_batch.number;
        abort();
        Q_EMIT applied(number);
    } else {
        m_timer.start(0);
        if (m_sinceTold.elapsed() >= TellMs) {
            m_sinceTold.start();
            Q_EMIT progressed(m_next, m_batch.edits.size());
        }
    }
}

/// The tree is another one than the engine thought. A dirty one is collected soon in any case.
void BookmarkApplier::drop()
{
    abort();
    if (!m_collector.isDirty()) {
        m_collector.collectAgain(0);
    }
}

/// Applies the next edit; false if it makes no sense in this tree.
bool BookmarkApplier::applyNext()
{
    if (m_next < m_batch.edits.size()) {
        if (!m_editor.edit(m_batch.edits.at(m_next))) {
            return false;
        }
        ++m_next;
    }
    return m_next < m_batch.edits.size() || m_editor.attach();
}
