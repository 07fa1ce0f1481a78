// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Giving out what was changed here: deltas of single registers, or the whole state.

use serde::{Deserialize, Serialize};

use crate::row::RowPlace;
use crate::state::{Field, FieldName, Node, Slot};
use crate::{Delta, Kind, Replica, Row, Snapshot, VersionVector};

/// Bytes of JSON around the rows of a delta, generously.
const DELTA_FRAME_BYTES: usize = 80;

/// Which registers of an item were written here and are in no delta yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Unpublished {
    #[serde(rename = "p", default, skip_serializing_if = "is_false")]
    pub(crate) place: bool,
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<FieldName>,
    #[serde(rename = "x", default, skip_serializing_if = "is_false")]
    pub(crate) dead: bool,
}

impl Unpublished {
    /// Whether it is all that the item says, as when it is new.
    pub(crate) fn is_whole(&self, node: &Node) -> bool {
        let told = |field: &Field| self.fields.contains(&field.name);
        self.place && node.fields.iter().all(told)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
pub(crate) fn is_false(value: &bool) -> bool {
    !value
}

impl Replica {
    /// The next delta: rows that were written here and are in none yet, folders before what they hold, as many as fit into
    /// `max_bytes` of JSON, but at least one. It carries the next sequence number and counts as published: save the changes
    /// and the delta before sending it. `None` when nothing is left, or before the first join.
    pub fn take_delta(&mut self, max_bytes: usize) -> Option<Delta> {
        if self.queue.len() != self.due() {
            self.queue = self.publishing_order().into();
        }
        if !self.joined || self.queue.is_empty() {
            return None;
        }
        let mut rows = Vec::new();
        let mut bytes = DELTA_FRAME_BYTES;
        while let Some(slot) = self.queue.front().copied() {
            let mask = self.unpublished.get(&slot).cloned().unwrap_or_default();
            let Some(row) = self.row(slot, Some(&mask)) else {
                self.queue.pop_front();
                self.forget_unpublished(slot);
                continue;
            };
            let size = serde_json::to_vec(&row)
                .map_or(0, |json| json.len())
                .saturating_add(1);
            bytes = bytes.saturating_add(size);
            if bytes > max_bytes && !rows.is_empty() {
                break;
            }
            rows.push(row);
            self.queue.pop_front();
            self.forget_unpublished(slot);
        }
        let seq = self.next_seq();
        Some(Delta {
            replica: self.id,
            seq,
            rows,
        })
    }

    /// How many items have registers that are in no delta yet.
    pub fn unpublished(&self) -> usize {
        self.unpublished.len()
    }

    /// How many of them go into deltas: all but those that were set aside.
    pub fn due(&self) -> usize {
        self.unpublished.len().saturating_sub(self.aside.len())
    }

    /// Whether some were set aside.
    pub fn has_set_aside(&self) -> bool {
        !self.aside.is_empty()
    }

    /// What is due waits for the next [`Replica::take_snapshot`], for it is too much for deltas; what is edited from now on
    /// passes it. Nothing of this is saved: after a restart all of it is due.
    pub fn set_aside(&mut self) {
        self.aside = self.unpublished.keys().copied().collect();
        self.queue.clear();
    }

    /// The whole state. What it covers are the deltas merged and published so far; rows that are in no delta yet are within
    /// as well, and still get into one.
    pub fn snapshot(&self) -> Snapshot {
        let rows = self
            .state
            .slots()
            .filter_map(|slot| self.row(slot, None))
            .collect();
        Snapshot {
            cover: self.vector.clone(),
            rows,
            floor: self.floor,
            partial: self.partial,
        }
    }

    /// The whole state, published instead of the deltas that are due: it takes one sequence number and covers it. Others
    /// see a gap there until they have merged it. Where nothing is due, the same as [`Replica::snapshot`].
    pub fn take_snapshot(&mut self) -> Snapshot {
        if self.joined && !self.unpublished.is_empty() {
            for slot in std::mem::take(&mut self.unpublished).into_keys() {
                self.unpublished_unsaved.insert(slot);
            }
            self.aside.clear();
            self.queue.clear();
            self.next_seq();
        }
        self.snapshot()
    }

    /// Which deltas of which replica are in.
    pub fn version_vector(&self) -> &VersionVector {
        &self.vector
    }

    fn next_seq(&mut self) -> u64 {
        let seq = self.vector.last(self.id).saturating_add(1);
        self.vector.insert(self.id, seq);
        self.meta_changed = true;
        seq
    }

    fn forget_unpublished(&mut self, slot: Slot) {
        self.unpublished.remove(&slot);
        self.unpublished_unsaved.insert(slot);
    }

    /// What is due, folders before what they hold, so that no replica has to file anything under "other" in between. For the
    /// same reason what is in a folder that was set aside waits with it.
    fn publishing_order(&mut self) -> Vec<Slot> {
        let depth =
            |slot: Slot| std::iter::successors(self.state.parent(slot), |at| self.state.parent(*at)).count();
        let mut order: Vec<(bool, usize, Slot)> = self
            .unpublished
            .keys()
            .filter(|slot| !self.aside.contains(slot))
            .map(|slot| {
                let folder = self.state.node(*slot).kind == Some(Kind::Folder);
                (!folder, if folder { depth(*slot) } else { 0 }, *slot)
            })
            .collect();
        order.sort();
        let mut due: Vec<Slot> = order.into_iter().map(|(_, _, slot)| slot).collect();
        due.retain(|slot| {
            let place = self.state.node(*slot).place.as_ref();
            let waits = place.is_some_and(|place| self.aside.contains(&place.parent));
            if waits {
                self.aside.insert(*slot);
            }
            !waits
        });
        due
    }

    /// The row of an item, with the registers of `mask` or all; `None` while the item is only known as others' folder.
    pub(crate) fn row(&self, slot: Slot, mask: Option<&Unpublished>) -> Option<Row> {
        let node = self.state.node(slot);
        let id_of = |slot: Slot| self.state.node(slot).id.as_str().to_owned();
        // Of what was dead and lives again, others may have forgotten the rest.
        let whole = |mask: &Unpublished| node.dead().is_some() && (mask.place || !mask.fields.is_empty());
        let all = mask.is_none_or(whole);
        let place = node
            .place
            .as_ref()
            .filter(|_| all || mask.is_some_and(|mask| mask.place));
        let wanted = |name: &FieldName| all || mask.is_some_and(|mask| mask.fields.contains(name));
        let fields = node.fields.iter().filter(|field| wanted(&field.name));
        let (dead, consent) = self.known_death(slot, mask);
        Some(Row {
            id: node.id.as_str().to_owned(),
            kind: node.kind?.as_str().to_owned(),
            place: place.map(|place| RowPlace {
                parent: id_of(place.parent),
                position: place.position.as_str().to_owned(),
                stamp: place.stamp,
                from: id_of(place.from),
            }),
            fields: fields
                .map(|field| (field.name.as_str().to_owned(), (field.value.clone(), field.stamp)))
                .collect(),
            dead,
            consent,
            noted: node
                .death_noted()
                .filter(|_| mask.is_none() && dead == node.dead()),
        })
    }
}
