// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "notification.h"

#include "falkon/desktopnotifications.h"
#include "falkon/mainapplication.h"

namespace {
/// Desktops differ in whether they read mark-up, so what is escaped for one is shown escaped by the next. Nothing is mark-up
/// without these two.
QString plain(QString text)
{
    return text.replace(QLatin1Char('<'), QChar(0x2039)).replace(QLatin1Char('>'), QChar(0x203a));
}
}

void showNotification(const QString &heading, const QString &text)
{
    const QPixmap icon(QStringLiteral(":/xmppsync/xmppsync-64.png"));
    MainApplication::instance()->desktopNotifications()->showNotification(icon, plain(heading), plain(text));
}
