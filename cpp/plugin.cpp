// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin.h"

#include "falkon/browserwindow.h"
#include "falkon/compatibility.h"
#include "falkon/mainapplication.h"
#include "falkon/webview.h"
#include "historyshare.h"
#include "notification.h"
#include "passwordprompt.h"
#include "settingsdialog.h"
#include "sharedtabs.h"
#include "synccontroller.h"
#include "tabsmenu.h"
#include "tabsreceiver.h"
#include "tabssender.h"
#include "translation.h"
#include "windowbuttons.h"
#include "workmeter.h"

#include <QAction>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>

namespace {
/// In bytes; glibc takes all from 1 KiB on for large.
constexpr qsizetype LargeAllocation = 65536;
}

XmppSyncPlugin::XmppSyncPlugin() = default;

XmppSyncPlugin::~XmppSyncPlugin() = default;

void XmppSyncPlugin::init(InitState state, const QString &settingsPath)
{
    unload();
    m_translation = std::make_unique<Translation>(nullptr);
    m_refusal = Falkon::incompatibility();
    if (!m_refusal.isEmpty()) {
        qWarning("XmppSync is off: %s", qUtf8Printable(m_refusal));
        return;
    }
    if (MainApplication::isTestModeEnabled() || MainApplication::instance()->isPrivate()) {
        return;
    }
    // The first call loads them, which Falkon does a moment later in any case.
    Bookmarks *bookmarks = MainApplication::instance()->bookmarks();
    // The next large allocation, whoever makes it, tidies up what Falkon has freed while loading: 20 ms for 20,000 bookmarks.
    const QByteArray large(LargeAllocation, Qt::Uninitialized);
    QElapsedTimer clock;
    clock.start();
    m_meter = std::make_unique<WorkMeter>(nullptr);
    m_controller = std::make_unique<SyncController>(bookmarks, settingsPath, nullptr);
    m_tabsSender = std::make_unique<TabsSender>(m_controller.get(), nullptr);
    m_tabsReceiver = std::make_unique<TabsReceiver>(m_controller.get(), nullptr);
    m_historyShare = std::make_unique<HistoryShare>(m_controller.get(), nullptr);
    m_buttons = std::make_unique<WindowButtons>(nullptr);
    connect(m_buttons.get(), &WindowButtons::clicked, this, [this] { showSettings(MainApplication::instance()->getWindow()); });
    connect(m_controller.get(), &SyncController::statusChanged, this, &XmppSyncPlugin::showStatus);
    connect(m_controller.get(), &SyncController::devicesChanged, this, &XmppSyncPlugin::showStatus);
    // Not within init(), and not in the middle of what changed it.
    connect(m_controller.get(), &SyncController::statusChanged, this, &XmppSyncPlugin::notify, Qt::QueuedConnection);
    connect(m_controller.get(), &SyncController::devicesChanged, this, &XmppSyncPlugin::notify, Qt::QueuedConnection);
    // At Falkon's start there is no window yet to ask in; and a window that is being made is asked once it is there.
    connect(m_controller.get(), &SyncController::passwordWanted, this, &XmppSyncPlugin::askForPassword, Qt::QueuedConnection);
    connect(m_buttons.get(), &WindowButtons::windowAdded, this, &XmppSyncPlugin::askForPassword, Qt::QueuedConnection);
    // Falkon calls unload() at most ends, but not at all of them.
    connect(qApp, &QCoreApplication::aboutToQuit, this, &XmppSyncPlugin::unload, Qt::UniqueConnection);
    m_controller->start(state == StartupInitState);
    m_initMs = double(clock.nsecsElapsed()) / 1e6;
}

void XmppSyncPlugin::unload()
{
    const WorkMeter::Entry entry("unload");
    // What ends says so once more, when half of what would show it is gone.
    if (m_controller) {
        m_controller->disconnect(this);
        m_buttons->disconnect(this);
    }
    delete m_prompt;
    delete m_dialog;
    m_buttons.reset();
    m_tabsReceiver.reset();
    m_tabsSender.reset();
    // It tells what it has collected.
    m_controller.reset();
    m_historyShare.reset();
    m_translation.reset();
    m_meter.reset();
}

bool XmppSyncPlugin::testPlugin()
{
    return m_refusal.isEmpty();
}

void XmppSyncPlugin::showSettings(QWidget *parent)
{
    const WorkMeter::Entry entry("settings");
    if (!m_controller) {
        auto *note = new QMessageBox(
            QMessageBox::Information, tr("XmppSync"), tr("XmppSync does nothing in private windows."), QMessageBox::Ok, parent);
        note->setAttribute(Qt::WA_DeleteOnClose);
        note->open();
        return;
    }
    if (!m_dialog) {
        m_dialog = new SettingsDialog(m_controller.get(), parent);
    }
    m_dialog->show();
    m_dialog->raise();
    m_dialog->activateWindow();
}

void XmppSyncPlugin::populateWebViewMenu(QMenu *menu, WebView *view, const WebHitTestResult &result)
{
    const WorkMeter::Entry entry("page menu");
    if (m_tabsSender) {
        m_tabsSender->addTo(menu, view, result);
    }
}

void XmppSyncPlugin::populateExtensionsMenu(QMenu *menu)
{
    const WorkMeter::Entry entry("menu");
    if (m_controller) {
        QAction *action = menu->addAction(QIcon(QStringLiteral(":/xmppsync/xmppsync-32.png")), tr("XmppSync…"));
        connect(action, &QAction::triggered, this, [this] { showSettings(MainApplication::instance()->getWindow()); });
        const BrowserWindow *window = MainApplication::instance()->getWindow();
        m_tabsSender->addPageTo(menu, window ? window->weView() : nullptr);
        TabsMenu::addTo(menu, m_controller->tabs()->elsewhere());
    }
}

QByteArray XmppSyncPlugin::statusJson() const
{
    QJsonObject status{{QStringLiteral("active"), false}};
    if (m_controller) {
        status = m_controller->statusJson();
        status.insert(QLatin1StringView("init_ms"), m_initMs);
        status.insert(QLatin1StringView("work_ms"), WorkMeter::read());
    }
    return QJsonDocument(status).toJson(QJsonDocument::Compact);
}

QString XmppSyncPlugin::sendCommand(const QByteArray &json)
{
    return m_controller ? m_controller->send(json) : tr("Not signed in.");
}

void XmppSyncPlugin::resetWorkMeter()
{
    WorkMeter::reset();
}

void XmppSyncPlugin::askForPassword()
{
    const WorkMeter::Entry entry("password");
    BrowserWindow *window = MainApplication::instance()->getWindow();
    if (m_controller && m_controller->waitsForPassword() && window && !m_prompt && !m_dialog) {
        m_prompt = new PasswordPrompt(m_controller.get(), window);
        m_prompt->show();
    }
}

void XmppSyncPlugin::showStatus()
{
    QString text = m_controller->statusText();
    const QDateTime last = m_controller->lastSync();
    if (last.isValid()) {
        text += QLatin1Char('\n') + tr("Last synchronized: %1").arg(QLocale().toString(last, QLocale::ShortFormat));
    }
    m_buttons->setStatus(text, m_controller->health());
}

void XmppSyncPlugin::notify()
{
    const WorkMeter::Entry entry("notification");
    const QMap<QString, QString> tasks = m_controller ? m_controller->tasks() : QMap<QString, QString>();
    QSet<QString> told;
    for (auto task = tasks.begin(); task != tasks.end(); ++task) {
        told.insert(task.key());
        // Who has the settings open sees it there.
        if (!m_told.contains(task.key()) && !m_dialog) {
            showNotification(tr("XmppSync needs you"), task.value());
        }
    }
    m_told = told;
}
