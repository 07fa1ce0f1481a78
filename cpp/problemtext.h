// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

/// What is wrong, in the user's language. \a kind is the engine's name of it, \a text the engine's own sentence, which is shown
/// where the kind is unknown, and \a cause what a server or a library said, in its own words.
QString problemText(const QString &kind, const QString &text, const QString &cause);

/// The same of an object of the engine's: a problem, a reason, or an event that tells of something refused or ended.
QString problemText(const QJsonObject &problem);
