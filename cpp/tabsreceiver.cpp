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

#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>
#include <QUrl>

#include <algorithm>

namespace {
/// After the first window, which by then shows what was restored; the user's own pages come first.
constexpr int StartMs = 1000;
/// Between two tabs: Falkon takes some time for each, and many at once would be felt.
constexpr int BetweenMs = 50;
/// So many titles are shown of what came.
constexpr qsizetype MostTitles = 4;
constexpr QLatin1StringView Name("name");
constexpr QLatin1StringView Opened("opened");

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
    , m_placeFile(controller->folder() + QStringLiteral("/opening.json"))
    // While Falkon starts there is none.
    , m_ready(!MainApplication::instance()->windows().isEmpty())
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &TabsReceiver::openNext);
    connect(controller, &SyncController::event, this, &TabsReceiver::take);
    connect(controller, &SyncController::sessionEnding, this, &TabsReceiver::forgetWaiting);
    connect(MainApplication::instance()->plugins(),
        SIGNAL(mainWindowCreated(BrowserWindow *)),
        this,
        SLOT(windowCreated(BrowserWindow *)));
    for (BrowserWindow *window : MainApplication::instance()->windows()) {
        watch(window);
    }
}

TabsReceiver::~TabsReceiver()
{
    while (m_opened > 0 && openOne()) { }
}

void TabsReceiver::watch(BrowserWindow *window)
{
    connect(window, SIGNAL(aboutToClose()), this, SLOT(windowCloses()), Qt::UniqueConnection);
}

void TabsReceiver::windowCreated(BrowserWindow *window)
{
    watch(window);
    m_timer.start(m_ready ? BetweenMs : StartMs);
    m_ready = true;
}

/// A browser that quits says so of all its windows at once, and right after that keeps as its session what is open.
void TabsReceiver::windowCloses()
{
    const WorkMeter::Entry entry("sent tabs");
    if (m_closing.isEmpty()) {
        QTimer::singleShot(0, this, [this] { m_closing.clear(); });
    }
    m_closing.insert(sender());
    if (m_opened > 0 && m_closing.size() == MainApplication::instance()->windows().size()) {
        keepPlace();
    }
}

void TabsReceiver::take(const QJsonObject &event)
{
    if (event.value(QLatin1StringView("type")) != QLatin1StringView("tabs_came")) {
        return;
    }
    const QJsonValue name = event.value(Name);
    for (const QJsonObject &waiting : std::as_const(m_waiting)) {
        if (waiting.value(Name) == name) {
            return;
        }
    }
    if (openedNames().contains(name.toString())) {
        // The engine was stopped before it could note that.
        tellOpened(name.toString());
        return;
    }
    if (!m_controller->configuration().takeTabs) {
        // It came while they were taken, and waits at the engine until they are again.
        return;
    }
    m_waiting.append(event);
    if (m_ready && !m_timer.isActive()) {
        m_timer.start(0);
    }
}

/// Its user may take none any more, or sign out; else the engine tells of them again. What is half open is finished.
void TabsReceiver::forgetWaiting()
{
    m_waiting.resize(std::min<qsizetype>(m_waiting.size(), m_opened > 0 ? 1 : 0));
}

void TabsReceiver::openNext()
{
    const WorkMeter::Entry entry("sent tabs");
    if (openOne() && !m_waiting.isEmpty()) {
        m_timer.start(BetweenMs);
    }
}

bool TabsReceiver::openOne()
{
    // What opens at Falkon's end is not in its session any more.
    const MainApplication *falkon = MainApplication::instance();
    if (m_waiting.isEmpty() || falkon->windows().isEmpty() || falkon->isClosing()) {
        return false;
    }
    const QJsonArray tabs = m_waiting.constFirst().value(QLatin1StringView("tabs")).toArray();
    if (m_opened == 0) {
        m_opened = keptPlace(m_waiting.constFirst().value(Name));
    }
    if (m_opened < tabs.size()) {
        const WorkMeter::FalkonCall call;
        TabsMenu::openBehind(QUrl(tabs.at(m_opened)[QLatin1StringView("url")].toString()));
        ++m_opened;
    }
    if (m_opened >= tabs.size()) {
        m_opened = 0;
        finish(m_waiting.takeFirst());
        QFile::remove(m_placeFile);
    }
    return true;
}

void TabsReceiver::keepPlace() const
{
    // A tab that was just made has no address yet, and what has none Falkon keeps in no session.
    qsizetype opened = m_opened;
    for (BrowserWindow *window : MainApplication::instance()->windows()) {
        for (const WebTab *tab : window->tabWidget()->allTabs()) {
            opened -= tab->url().isEmpty() ? 1 : 0;
        }
    }
    const QJsonObject place{
        {Name, m_waiting.constFirst().value(Name)},
        {Opened, std::max<qsizetype>(opened, 0)},
    };
    QSaveFile file(m_placeFile);
    if (!file.open(QFile::WriteOnly) || file.write(QJsonDocument(place).toJson()) < 0 || !file.commit()) {
        qWarning("XmppSync: %s cannot be written", qUtf8Printable(m_placeFile));
    }
}

qsizetype TabsReceiver::keptPlace(const QJsonValue &parcel) const
{
    QFile file(m_placeFile);
    const QJsonObject place = file.open(QFile::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
    return place.value(Name) == parcel ? std::max<qsizetype>(place.value(Opened).toInteger(), 0) : 0;
}

void TabsReceiver::finish(const QJsonObject &parcel)
{
    const QString name = parcel.value(Name).toString();
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
    const QJsonObject command{{QStringLiteral("type"), QStringLiteral("tabs_opened")}, {Name, name}};
    m_controller->send(QJsonDocument(command).toJson(QJsonDocument::Compact));
}
