// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The replica as records in tables.
//!
//! - `replica_meta`: one record, `replica`: name, clock, version vector, whether it joined. JSON with a version.
//! - `replica_row`: for each item, by its id, its row, as it travels.
//! - `replica_unpublished`: for each item with registers that are in no delta yet, which.
//! - `replica_view`: for each item that the host's file may hold, the states in which it may hold it: `true` for what the
//!   item's row says (most often that is all), `null` for not at all.
//! - `replica_held`: for each item whose deletion waits for the user, that deletion.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::hold::Hold;
use crate::publish::Unpublished;
use crate::record::{FieldsOut, RowIn, RowOut, StoredState, StoredView, Text};
use crate::state::{Place, Slot};
use crate::texts::texts_of_node;
use crate::view::ViewState;
use crate::{ItemId, Kind, Position, Replica, ReplicaId, VersionVector};

/// The tables whose records make up a replica.
pub const TABLES: &[&str] = &[META, ROWS, UNPUBLISHED, VIEW, HELD];

const META: &str = "replica_meta";
const ROWS: &str = "replica_row";
const UNPUBLISHED: &str = "replica_unpublished";
const VIEW: &str = "replica_view";
const HELD: &str = "replica_held";
const META_KEY: &str = "replica";

/// Version of what the records mean.
const FORMAT: u32 = 1;

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

#[derive(Serialize, Deserialize)]
struct Meta {
    #[serde(rename = "v")]
    format: u32,
    id: ReplicaId,
    joined: bool,
    clock: Clock,
    vector: VersionVector,
}

impl Replica {
    /// The replica that all records of [`TABLES`] make up, in any order; `None` when there are none.
    ///
    /// # Errors
    /// When a record is missing, unreadable, or of a newer format.
    pub fn load(
        records: impl IntoIterator<Item = (String, String, Vec<u8>)>,
    ) -> Result<Option<Replica>, LoadError> {
        let (mut meta, mut unpublished, mut views, mut holds) = (None, Vec::new(), Vec::new(), Vec::new());
        let mut replica = Replica::create(ReplicaId::from(0));
        replica.state.stale = true;
        let mut empty = true;
        for (table, key, value) in records {
            empty = false;
            let unreadable = |reason: String| LoadError::Unreadable {
                table: table.clone(),
                key: key.clone(),
                reason,
            };
            match table.as_str() {
                META if key == META_KEY => meta = Some(read_meta(&value).map_err(unreadable)??),
                ROWS => {
                    let row =
                        serde_json::from_slice(&value).map_err(|error| unreadable(error.to_string()))?;
                    replica.restore_row(row).map_err(unreadable)?;
                }
                UNPUBLISHED => {
                    let mask: Unpublished =
                        serde_json::from_slice(&value).map_err(|error| unreadable(error.to_string()))?;
                    unpublished.push((
                        ItemId::new(&key).map_err(|error| unreadable(error.to_string()))?,
                        mask,
                    ));
                }
                VIEW => {
                    let states: Vec<StoredState> = match value.as_slice() {
                        // Nearly all are this.
                        b"[true]" => vec![StoredState::AsRow(true)],
                        json => {
                            serde_json::from_slice(json).map_err(|error| unreadable(error.to_string()))?
                        }
                    };
                    views.push((
                        ItemId::new(&key).map_err(|error| unreadable(error.to_string()))?,
                        states,
                    ));
                }
                HELD => {
                    let hold: Hold =
                        serde_json::from_slice(&value).map_err(|error| unreadable(error.to_string()))?;
                    holds.push((
                        ItemId::new(&key).map_err(|error| unreadable(error.to_string()))?,
                        hold,
                    ));
                }
                _ => return Err(unreadable("there is no such table or key".to_owned())),
            }
        }
        let Some(meta) = meta else {
            return if empty { Ok(None) } else { Err(LoadError::NoMeta) };
        };
        replica.rename(meta.id);
        (replica.joined, replica.clock, replica.vector) = (meta.joined, meta.clock, meta.vector);
        for (id, mask) in unpublished {
            let slot = replica.state.intern(&id);
            replica.unpublished.insert(slot, mask);
        }
        for (id, hold) in holds {
            let slot = replica.state.intern(&id);
            replica.holds.restore(slot, hold);
        }
        for (id, states) in views {
            replica.restore_view(&id, states);
        }
        replica.state.rebuild();
        replica.state.unsaved.clear();
        replica.state.touched.clear();
        replica.meta_changed = false;
        Ok(Some(replica))
    }

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
            if let Some(row) = self.row_out(slot) {
                changes.push(Change {
                    table: ROWS,
                    key: self.key(slot),
                    value: json(&row),
                });
            }
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
            dead: node.dead,
            consent: node.consent,
        })
    }

    /// The state of a host that shows just what the row says.
    fn row_state(&self, slot: Slot) -> Option<ViewState> {
        let node = self.state.node(slot);
        let place = node.place.as_ref()?;
        let (parent, order) = (place.parent, place.position.clone());
        Some(ViewState {
            parent,
            order,
            text: texts_of_node(node),
            seen: node.newest(),
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
                seen: state.seen,
            }),
        }
    }

    fn restore_row(&mut self, row: RowIn<'_>) -> Result<(), String> {
        let kind = Kind::parse(&row.kind.0).ok_or_else(|| format!("unknown kind {:?}", row.kind.0))?;
        let slot = self.restore_id(&row.id)?;
        self.state.set_kind(slot, kind);
        if let Some((parent, position, stamp, from)) = row.place {
            let position = Position::new(&position.0).map_err(|error| error.to_string())?;
            let (parent, from) = (self.restore_id(&parent)?, self.restore_id(&from)?);
            self.state.set_place(
                slot,
                Place {
                    parent,
                    position,
                    stamp,
                    from,
                },
            );
        }
        for field in row.fields.0 {
            self.state.set_field(slot, field);
        }
        if let Some(dead) = row.dead {
            self.state.set_dead(slot, dead, row.consent);
        }
        Ok(())
    }

    fn restore_id(&mut self, id: &Text<'_>) -> Result<Slot, String> {
        match self.state.find_text(&id.0) {
            Some(slot) => Ok(slot),
            None => Ok(self
                .state
                .intern(&ItemId::new(&id.0).map_err(|error| error.to_string())?)),
        }
    }

    fn restore_view(&mut self, id: &ItemId, states: Vec<StoredState>) {
        let slot = self.state.intern(id);
        let as_row = self.row_state(slot);
        let mut possible = Vec::with_capacity(states.len());
        for state in states {
            possible.push(match state {
                StoredState::AsRow(_) => as_row.clone(),
                StoredState::Absent => None,
                StoredState::Other(StoredView {
                    parent,
                    order,
                    text,
                    seen,
                }) => Some(ViewState {
                    parent: self.state.intern(&parent),
                    order,
                    text,
                    seen,
                }),
            });
        }
        self.view.restore(slot, possible);
    }
}

/// The record, or why it is unreadable; the inner error is a newer format.
fn read_meta(value: &[u8]) -> Result<Result<Meta, LoadError>, String> {
    #[derive(Deserialize)]
    struct Version {
        #[serde(rename = "v")]
        format: u32,
    }
    let version: Version = serde_json::from_slice(value).map_err(|error| error.to_string())?;
    if version.format > FORMAT {
        return Ok(Err(LoadError::Newer {
            found: version.format,
            known: FORMAT,
        }));
    }
    serde_json::from_slice(value)
        .map(Ok)
        .map_err(|error| error.to_string())
}

fn json(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(value).ok()
}
