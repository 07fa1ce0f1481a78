// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QJsonObject>
#include <QObject>

class QMenu;
class QUrl;
class SyncController;
class WebHitTestResult;
class WebView;

/// Sends pages and links to the user's other devices, from menus, and says whether that went well.
class TabsSender : public QObject
{
    Q_OBJECT

public:
    TabsSender(SyncController *controller, QObject *parent);

    /// Adds a menu of the devices that open what is sent to them; nothing where there are none, or \a view shows no page of the
    /// web. \a view may be null.
    void addPageTo(QMenu *menu, const WebView *view);
    /// The same for the link under the mouse, if there is one to a page of the web; else for the page.
    void addTo(QMenu *menu, const WebView *view, const WebHitTestResult &under);

private:
    void addDevicesTo(QMenu *menu, const QString &text, const QUrl &url, const QString &title);
    void send(const QJsonObject &device, const QUrl &url, const QString &title);
    void takeAnswer(const QJsonObject &event);

    SyncController *const m_controller;
    /// The names of the devices, by the ids of the commands that are not answered yet.
    QHash<QString, QString> m_asked;
};
