// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What Falkon shows notifications with, as its user has set it up: by the desktop, by itself, or not at all.

#include <QPixmap>
#include <QString>

/// Only ever used by pointer.
class DesktopNotificationsFactory
{
public:
    void showNotification(const QPixmap &icon, const QString &heading, const QString &text);

    DesktopNotificationsFactory() = delete;
    ~DesktopNotificationsFactory() = delete;
};
