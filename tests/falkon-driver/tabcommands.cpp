// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tabcommands.h"

#include "browserwindow.h"
#include "mainapplication.h"
#include "webview.h"

#include <QApplication>
#include <QJsonArray>
#include <QMenu>

namespace {
/// The tabs of all windows, each with its address and title and whether it is in the front of its window; and where on the screen
/// the page is that is in the front of the window used last.
void tabs(const QJsonObject &, const Reply &reply)
{
    QJsonArray all;
    for (BrowserWindow *window : MainApplication::instance()->windows()) {
        for (WebTab *tab : window->tabWidget()->allTabs()) {
            all.append(QJsonObject{
                {QStringLiteral("url"), tab->url().toString(QUrl::FullyEncoded)},
                {QStringLiteral("title"), tab->title()},
                {QStringLiteral("front"), window->weView() && tab->isAncestorOf(window->weView())},
            });
        }
    }
    const BrowserWindow *window = MainApplication::instance()->getWindow();
    const QWidget *page = window ? window->weView() : nullptr;
    const QPoint corner = page ? page->mapToGlobal(QPoint()) : QPoint();
    reply({
        {QStringLiteral("tabs"), all},
        {QStringLiteral("x"), corner.x()},
        {QStringLiteral("y"), corner.y()},
        {QStringLiteral("width"), page ? page->width() : 0},
        {QStringLiteral("height"), page ? page->height() : 0},
    });
}

/// The entries of all menus that are open, and where on the screen each is.
void menus(const QJsonObject &, const Reply &reply)
{
    QJsonArray entries;
    for (const QWidget *widget : QApplication::topLevelWidgets()) {
        const auto *menu = qobject_cast<const QMenu *>(widget);
        for (QAction *action : menu && menu->isVisible() ? menu->actions() : QList<QAction *>()) {
            if (action->isVisible() && !action->isSeparator()) {
                const QPoint middle = menu->mapToGlobal(menu->actionGeometry(action).center());
                entries.append(QJsonObject{
                    {QStringLiteral("text"), action->text()},
                    {QStringLiteral("x"), middle.x()},
                    {QStringLiteral("y"), middle.y()},
                });
            }
        }
    }
    reply({{QStringLiteral("entries"), entries}});
}
}

namespace TabCommands {
bool execute(const QString &name, const QJsonObject &command, const Reply &reply)
{
    if (name == QLatin1StringView("tabs")) {
        tabs(command, reply);
    } else if (name == QLatin1StringView("menus")) {
        menus(command, reply);
    } else {
        return false;
    }
    return true;
}
}
