// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tabsreceiver.h"

#include "devicename.h"
#include "falkon/browserwindow.h"
#include "falkon/mainapplication.h"
#include "notification.h"
#include "synccontroller.h"
#include "tabsmenu.h"
#include "workmeter.h"

#include <QJsonDocument>
#include <QSet>
#include <QUrl>

namespace {
/// After the first window, which by then shows what was restored; the user's own pages come first.
constexpr int StartMs = 1000;
/// Between two tabs: Falkon takes some time for each, and many at once would be felt.
constexpr int BetweenMs = 50;
/// So many titles are shown of what came.
constexpr qsizetype MostTitles = 4;

/// The names of what was opened in this run, also of before the plugin was turned off and on again.
QSet<QString> &openedNames()
{
    static QSet<QString> names;
    return names;
}

QString titleOf(const QJsonValue &tab)
{
    const QString title = tab[QLatin1StringView("title")].toString().simplified();
    return title.isEmpty() ? QUrl(tab[QLatin1StringView("url")].toString()).toDisplayString() : title;
}
}

TabsReceiver::TabsReceiver(SyncController *controller, QObject *parent)
    : QObject(parent)
    , m_controller(controller)
    // While Falkon starts there is none.
    , m_ready(!MainApplication::instance()->windows().isEmpty())
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &TabsReceiver::openNext);
    connect(controller, &SyncController::event, this, &TabsReceiver::take);
    connect(MainApplication::instance()->plugins(), SIGNAL(mainWindowCreated(BrowserWindow *)), this, SLOT(windowCreated()));
}

void TabsReceiver::windowCreated()
{
    m_timer.start(m_ready ? BetweenMs : StartMs);
    m_ready = true;
}

void TabsReceiver::take(const QJsonObject &event)
{
    if (event.value(QLatin1StringView("type")) != QLatin1StringView("tabs_came")) {
        return;
    }
    const QJsonValue name = event.value(QLatin1StringView("name"));
    for (const QJsonObject &waiting : std::as_const(m_waiting)) {
        if (waiting.value(QLatin1StringView("name")) == name) {
            return;
        }
    }
    if (openedNames().contains(name.toString())) {
        // The engine was stopped before it could note that.
        tellOpened(name.toString());
        return;
    }
    m_waiting.append(event);
    if (m_ready && !m_timer.isActive()) {
        m_timer.start(0);
    }
}

void TabsReceiver::openNext()
{
    const WorkMeter::Entry entry("sent tabs");
    if (m_waiting.isEmpty() || MainApplication::instance()->windows().isEmpty()) {
        return;
    }
    const QJsonArray tabs = m_waiting.constFirst().value(QLatin1StringView("tabs")).toArray();
    if (m_opened < tabs.size()) {
        const WorkMeter::FalkonCall call;
        TabsMenu::openBehind(QUrl(tabs.at(m_opened)[QLatin1StringView("url")].toString()));
        ++m_opened;
    }
    if (m_opened >= tabs.size()) {
        m_opened = 0;
        finish(m_waiting.takeFirst());
    }
    if (!m_waiting.isEmpty()) {
        m_timer.start(BetweenMs);
    }
}

void TabsReceiver::finish(const QJsonObject &parcel)
{
    const QString name = parcel.value(QLatin1StringView("name")).toString();
    openedNames().insert(name);
    tellOpened(name);
    const QString device = deviceName(parcel);
    QStringList titles;
    const QJsonArray tabs = parcel.value(QLatin1StringView("tabs")).toArray();
    for (const QJsonValue &tab : tabs) {
        titles.append(titles.size() < MostTitles ? titleOf(tab) : QStringLiteral("…"));
        if (titles.size() > MostTitles) {
            break;
        }
    }
    showNotification(
        tabs.size() == 1 ? tr("From “%1”").arg(device) : tr("%n tab(s) from “%1”", nullptr, int(tabs.size())).arg(device),
        titles.join(QLatin1Char('\n')));
}

void TabsReceiver::tellOpened(const QString &name)
{
    const QJsonObject command{{QStringLiteral("type"), QStringLiteral("tabs_opened")}, {QStringLiteral("name"), name}};
    m_controller->send(QJsonDocument(command).toJson(QJsonDocument::Compact));
}
