// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugininterface.h"

#include <QJsonObject>
#include <QLocalServer>
#include <QObject>

#include <functional>

class FrameMeter;
class QLocalSocket;

/// Sends the reply of one command; may be called later than the command, exactly once.
using Reply = std::function<void(const QJsonObject &)>;

/// A Falkon plugin for tests only: executes commands that come over a local socket on the Qt thread, through Falkon's own
/// bookmark functions. README.md lists the commands.
class DriverPlugin : public QObject, public PluginInterface
{
    Q_OBJECT
    Q_INTERFACES(PluginInterface)
    Q_PLUGIN_METADATA(IID "Falkon.Browser.plugin.XmppSyncTestDriver" FILE "metadata.json")

public:
    void init(InitState state, const QString &settingsPath) override;
    void unload() override;
    bool testPlugin() override;

private:
    void acceptConnection();
    void readCommands(QLocalSocket *socket);
    void execute(const QJsonObject &command, const Reply &reply);

    QLocalServer *m_server = nullptr;
    FrameMeter *m_frameMeter = nullptr;
    QString m_refusal;
};
