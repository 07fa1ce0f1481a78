// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QSslCertificate>
#include <QString>

/** What the command line asks for, checked. */
struct Options
{
    QString jid; ///< bare address
    QString password;
    QString host; ///< where to connect; no look-up is made
    quint16 port = 0;
    bool directTls = false;
    bool insecure = false; ///< accept any certificate; only ever true for a loopback host
    QList<QSslCertificate> caCertificates;
    QString label;
    bool echo = false;
    bool keepDevice = false; ///< leave the device in the published list when quitting
    bool verbose = false;
    int timeoutSeconds = 0;
};

/** Parses the command line; ends the process with a message and code 2 where it makes no sense. */
Options parseOptions();
