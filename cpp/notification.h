// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Shows a notification as the browser's user has set them up. Whatever either text holds, it is no mark-up there.
void showNotification(const QString &heading, const QString &text);
