// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "driverplugin.h"

#include "bookmarkcommands.h"
#include "compatibility.h"
#include "framemeter.h"
#include "historycommands.h"
#include "lookcommands.h"
#include "tabcommands.h"
#include "uicommands.h"

#include <QDir>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QPointer>

void DriverPlugin::init(InitState, const QString &settingsPath)
{
    m_refusal = Falkon::incompatibility();
    const QString path = qEnvironmentVariable("XMPPSYNC_DRIVER_SOCKET");
    if (!m_refusal.isEmpty() || path.isEmpty() || m_server) {
        return;
    }
    delete m_frameMeter;
    m_frameMeter = new FrameMeter(QDir::cleanPath(settingsPath + QStringLiteral("/../bookmarks.json")), this);
    m_server = new QLocalServer(this);
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server, &QLocalServer::newConnection, this, &DriverPlugin::acceptConnection);
    QLocalServer::removeServer(path);
    if (!m_server->listen(path)) {
        qWarning("XmppSync test driver: cannot listen on %s: %s", qUtf8Printable(path), qUtf8Printable(m_server->errorString()));
    }
}

void DriverPlugin::unload()
{
    delete m_server;
    m_server = nullptr;
}

bool DriverPlugin::testPlugin()
{
    return m_refusal.isEmpty();
}

void DriverPlugin::acceptConnection()
{
    while (QLocalSocket *socket = m_server->nextPendingConnection()) {
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            m_frameMeter->apart([this, socket] { readCommands(socket); });
        });
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    }
}

void DriverPlugin::readCommands(QLocalSocket *socket)
{
    const QPointer<QLocalSocket> client(socket);
    while (client && client->canReadLine()) {
        QJsonParseError error;
        const QJsonObject command = QJsonDocument::fromJson(client->readLine(), &error).object();
        const QJsonValue id = command.value(QLatin1String("id"));
        const Reply reply = [client, id](QJsonObject answer) {
            if (!client) {
                return;
            }
            if (!id.isUndefined()) {
                answer.insert(QLatin1String("id"), id);
            }
            if (!answer.contains(QLatin1String("ok"))) {
                answer.insert(QLatin1String("ok"), !answer.contains(QLatin1String("error")));
            }
            client->write(QJsonDocument(answer).toJson(QJsonDocument::Compact) + '\n');
            client->flush();
        };
        if (error.error != QJsonParseError::NoError) {
            reply({{QStringLiteral("error"), error.errorString()}});
        } else {
            execute(command, reply);
        }
    }
}

void DriverPlugin::execute(const QJsonObject &command, const Reply &reply)
{
    const QString name = command.value(QLatin1String("cmd")).toString();
    if (name == QLatin1String("frameMeter")) {
        reply(m_frameMeter->execute(command));
    } else if (BookmarkCommands::knows(name)) {
        QJsonObject answer;
        const double took = m_frameMeter->apart([&] { answer = BookmarkCommands::execute(name, command); });
        answer.insert(QLatin1StringView("took_ms"), took);
        reply(answer);
    } else if (!UiCommands::execute(name, command, reply) && !LookCommands::execute(name, command, reply)
        && !TabCommands::execute(name, command, reply) && !HistoryCommands::execute(name, command, reply)) {
        reply({{QStringLiteral("error"), QStringLiteral("unknown command: ") + name}});
    }
}
