// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Falkon's plugin interface 2.5 (25.04 and later), as a binary layout: what counts is the order of the virtual
// functions and the interface id. Falkon installs no headers.

#include <QObject>
#include <QString>
#include <QUrl>
#include <QtPlugin>

class QKeyEvent;
class QMenu;
class QMouseEvent;
class QWebEngineNewWindowRequest;
class QWheelEvent;
class QWidget;
class WebHitTestResult;
class WebPage;
class WebView;

namespace Qz {
/// Which of Falkon's widgets an input event belongs to; only passed through, never read here.
enum ObjectName : int { };
}

/// What Falkon's plugin manager calls. Falkon accepts a plugin only if its interface id is exactly the one below, so an
/// older or a newer layout is refused by Falkon itself before anything is called.
class PluginInterface
{
public:
    enum InitState {
        /// While Falkon starts: there is no window yet.
        StartupInitState,
        /// Enabled by the user later: windows exist, and may come again on the same object.
        LateInitState,
    };

    virtual ~PluginInterface() = default;

    /// \a settingsPath is the `extensions` folder of the profile, which may not exist.
    virtual void init(InitState state, const QString &settingsPath) = 0;
    /// Disabled by the user, or Falkon quits. No event loop runs afterwards in the second case.
    virtual void unload() = 0;
    /// Asked after init(); if false, Falkon forgets the plugin without calling unload().
    virtual bool testPlugin() = 0;

    virtual void showSettings(QWidget *parent)
    {
        Q_UNUSED(parent)
    }

    virtual void populateWebViewMenu(QMenu *menu, WebView *view, const WebHitTestResult &result)
    {
        Q_UNUSED(menu)
        Q_UNUSED(view)
        Q_UNUSED(result)
    }

    virtual void populateExtensionsMenu(QMenu *menu)
    {
        Q_UNUSED(menu)
    }

    // Input events, seen only by a plugin that registers for them: true swallows the event.
    virtual bool mouseDoubleClick(Qz::ObjectName, QObject *, QMouseEvent *)
    {
        return false;
    }
    virtual bool mousePress(Qz::ObjectName, QObject *, QMouseEvent *)
    {
        return false;
    }
    virtual bool mouseRelease(Qz::ObjectName, QObject *, QMouseEvent *)
    {
        return false;
    }
    virtual bool mouseMove(Qz::ObjectName, QObject *, QMouseEvent *)
    {
        return false;
    }
    virtual bool wheelEvent(Qz::ObjectName, QObject *, QWheelEvent *)
    {
        return false;
    }
    virtual bool keyPress(Qz::ObjectName, QObject *, QKeyEvent *)
    {
        return false;
    }
    virtual bool keyRelease(Qz::ObjectName, QObject *, QKeyEvent *)
    {
        return false;
    }

    /// The navigation type is an enumeration of Qt WebEngine; `int` has the same calling convention.
    virtual bool acceptNavigationRequest(WebPage *, const QUrl &, int, bool)
    {
        return true;
    }
    /// New in interface 2.5.
    virtual bool newWindowRequested(WebPage *, QWebEngineNewWindowRequest &)
    {
        return true;
    }
};

Q_DECLARE_INTERFACE(PluginInterface, "Falkon.Browser.PluginInterface/2.5")

static_assert(sizeof(PluginInterface) == sizeof(void *), "the interface must hold nothing but its virtual table");
static_assert(sizeof(Qz::ObjectName) == sizeof(int), "Falkon passes the object's name as an int");
