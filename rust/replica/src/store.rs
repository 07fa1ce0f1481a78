// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The replica as records in tables.
//!
//! - `replica_meta`: one record, `replica`: name, clock, version vector, whether it joined. JSON with a version.
//! - `replica_row`: for each item, by its id, its row, as it travels.
//! - `replica_unpublished`: for each item with registers that are in no delta yet, which.
//! - `replica_view`: for each item that the host's file may hold, the states in which it may hold it (`null`: not there).

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::publish::Unpublished;
use crate::state::{Field, FieldName, Place, Slot};
use crate::view::{Texts, ViewState};
use crate::{ItemId, Kind, Position, Replica, ReplicaId, Row, Stamp, VersionVector};

/// The tables whose records make up a replica.
pub const TABLES: &[&str] = &[META, ROWS, UNPUBLISHED, VIEW];

const META: &str = "replica_meta";
const ROWS: &str = "replica_row";
const UNPUBLISHED: &str = "replica_unpublished";
const VIEW: &str = "replica_view";
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

/// A state of the host view, as stored.
#[derive(Serialize, Deserialize)]
struct StoredView {
    #[serde(rename = "p")]
    parent: ItemId,
    #[serde(rename = "o")]
    order: Position,
    #[serde(flatten)]
    text: Texts,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    seen: Option<Stamp>,
}

impl Replica {
    /// The replica that all records of [`TABLES`] make up, in any order; `None` when there are none.
    ///
    /// # Errors
    /// When a record is missing, unreadable, or of a newer format.
    pub fn load(
        records: impl IntoIterator<Item = (String, String, Vec<u8>)>,
    ) -> Result<Option<Replica>, LoadError> {
        let (mut meta, mut unpublished, mut views) = (None, Vec::new(), Vec::new());
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
                    let states: Vec<Option<StoredView>> =
                        serde_json::from_slice(&value).map_err(|error| unreadable(error.to_string()))?;
                    views.push((
                        ItemId::new(&key).map_err(|error| unreadable(error.to_string()))?,
                        states,
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
        for slot in std::mem::take(&mut self.state.unsaved) {
            if let Some(row) = self.row(slot, None) {
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
            let possible = &self.view.item(slot).possible;
            let states: Vec<Option<StoredView>> = possible
                .iter()
                .map(|state| state.as_deref().map(|state| self.stored_view(state)))
                .collect();
            let value = if states.iter().all(Option::is_none) {
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
        changes
    }

    fn key(&self, slot: Slot) -> String {
        self.state.node(slot).id.as_str().to_owned()
    }

    fn stored_view(&self, state: &ViewState) -> StoredView {
        StoredView {
            parent: self.state.node(state.parent).id.clone(),
            order: state.order.clone(),
            text: state.text.clone(),
            seen: state.seen,
        }
    }

    fn restore_row(&mut self, row: Row) -> Result<(), String> {
        let id = |text: &str| ItemId::new(text).map_err(|error| error.to_string());
        let kind = Kind::parse(&row.kind).ok_or_else(|| format!("unknown kind {:?}", row.kind))?;
        let slot = self.state.intern(&id(&row.id)?);
        self.state.set_kind(slot, kind);
        if let Some(place) = row.place {
            let position = Position::new(&place.position).map_err(|error| error.to_string())?;
            let parent = self.state.intern(&id(&place.parent)?);
            let from = self.state.intern(&id(&place.from)?);
            self.state.set_place(
                slot,
                Place {
                    parent,
                    position,
                    stamp: place.stamp,
                    from,
                },
            );
        }
        for (name, (value, stamp)) in row.fields {
            self.state.set_field(
                slot,
                Field {
                    name: FieldName::new(&name),
                    value,
                    stamp,
                },
            );
        }
        if let Some(dead) = row.dead {
            self.state.set_dead(slot, dead);
        }
        Ok(())
    }

    fn restore_view(&mut self, id: &ItemId, states: Vec<Option<StoredView>>) {
        let slot = self.state.intern(id);
        let node_texts = crate::reconcile::texts_of_node(self.state.node(slot));
        let possible = states.into_iter().map(|state| {
            state.map(
                |StoredView {
                     parent,
                     order,
                     text,
                     seen,
                 }| {
                    // Most often the host shows what the registers say: one copy is enough.
                    let text = if text == node_texts {
                        node_texts.clone()
                    } else {
                        text
                    };
                    ViewState {
                        parent: self.state.intern(&parent),
                        order,
                        text,
                        seen,
                    }
                },
            )
        });
        let possible = possible.collect();
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
