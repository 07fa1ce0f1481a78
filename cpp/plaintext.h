// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// Desktops and widgets guess from a text whether it is mark-up. What other devices and pages say is none.
namespace PlainText {
/// No mark-up wherever it is shown; angle brackets look different.
QString anywhere(QString text);
/// For a tool tip, which shows \a text as it is.
QString toolTip(const QString &text);
}
