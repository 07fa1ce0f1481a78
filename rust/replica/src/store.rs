// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The replica as records in tables.
//!
//! - `replica_meta`: one record, `replica`: name, clock, version vector, whether it joined. JSON with a version.
//! - `replica_row`: for each item, by its id, its row, as it travels in snapshots.
//! - `replica_unpublished`: for each item with registers that are in no delta yet, which.
//! - `replica_view`: for each item that the host's file may hold, the states in which it may hold it: `true` for what the
//!   item's row says (most often that is all), `null` for not at all.
//! - `replica_held`: for each item whose deletion waits for the user, that deletion.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::growth::Returning;
use crate::publish::is_false;
use crate::record::{FieldsOut, RowOut, StoredState, StoredView};
use crate::state::Slot;
use crate::texts::texts_of_node;
use crate::view::ViewState;
use crate::{Replica, ReplicaId, Stamp, VersionVector};

/// The tables whose records make up a replica.
pub const TABLES: &[&str] = &[META, ROWS, UNPUBLISHED, VIEW, HELD];

pub(crate) const META: &str = "replica_meta";
pub(crate) const ROWS: &str = "replica_row";
pub(crate) const UNPUBLISHED: &str = "replica_unpublished";
pub(crate) const VIEW: &str = "replica_view";
pub(crate) const HELD: &str = "replica_held";
pub(crate) const META_KEY: &str = "replica";

/// Version of what the records mean.
pub(crate) const FORMAT: u32 = 1;

/// One record that is to be written, or with no value, deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// One of [`TABLES`].
    pub table: &'static str,
    /// The record's key in its table.
    pub key: String,
    /// Its value; `None` deletes it.
    pub value: Option<Vec<u8>>,
}

/// Why records do not make a replica.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// A newer version of this program wrote them.
    #[error("the bookmarks were saved in format {found}, this version knows up to {known}: update it")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// There are items but the record that names the replica is missing.
    #[error("the record that names the replica is missing")]
    NoMeta,
    /// A record cannot be read.
    #[error("the record {key:?} in {table} cannot be read: {reason}")]
    Unreadable {
        /// Its table.
        table: String,
        /// Its key.
        key: String,
        /// What is wrong.
        reason: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Meta {
    #[serde(rename = "v")]
    format: u32,
    pub(crate) id: ReplicaId,
    pub(crate) joined: bool,
    pub(crate) clock: Clock,
    pub(crate) vector: VersionVector,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) floor: Option<Stamp>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) partial: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) returning: Option<Returning>,
}

impl Replica {
    /// All records that changed since the last call. To be written in one transaction, before anything is sent or shown.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        if std::mem::take(&mut self.meta_changed) {
            let meta = Meta {
                format: FORMAT,
                id: self.id,
                joined: self.joined,
                clock: self.clock,
                vector: self.vector.clone(),
                floor: self.floor,
                partial: self.partial,
                returning: self.returning.clone(),
            };
            changes.push(Change {
                table: META,
                key: META_KEY.to_owned(),
                value: json(&meta),
            });
        }
        let rows = std::mem::take(&mut self.state.unsaved);
        // A state that is stored as "what the row says" must be stored anew when the row says something else.
        for slot in rows
            .iter()
            .filter(|slot| self.view.is_kept(**slot))
            .copied()
            .collect::<Vec<_>>()
        {
            self.view.unsaved.insert(slot);
        }
        for slot in rows {
            // None: it is forgotten, or was never more than a name.
            let value = self.row_out(slot).as_ref().and_then(json);
            changes.push(Change {
                table: ROWS,
                key: self.key(slot),
                value,
            });
        }
        for slot in std::mem::take(&mut self.unpublished_unsaved) {
            let value = self.unpublished.get(&slot).and_then(json);
            changes.push(Change {
                table: UNPUBLISHED,
                key: self.key(slot),
                value,
            });
        }
        for slot in std::mem::take(&mut self.view.unsaved) {
            let as_row = self.row_state(slot);
            let possible = &self.view.item(slot).possible;
            let stored =
                |state: &Option<Arc<ViewState>>| self.stored_state(state.as_deref(), as_row.as_ref());
            let states: Vec<StoredState> = possible.iter().map(stored).collect();
            let value = if possible.iter().all(Option::is_none) {
                None
            } else {
                json(&states)
            };
            changes.push(Change {
                table: VIEW,
                key: self.key(slot),
                value,
            });
        }
        for slot in std::mem::take(&mut self.holds.unsaved) {
            changes.push(Change {
                table: HELD,
                key: self.key(slot),
                value: self.holds.get(slot).and_then(json),
            });
        }
        changes
    }

    fn key(&self, slot: Slot) -> String {
        self.state.node(slot).id.as_str().to_owned()
    }

    fn row_out(&self, slot: Slot) -> Option<RowOut<'_>> {
        let node = self.state.node(slot);
        let id_of = |slot: Slot| self.state.node(slot).id.as_str();
        let place = node.place.as_ref();
        let place = place.map(|place| {
            (
                id_of(place.parent),
                place.position.as_str(),
                place.stamp,
                id_of(place.from),
            )
        });
        let (id, kind, fields) = (node.id.as_str(), node.kind?.as_str(), FieldsOut(&node.fields));
        Some(RowOut {
            id,
            kind,
            place,
            fields,
            dead: node.dead(),
            consent: node.consent,
            noted: node.death_noted(),
        })
    }

    /// The state of a host that shows just what the row says.
    pub(crate) fn row_state(&self, slot: Slot) -> Option<ViewState> {
        let node = self.state.node(slot);
        let place = node.place.as_ref()?;
        let (parent, order) = (place.parent, place.position.clone());
        Some(ViewState {
            parent,
            order,
            text: texts_of_node(node),
            seen: node.newest().into(),
        })
    }

    fn stored_state(&self, state: Option<&ViewState>, as_row: Option<&ViewState>) -> StoredState {
        match state {
            None => StoredState::Absent,
            Some(_) if state == as_row => StoredState::AsRow(true),
            Some(state) => StoredState::Other(StoredView {
                parent: self.state.node(state.parent).id.clone(),
                order: state.order.clone(),
                text: state.text.clone(),
                seen: state.seen.get(),
            }),
        }
    }
}

fn json(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(value).ok()
}
