// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QHostAddress>

#include <cstdio>
#include <cstdlib>

using namespace Qt::StringLiterals;

namespace {
constexpr int EXIT_USAGE = 2;
constexpr int DEFAULT_TIMEOUT_SECONDS = 60;

[[noreturn]] void refuse(const QString &reason)
{
    std::fprintf(stderr, "qxmpp-peer: %s\n", qPrintable(reason));
    std::exit(EXIT_USAGE);
}

bool isLoopback(const QString &host)
{
    return host == "localhost"_L1 || QHostAddress(host).isLoopback();
}

QString readPassword(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Text)) {
        refuse(u"cannot read the password file %1: %2"_s.arg(path, file.errorString()));
    }
    const auto password = QString::fromUtf8(file.readLine()).remove(u'\n');
    if (password.isEmpty()) {
        refuse(u"the first line of the password file %1 is empty"_s.arg(path));
    }
    return password;
}
}

Options parseOptions()
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"An OMEMO 2 peer on QXmpp: one JSON line on stdout for each event, JSON commands on stdin."_s);
    parser.addHelpOption();
    parser.addOptions({
        {u"jid"_s, u"Bare address to sign in with."_s, u"user@domain"_s},
        {u"password-file"_s, u"File whose first line is the password."_s, u"file"_s},
        {u"connect"_s, u"Server to connect to (default: the address's domain, 5222)."_s, u"host:port"_s},
        {u"direct-tls"_s, u"TLS from the first byte instead of STARTTLS."_s},
        {u"ca-file"_s, u"Certificates (PEM) to trust in addition to the system's."_s, u"file"_s},
        {u"insecure"_s, u"Accept any certificate; refused unless the host is loopback."_s},
        {u"label"_s, u"Label of the device."_s, u"text"_s, u"qxmpp-peer"_s},
        {u"echo"_s, u"Answer every decrypted message with \"echo: …\"."_s},
        {u"keep-device"_s, u"Leave the device in the published list when quitting."_s},
        {u"timeout"_s, u"End after that many seconds."_s, u"seconds"_s, QString::number(DEFAULT_TIMEOUT_SECONDS)},
        {u"verbose"_s, u"QXmpp's debugging log on stderr."_s},
    });
    parser.process(*QCoreApplication::instance());

    Options options;
    options.jid = parser.value(u"jid"_s);
    const auto at = options.jid.indexOf(u'@');
    if (at <= 0 || at == options.jid.size() - 1 || options.jid.contains(u'/')) {
        refuse(u"--jid needs a bare address like user@example.org, not \"%1\""_s.arg(options.jid));
    }
    options.password = readPassword(parser.value(u"password-file"_s));

    options.host = options.jid.mid(at + 1);
    options.port = 5222;
    if (parser.isSet(u"connect"_s)) {
        const auto value = parser.value(u"connect"_s);
        const auto colon = value.lastIndexOf(u':');
        bool valid = false;
        options.host = value.left(colon);
        options.port = value.mid(colon + 1).toUShort(&valid);
        if (colon <= 0 || !valid || options.port == 0) {
            refuse(u"--connect needs HOST:PORT, not \"%1\""_s.arg(value));
        }
    }

    options.directTls = parser.isSet(u"direct-tls"_s);
    options.insecure = parser.isSet(u"insecure"_s);
    if (options.insecure && !isLoopback(options.host)) {
        refuse(u"--insecure is for loopback addresses alone, and %1 is none"_s.arg(options.host));
    }
    if (parser.isSet(u"ca-file"_s)) {
        const auto path = parser.value(u"ca-file"_s);
        options.caCertificates = QSslCertificate::fromPath(path);
        if (options.caCertificates.isEmpty()) {
            refuse(u"no certificate in %1"_s.arg(path));
        }
    }

    options.label = parser.value(u"label"_s);
    options.echo = parser.isSet(u"echo"_s);
    options.keepDevice = parser.isSet(u"keep-device"_s);
    options.verbose = parser.isSet(u"verbose"_s);
    options.timeoutSeconds = parser.value(u"timeout"_s).toInt();
    if (options.timeoutSeconds <= 0) {
        refuse(u"--timeout needs a number of seconds above 0"_s);
    }
    return options;
}
