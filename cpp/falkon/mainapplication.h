// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The getters of Falkon's application object that are safe to call: exported, not inline, not virtual.

#include <QList>

class Bookmarks;
class BrowserWindow;
class DesktopNotificationsFactory;
class History;
class PluginProxy;
class QUrl;

/// Falkon's QApplication. Only ever used by pointer; for its signals and slots take `qApp`, which is the same object.
class MainApplication
{
public:
    static MainApplication *instance();
    static bool isTestModeEnabled();

    bool isPrivate() const;
    /// Whether Falkon is about to end.
    bool isClosing() const;

    /// Built and loaded at the first call, also before there is a window.
    Bookmarks *bookmarks();
    History *history();
    PluginProxy *plugins();
    /// Made at the first call.
    DesktopNotificationsFactory *desktopNotifications();

    BrowserWindow *getWindow() const;
    QList<BrowserWindow *> windows() const;
    /// In the current window, or in a new one where there is none.
    void addNewTab(const QUrl &url);

    MainApplication() = delete;
    ~MainApplication() = delete;
};
