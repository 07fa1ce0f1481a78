// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rust/cxx.h"

#include <cstdint>

namespace xmppsync {
struct HostEdit;

/// Where the engine's messages go. Called on a Rust thread, at any time between init() and the end of shutdown(): an
/// implementation posts to its own thread and returns at once, and must not throw.
class MessageSink
{
public:
    virtual ~MessageSink() = default;

    /// One event as a JSON object in UTF-8.
    virtual void onMessage(::rust::Slice<const std::uint8_t> json) const noexcept = 0;

    /// A batch of edits for the browser's bookmarks, in order. \a generation is the collection that they are based on.
    virtual void applyEdits(
        std::uint64_t number, std::uint64_t generation, ::rust::Slice<const HostEdit> edits) const noexcept = 0;
};
}
