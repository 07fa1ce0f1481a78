// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Taking in what other replicas published. Nothing in a row is trusted: what does not fit is refused row by row.

use std::borrow::Cow;

use crate::clock::MAX_STAMP_MS;
use crate::hold::Death;
use crate::row::RowPlace;
use crate::state::{Field, FieldName, Place, Slot};
use crate::{Delta, ItemId, Kind, Position, Replica, ReplicaId, Row, Snapshot, Stamp};

/// Most fields that one item may have.
pub const MAX_FIELDS: usize = 64;

/// Longest name of a field, in bytes.
pub const MAX_FIELD_NAME_BYTES: usize = 64;

/// What a merge did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged {
    /// Items that are in the tree now and were not.
    pub added: u64,
    /// Items that were in the tree before and after, and changed or moved.
    pub changed: u64,
    /// Items that are no longer in the tree.
    pub removed: u64,
    /// Whether the version vector grew: what came had not been merged before.
    pub news: bool,
    /// The delta carries our own name but a number that we never published: this replica's state is older than what it has
    /// published, or another one runs under its name. The caller should go on under a new name.
    pub own_unknown: bool,
    /// Deletions, and additions of what is here already, that wait for the user from now on ([`Replica::held`]).
    pub held: u64,
    /// Rows that were not taken.
    pub refused: Vec<RefusedRow>,
}

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The id it carries, cut to 80 characters.
    pub id: String,
    /// What is wrong with it.
    pub reason: Refusal,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The id is empty, too long, or has characters that ids do not have.
    #[error("the id is not 1 to 64 of A-Z a-z 0-9 _ -")]
    BadId,
    /// The row is about one of the three roots, which do not change.
    #[error("the roots can be neither changed, moved nor deleted")]
    Root,
    /// A kind that this version does not know.
    #[error("unknown kind {found:?}")]
    UnknownKind {
        /// The kind's name, cut to 80 characters.
        found: String,
    },
    /// The item is known, and is something else.
    #[error("the item is a {known:?} and cannot become a {found:?}")]
    KindChange {
        /// What it is.
        known: Kind,
        /// What the row says.
        found: Kind,
    },
    /// A folder's id in the place is no id.
    #[error("the folder's id is not 1 to 64 of A-Z a-z 0-9 _ -")]
    BadParent,
    /// The position is no key.
    #[error("the position is not 1 to 64 base-62 digits")]
    BadPosition,
    /// A stamp is from beyond the year 9999.
    #[error("a stamp of {ms} ms is too late")]
    BadStamp {
        /// Its time.
        ms: u64,
    },
    /// Too many fields, or a name that is empty or too long.
    #[error("fields are at most 64, with names of 1 to 64 bytes")]
    BadFields,
}

/// Why a delta or snapshot was not merged at all. The state is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Deltas count from 1.
    #[error("a delta has the sequence number {seq}; they count from 1 to 2^53")]
    BadSequence {
        /// The number it carries.
        seq: u64,
    },
}

/// A row whose every part was checked.
struct Checked {
    id: ItemId,
    kind: Kind,
    place: Option<(ItemId, Position, Stamp, ItemId)>,
}

/// Largest sequence number: what JSON numbers carry everywhere.
const MAX_SEQ: u64 = 1 << 53;

impl Replica {
    /// Merges what another replica published, in any order and any number of times.
    ///
    /// # Errors
    /// When the sequence number is impossible; single bad rows are reported in [`Merged::refused`].
    pub fn merge(&mut self, delta: &Delta, now: u64) -> Result<Merged, MergeError> {
        if delta.seq == 0 || delta.seq > MAX_SEQ {
            return Err(MergeError::BadSequence { seq: delta.seq });
        }
        let again = self.vector.contains(delta.replica, delta.seq);
        let own_unknown = delta.replica == self.id && !again;
        // Merged all the same, since a copy of that replica may use its numbers once more.
        let forgotten = |row: &&Row| again && self.is_forgotten(row);
        let rows = if delta.rows.iter().any(|row| forgotten(&row)) {
            let others = delta.rows.iter().filter(|row| !forgotten(row));
            Cow::Owned(others.cloned().collect())
        } else {
            Cow::Borrowed(delta.rows.as_slice())
        };
        let mut merged = self.merge_rows(&rows, delta.replica, now, |_| Vec::new());
        if let Some(returning) = &mut self.returning {
            let ids = rows.iter().filter_map(|row| ItemId::new(&row.id).ok());
            returning.arrived.extend(ids);
            self.meta_changed = true;
        }
        merged.own_unknown = own_unknown;
        merged.news = self.vector.insert(delta.replica, delta.seq);
        self.meta_changed |= merged.news;
        Ok(merged)
    }

    /// Merges the whole state of the replica `of`; what it covers counts as merged.
    ///
    /// # Errors
    /// None at present; single bad rows are reported in [`Merged::refused`].
    pub fn merge_snapshot(
        &mut self,
        of: ReplicaId,
        snapshot: &Snapshot,
        now: u64,
    ) -> Result<Merged, MergeError> {
        let own_unknown = snapshot.cover.last(self.id) > self.vector.last(self.id);
        let missed = |replica: &mut Replica| replica.forgotten_by(snapshot, now);
        let mut merged = self.merge_rows(&snapshot.rows, of, now, missed);
        merged.own_unknown = own_unknown;
        merged.news = self.vector.merge(&snapshot.cover);
        self.meta_changed |= merged.news;
        if let Some(returning) = &mut self.returning {
            returning.had.merge(&snapshot.cover);
        }
        self.note_partial(snapshot.partial);
        self.raise_floor(snapshot.floor);
        Ok(merged)
    }

    /// `missed` gives the deaths that no row tells.
    fn merge_rows(
        &mut self,
        rows: &[Row],
        by: ReplicaId,
        now: u64,
        missed: impl FnOnce(&mut Replica) -> Vec<Death>,
    ) -> Merged {
        let mut merged = Merged::default();
        let mut before: Vec<(Slot, bool)> = Vec::new();
        let mut deaths = Vec::new();
        for row in rows {
            match self.merge_row(row, now, &mut deaths) {
                Ok(Some(change)) => before.push(change),
                Ok(None) => {}
                Err(reason) => {
                    let id = row.id.chars().take(80).collect();
                    merged.refused.push(RefusedRow { id, reason });
                }
            }
        }
        self.state.settle();
        let missed = missed(self);
        before.extend(
            missed
                .iter()
                .map(|death| (death.slot, self.state.is_shown(death.slot))),
        );
        deaths.extend(missed);
        self.note_partial(!merged.refused.is_empty());
        // Last, when it is known what lives on in spite of them.
        merged.held = self.take_deaths(deaths, by, now);
        self.state.settle();
        // A row that comes twice counts once, from how the item was at first.
        before.sort_by_key(|(slot, _)| *slot);
        before.dedup_by_key(|(slot, _)| *slot);
        let mut added = Vec::new();
        for (slot, was_shown) in before {
            let count = match (was_shown, self.state.is_shown(slot)) {
                (false, true) => {
                    added.push(slot);
                    &mut merged.added
                }
                (true, true) => &mut merged.changed,
                (true, false) => &mut merged.removed,
                (false, false) => continue,
            };
            *count = count.saturating_add(1);
        }
        let doubled = self.hold_doubles(added, by, now);
        merged.held = merged.held.saturating_add(doubled);
        merged
    }

    /// The item and whether it was shown before, if the row changed anything.
    fn merge_row(
        &mut self,
        row: &Row,
        now: u64,
        deaths: &mut Vec<Death>,
    ) -> Result<Option<(Slot, bool)>, Refusal> {
        let checked = check(row)?;
        let known = self.state.find(&checked.id);
        if let Some(known) = known
            .and_then(|slot| self.state.node(slot).kind)
            .filter(|kind| *kind != checked.kind)
        {
            return Err(Refusal::KindChange {
                known,
                found: checked.kind,
            });
        }
        let slot = self.state.intern(&checked.id);
        let was_shown = self.state.is_shown(slot);
        let fresh = self.state.node(slot).kind.is_none();
        self.state.set_kind(slot, checked.kind);
        let mut changed = fresh;
        if let Some((parent, position, stamp, from)) = checked.place {
            self.clock.observe(stamp, now);
            let place = Place {
                parent: self.state.intern(&parent),
                position,
                stamp,
                from: self.state.intern(&from),
            };
            changed |= self.state.set_place(slot, place);
        }
        for (name, (value, stamp)) in &row.fields {
            self.clock.observe(*stamp, now);
            let field = Field {
                name: FieldName::new(name),
                value: value.clone(),
                stamp: *stamp,
            };
            changed |= self.state.set_field(slot, field);
        }
        if let Some(dead) = row.dead {
            self.clock.observe(dead, now);
            let noted = row.noted.map(|noted| noted.min(now));
            if (self.state.node(slot).dead(), self.state.node(slot).consent) < (Some(dead), row.consent) {
                let (stamp, consent) = (dead, row.consent);
                deaths.push(Death {
                    slot,
                    stamp,
                    consent,
                    noted,
                });
                changed = true;
            } else {
                self.state.note_death(slot, dead, noted);
            }
        }
        self.meta_changed |= changed;
        Ok(changed.then_some((slot, was_shown)))
    }
}

/// Checks all of a row before anything of it is used.
fn check(row: &Row) -> Result<Checked, Refusal> {
    let id = ItemId::new(&row.id).map_err(|_| Refusal::BadId)?;
    if id.as_root().is_some() {
        return Err(Refusal::Root);
    }
    let kind = Kind::parse(&row.kind).ok_or_else(|| Refusal::UnknownKind {
        found: row.kind.chars().take(80).collect(),
    })?;
    let names_fit = row
        .fields
        .keys()
        .all(|name| (1..=MAX_FIELD_NAME_BYTES).contains(&name.len()));
    if row.fields.len() > MAX_FIELDS || !names_fit {
        return Err(Refusal::BadFields);
    }
    let stamps = row.fields.values().map(|(_, stamp)| *stamp);
    let stamps = stamps
        .chain(row.place.as_ref().map(|place| place.stamp))
        .chain(row.dead);
    if let Some(late) = stamps.map(|stamp| stamp.ms).find(|ms| *ms > MAX_STAMP_MS) {
        return Err(Refusal::BadStamp { ms: late });
    }
    let place = row.place.as_ref().map(check_place).transpose()?;
    Ok(Checked { id, kind, place })
}

fn check_place(place: &RowPlace) -> Result<(ItemId, Position, Stamp, ItemId), Refusal> {
    let parent = ItemId::new(&place.parent).map_err(|_| Refusal::BadParent)?;
    let from = ItemId::new(&place.from).map_err(|_| Refusal::BadParent)?;
    let position = Position::new(&place.position).map_err(|_| Refusal::BadPosition)?;
    Ok((parent, position, place.stamp, from))
}
