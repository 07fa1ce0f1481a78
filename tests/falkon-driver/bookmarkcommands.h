// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

/// The commands that read and change bookmarks, all through Falkon's own functions.
namespace BookmarkCommands {
bool knows(const QString &name);
QJsonObject execute(const QString &name, const QJsonObject &command);
}
