// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bookmarkeditor.h"

#include "bookmarktokens.h"
#include "falkon/bookmarks.h"
#include "falkon/compatibility.h"
#include "workmeter.h"

#include <QSignalBlocker>

namespace {
/// Falkon reads files of up to 505 nested folders and throws a deeper one away, with all bookmarks in it.
constexpr int DeepestFolder = 400;

BookmarkItem *newItem(const HostEdit &edit)
{
    static constexpr BookmarkItem::Type types[] = {BookmarkItem::Folder, BookmarkItem::Url, BookmarkItem::Separator};
    auto *item = new BookmarkItem(types[edit.kind]);
    item->setTitle(edit.title);
    item->setDescription(edit.description);
    if (edit.kind == HostEdit::Link) {
        item->setUrl(QUrl(edit.url));
        item->setKeyword(edit.keyword);
    }
    return item;
}

int depthOf(const BookmarkItem *item)
{
    int depth = 0;
    for (; item; item = item->parent()) {
        ++depth;
    }
    return depth;
}

/// How many levels an item has, itself included.
int heightOf(const BookmarkItem *item)
{
    int height = 0;
    for (const BookmarkItem *child : item->children()) {
        height = qMax(height, heightOf(child));
    }
    return height + 1;
}

int clampedRow(const BookmarkItem *parent, int index)
{
    return qBound(0, index, int(parent->children().size()));
}
}

BookmarkEditor::BookmarkEditor(Bookmarks *bookmarks, BookmarkTokens &tokens)
    : m_bookmarks(bookmarks)
    , m_tokens(tokens)
{
}

BookmarkEditor::~BookmarkEditor()
{
    discardDetached();
}

void BookmarkEditor::setSilent(bool silent)
{
    m_silent = silent;
}

bool BookmarkEditor::edit(const HostEdit &edit)
{
    if (edit.action == HostEdit::Insert) {
        return insert(edit);
    }
    if (!attach()) {
        return false;
    }
    switch (edit.action) {
    case HostEdit::Move:
        return move(edit);
    case HostEdit::Update:
        return update(edit);
    case HostEdit::Remove:
        return remove(edit);
    case HostEdit::Insert:
        break;
    }
    return false;
}

bool BookmarkEditor::insert(const HostEdit &edit)
{
    BookmarkItem *known = m_tokens.itemOf(edit.token);
    if (known && depthOf(known) > 1) {
        return false;
    }
    BookmarkItem *parent = m_tokens.itemOf(edit.parent);
    if (parent && isInDetached(parent)) {
        if (!parent->isFolder()) {
            return false;
        }
        BookmarkItem *item = newItem(edit);
        const int above = depthOf(folderInTree(m_detached.parent));
        while (above + depthOf(parent) > DeepestFolder && parent != m_detached.root) {
            parent = parent->parent();
        }
        parent->addChild(item, clampedRow(parent, edit.index));
        m_tokens.insert(edit.token, item);
        return true;
    }
    if (!attach()) {
        return false;
    }
    parent = folderInTree(edit.parent);
    if (!parent) {
        return false;
    }
    BookmarkItem *item = newItem(edit);
    m_tokens.insert(edit.token, item);
    if (edit.kind == HostEdit::Folder) {
        m_detached = {item, edit.parent, edit.index};
    } else {
        insertInTree(parent, edit.index, item);
    }
    return true;
}

/// Puts the detached folder, if there is one, into the tree.
bool BookmarkEditor::attach()
{
    if (!m_detached.root) {
        return true;
    }
    BookmarkItem *parent = folderInTree(m_detached.parent);
    if (!parent) {
        return false;
    }
    insertInTree(parent, m_detached.index, m_detached.root);
    m_detached = {};
    return true;
}

bool BookmarkEditor::move(const HostEdit &edit)
{
    BookmarkItem *item = itemInTree(edit.token);
    BookmarkItem *parent = folderInTree(edit.parent);
    if (!item || !parent) {
        return false;
    }
    for (const BookmarkItem *up = parent; up; up = up->parent()) {
        if (up == item) {
            return false;
        }
    }
    if (Falkon::bookmarksAreObjects()) {
        // An item that Falkon read from its file is owned by its first folder, which would delete it a second time at the end.
        reinterpret_cast<QObject *>(item)->setParent(nullptr);
    }
    removeFromTree(item);
    insertInTree(parent, edit.index, item);
    return true;
}

bool BookmarkEditor::update(const HostEdit &edit)
{
    BookmarkItem *item = itemInTree(edit.token);
    if (!item) {
        return false;
    }
    item->setTitle(edit.title);
    item->setDescription(edit.description);
    if (item->isUrl()) {
        item->setUrl(QUrl(edit.url));
        item->setKeyword(edit.keyword);
    }
    const WorkMeter::FalkonCall call;
    m_bookmarks->changeBookmark(item);
    return true;
}

bool BookmarkEditor::remove(const HostEdit &edit)
{
    BookmarkItem *item = itemInTree(edit.token);
    if (item) {
        removeFromTree(item);
    }
    return item != nullptr;
}

/// The item, if it can be reached from the root and is not one of the fixed folders.
BookmarkItem *BookmarkEditor::itemInTree(quint64 token) const
{
    BookmarkItem *item = m_tokens.itemOf(token);
    BookmarkItem *folder = item ? item->parent() : nullptr;
    if (!folder || folder == m_bookmarks->rootItem()) {
        return nullptr;
    }
    while (folder->parent()) {
        folder = folder->parent();
    }
    return folder == m_bookmarks->rootItem() ? item : nullptr;
}

BookmarkItem *BookmarkEditor::folderInTree(quint64 token) const
{
    BookmarkItem *folder = token < BookmarkTokens::FirstOwn ? m_tokens.itemOf(token) : itemInTree(token);
    return folder && folder->isFolder() ? folder : nullptr;
}

bool BookmarkEditor::isInDetached(BookmarkItem *item) const
{
    while (m_detached.root && item && item != m_detached.root) {
        item = item->parent();
    }
    return m_detached.root && item;
}

void BookmarkEditor::insertInTree(BookmarkItem *parent, int index, BookmarkItem *item)
{
    const int height = heightOf(item);
    while (parent->parent() && parent->parent() != m_bookmarks->rootItem() && depthOf(parent) + height > DeepestFolder) {
        parent = parent->parent();
    }
    QSignalBlocker blocker(m_silent ? m_bookmarks : nullptr);
    const WorkMeter::FalkonCall call;
    m_bookmarks->insertBookmark(parent, clampedRow(parent, index), item);
    m_untold = m_silent ? parent : nullptr;
}

void BookmarkEditor::removeFromTree(BookmarkItem *item)
{
    BookmarkItem *parent = item->parent();
    QSignalBlocker blocker(m_silent ? m_bookmarks : nullptr);
    const WorkMeter::FalkonCall call;
    m_bookmarks->removeBookmark(item);
    m_untold = m_silent ? parent : nullptr;
}

void BookmarkEditor::tell()
{
    if (m_untold) {
        const WorkMeter::FalkonCall call;
        m_bookmarks->changeBookmark(m_untold);
        m_untold = nullptr;
    }
}

/// Falkon adds the next bookmark to the folder that was used last, even if that one is gone, and then it would be lost.
/// Inserting is the only way to tell it another folder.
void BookmarkEditor::forgetRemovedFolder()
{
    const BookmarkItem *top = m_bookmarks->lastUsedFolder();
    while (top && top->parent()) {
        top = top->parent();
    }
    if (top == m_bookmarks->rootItem()) {
        return;
    }
    const QSignalBlocker blocker(m_bookmarks);
    auto *placeholder = new BookmarkItem(BookmarkItem::Separator);
    m_bookmarks->insertBookmark(m_bookmarks->unsortedFolder(), 0, placeholder);
    m_bookmarks->removeBookmark(placeholder);
}

/// Nobody but us has seen it.
void BookmarkEditor::discardDetached()
{
    if (!m_detached.root) {
        return;
    }
    QList<BookmarkItem *> open{m_detached.root};
    while (!open.isEmpty()) {
        BookmarkItem *item = open.takeLast();
        open.append(item->children());
        m_tokens.remove(item);
    }
    delete m_detached.root;
    m_detached = {};
}
