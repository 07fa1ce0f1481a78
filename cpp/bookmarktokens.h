// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>

class BookmarkItem;
class Bookmarks;

/// Names for Falkon's bookmarks while one engine runs: Falkon's items have no ids, so a number rides on each pointer.
/// Pointers are not reused, for neither Falkon nor the plugin deletes an item that was in the tree.
class BookmarkTokens
{
public:
    /// The roots, named by role: their titles are localized.
    static constexpr quint64 Toolbar = 1;
    static constexpr quint64 Menu = 2;
    static constexpr quint64 Other = 3;
    /// Our own numbers start here; those that the engine gives to what it inserts are 1 << 62 and above.
    static constexpr quint64 FirstOwn = 16;

    explicit BookmarkTokens(const Bookmarks *bookmarks);

    /// The token of an item, given to it now if it has none.
    quint64 tokenOf(BookmarkItem *item);
    /// Null for an unknown token. The item may have been removed from the tree since.
    BookmarkItem *itemOf(quint64 token) const;

    void insert(quint64 token, BookmarkItem *item);
    void remove(BookmarkItem *item);

private:
    QHash<BookmarkItem *, quint64> m_tokens;
    QHash<quint64, BookmarkItem *> m_items;
    quint64 m_next = FirstOwn;
};
