// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Forgetting the dead, so that a tree that lives for years does not carry all that ever was in it.
//!
//! What was deleted has to be remembered for as long as anybody may bring it back: a replica that was away still holds it,
//! and would give it to the others. It is forgotten [`RETENTION_MS`], and a week for clocks that differ, after its death was
//! first noted, here or by whoever told of it in a snapshot: the stamp of a death tells when the item had last changed, not
//! when it was deleted. The snapshot says up to which death that was done ([`crate::Snapshot::floor`]). Whoever was away for
//! longer has missed more than others' rings hold, so it gets a snapshot, and what it holds and the snapshot does not was
//! deleted meanwhile. That is believed only where it cannot be anything else:
//!
//! - the snapshot covers every delta that was merged here, so whoever made it has seen the item; of a replica that
//!   returns ([`Replica::returns`]), every delta that it had before, and nothing that came since is meant;
//! - the item is older than the floor, so whoever made it has forgotten deaths of that time;
//! - it is older than [`RETENTION_MS`] by this replica's own clock, too.
//!
//! A death that is found out so is one like any other: many at once are held until the user answers. An item that was
//! changed here meanwhile, which nobody has heard of, lives on, and is told to the others in whole.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::hold::Death;
use crate::state::Slot;
use crate::{Consent, ItemId, Replica, Row, Snapshot, Stamp, VersionVector};

/// How long a deleted item is remembered at least, in milliseconds: 180 days.
pub const RETENTION_MS: u64 = 180 * DAY_MS;

/// It is remembered so much longer, in milliseconds, for those whose clocks differ and who come back just in time.
const GRACE_MS: u64 = 7 * DAY_MS;

const DAY_MS: u64 = 24 * 3_600_000;

/// A replica that was away: what it had, and what has come since by deltas alone, which no snapshot need cover.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Returning {
    pub(crate) had: VersionVector,
    pub(crate) arrived: BTreeSet<ItemId>,
}

impl Replica {
    /// This replica comes back after longer than [`RETENTION_MS`]. To be called before anything is merged, and as often as liked;
    /// whether it had not begun yet.
    pub fn returns(&mut self) -> bool {
        let begins = self.returning.is_none();
        if begins {
            self.returning = Some(Returning {
                had: self.vector.clone(),
                arrived: BTreeSet::new(),
            });
            self.meta_changed = true;
        }
        begins
    }

    /// It has got all that there is.
    pub fn has_returned(&mut self) {
        self.meta_changed |= self.returning.take().is_some();
    }

    /// Forgets the items that were deleted long ago; gives how many. To be called about once a day, for a death counts from the
    /// first call after it; it looks at all items. `now` is milliseconds since the Unix epoch.
    pub fn forget_dead(&mut self, now: u64) -> usize {
        if self.partial {
            // Others could not tell what is missing here from what was forgotten.
            return 0;
        }
        self.note_deaths(now);
        self.revive_folders(now);
        let before = now.saturating_sub(RETENTION_MS.saturating_add(GRACE_MS));
        let mut forgotten = 0_usize;
        // What only dead items name can go after them.
        loop {
            let named = self.named();
            let due: Vec<(Slot, Stamp)> = self
                .state
                .slots()
                .filter(|slot| !named.contains(slot))
                .filter_map(|slot| Some((slot, self.forgettable(slot, before)?)))
                .collect();
            if due.is_empty() {
                break;
            }
            for (slot, dead) in &due {
                self.state.forget(*slot);
                self.raise_floor(Some(*dead));
            }
            forgotten = forgotten.saturating_add(due.len());
        }
        self.state.settle();
        forgotten
    }

    /// Counts from now on for what died since the last time, and where a clock was put back.
    fn note_deaths(&mut self, now: u64) {
        for slot in self.state.slots() {
            if let Some(dead) = self.state.node(slot).dead() {
                self.state.note_death(slot, dead, Some(now));
            }
        }
    }

    /// A folder that died and is shown for what is in it may be forgotten by others, who have not heard of that: it is told
    /// to them in whole.
    fn revive_folders(&mut self, now: u64) {
        let before = now.saturating_sub(RETENTION_MS);
        let held: Vec<Slot> = self
            .state
            .slots()
            .filter(|slot| {
                let node = self.state.node(*slot);
                let long_dead = node.dead().is_some_and(|dead| dead.ms < before) && !node.alive();
                long_dead && self.state.is_shown(*slot)
            })
            .collect();
        if self.joined && !held.is_empty() {
            self.start_stamp(now);
            held.into_iter().for_each(|slot| self.write_anew(slot));
        }
    }

    /// Whoever has this replica's state lacks what was forgotten up to there, here or by those whose state this is.
    pub(crate) fn raise_floor(&mut self, to: Option<Stamp>) {
        if self.floor < to {
            (self.floor, self.meta_changed) = (to, true);
        }
    }

    pub(crate) fn note_partial(&mut self, partial: bool) {
        if partial && !self.partial {
            (self.partial, self.meta_changed) = (true, true);
        }
    }

    /// Whether a row that was merged before is of an item that was forgotten since.
    pub(crate) fn is_forgotten(&self, row: &Row) -> bool {
        let known = self.state.find_text(&row.id);
        let fields = row.fields.values().map(|(_, stamp)| *stamp);
        let newest = fields.chain(row.place.as_ref().map(|place| place.stamp)).max();
        known.is_none_or(|slot| self.state.node(slot).kind.is_none()) && newest <= self.floor
    }

    /// The folders that items say they are in, or were in before.
    fn named(&self) -> BTreeSet<Slot> {
        let places = self
            .state
            .slots()
            .filter_map(|slot| self.state.node(slot).place.as_ref());
        places.flat_map(|place| [place.parent, place.from]).collect()
    }

    /// Up to when the item is dead, if that was noted long ago and nothing here still needs to know.
    fn forgettable(&self, slot: Slot, before: u64) -> Option<Stamp> {
        let node = self.state.node(slot);
        let noted = node.death_noted().is_some_and(|noted| noted < before);
        let dead = node.dead().filter(|dead| noted && dead.ms < before)?;
        let needed = node.kind.is_none()
            || node.alive()
            || self.state.is_shown(slot)
            || self.view.is_kept(slot)
            || self.holds.get(slot).is_some()
            || self.unpublished.contains_key(&slot);
        (!needed).then_some(dead)
    }

    /// What a snapshot tells by what it lacks: items that are held here, and that whoever made it had and has forgotten. To be
    /// called before the vector says that the snapshot was merged.
    pub(crate) fn forgotten_by(&mut self, snapshot: &Snapshot, now: u64) -> Vec<Death> {
        let returning = self.returning.as_ref();
        let had = returning.map_or(&self.vector, |returning| &returning.had);
        let complete = !snapshot.partial && snapshot.cover.covers(had);
        let Some(floor) = snapshot.floor.filter(|_| complete) else {
            return Vec::new();
        };
        let mut listed: BTreeSet<&str> = snapshot.rows.iter().map(|row| row.id.as_str()).collect();
        let arrived = returning.into_iter().flat_map(|returning| &returning.arrived);
        listed.extend(arrived.map(ItemId::as_str));
        let before = now.saturating_sub(RETENTION_MS);
        let absent: Vec<(Slot, Stamp)> = self
            .state
            .slots()
            .filter_map(|slot| {
                let node = self.state.node(slot);
                let newest = node.newest().filter(|_| node.kind.is_some() && node.alive())?;
                (!listed.contains(node.id.as_str())).then_some((slot, newest))
            })
            .collect();
        let old = |newest: &Stamp| *newest <= floor && newest.ms < before;
        let missed: BTreeMap<Slot, Stamp> = absent.iter().copied().filter(|(_, at)| old(at)).collect();
        let staying = self.staying(&absent, &missed);
        if !staying.is_empty() {
            self.start_stamp(now);
        }
        for slot in &staying {
            self.write_anew(*slot);
        }
        let dead = missed.into_iter().filter(|(slot, _)| !staying.contains(slot));
        dead.map(|(slot, stamp)| Death {
            slot,
            stamp,
            consent: Consent::None,
            noted: None,
        })
        .collect()
    }

    /// Of the items that others have forgotten, those that were changed here and nobody has heard of it, and the folders of
    /// all that lives.
    fn staying(&self, absent: &[(Slot, Stamp)], missed: &BTreeMap<Slot, Stamp>) -> BTreeSet<Slot> {
        let changed = |slot: &Slot| {
            let note = self.unpublished.get(slot);
            note.is_some_and(|note| missed.contains_key(slot) || !note.is_whole(self.state.node(*slot)))
        };
        let absent = absent.iter().map(|(slot, _)| *slot);
        let mut staying: BTreeSet<Slot> = absent.filter(changed).collect();
        let living = self.state.slots().filter(|slot| {
            let lives = self.state.node(*slot).alive() && !missed.contains_key(slot);
            lives || staying.contains(slot)
        });
        let mut folders = BTreeSet::new();
        for slot in living {
            let place = |slot: Slot| self.state.node(slot).place.as_ref().map(|place| place.parent);
            let mut at = place(slot);
            while let Some(folder) = at.filter(|folder| missed.contains_key(folder)) {
                if !folders.insert(folder) {
                    break;
                }
                at = place(folder);
            }
        }
        staying.append(&mut folders);
        staying
    }
}
