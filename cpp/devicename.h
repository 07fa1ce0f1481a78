// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

/// How a device is named to the user: as it names itself ("label"), else by its number. \a number is the key of that, as in the
/// engine's events: "id" where they list devices, else "device".
QString deviceName(const QJsonValue &of, QLatin1StringView number = QLatin1StringView("device"));
