// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace Falkon {
/// Whether the running Falkon has the binary interface that this folder declares: all functions are there, its library
/// has the known soname, its version is 25.04 or later, and a bookmark of it behaves as declared. Gives an empty string
/// if so, else a sentence for the user. Costs well under a millisecond; must come before any other use of Falkon.
[[nodiscard]] QString incompatibility();

/// The version of the running Falkon, e.g. "25.04.1"; empty where it cannot be told.
[[nodiscard]] QString version();

/// The address of a symbol of the running program by its mangled name, or null.
[[nodiscard]] void *symbol(const char *mangledName);

/// Since 25.12 bookmarks are QObjects.
[[nodiscard]] bool bookmarksAreObjects();
}
