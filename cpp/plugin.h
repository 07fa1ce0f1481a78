// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "falkon/plugininterface.h"

#include <QByteArray>
#include <QObject>
#include <QPointer>
#include <QSet>

#include <memory>

class HistoryShare;
class PasswordPrompt;
class SettingsDialog;
class SyncController;
class TabsReceiver;
class TabsSender;
class Translation;
class WindowButtons;
class WorkMeter;

/// What Falkon loads. Does nothing in private windows and in Falkon's test mode.
class XmppSyncPlugin : public QObject, public PluginInterface
{
    Q_OBJECT
    Q_INTERFACES(PluginInterface)
    Q_PLUGIN_METADATA(IID "Falkon.Browser.plugin.XmppSync" FILE "xmppsync.json")

public:
    XmppSyncPlugin();
    ~XmppSyncPlugin() override;

    void init(InitState state, const QString &settingsPath) override;
    void unload() override;
    bool testPlugin() override;
    void showSettings(QWidget *parent) override;
    void populateWebViewMenu(QMenu *menu, WebView *view, const WebHitTestResult &result) override;
    void populateExtensionsMenu(QMenu *menu) override;

    /// How it goes, as a JSON object; for the tests' driver.
    Q_INVOKABLE QByteArray statusJson() const;
    /// Hands a JSON command to the engine; gives an empty string, or why not.
    Q_INVOKABLE QString sendCommand(const QByteArray &json);
    /// Forgets what the main thread's work meter has seen.
    Q_INVOKABLE void resetWorkMeter();

private:
    void showStatus();
    void askForPassword();
    void notify();

    std::unique_ptr<WorkMeter> m_meter;
    std::unique_ptr<Translation> m_translation;
    std::unique_ptr<SyncController> m_controller;
    std::unique_ptr<TabsSender> m_tabsSender;
    std::unique_ptr<TabsReceiver> m_tabsReceiver;
    std::unique_ptr<HistoryShare> m_historyShare;
    std::unique_ptr<WindowButtons> m_buttons;
    QPointer<SettingsDialog> m_dialog;
    QPointer<PasswordPrompt> m_prompt;
    /// What the user was told that it waits for them.
    QSet<QString> m_told;
    /// Why this Falkon was refused; empty if it was not.
    QString m_refusal;
    /// What init() took of the browser's start, in milliseconds, without Falkon's own loading of its bookmarks.
    double m_initMs = 0;
};
