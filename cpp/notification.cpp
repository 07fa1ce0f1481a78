// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "notification.h"

#include "falkon/desktopnotifications.h"
#include "falkon/mainapplication.h"
#include "plaintext.h"

void showNotification(const QString &heading, const QString &text)
{
    const QPixmap icon(QStringLiteral(":/xmppsync/xmppsync-64.png"));
    MainApplication::instance()->desktopNotifications()->showNotification(
        icon, PlainText::anywhere(heading), PlainText::anywhere(text));
}
