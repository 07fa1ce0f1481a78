// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Runs a client against the network, the disk and the clock.
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

mod password;
mod reason;
pub mod session;
pub mod store;

pub use password::Password;
pub use reason::{ConnectionState, Reason, ReasonKind};
