// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "driverplugin.h"

/// The commands that change how all windows look, and find out who could not read or use the sync plugin's settings then.
namespace LookCommands {
/// False if \a name is none of them; then nothing was replied.
bool execute(const QString &name, const QJsonObject &command, const Reply &reply);
}
