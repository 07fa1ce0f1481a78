// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "compatibility.h"

#include "abstractbuttoninterface.h"
#include "bookmarks.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QVersionNumber>

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <new>

namespace {
/// The oldest release with plugin interface 2.5.
const QVersionNumber OldestFalkon(25, 4);
/// Falkon's library in every release from 24.02 to 26.08; another number announces another binary interface.
constexpr QLatin1StringView KnownLibrary("libFalkonPrivate.so.3");
/// What the probe writes into memory that a bookmark must leave alone.
constexpr std::byte Untouched{0xa5};
/// A bookmark of a known release ends far below; the rest of our opaque body is its reserve.
constexpr std::size_t LargestKnownBookmark = 256;

constexpr const char *RequiredSymbols[] = {
#define FALKON_SYMBOL(name) #name,
#include "symbols.inc"
#undef FALKON_SYMBOL
};

class Text
{
    Q_DECLARE_TR_FUNCTIONS(Falkon)
};

/// Makes a bookmark in a piece of memory of our own and looks at what Falkon did with it.
bool bookmarkBehavesAsDeclared()
{
    alignas(BookmarkItem) std::array<std::byte, sizeof(BookmarkItem)> memory;
    memory.fill(Untouched);
    auto *item = new (memory.data()) BookmarkItem(BookmarkItem::Url);
    const QUrl url(QStringLiteral("https://example.org/"));
    item->setTitle(QStringLiteral("title"));
    item->setUrl(url);
    item->setDescription(QStringLiteral("description"));
    item->setKeyword(QStringLiteral("keyword"));
    const bool readsBack = item->title() == QLatin1String("title") && item->url() == url
        && item->description() == QLatin1String("description") && item->keyword() == QLatin1String("keyword") && item->isUrl()
        && !item->isFolder() && !item->isSeparator() && !item->parent() && item->children().isEmpty();
    std::destroy_at(item);
    const bool fits =
        std::all_of(memory.begin() + LargestKnownBookmark, memory.end(), [](std::byte byte) { return byte == Untouched; });
    return readsBack && fits;
}
}

namespace Falkon {
void *symbol(const char *mangledName)
{
    return dlsym(RTLD_DEFAULT, mangledName);
}

QString version()
{
    const auto *value = static_cast<const char *const *>(symbol("_ZN2Qz7VERSIONE"));
    return value && *value ? QString::fromLatin1(*value) : QString();
}

bool bookmarksAreObjects()
{
    static const bool objects = symbol("_ZN12BookmarkItem16staticMetaObjectE") != nullptr;
    return objects;
}

QString incompatibility()
{
    for (const char *name : RequiredSymbols) {
        if (!symbol(name)) {
            return Text::tr("This Falkon lacks a function that XmppSync needs (%1). Please update XmppSync.")
                .arg(QLatin1String(name));
        }
    }
    Dl_info library{};
    if (!dladdr(symbol("_ZN15MainApplication8instanceEv"), &library) || !library.dli_fname) {
        return Text::tr("XmppSync cannot tell which Falkon it runs in.");
    }
    const QString fileName = QFileInfo(QString::fromLocal8Bit(library.dli_fname)).fileName();
    if (fileName != KnownLibrary) {
        return Text::tr("This Falkon's library is %1, and XmppSync knows %2. Please update XmppSync.")
            .arg(fileName, KnownLibrary);
    }
    if (QVersionNumber::fromString(version()) < OldestFalkon) {
        return Text::tr("XmppSync needs Falkon %1 or later; this is %2.").arg(QStringLiteral("25.04"), version());
    }
    if (!bookmarkBehavesAsDeclared()) {
        return Text::tr("This Falkon's bookmarks work in a way that XmppSync does not know. Please update XmppSync.");
    }
    return {};
}
}

const QMetaObject *AbstractButtonInterface::metaObject() const
{
    return static_cast<const QMetaObject *>(Falkon::symbol("_ZN23AbstractButtonInterface16staticMetaObjectE"));
}
