// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "driverplugin.h"

/// The commands that tell what is open in the browser's window, and where on the screen, for real clicks.
namespace TabCommands {
/// False if \a name is none of them; then nothing was replied.
bool execute(const QString &name, const QJsonObject &command, const Reply &reply);
}
