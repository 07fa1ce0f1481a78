// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The Rust half of the `SyncStatus` QObject: the last thing that the engine said of itself.

use std::pin::Pin;

use cxx_qt::CxxQtType;
use engine::client;
use engine::{ConnectionState, Event, Reason};

use crate::convert;
use crate::ffi::bridge::{SyncPhase, SyncProblem, SyncState, SyncStatus};

/// What the properties and getters of `SyncStatus` give. Lives on the Qt thread.
pub struct SyncStatusRust {
    pub(crate) state: SyncState,
    pub(crate) phase: SyncPhase,
    pub(crate) bookmarks: u64,
    pub(crate) replicas: u64,
    pub(crate) unpublished: u64,
    pub(crate) missing: u64,
    pub(crate) retry_in_ms: u64,
    address: String,
    reason: Option<SyncProblem>,
    problems: Vec<SyncProblem>,
}

impl Default for SyncStatusRust {
    fn default() -> SyncStatusRust {
        SyncStatusRust {
            state: SyncState::Offline,
            phase: SyncPhase::Offline,
            bookmarks: 0,
            replicas: 0,
            unpublished: 0,
            missing: 0,
            retry_in_ms: 0,
            address: String::new(),
            reason: None,
            problems: Vec::new(),
        }
    }
}

impl SyncStatusRust {
    fn take_connection(&mut self, connection: ConnectionState) {
        self.state = convert::state(&connection);
        self.retry_in_ms = 0;
        let reason = match connection {
            ConnectionState::Online { jid } => {
                self.address = jid.to_string();
                self.set_reason(None);
                return;
            }
            ConnectionState::Waiting { reason, retry_in_ms } => {
                self.retry_in_ms = retry_in_ms;
                Some(reason)
            }
            ConnectionState::Failed { reason } => Some(reason),
            // The last reason stays visible while the next attempt is made.
            ConnectionState::Connecting | ConnectionState::Authenticating => return self.address.clear(),
            ConnectionState::Offline => None,
        };
        self.address.clear();
        self.set_reason(reason);
    }

    fn set_reason(&mut self, reason: Option<Reason>) {
        self.reason = reason.map(|reason| SyncProblem {
            kind: convert::name(reason.kind),
            text: reason.text,
            cause: reason.cause,
        });
    }

    fn take_status(&mut self, status: client::Status) {
        self.phase = convert::phase(status.phase);
        self.bookmarks = status.bookmarks;
        self.replicas = status.replicas;
        self.unpublished = status.unpublished;
        self.missing = status.missing;
        self.problems = status.problems.into_iter().map(convert::problem).collect();
    }
}

/// Shows an event in the object, on the Qt thread; what is not about status is ignored.
pub(crate) fn show(mut object: Pin<&mut SyncStatus>, event: Event) {
    match event {
        Event::Connection(connection) => object.as_mut().rust_mut().take_connection(connection),
        Event::Client(client::Event::Status(status)) => object.as_mut().rust_mut().take_status(status),
        Event::Client(_) | Event::PasswordKept { .. } => return,
    }
    object.changed();
}

/// Whether [`show`] has something to do with it.
pub(crate) fn concerns(event: &Event) -> bool {
    matches!(
        event,
        Event::Connection(_) | Event::Client(client::Event::Status(_))
    )
}

impl SyncStatus {
    /// See the bridge.
    pub(crate) fn address(&self) -> String {
        self.rust().address.clone()
    }

    /// See the bridge.
    pub(crate) fn problems(&self) -> Vec<SyncProblem> {
        let rust = self.rust();
        rust.reason.iter().chain(&rust.problems).cloned().collect()
    }
}
