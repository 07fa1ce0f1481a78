// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bookmarkcommands.h"

#include "bookmarks.h"
#include "mainapplication.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QMap>
#include <QSignalBlocker>

#include <functional>

namespace {
QLatin1StringView operator""_k(const char *text, std::size_t size)
{
    return QLatin1StringView(text, qsizetype(size));
}

Bookmarks *bookmarks()
{
    return MainApplication::instance()->bookmarks();
}

QJsonObject failure(const QString &why)
{
    return {{QStringLiteral("error"), why}};
}

BookmarkItem *root(const QString &name)
{
    if (name == "toolbar"_k) {
        return bookmarks()->toolbarFolder();
    }
    if (name == "menu"_k) {
        return bookmarks()->menuFolder();
    }
    return name == "other"_k ? bookmarks()->unsortedFolder() : nullptr;
}

/// ["toolbar", 0, 2]: the third child of the first child of the toolbar. A string after the root names a child by title.
BookmarkItem *itemAt(const QJsonArray &path)
{
    BookmarkItem *item = root(path.first().toString());
    for (qsizetype i = 1; item && i < path.size(); ++i) {
        const QList<BookmarkItem *> children = item->children();
        if (path.at(i).isString()) {
            const QString title = path.at(i).toString();
            item = nullptr;
            for (BookmarkItem *child : children) {
                if (child->title() == title) {
                    item = child;
                    break;
                }
            }
        } else {
            item = children.value(path.at(i).toInt(-1));
        }
    }
    return item;
}

BookmarkItem *findByTitle(BookmarkItem *folder, const QString &title)
{
    for (BookmarkItem *child : folder->children()) {
        if (child->title() == title) {
            return child;
        }
        if (BookmarkItem *found = findByTitle(child, title)) {
            return found;
        }
    }
    return nullptr;
}

/// The item that "path" or "title" of the command names.
BookmarkItem *addressed(const QJsonObject &command, QLatin1StringView key = QLatin1StringView("path"))
{
    const QJsonValue path = command.value(key);
    if (path.isArray()) {
        return itemAt(path.toArray());
    }
    if (path.isString()) {
        return root(path.toString());
    }
    const QJsonValue title = command.value("title_is"_k);
    return title.isString() ? findByTitle(bookmarks()->rootItem(), title.toString()) : nullptr;
}

bool isRoot(BookmarkItem *item)
{
    return !item->parent() || item->parent() == bookmarks()->rootItem();
}

QJsonObject described(BookmarkItem *item)
{
    QJsonObject object{{QStringLiteral("title"), item->title()}};
    if (item->isSeparator()) {
        object.insert("kind"_k, QStringLiteral("separator"));
    } else if (item->isUrl()) {
        object.insert("kind"_k, QStringLiteral("link"));
        object.insert("url"_k, QString::fromLatin1(item->url().toEncoded()));
        object.insert("keyword"_k, item->keyword());
        object.insert("description"_k, item->description());
    } else {
        object.insert("kind"_k, QStringLiteral("folder"));
        object.insert("description"_k, item->description());
        QJsonArray children;
        for (BookmarkItem *child : item->children()) {
            children.append(described(child));
        }
        object.insert("children"_k, children);
    }
    return object;
}

void setFields(BookmarkItem *item, const QJsonObject &fields)
{
    if (fields.contains("title"_k)) {
        item->setTitle(fields.value("title"_k).toString());
    }
    if (fields.contains("url"_k)) {
        item->setUrl(QUrl(fields.value("url"_k).toString()));
    }
    if (fields.contains("description"_k)) {
        item->setDescription(fields.value("description"_k).toString());
    }
    if (fields.contains("keyword"_k)) {
        item->setKeyword(fields.value("keyword"_k).toString());
    }
}

/// Builds an item and its children without telling anybody.
BookmarkItem *built(const QJsonObject &description)
{
    const QString kind =
        description.value("kind"_k).toString(description.contains("url"_k) ? QStringLiteral("link") : QStringLiteral("folder"));
    auto *item = new BookmarkItem(kind == "separator"_k ? BookmarkItem::Separator
            : kind == "link"_k                          ? BookmarkItem::Url
                                                        : BookmarkItem::Folder);
    setFields(item, description);
    for (const QJsonValue &child : description.value("children"_k).toArray()) {
        item->addChild(built(child.toObject()));
    }
    return item;
}

int clampedIndex(const QJsonObject &command, BookmarkItem *parent)
{
    const int count = int(parent->children().size());
    return qBound(0, command.value("index"_k).toInt(count), count);
}

QJsonObject dump(const QJsonObject &)
{
    QJsonObject roots;
    for (const QString &name : {QStringLiteral("toolbar"), QStringLiteral("menu"), QStringLiteral("other")}) {
        roots.insert(name, described(root(name)).value("children"_k));
    }
    return {{QStringLiteral("roots"), roots}};
}

QJsonObject add(const QJsonObject &command)
{
    BookmarkItem *parent = addressed(command, "parent"_k);
    if (!parent || !parent->isFolder()) {
        return failure(QStringLiteral("no such parent folder"));
    }
    BookmarkItem *item = built(command.value("item"_k).toObject());
    QElapsedTimer clock;
    clock.start();
    bookmarks()->insertBookmark(parent, clampedIndex(command, parent), item);
    return {{QStringLiteral("insert_ms"), double(clock.nsecsElapsed()) / 1e6}};
}

QJsonObject addMany(const QJsonObject &command)
{
    BookmarkItem *parent = addressed(command, "parent"_k);
    if (!parent || !parent->isFolder()) {
        return failure(QStringLiteral("no such parent folder"));
    }
    int row = clampedIndex(command, parent);
    const QJsonArray items = command.value("items"_k).toArray();
    for (const QJsonValue &item : items) {
        bookmarks()->insertBookmark(parent, row++, built(item.toObject()));
    }
    return {{QStringLiteral("count"), items.size()}};
}

QJsonObject set(const QJsonObject &command)
{
    BookmarkItem *item = addressed(command);
    if (!item || isRoot(item)) {
        return failure(QStringLiteral("no such item"));
    }
    setFields(item, command);
    bookmarks()->changeBookmark(item);
    return {};
}

QJsonObject move(const QJsonObject &command)
{
    BookmarkItem *item = addressed(command);
    BookmarkItem *parent = command.contains("to"_k) ? addressed(command, "to"_k) : item ? item->parent() : nullptr;
    if (!item || isRoot(item) || !parent || !parent->isFolder()) {
        return failure(QStringLiteral("no such item or folder"));
    }
    for (BookmarkItem *up = parent; up; up = up->parent()) {
        if (up == item) {
            return failure(QStringLiteral("a folder cannot be moved into itself"));
        }
    }
    // The bookmark manager removes and adds; a drag on the toolbar only adds, and Falkon takes the item out by itself.
    if (!command.value("drag"_k).toBool() || item->parent() == parent) {
        bookmarks()->removeBookmark(item);
    }
    bookmarks()->insertBookmark(parent, clampedIndex(command, parent), item);
    return {};
}

QJsonObject remove(const QJsonObject &command)
{
    BookmarkItem *item = addressed(command);
    if (!item || isRoot(item)) {
        return failure(QStringLiteral("no such item"));
    }
    const QSignalBlocker blocker(command.value("silent"_k).toBool() ? bookmarks() : nullptr);
    bookmarks()->removeBookmark(item);
    return {};
}

QJsonObject find(const QJsonObject &command)
{
    return {{QStringLiteral("found"), addressed(command) != nullptr}};
}

QJsonObject save(const QJsonObject &)
{
    return {{QStringLiteral("ok"), QMetaObject::invokeMethod(bookmarks(), "saveSettings", Qt::DirectConnection)}};
}

const QMap<QString, std::function<QJsonObject(const QJsonObject &)>> &commands()
{
    static const QMap<QString, std::function<QJsonObject(const QJsonObject &)>> table{
        {QStringLiteral("dump"), dump},
        {QStringLiteral("add"), add},
        {QStringLiteral("addMany"), addMany},
        {QStringLiteral("set"), set},
        {QStringLiteral("move"), move},
        {QStringLiteral("reorder"), move},
        {QStringLiteral("remove"), remove},
        {QStringLiteral("find"), find},
        {QStringLiteral("save"), save},
    };
    return table;
}
}

namespace BookmarkCommands {
bool knows(const QString &name)
{
    return commands().contains(name);
}

QJsonObject execute(const QString &name, const QJsonObject &command)
{
    return commands().value(name)(command);
}
}
