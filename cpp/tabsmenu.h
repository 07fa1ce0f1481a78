// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

class QJsonArray;
class QMenu;
class QUrl;

/// What is open on the user's other devices, as a menu.
class TabsMenu
{
    Q_DECLARE_TR_FUNCTIONS(TabsMenu)

public:
    /// Adds a menu of \a devices, as in the engine's event "tabs", to \a menu; nothing where there are none.
    static void addTo(QMenu *menu, const QJsonArray &devices);
    /// "Laptop, 5/1/26 10:20 AM": whose tabs they are, and of when.
    static QString nameOf(const QJsonValue &device);
    /// Whether that is a page of the web, such as one device may send to another.
    static bool isPage(const QUrl &url);
    /// Opens a page of the web in this browser, in the front. Anything else is not opened, whoever told of it.
    static void open(const QUrl &url);
    /// The same, but the page that is in the front stays there.
    static void openBehind(const QUrl &url);
};
