// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Runs a [`client::Client`] against the network, the disk and the clock.
//!
//! [`Engine`] is the whole of it: started with a [`Config`], it keeps a device of an account connected, saves each
//! step before anything of it is sent or told, and tells what happens by [`Event`]s. [`open_state`] looks at a
//! device's state without a network. [`session`] and [`store`] are the two layers underneath.
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
mod effects;
mod engine;
mod event;
mod http;
mod password;
mod password_store;
mod reason;
mod run;
pub mod session;
mod state;
pub mod store;
mod time;

pub use client;
pub use config::Config;
pub use engine::{Engine, StartError, Stopped};
pub use event::Event;
pub use jid;
pub use password::{Credentials, Password};
pub use password_store::forget_password;
pub use reason::{ConnectionState, Reason, ReasonKind};
pub use state::{CommandError, State, StateError, open_state};
pub use store::Access;
