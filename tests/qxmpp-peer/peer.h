// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "options.h"

#include <QJsonObject>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <QXmppAtmTrustMemoryStorage.h>
#include <QXmppClient.h>
#include <QXmppOmemoMemoryStorage.h>

#include <functional>

class QXmppAtmManager;
class QXmppMessage;
class QXmppOmemoManager;

/**
 * One OMEMO 2 device on QXmpp, driven by JSON lines.
 *
 * Calls in order: start(), then handleCommand() as often as liked; everything that happens is told on stdout, and the
 * event loop ends with an exit code of ExitCode.
 */
class Peer : public QObject
{
    Q_OBJECT

public:
    enum ExitCode {
        Done = 0,
        Failed = 1,
        TimedOut = 3,
    };

    explicit Peer(Options options);

    void start();
    void handleCommand(const QByteArray &line);
    void handleInputEnd();

private:
    void setUp();
    void announce();
    void handleMessage(const QXmppMessage &message);
    void withDevicesOf(const QString &jid, const std::function<void()> &then);
    void send(
        const QString &to, const QString &body, const QString &id, bool encrypted, const std::function<void(bool)> &then = {});
    void sendMany(const QString &to, const QString &body, int next, int count);
    void setTrust(const QString &jid, const QString &keyId, const QString &level);
    void decide(const QString &jid, const QString &authenticated, const QString &distrusted);
    void listKeys(const QString &jid);
    void quit();
    void end(ExitCode code, const QString &reason);
    void report(const QString &event, QJsonObject fields = {});

    const Options m_options;
    QXmppOmemoMemoryStorage m_omemoStorage;
    QXmppAtmTrustMemoryStorage m_trustStorage;
    QXmppClient m_client;
    QXmppLogger m_logger;
    QTimer m_timeout;
    QXmppOmemoManager *m_omemo = nullptr;
    QXmppAtmManager *m_trust = nullptr;
    QSet<QString> m_requested; ///< addresses whose device list was asked for
    bool m_ready = false;
    bool m_ending = false;
};
