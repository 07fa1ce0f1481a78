// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "driverplugin.h"

/// The commands that do to Falkon's history what a user does in its window.
namespace HistoryCommands {
/// False if \a name is none of them; then nothing was replied.
bool execute(const QString &name, const QJsonObject &command, const Reply &reply);
}
