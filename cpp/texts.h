// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "rust/cxx.h"

/// Lone surrogates, which Qt allows and Rust does not, become U+FFFD.
inline rust::String toRust(const QString &text)
{
    return rust::String::lossy(reinterpret_cast<const char16_t *>(text.utf16()), std::size_t(text.size()));
}

inline QString toQt(rust::Str text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

inline QString toQt(const rust::String &text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}
