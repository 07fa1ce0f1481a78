// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "syncprogress.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

namespace xmppsync {
class SyncStatus;
}

/// The engine's status in the user's language.
namespace StatusText {
/// How it goes, and what to do next where something can be done. \a needs as in the engine's event "status".
QString sentence(const xmppsync::SyncStatus &status, const QJsonArray &needs, const std::optional<SyncProgress> &progress);
/// One of these needs: a question that only the user can answer.
QString question(const QJsonObject &need);
/// What is wrong; empty if nothing is.
QString problem(const xmppsync::SyncStatus &status);
/// Adds "state", "phase" and the counts, for tests and logs.
void describe(const xmppsync::SyncStatus &status, QJsonObject &json);
}
