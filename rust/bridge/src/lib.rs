// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The static library behind the Falkon plugin: it converts and forwards between C++ and the engine, and decides nothing.
//!
//! Entry points are in [`ffi`]: `init`, `send`, `collect`, `applied`, `saved`, `shutdown`, and the `SyncStatus` QObject.
//! Nothing here blocks the Qt thread, except `shutdown` within its limit. The engine's events leave on the engine's own thread
//! through the C++ `MessageSink`, which queues them. No panic crosses: see [`guard`].
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod config;
mod convert;
mod error;
pub mod ffi;
mod guard;
mod handle;
mod qr;
mod status;

#[allow(unsafe_code)]
mod sink {
    use crate::ffi::bridge::MessageSink;

    // SAFETY: a MessageSink's functions may be called on any thread at any time, which its C++ documentation demands of
    // every implementation; it gives no access to anything else.
    unsafe impl Send for MessageSink {}
    // SAFETY: as above; the functions are const.
    unsafe impl Sync for MessageSink {}
}
