// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "input.h"
#include "options.h"
#include "peer.h"

#include <QCoreApplication>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("qxmpp-peer"));

    Peer peer(parseOptions());
    Input input;
    QObject::connect(&input, &Input::line, &peer, &Peer::handleCommand);
    QObject::connect(&input, &Input::ended, &peer, &Peer::handleInputEnd);
    peer.start();
    return QCoreApplication::exec();
}
