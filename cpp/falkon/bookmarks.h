// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Falkon's bookmarks, as a binary interface.

#include <QList>
#include <QObject>
#include <QString>
#include <QUrl>

#include <type_traits>

/// One bookmark, folder or separator. Its real size and base class differ between releases (0x98 bytes in 25.04, 0xa8
/// in 26.08, a QObject since 25.12), so it is declared without virtual functions and with a body that is larger than any of
/// them, and made only by the exported constructor. See compatibility.cpp for the check of the size.
class BookmarkItem
{
public:
    enum Type {
        Root,
        Url,
        Folder,
        Separator,
        Invalid,
    };

    /// Never pass a parent: since 25.12 it would also become the QObject parent, which outlives a later move and then
    /// deletes the item a second time.
    explicit BookmarkItem(Type type, BookmarkItem *parent = nullptr);
    /// Deletes the children too. Never delete an item that Falkon has seen: menus go on holding pointers to it.
    ~BookmarkItem();

    bool isFolder() const;
    bool isUrl() const;
    bool isSeparator() const;

    BookmarkItem *parent() const;
    QList<BookmarkItem *> children() const;

    QUrl url() const;
    QString title() const;
    QString description() const;
    QString keyword() const;

    void setUrl(const QUrl &url);
    void setTitle(const QString &title);
    void setDescription(const QString &description);
    void setKeyword(const QString &keyword);

    /// Takes \a child from its parent, if any, and tells nobody: for trees that Falkon does not know yet.
    void addChild(BookmarkItem *child, int index = -1);

    Q_DISABLE_COPY_MOVE(BookmarkItem)

    static constexpr std::size_t OpaqueSize = 512;

private:
    alignas(std::max_align_t) unsigned char m_opaque[OpaqueSize];
};

static_assert(sizeof(BookmarkItem) == BookmarkItem::OpaqueSize, "nothing but the opaque body");
static_assert(!std::is_polymorphic_v<BookmarkItem>, "a virtual call would go through a layout that is not ours");
static_assert(BookmarkItem::Url == 1 && BookmarkItem::Folder == 2 && BookmarkItem::Separator == 3);

/// Falkon's bookmark store. Signals, for string-based connections: bookmarkAdded(BookmarkItem*),
/// bookmarkRemoved(BookmarkItem*), bookmarkChanged(BookmarkItem*). Private slot: saveSettings().
class Bookmarks : public QObject
{
public:
    Bookmarks() = delete;

    BookmarkItem *rootItem() const;
    BookmarkItem *toolbarFolder() const;
    BookmarkItem *menuFolder() const;
    BookmarkItem *unsortedFolder() const;
    /// Where the next bookmark goes; goes on pointing at a folder that was removed.
    BookmarkItem *lastUsedFolder() const;

    /// \a row is not checked by Falkon: 0 to the number of children.
    void insertBookmark(BookmarkItem *parent, int row, BookmarkItem *item);
    /// Crashes for an item that has no parent.
    bool removeBookmark(BookmarkItem *item);
    /// To be called after an item's setters.
    void changeBookmark(BookmarkItem *item);
};

static_assert(sizeof(Bookmarks) == sizeof(QObject), "declared as an interface only, never constructed");
