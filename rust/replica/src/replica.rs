// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! One replica: its registers, its clock, what it has to publish and what its host is known to hold.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rand_core::CryptoRng;

use crate::clock::Clock;
use crate::doubling::Doubling;
use crate::growth::Returning;
use crate::hold::Holds;
use crate::join::JoinMode;
use crate::order::{Run, keys_for_runs};
use crate::publish::Unpublished;
use crate::row::FieldValue;
use crate::state::{Field, FieldName, Place, Slot, State};
use crate::view::View;
use crate::{Consent, HostTree, Position, Reconciled, ReplicaId, Stamp, Tree, VersionVector};

/// One replica of the bookmark tree. The crate's front page tells the order of calls.
#[derive(Debug)]
pub struct Replica {
    pub(crate) id: ReplicaId,
    pub(crate) joined: bool,
    pub(crate) clock: Clock,
    pub(crate) vector: VersionVector,
    /// The latest death that was forgotten.
    pub(crate) floor: Option<Stamp>,
    /// Rows were refused, here or by those whose state this is: what is not here need not have been deleted.
    pub(crate) partial: bool,
    /// It was away for long, and has not caught up yet.
    pub(crate) returning: Option<Returning>,
    pub(crate) state: State,
    pub(crate) view: View,
    /// Deletions that wait for the user.
    pub(crate) holds: Holds,
    /// Additions of others, as far as they may double what is here.
    pub(crate) doubling: Doubling,
    /// The host's tree that came before the join that is due, with its generation.
    pub(crate) early_tree: Option<(u64, HostTree)>,
    /// Registers written here that are in no delta yet.
    pub(crate) unpublished: BTreeMap<Slot, Unpublished>,
    /// Of them, those that the next snapshot takes along.
    pub(crate) aside: BTreeSet<Slot>,
    /// The same items in the order in which they are published.
    pub(crate) queue: VecDeque<Slot>,
    pub(crate) unpublished_unsaved: BTreeSet<Slot>,
    pub(crate) meta_changed: bool,
    /// The stamp of the edit in progress.
    stamp: Stamp,
    /// What the step in progress wrote, with the stamps.
    pub(crate) written: Vec<(Slot, Stamp)>,
}

impl Replica {
    /// A replica that is new to the account: it holds nothing, and publishes nothing before [`Replica::join`].
    pub fn create(id: ReplicaId) -> Replica {
        Replica {
            id,
            joined: false,
            clock: Clock::new(),
            vector: VersionVector::new(),
            floor: None,
            partial: false,
            returning: None,
            state: State::new(),
            view: View::new(),
            holds: Holds::default(),
            doubling: Doubling::default(),
            early_tree: None,
            unpublished: BTreeMap::new(),
            aside: BTreeSet::new(),
            queue: VecDeque::new(),
            unpublished_unsaved: BTreeSet::new(),
            meta_changed: true,
            stamp: Stamp {
                ms: 0,
                counter: 0,
                replica: id,
            },
            written: Vec::new(),
        }
    }

    /// Its name.
    pub fn id(&self) -> &ReplicaId {
        &self.id
    }

    /// Goes on under another name, because the old one is in use elsewhere (a cloned profile) or its count is lost. What was
    /// written under the old one stays.
    pub fn rename(&mut self, id: ReplicaId) {
        self.id = id;
        self.meta_changed = true;
    }

    /// Whether this replica has met the account's bookmarks: before that it publishes nothing, and takes no edits.
    pub fn joined(&self) -> bool {
        self.joined
    }

    /// [`Replica::join_as`], so that all of both sides stays: nothing is deleted.
    pub fn join(&mut self, now: u64, rng: &mut impl CryptoRng) -> Reconciled {
        self.join_as(JoinMode::Merge, now, rng)
    }

    /// The tree as it is now.
    pub fn tree(&self) -> Tree {
        Tree::of(&self.state)
    }

    /// How many items are in the tree, the roots not counted.
    pub fn len(&self) -> usize {
        self.state.shown_count()
    }

    /// Whether the tree holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Begins an edit: all that it writes carries one stamp.
    pub(crate) fn start_stamp(&mut self, now: u64) {
        self.stamp = self.clock.tick(now, self.id);
        self.meta_changed = true;
        self.written.clear();
    }

    /// The stamp for a register of this item: the edit's, or a later one where the item has seen a later one.
    fn stamp_for(&self, slot: Slot) -> Stamp {
        let node = self.state.node(slot);
        // Registers of one edit share its stamp; only what others wrote, or an earlier edit, must be outdone.
        let latest = node
            .newest()
            .filter(|newest| *newest != self.stamp)
            .max(node.dead());
        Clock::later(self.stamp, latest)
    }

    pub(crate) fn write_field(&mut self, slot: Slot, name: FieldName, text: &str) {
        let stamp = self.stamp_for(slot);
        let note = self.unpublished_of(slot);
        if !note.fields.contains(&name) {
            note.fields.push(name.clone());
        }
        self.state.set_field(
            slot,
            Field {
                name,
                value: FieldValue::from(text),
                stamp,
            },
        );
        self.note_written(slot, stamp);
    }

    pub(crate) fn write_place(&mut self, slot: Slot, parent: Slot, position: Position) {
        let stamp = self.stamp_for(slot);
        let from = self.state.parent(slot).unwrap_or(parent);
        self.unpublished_of(slot).place = true;
        self.state.set_place(
            slot,
            Place {
                parent,
                position,
                stamp,
                from,
            },
        );
        self.note_written(slot, stamp);
    }

    /// Marks an item dead up to what was seen of it.
    pub(crate) fn write_dead(&mut self, slot: Slot, seen: Stamp, consent: Consent) {
        if self.state.set_dead(slot, seen, consent) {
            self.unpublished_of(slot).dead = true;
            self.unpublished_unsaved.insert(slot);
        }
    }

    /// Puts runs of items into a folder. Neighbours that need new keys for it keep the folder that they name, which differs
    /// from this one where they are here only because that is unknown.
    pub(crate) fn write_order(&mut self, folder: Slot, runs: &[Run]) {
        let moving: BTreeSet<Slot> = runs.iter().flat_map(|run| run.items.iter().copied()).collect();
        for (slot, position) in keys_for_runs(&self.state, folder, runs) {
            let named = self.state.node(slot).place.as_ref().map(|place| place.parent);
            let parent = named.filter(|_| !moving.contains(&slot)).unwrap_or(folder);
            self.write_place(slot, parent, position);
        }
    }

    /// Where it is noted what of an item is in no delta yet.
    fn unpublished_of(&mut self, slot: Slot) -> &mut Unpublished {
        self.aside.remove(&slot);
        self.unpublished.entry(slot).or_default()
    }

    fn note_written(&mut self, slot: Slot, stamp: Stamp) {
        self.unpublished_unsaved.insert(slot);
        self.written.push((slot, stamp));
    }
}
