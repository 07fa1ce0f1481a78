// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tabssender.h"

#include "devicename.h"
#include "falkon/browserwindow.h"
#include "falkon/mainapplication.h"
#include "falkon/webview.h"
#include "notification.h"
#include "plaintext.h"
#include "problemtext.h"
#include "synccontroller.h"
#include "tabsmenu.h"

#include <QJsonArray>
#include <QMenu>

namespace {
constexpr int MessageMs = 5000;
/// The engine keeps no more of a title; that of a page may be anything.
constexpr qsizetype LongestTitle = 400;

bool isTrusted(const QJsonValue &device)
{
    const QString trust = device[QLatin1StringView("trust")].toString();
    return trust == QLatin1StringView("automatically_trusted") || trust == QLatin1StringView("manually_trusted")
        || trust == QLatin1StringView("authenticated");
}

bool takesTabs(const QJsonValue &device)
{
    return device[QLatin1StringView("takes_tabs")].toBool() && device[QLatin1StringView("active")].toBool()
        && !device[QLatin1StringView("this")].toBool() && isTrusted(device);
}

/// Of the devices of the account itself, those that open what is sent to them.
QJsonArray receivers(const QJsonArray &devices)
{
    // The account as the engine writes it, not as the user did.
    QJsonValue account;
    for (const QJsonValue &device : devices) {
        if (device[QLatin1StringView("this")].toBool()) {
            account = device[QLatin1StringView("jid")];
        }
    }
    QJsonArray found;
    for (const QJsonValue &device : devices) {
        if (takesTabs(device) && device[QLatin1StringView("jid")] == account) {
            found.append(device);
        }
    }
    return found;
}
}

TabsSender::TabsSender(SyncController *controller, QObject *parent)
    : QObject(parent)
    , m_controller(controller)
{
    connect(controller, &SyncController::event, this, &TabsSender::takeAnswer);
}

void TabsSender::addPageTo(QMenu *menu, const WebView *view)
{
    if (view) {
        addDevicesTo(menu, tr("Send this page to"), view->property("url").toUrl(), view->property("title").toString());
    }
}

void TabsSender::addTo(QMenu *menu, const WebView *view, const WebHitTestResult &under)
{
    if (TabsMenu::isPage(under.linkUrl())) {
        addDevicesTo(menu, tr("Send this link to"), under.linkUrl(), under.linkTitle());
    } else {
        addPageTo(menu, view);
    }
}

void TabsSender::addDevicesTo(QMenu *menu, const QString &text, const QUrl &url, const QString &title)
{
    const QJsonArray receivers = ::receivers(m_controller->devices());
    if (receivers.isEmpty() || !TabsMenu::isPage(url)) {
        return;
    }
    // Falkon empties the menu for the next time, which deletes its own actions only: not a menu that was added as such.
    auto *devices = new QMenu(menu);
    QAction *action = menu->addAction(QIcon::fromTheme(QStringLiteral("document-send")), text);
    action->setMenu(devices);
    connect(action, &QObject::destroyed, devices, &QObject::deleteLater);
    for (const QJsonValue &device : receivers) {
        QString name = deviceName(device, QLatin1StringView("id"));
        QAction *send = devices->addAction(name.replace(QLatin1Char('&'), QLatin1String("&&")));
        connect(
            send, &QAction::triggered, this, [this, device = device.toObject(), url, title] { this->send(device, url, title); });
    }
}

void TabsSender::send(const QJsonObject &device, const QUrl &url, const QString &title)
{
    const QJsonObject tab{
        {QStringLiteral("url"), url.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo)},
        {QStringLiteral("title"), title.simplified().left(LongestTitle)},
    };
    const QString id = m_controller->perform({
        {QStringLiteral("type"), QStringLiteral("send_tabs")},
        {QStringLiteral("device"), device.value(QLatin1StringView("id"))},
        {QStringLiteral("tabs"), QJsonArray{tab}},
    });
    m_asked.insert(id, deviceName(device, QLatin1StringView("id")));
}

void TabsSender::takeAnswer(const QJsonObject &event)
{
    const auto asked = m_asked.constFind(event.value(QLatin1StringView("id")).toString());
    if (asked == m_asked.cend()) {
        return;
    }
    if (event.value(QLatin1StringView("type")) == QLatin1StringView("command_failed")) {
        showNotification(tr("Not sent to “%1”").arg(*asked), problemText(event));
    } else if (BrowserWindow *window = MainApplication::instance()->getWindow()) {
        const QString sent = tr("Sent to “%1”, where it opens as soon as that device is on.").arg(*asked);
        window->statusBar()->showMessage(PlainText::anywhere(sent), MessageMs);
    }
    m_asked.erase(asked);
}
