// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

/// How it goes, at a glance.
enum class SyncHealth {
    /// Not set up, or signed out.
    Off,
    Offline,
    Connecting,
    Syncing,
    InSync,
    /// A large deletion waits for an answer.
    Held,
    NeedsYou,
};

/// For logs and tests.
const char *healthName(SyncHealth health);

/// The plugin's icon with a sign in its corner. The signs differ in form, not in colour alone.
QIcon statusIcon(SyncHealth health);
