// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Decides what to send, to save and to show next: joins [`omemo`] and [`replica`], and speaks XMPP stanzas. It does no I/O.
//!
//! [`Client`] is the whole of it; its documentation states the order of calls. What goes over the wire is written down in
//! `docs/protocol.md`.
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

mod body;
mod change;
mod client;
mod command;
mod config;
mod disco;
mod event;
mod history;
mod mam;
mod need;
mod ns;
mod parcel;
mod plain;
mod problem;
mod progress;
mod pubsub;
mod refusal;
mod ring;
mod seal;
mod sealed;
mod stanza;
mod tabs;
mod transfer;
mod upload;
mod verify;
mod visits;

pub use change::{Change, TABLES, tables};
pub use client::{Client, ImportError, LoadError, Loader};
pub use command::{Command, HostInput};
pub use config::{Config, JoinPolicy, Kind, Limits, MAX_STANZA_BYTES, SAFE_STANZA_BYTES, STALE_AFTER_DAYS};
pub use event::{Action, Device, DropReason, Event, Phase, Status};
pub use history::{Copy, Difference, Differing, Occasion};
pub use need::{Need, NoQuestion, Question};
pub use ns::{
    NODE_BOOKMARKS, NODE_DEVICE, NODE_PARCELS, NODE_SNAPSHOTS, NODE_TABS, NODE_TRUST, NODE_VISITS,
    NODE_VISITS_PAGES,
};
pub use omemo::{DeviceId, TrustLevel, TrustPolicy, TrustUri, TrustUriError};
pub use parcel::{ParcelState, SentTabs};
pub use plain::{PlainItem, PlainTree};
pub use problem::{Problem, ProblemKind};
pub use progress::{Direction, Progress};
pub use refusal::RefusalKind;
pub use replica::visits::{HostPage, Seen, VisitEdit};
pub use replica::{
    Batch, EditOp, HostEdit, HostItem, HostTree, ItemId, JoinMode, JoinPreview, Kind as ItemKind, Root, Tree,
};
pub use seal::sealed_size;
pub use tabs::{DeviceTabs, Tab};
pub use transfer::{Transfer, TransferKind};
pub use verify::{Emoji, EndKind, VerificationState};
