// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bookmarktokens.h"

#include "falkon/bookmarks.h"

BookmarkTokens::BookmarkTokens(const Bookmarks *bookmarks)
{
    insert(Toolbar, bookmarks->toolbarFolder());
    insert(Menu, bookmarks->menuFolder());
    insert(Other, bookmarks->unsortedFolder());
}

quint64 BookmarkTokens::tokenOf(BookmarkItem *item)
{
    const auto known = m_tokens.constFind(item);
    if (known != m_tokens.constEnd()) {
        return *known;
    }
    const quint64 token = m_next++;
    insert(token, item);
    return token;
}

BookmarkItem *BookmarkTokens::itemOf(quint64 token) const
{
    return m_items.value(token);
}

void BookmarkTokens::insert(quint64 token, BookmarkItem *item)
{
    m_tokens.insert(item, token);
    m_items.insert(token, item);
}

void BookmarkTokens::remove(BookmarkItem *item)
{
    m_items.remove(m_tokens.take(item));
}
