// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "hostedits.h"

class BookmarkItem;
class Bookmarks;
class BookmarkTokens;

/// Carries out single edits on Falkon's bookmarks. A new folder is built detached and goes into the tree when all of its
/// content is there, with one signal instead of thousands.
class BookmarkEditor
{
public:
    BookmarkEditor(Bookmarks *bookmarks, BookmarkTokens &tokens);
    ~BookmarkEditor();
    Q_DISABLE_COPY_MOVE(BookmarkEditor)

    /// Silent edits do not tell the browser; tell() does, once for all since the last call.
    void setSilent(bool silent);
    /// False if the edit makes no sense in this tree; then nothing has changed.
    bool edit(const HostEdit &edit);
    /// Puts the detached folder, if there is one, into the tree; false if its place is gone.
    bool attach();
    void tell();
    /// Makes Falkon's "last used folder" one that is still there.
    void forgetRemovedFolder();
    /// Drops a folder that is not yet in the tree.
    void discardDetached();

private:
    struct Detached
    {
        BookmarkItem *root = nullptr;
        quint64 parent = 0;
        int index = 0;
    };

    bool insert(const HostEdit &edit);
    bool move(const HostEdit &edit);
    bool update(const HostEdit &edit);
    bool remove(const HostEdit &edit);

    BookmarkItem *itemInTree(quint64 token) const;
    BookmarkItem *folderInTree(quint64 token) const;
    bool isInDetached(BookmarkItem *item) const;
    void insertInTree(BookmarkItem *parent, int index, BookmarkItem *item);
    void removeFromTree(BookmarkItem *item);

    Bookmarks *const m_bookmarks;
    BookmarkTokens &m_tokens;
    Detached m_detached;
    /// The folder that a silent edit changed last; null if the browser knows of all of them.
    BookmarkItem *m_untold = nullptr;
    bool m_silent = false;
};
