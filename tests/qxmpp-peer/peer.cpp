// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "peer.h"

#include "fingerprint.h"
#include "names.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <QXmppAtmManager.h>
#include <QXmppCarbonManagerV2.h>
#include <QXmppE2eeMetadata.h>
#include <QXmppMessage.h>
#include <QXmppOmemoManager.h>
#include <QXmppPubSubManager.h>
#include <QXmppTask.h>
#include <QXmppUtils.h>

#include <cstdio>
#include <utility>

using namespace Qt::StringLiterals;

namespace {
constexpr auto ECHO = "echo: "_L1;
const auto OMEMO_2 = u"urn:xmpp:omemo:2"_s;

QJsonObject describeKey(const QByteArray &key)
{
    return {{u"senderKey"_s, QString::fromLatin1(key.toHex())}, {u"fingerprint"_s, fingerprint(key)}};
}
}

Peer::Peer(Options options)
    : m_options(std::move(options))
{
    // The order matters: the OMEMO manager looks for the other two when it is added, and builds on them.
    m_client.addNewExtension<QXmppPubSubManager>();
    m_client.addNewExtension<QXmppCarbonManagerV2>();
    m_trust = m_client.addNewExtension<QXmppAtmManager>(&m_trustStorage);
    m_omemo = m_client.addNewExtension<QXmppOmemoManager>(&m_omemoStorage);
    m_client.setEncryptionExtension(m_omemo);
    m_client.setLogger(&m_logger);
    m_logger.setLoggingType(QXmppLogger::SignalLogging);
    if (!m_options.verbose) {
        m_logger.setMessageTypes(QXmppLogger::WarningMessage);
    }

    connect(&m_logger, &QXmppLogger::message, this, [](QXmppLogger::MessageType, const QString &text) {
        std::fprintf(stderr, "qxmpp: %s\n", qPrintable(text));
    });
    connect(&m_client, &QXmppClient::connected, this, &Peer::setUp);
    connect(&m_client, &QXmppClient::messageReceived, this, &Peer::handleMessage);
    connect(&m_client, &QXmppClient::errorOccurred, this, [this](const QXmppError &error) { end(Failed, error.description); });
    connect(&m_client, &QXmppClient::disconnected, this, [this] { end(Failed, u"the server closed the stream"_s); });
    const auto reportDevice = [this](const QString &change) {
        return [this, change](const QString &jid, uint32_t id) {
            report(u"device"_s, {{u"change"_s, change}, {u"jid"_s, jid}, {u"deviceId"_s, qint64(id)}});
        };
    };
    connect(m_omemo, &QXmppOmemoManager::deviceAdded, this, reportDevice(u"added"_s));
    connect(m_omemo, &QXmppOmemoManager::deviceRemoved, this, reportDevice(u"removed"_s));

    m_timeout.setSingleShot(true);
    connect(&m_timeout, &QTimer::timeout, this, [this] { end(TimedOut, u"the time of --timeout is over"_s); });
}

void Peer::start()
{
    m_timeout.start(m_options.timeoutSeconds * 1000);

    QXmppConfiguration configuration;
    configuration.setJid(m_options.jid);
    configuration.setPassword(m_options.password);
    configuration.setResource(u"qxmpp-peer."_s + QXmppUtils::generateStanzaHash());
    configuration.setHost(m_options.host);
    configuration.setPort(m_options.port);
    configuration.setStreamSecurityMode(m_options.directTls ? QXmppConfiguration::LegacySSL : QXmppConfiguration::TLSRequired);
    configuration.setIgnoreSslErrors(m_options.insecure);
    configuration.setCaCertificates(m_options.caCertificates);
    configuration.setAutoReconnectionEnabled(false);
    // Device lists come live from contacts with a mutual subscription.
    configuration.setAutoAcceptSubscriptions(true);

    // Before connecting: keys that arrive with the first device lists are rated by the policy of that moment.
    m_omemo->setSecurityPolicy(QXmpp::Toakafa).then(this, [this, configuration] { m_client.connectToServer(configuration); });
}

void Peer::setUp()
{
    m_omemo->setUp().then(this, [this](bool success) {
        if (!success) {
            end(Failed, u"OMEMO could not be set up; the warnings on stderr say why"_s);
            return;
        }
        m_omemo->changeDeviceLabel(m_options.label).then(this, [this](bool) { announce(); });
    });
}

void Peer::announce()
{
    m_omemoStorage.allData().then(this, [this](QXmppOmemoStorage::OmemoData &&data) {
        if (!data.ownDevice) {
            end(Failed, u"OMEMO was set up without a device"_s);
            return;
        }
        m_ready = true;
        const auto key = data.ownDevice->publicIdentityKey;
        report(u"ready"_s,
            {{u"jid"_s, m_client.configuration().jid()},
                {u"deviceId"_s, qint64(data.ownDevice->id)},
                {u"key"_s, QString::fromLatin1(key.toHex())},
                {u"fingerprint"_s, fingerprint(key)}});
    });
}

void Peer::handleMessage(const QXmppMessage &message)
{
    const auto from = QXmppUtils::jidToBareJid(message.from());
    QJsonObject fields{{u"from"_s, from}, {u"resource"_s, QXmppUtils::jidToResource(message.from())}, {u"id"_s, message.id()}};
    const auto metadata = message.e2eeMetadata();
    if (message.body().isEmpty() && message.type() != QXmppMessage::Error) {
        // OMEMO's messages without payload surface like this, and chat states do.
        report(u"empty"_s, fields);
        return;
    }
    if (!metadata || metadata->encryption() == QXmpp::NoEncryption) {
        // Seen, and never answered: what was not encrypted may come from anybody.
        fields.insert(u"encryption"_s, u"none"_s);
        fields.insert(u"body"_s, message.body());
        report(message.type() == QXmppMessage::Error ? u"bounced"_s : u"message"_s, fields);
        return;
    }
    const auto key = metadata->senderKey();
    fields.insert(u"encryption"_s, encryptionName(metadata->encryption()));
    const auto keyFields = describeKey(key);
    for (auto field = keyFields.begin(); field != keyFields.end(); ++field) {
        fields.insert(field.key(), field.value());
    }
    if (metadata->sceTimestamp().isValid()) {
        fields.insert(u"time"_s, metadata->sceTimestamp().toMSecsSinceEpoch());
    }
    m_omemo->trustLevel(from, key).then(this, [this, fields, from, body = message.body()](QXmpp::TrustLevel level) mutable {
        fields.insert(u"trust"_s, trustName(level));
        fields.insert(u"body"_s, body);
        report(u"message"_s, fields);
        // Not its own kind: two echo peers would never come to rest.
        if (m_options.echo && !body.startsWith(ECHO)) {
            send(from, ECHO + body, QXmppUtils::generateStanzaUuid(), true);
        }
    });
}

// QXmpp encrypts for the devices that it knows, and learns of them by itself only through presence.
void Peer::withDevicesOf(const QString &jid, const std::function<void()> &then)
{
    if (m_requested.contains(jid)) {
        then();
        return;
    }
    m_omemo->requestDeviceLists({jid}).then(this, [this, jid, then](QVector<QXmppOmemoManager::DevicesResult> &&) {
        m_requested.insert(jid);
        then();
    });
}

void Peer::send(const QString &to, const QString &body, const QString &id, bool encrypted, const std::function<void(bool)> &then)
{
    const auto finished = [this, to, id, then](QXmpp::SendResult &&result) {
        const auto *error = std::get_if<QXmppError>(&result);
        if (error) {
            report(u"sendFailed"_s, {{u"id"_s, id}, {u"to"_s, to}, {u"reason"_s, error->description}});
        } else {
            report(u"sent"_s, {{u"id"_s, id}, {u"to"_s, to}});
        }
        if (then) {
            then(!error);
        }
    };
    QXmppMessage message({}, to, body);
    message.setId(id);
    if (!encrypted) {
        m_client.send(std::move(message)).then(this, finished);
        return;
    }
    withDevicesOf(to, [this, message, finished] { m_client.sendSensitive(QXmppMessage(message)).then(this, finished); });
}

// One after the other: a burst before the bundle has arrived would make a key exchange for each message.
void Peer::sendMany(const QString &to, const QString &body, int next, int count)
{
    if (next > count) {
        report(u"sentMany"_s, {{u"to"_s, to}, {u"count"_s, count}});
        return;
    }
    const auto text = u"%1 %2"_s.arg(body).arg(next);
    send(to, text, QXmppUtils::generateStanzaUuid(), true, [this, to, body, next, count](bool success) {
        if (success) {
            // By way of the event loop: a finished task continues at once, and thousands would nest.
            QTimer::singleShot(0, this, [this, to, body, next, count] { sendMany(to, body, next + 1, count); });
        }
    });
}

void Peer::setTrust(const QString &jid, const QString &keyId, const QString &level)
{
    const auto value = trustLevel(level);
    if (!value) {
        report(u"error"_s, {{u"reason"_s, u"there is no trust level \"%1\""_s.arg(level)}});
        return;
    }
    m_omemo->setTrustLevel({{jid, QByteArray::fromHex(keyId.toLatin1())}}, *value).then(this, [this, jid] { listKeys(jid); });
}

void Peer::decide(const QString &jid, const QString &authenticated, const QString &distrusted)
{
    const auto keys = [](const QString &hex) {
        return hex.isEmpty() ? QList<QByteArray>() : QList<QByteArray>{QByteArray::fromHex(hex.toLatin1())};
    };
    m_trust->makeTrustDecisions(OMEMO_2, jid, keys(authenticated), keys(distrusted)).then(this, [this, jid] { listKeys(jid); });
}

void Peer::listKeys(const QString &jid)
{
    m_omemo->devices({jid}).then(this, [this, jid](QVector<QXmppOmemoDevice> &&devices) {
        QJsonArray list;
        for (const auto &device : std::as_const(devices)) {
            list.append(QJsonObject{{u"label"_s, device.label()},
                {u"key"_s, QString::fromLatin1(device.keyId().toHex())},
                {u"fingerprint"_s, fingerprint(device.keyId())},
                {u"trust"_s, trustName(device.trustLevel())}});
        }
        report(u"keys"_s, {{u"jid"_s, jid}, {u"devices"_s, list}});
    });
}

void Peer::handleCommand(const QByteArray &line)
{
    QJsonParseError error;
    const auto command = QJsonDocument::fromJson(line, &error).object();
    const auto name = command.value("command"_L1).toString();
    const auto text = [&command](QLatin1StringView key) { return command.value(key).toString(); };
    if (name == "quit"_L1) {
        quit();
    } else if (!m_ready) {
        report(u"error"_s, {{u"reason"_s, u"no command but quit before \"ready\""_s}});
    } else if (name == "send"_L1 || name == "sendPlain"_L1) {
        const auto id = text("id"_L1);
        send(text("to"_L1), text("body"_L1), id.isEmpty() ? QXmppUtils::generateStanzaUuid() : id, name == "send"_L1);
    } else if (name == "sendMany"_L1) {
        sendMany(text("to"_L1), text("body"_L1), 1, command.value("count"_L1).toInt());
    } else if (name == "refresh"_L1) {
        m_requested.remove(text("jid"_L1));
        withDevicesOf(text("jid"_L1), [this, jid = text("jid"_L1)] { listKeys(jid); });
    } else if (name == "keys"_L1) {
        listKeys(text("jid"_L1));
    } else if (name == "trust"_L1) {
        setTrust(text("jid"_L1), text("key"_L1), text("level"_L1));
    } else if (name == "decide"_L1) {
        decide(text("jid"_L1), text("authenticate"_L1), text("distrust"_L1));
    } else {
        report(u"error"_s, {{u"reason"_s, error.error ? error.errorString() : u"there is no command \"%1\""_s.arg(name)}});
    }
}

void Peer::handleInputEnd()
{
    if (!m_options.echo) {
        quit();
    }
}

void Peer::quit()
{
    constexpr int LEAVE_LIMIT_MS = 3000;
    if (m_options.keepDevice || !m_ready) {
        end(Done, u"quit"_s);
        return;
    }
    // The keys live in memory: once this process is gone, the device would stay in the list as a dead one.
    m_omemo->resetOwnDevice().then(this, [this](bool) { end(Done, u"quit"_s); });
    QTimer::singleShot(LEAVE_LIMIT_MS, this, [this] { end(Done, u"quit, without an answer to the removal of the device"_s); });
}

void Peer::end(ExitCode code, const QString &reason)
{
    if (m_ending) {
        return;
    }
    m_ending = true;
    report(u"end"_s, {{u"reason"_s, reason}});
    m_client.disconnectFromServer();
    // Once more through the loop, so that the closing stream is written.
    QTimer::singleShot(50, this, [code] { QCoreApplication::exit(code); });
}

void Peer::report(const QString &event, QJsonObject fields)
{
    fields.insert(u"event"_s, event);
    const auto line = QJsonDocument(fields).toJson(QJsonDocument::Compact);
    std::fprintf(stdout, "%s\n", line.constData());
    std::fflush(stdout);
}
