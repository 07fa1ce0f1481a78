// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Falkon's window with its tabs and the two bars that take a button, as a binary interface. All are only used by pointer.

#include <QMainWindow>
#include <QObject>
#include <QStatusBar>
#include <QUrl>
#include <QWidget>

class AbstractButtonInterface;
class TabbedWebView;

class StatusBar : public QStatusBar
{
public:
    StatusBar() = delete;

    void addButton(AbstractButtonInterface *button);
    void removeButton(AbstractButtonInterface *button);
    /// Also where the bar is hidden. \a timeout in milliseconds.
    void showMessage(const QString &message, int timeout = 0);
};

class NavigationBar : public QWidget
{
public:
    NavigationBar() = delete;

    void addToolButton(AbstractButtonInterface *button);
    void removeToolButton(AbstractButtonInterface *button);
};

class WebTab;

/// The tabs of a window. Signal: changed(), when one comes, goes, moves, or shows another page.
class TabWidget : public QWidget
{
public:
    TabWidget() = delete;

    QList<WebTab *> allTabs(bool withPinned = true);
};

/// One tab. Signal: titleChanged(QString).
class WebTab : public QWidget
{
public:
    WebTab() = delete;

    /// Also of a tab that is restored but not loaded yet.
    QUrl url() const;
    QString title(bool allowEmpty = false) const;
};

class BrowserWindow : public QMainWindow
{
public:
    BrowserWindow() = delete;

    TabWidget *tabWidget() const;
    /// The page in the front; null where there is no tab.
    TabbedWebView *weView() const;
    StatusBar *statusBar() const;
    NavigationBar *navigationBar() const;
};

/// What plugins() of MainApplication gives. Signals: mainWindowCreated(BrowserWindow*), mainWindowDeleted(BrowserWindow*).
class PluginProxy : public QObject
{
public:
    PluginProxy() = delete;
};
