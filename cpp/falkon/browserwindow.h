// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Falkon's window and the two bars that take a button, as a binary interface. All three are only used by pointer.

#include <QMainWindow>
#include <QObject>
#include <QStatusBar>
#include <QWidget>

class AbstractButtonInterface;

class StatusBar : public QStatusBar
{
public:
    StatusBar() = delete;

    void addButton(AbstractButtonInterface *button);
    void removeButton(AbstractButtonInterface *button);
};

class NavigationBar : public QWidget
{
public:
    NavigationBar() = delete;

    void addToolButton(AbstractButtonInterface *button);
    void removeToolButton(AbstractButtonInterface *button);
};

class BrowserWindow : public QMainWindow
{
public:
    BrowserWindow() = delete;

    StatusBar *statusBar() const;
    NavigationBar *navigationBar() const;
};

/// What plugins() of MainApplication gives. Signals: mainWindowCreated(BrowserWindow*), mainWindowDeleted(BrowserWindow*).
class PluginProxy : public QObject
{
public:
    PluginProxy() = delete;
};
