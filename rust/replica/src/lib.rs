// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! A replicated bookmark tree.
//!
//! Every replica holds for each item a row of registers (its place, its title, its address, …), each stamped by a hybrid
//! logical clock. Merging two replicas is taking the later register, so deltas may be lost and repaired, doubled and
//! reordered. The tree is a pure function of the registers ([`Replica::tree`]); its rules are those of one module, `settle`.
//!
//! A host, such as a browser, takes part through [`Replica::reconcile`] (the host's whole tree comes in, and what its user did
//! is found out) and [`Replica::next_batch`] (what the host is to change goes out). In between stands the *host view*: what
//! the host is known to hold. See `reconcile` for the rules that keep one from being taken for the other.
//!
//! Order of calls: [`Replica::load`] or [`Replica::create`]; for a new one merge what the account has and then
//! [`Replica::join`]; from then on any call at any time. After each step save [`Replica::take_changes`] in one
//! transaction before anything is sent or shown.
//!
//! No I/O, no clock and no randomness of its own: `now` is milliseconds since the Unix epoch, `rng` comes from the caller.
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

mod batch;
mod canonical;
mod clock;
mod doubling;
mod edit;
mod growth;
mod hold;
mod host;
mod id;
mod incoming;
mod join;
mod load;
mod matching;
mod merge;
mod order;
mod position;
mod publish;
mod reconcile;
mod record;
mod replica;
mod restore;
mod row;
mod settle;
mod short;
mod slots;
mod state;
mod store;
mod texts;
mod tree;
mod vector;
mod view;
pub mod visits;

pub use canonical::{canonical_url, same_url};
pub use clock::{MAX_AHEAD_MS, MAX_STAMP_MS, Stamp};
pub use edit::{EditError, EditOp};
pub use growth::RETENTION_MS;
pub use hold::{Consent, Held, Side};
pub use host::{Batch, FIRST_REPLICA_TOKEN, HostEdit, HostItem, HostTree, Reconciled};
pub use id::{ItemId, ItemIdError, Kind, MAX_ID_BYTES, ReplicaId, ReplicaIdError, Root};
pub use join::{JoinMode, JoinPreview};
pub use load::Loader;
pub use merge::{MAX_FIELD_NAME_BYTES, MAX_FIELDS, MergeError, Merged, Refusal, RefusedRow};
pub use position::{MAX_POSITION_DIGITS, Position, PositionError};
pub use replica::Replica;
pub use restore::{FlatItem, Restored};
pub use row::{Delta, FieldValue, Row, RowPlace, Snapshot};
pub use state::MAX_DEPTH;
pub use store::{Change, LoadError, TABLES};
pub use tree::{Tree, TreeNode};
pub use vector::VersionVector;
