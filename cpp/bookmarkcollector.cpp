// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bookmarkcollector.h"

#include "falkon/bookmarks.h"
#include "texts.h"
#include "workmeter.h"

#include <limits>

namespace {
/// An edited text is handed over when nothing has changed for this long: the bookmark manager sends one signal per
/// keystroke, and nobody wants to see a title grow letter by letter on another device.
constexpr int TypingMs = 400;
/// What comes and goes is handed over sooner, but not between the two signals of a move.
constexpr int QuietMs = 40;
/// But at the latest after this long.
constexpr int LongestQuietMs = 3000;
/// How long a slice of a walk may hold the Qt thread: a quarter of a frame.
constexpr qint64 SliceMs = 4;
/// How often the walk looks at the clock.
constexpr int ItemsPerLook = 64;

xmppsync::ItemKind kindOf(BookmarkItem *item)
{
    if (item->isFolder()) {
        return xmppsync::ItemKind::Folder;
    }
    return item->isUrl() ? xmppsync::ItemKind::Link : xmppsync::ItemKind::Separator;
}

xmppsync::HostItem hostItem(BookmarkItem *item, quint64 token, quint64 parent)
{
    const xmppsync::ItemKind kind = kindOf(item);
    xmppsync::HostItem host{token, parent, kind, {}, {}, {}, {}};
    if (kind != xmppsync::ItemKind::Separator) {
        host.title = toRust(item->title());
        host.description = toRust(item->description());
    }
    if (kind == xmppsync::ItemKind::Link) {
        host.url = toRust(item->url().toString(QUrl::FullyEncoded));
        host.keyword = toRust(item->keyword());
    }
    return host;
}
}

BookmarkCollector::BookmarkCollector(Bookmarks *bookmarks, BookmarkTokens &tokens, Receiver receiver, QObject *parent)
    : QObject(parent)
    , m_bookmarks(bookmarks)
    , m_tokens(tokens)
    , m_receiver(std::move(receiver))
{
    m_quiet.setSingleShot(true);
    connect(&m_quiet, &QTimer::timeout, this, &BookmarkCollector::onQuiet);
    connect(&m_slice, &QTimer::timeout, this, &BookmarkCollector::walkSlice);
    connect(bookmarks, SIGNAL(bookmarkAdded(BookmarkItem *)), this, SLOT(onMoved()));
    connect(bookmarks, SIGNAL(bookmarkRemoved(BookmarkItem *)), this, SLOT(onMoved()));
    connect(bookmarks, SIGNAL(bookmarkChanged(BookmarkItem *)), this, SLOT(onEdited()));
    m_clock.start();
    lookAt(0);
}

quint64 BookmarkCollector::generation() const
{
    return m_generation;
}

bool BookmarkCollector::isDirty() const
{
    return m_dirty;
}

QDateTime BookmarkCollector::lastChange() const
{
    return m_lastChange;
}

void BookmarkCollector::assumeUnsaved()
{
    m_lastChange = QDateTime::currentDateTimeUtc();
}

void BookmarkCollector::setApplying(bool applying)
{
    m_applying = applying;
    m_lastChange = QDateTime::currentDateTimeUtc();
}

void BookmarkCollector::collectAgain(int delayMs)
{
    ++m_generation;
    m_dirty = true;
    m_slice.stop();
    m_dirtySince = m_clock.elapsed();
    m_due = m_dirtySince + delayMs;
    lookAt(m_due);
}

void BookmarkCollector::collectNow()
{
    if (m_dirty) {
        startWalk();
        m_slice.stop();
        walk(std::numeric_limits<qint64>::max());
    }
}

void BookmarkCollector::onMoved()
{
    onChanged(QuietMs);
}

void BookmarkCollector::onEdited()
{
    onChanged(TypingMs);
}

void BookmarkCollector::onChanged(int quietMs)
{
    const WorkMeter::Entry entry("change");
    m_lastChange = QDateTime::currentDateTimeUtc();
    if (m_applying) {
        return;
    }
    ++m_generation;
    const qint64 now = m_clock.elapsed();
    if (!m_dirty) {
        m_dirty = true;
        m_dirtySince = now;
    }
    if (m_slice.isActive()) {
        m_slice.stop();
    }
    // Not sooner than asked for before: somebody may be typing while something comes.
    m_due = qMin(qMax(m_due, now + quietMs), m_dirtySince + LongestQuietMs);
    // An import sends thousands of signals at a time, and starting a timer anew is dear: it may be early, but not late.
    if (!m_quiet.isActive() || m_due < m_look) {
        lookAt(m_due);
    }
}

void BookmarkCollector::lookAt(qint64 time)
{
    m_look = time;
    m_quiet.start(int(qMax(qint64(0), time - m_clock.elapsed())));
}

void BookmarkCollector::onQuiet()
{
    const WorkMeter::Entry entry("walk");
    if (m_clock.elapsed() < m_due) {
        lookAt(m_due);
    } else {
        startWalk();
    }
}

void BookmarkCollector::startWalk()
{
    m_quiet.stop();
    m_due = 0;
    m_items.clear();
    m_levels.clear();
    // The last one is walked first.
    m_levels.append({m_bookmarks->unsortedFolder()->children(), 0, BookmarkTokens::Other});
    m_levels.append({m_bookmarks->menuFolder()->children(), 0, BookmarkTokens::Menu});
    m_levels.append({m_bookmarks->toolbarFolder()->children(), 0, BookmarkTokens::Toolbar});
    m_slice.start(0);
}

void BookmarkCollector::walkSlice()
{
    const WorkMeter::Entry entry("walk");
    if (walk(SliceMs)) {
        m_slice.stop();
    }
}

/// True when the tree was handed over, false when the time was used up before.
bool BookmarkCollector::walk(qint64 budgetMs)
{
    QElapsedTimer clock;
    clock.start();
    int untilLook = ItemsPerLook;
    while (!m_levels.isEmpty()) {
        Level &level = m_levels.last();
        if (level.next == level.children.size()) {
            m_levels.removeLast();
            continue;
        }
        BookmarkItem *item = level.children.at(level.next++);
        const quint64 token = m_tokens.tokenOf(item);
        m_items.push_back(hostItem(item, token, level.token));
        if (item->isFolder()) {
            m_levels.append({item->children(), 0, token});
        }
        if (--untilLook == 0) {
            untilLook = ItemsPerLook;
            if (clock.elapsed() >= budgetMs) {
                return false;
            }
        }
    }
    m_dirty = false;
    m_receiver(m_generation, std::move(m_items));
    m_items = {};
    return true;
}
