// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Reading a replica back from its records.
//!
//! Nothing is merged here: each item has one row, so its registers go straight into place, and the tree is computed once, when
//! all are in. Records are lent, for a library of 100,000 would otherwise be in memory twice.

use serde::Deserialize;

use crate::hold::Hold;
use crate::publish::Unpublished;
use crate::record::{RowIn, StoredState, StoredView};
use crate::state::{Place, Slot};
use crate::store::{FORMAT, HELD, META, META_KEY, Meta, ROWS, UNPUBLISHED, VIEW};
use crate::view::ViewState;
use crate::{ItemId, Kind, LoadError, Position, Replica, ReplicaId, Root};

/// Makes a replica of its records, which are handed over one by one, in any order.
#[derive(Debug)]
pub struct Loader {
    replica: Replica,
    meta: Option<Meta>,
    /// Items that the host's file holds just as their rows say, which is true of nearly all.
    as_rows: Vec<Slot>,
    /// The others, with their states.
    views: Vec<(Slot, Vec<StoredState>)>,
    /// The item of the newest record.
    last: Slot,
    empty: bool,
}

impl Default for Loader {
    fn default() -> Loader {
        Loader::new()
    }
}

impl Loader {
    /// One that has seen no record.
    pub fn new() -> Loader {
        let mut replica = Replica::create(ReplicaId::from(0));
        replica.state.stale = true;
        Loader {
            replica,
            meta: None,
            as_rows: Vec::new(),
            views: Vec::new(),
            last: Slot::root(Root::Toolbar),
            empty: true,
        }
    }

    /// Takes one record of [`crate::TABLES`].
    ///
    /// # Errors
    /// When it is unreadable or of a newer format. The loader is then to be dropped.
    pub fn record(&mut self, table: &str, key: &str, value: &[u8]) -> Result<(), LoadError> {
        self.empty = false;
        let taken = match table {
            META if key == META_KEY => {
                self.meta = Some(read_meta(value).map_err(|reason| unreadable(table, key, reason))??);
                Ok(())
            }
            ROWS => parse(value).and_then(|row| self.row(row)),
            UNPUBLISHED => parse(value).and_then(|mask: Unpublished| {
                let slot = self.slot(key)?;
                self.replica.unpublished.insert(slot, mask);
                Ok(())
            }),
            VIEW => self.view(key, value),
            HELD => parse(value).and_then(|hold: Hold| {
                let slot = self.slot(key)?;
                self.replica.holds.restore(slot, hold);
                Ok(())
            }),
            _ => Err("there is no such table or key".to_owned()),
        };
        taken.map_err(|reason| unreadable(table, key, reason))
    }

    /// The replica that all the records make up; `None` when there were none.
    ///
    /// # Errors
    /// When the record that names it is missing.
    pub fn finish(self) -> Result<Option<Replica>, LoadError> {
        let Some(meta) = self.meta else {
            return if self.empty {
                Ok(None)
            } else {
                Err(LoadError::NoMeta)
            };
        };
        let mut replica = self.replica;
        replica.rename(meta.id);
        (replica.joined, replica.clock, replica.vector) = (meta.joined, meta.clock, meta.vector);
        (replica.floor, replica.partial) = (meta.floor, meta.partial);
        replica.returning = meta.returning;
        for slot in self.as_rows {
            replica.view.restore(slot, vec![replica.row_state(slot)]);
        }
        for (slot, states) in self.views {
            replica.restore_view(slot, states);
        }
        replica.state.rebuild();
        replica.state.unsaved.clear();
        replica.state.touched.clear();
        replica.meta_changed = false;
        Ok(Some(replica))
    }

    fn row(&mut self, row: RowIn<'_>) -> Result<(), String> {
        let kind = Kind::parse(&row.kind.0).ok_or_else(|| format!("unknown kind {:?}", row.kind.0))?;
        let slot = self.slot(&row.id.0)?;
        let place = match row.place {
            Some((parent, position, stamp, from)) => {
                let position = Position::new(&position.0).map_err(|error| error.to_string())?;
                let parent_slot = self.slot(&parent.0)?;
                // Most items are where they were made.
                let from = if from.0 == parent.0 {
                    parent_slot
                } else {
                    self.slot(&from.0)?
                };
                Some(Place {
                    parent: parent_slot,
                    position,
                    stamp,
                    from,
                })
            }
            None => None,
        };
        if !slot.is_root() {
            let node = self.replica.state.node_mut(slot);
            (node.kind, node.place, node.fields) = (Some(kind), place, row.fields.0);
            node.consent = row.consent;
            if let Some(dead) = row.dead {
                node.set_dead(dead, row.noted);
            }
        }
        Ok(())
    }

    fn view(&mut self, key: &str, value: &[u8]) -> Result<(), String> {
        let slot = self.slot(key)?;
        match value {
            b"[true]" => self.as_rows.push(slot),
            json => self.views.push((slot, parse(json)?)),
        }
        Ok(())
    }

    fn slot(&mut self, id: &str) -> Result<Slot, String> {
        let state = &mut self.replica.state;
        // The tables mostly name the items in the same order.
        let next = self.last.next();
        self.last = if state.is(next, id) {
            next
        } else {
            match state.find_text(id) {
                Some(slot) => slot,
                None => state.intern(&ItemId::new(id).map_err(|error| error.to_string())?),
            }
        };
        Ok(self.last)
    }
}

impl Replica {
    /// The replica that all records of [`crate::TABLES`] make up, in any order; `None` when there are none. See [`Loader`].
    ///
    /// # Errors
    /// When a record is missing, unreadable, or of a newer format.
    pub fn load<T: AsRef<str>, K: AsRef<str>, V: AsRef<[u8]>>(
        records: impl IntoIterator<Item = (T, K, V)>,
    ) -> Result<Option<Replica>, LoadError> {
        let mut loader = Loader::new();
        for (table, key, value) in records {
            loader.record(table.as_ref(), key.as_ref(), value.as_ref())?;
        }
        loader.finish()
    }

    fn restore_view(&mut self, slot: Slot, states: Vec<StoredState>) {
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
                    seen: seen.into(),
                }),
            });
        }
        self.view.restore(slot, possible);
    }
}

fn parse<'a, T: Deserialize<'a>>(value: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(value).map_err(|error| error.to_string())
}

fn unreadable(table: &str, key: &str, reason: String) -> LoadError {
    LoadError::Unreadable {
        table: table.to_owned(),
        key: key.to_owned(),
        reason,
    }
}

/// The record, or why it is unreadable; the inner error is a newer format.
fn read_meta(value: &[u8]) -> Result<Result<Meta, LoadError>, String> {
    #[derive(Deserialize)]
    struct Version {
        #[serde(rename = "v")]
        format: u32,
    }
    let version: Version = parse(value)?;
    if version.format > FORMAT {
        return Ok(Err(LoadError::Newer {
            found: version.format,
            known: FORMAT,
        }));
    }
    parse(value).map(Ok)
}
