// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Finding out what the user did in the host.
//!
//! The host's tree is compared with the host view, never with the replica: what other replicas changed and the host has not been
//! told yet must not be taken back. A difference is an edit of the user's, unless the replica has the very same already.
//! An item that is gone from the host is dead up to what the host had been shown of it, so a change that was still on its
//! way there keeps it alive.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rand_core::CryptoRng;

use crate::canonical::{canonical_url, same_url};
use crate::clock::MaybeStamp;
use crate::incoming::{Candidate, Candidates, Incoming};
use crate::join::{JoinMode, is_as_if_new};
use crate::matching::{match_anywhere, match_in_place, match_same};
use crate::order::{Run, longest_ascending, runs};
use crate::state::{FieldName, Node, Slot};
use crate::texts::{TEXT_FIELDS, Texts, shows, texts_of_item, texts_of_node};
use crate::view::{ViewItem, ViewState};
use crate::{HostItem, HostTree, ItemId, Kind, Position, Reconciled, Replica};

/// Where an item is, if that counts, what it is, its title and its canonical address.
type Said = (Option<Slot>, Kind, String, String);

/// How an item of the host stands to the view and the replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The view has it.
    Known,
    /// The replica has it, the view had not: it was found by content, or a batch was applied that counted as lost.
    Adopted,
    /// The user added it, or brought it back.
    New,
}

impl Replica {
    /// The host starts: tokens are void. The next tree is matched by content, against what the host's file may hold, then
    /// against what the replica has besides.
    pub fn host_started(&mut self) {
        let unfinished = self.view.restart();
        self.state.touched.extend(unfinished.iter());
    }

    /// Takes in the host's whole tree: finds what its user did since the last one, and writes it at the time `now` as this
    /// replica's own edits. `generation` names the collection; a batch is valid for the newest one only. A batch still
    /// outstanding counts as not applied when a tree of another generation comes; a tree of the same generation then
    /// tells nothing and is passed over.
    ///
    /// While a join is due ([`Replica::awaits_join`]) the tree is only kept. It is due as well when the host starts with hardly
    /// anything of what it is known to hold: its file is empty, or another profile's.
    pub fn reconcile(
        &mut self,
        generation: u64,
        tree: &HostTree,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Reconciled {
        if self.awaits_join() {
            self.early_tree = Some((generation, tree.clone()));
            return Reconciled::default();
        }
        self.reconcile_as(JoinMode::Merge, generation, tree, now, rng)
    }

    /// The same at a join: `mode` says whose texts count where both sides have an item.
    pub(crate) fn reconcile_as(
        &mut self,
        mode: JoinMode,
        generation: u64,
        tree: &HostTree,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Reconciled {
        if self.view.known
            && self
                .view
                .outstanding
                .as_ref()
                .is_some_and(|batch| batch.generation == generation)
        {
            return Reconciled::default();
        }
        if self.view.outstanding.is_some() {
            let unfinished = self.view.drop_plan();
            self.state.touched.extend(unfinished.iter());
        }
        let fresh = !self.view.known;
        let mut incoming = Incoming::new(tree);
        let Some(unknown) = self.match_items(fresh, &mut incoming) else {
            self.early_tree = Some((generation, tree.clone()));
            return Reconciled::default();
        };
        self.start_stamp(now);
        let mut step = Step {
            fresh,
            mode,
            counts: Reconciled::default(),
            standing: BTreeMap::new(),
            rearranged: BTreeSet::new(),
        };
        self.note_items(&mut step, &incoming, &unknown);
        self.name_new_items(&mut step, &mut incoming, rng);
        self.take_structure(&mut step, &incoming);
        self.take_fields(&mut step, &incoming);
        self.take_removals(&mut step, &incoming, now);
        self.state.settle();
        self.drop_void_holds();
        self.note_seen();
        if step.fresh {
            let shown: Vec<Slot> = self
                .state
                .slots()
                .filter(|slot| self.state.is_shown(*slot))
                .collect();
            self.state.touched.extend(shown);
            self.state.touched.extend(self.view.slots());
        }
        self.view.last_tree = incoming.slots.iter().copied().flatten().collect();
        self.view.last_tree.shrink_to_fit();
        self.view.known = true;
        self.view.generation = generation;
        step.counts
    }

    /// The host's file holds the tree of that collection, and what batches have changed in it. Passed over when a newer
    /// collection has come since.
    pub fn saved(&mut self, generation: u64) {
        if self.view.known && self.view.generation == generation {
            self.view.settle_saved();
        }
    }

    /// By token, then by content against the view, then by content and place against the rest of the replica. Gives the
    /// items that were not found by token; `None` when the host is as if new.
    fn match_items(&mut self, fresh: bool, incoming: &mut Incoming<'_>) -> Option<Vec<usize>> {
        let items = incoming.items;
        let last = std::mem::take(&mut self.view.last_tree);
        let mut rest = last.as_slice();
        for (index, item) in items.iter().enumerate() {
            // Most often the next item is the one that came next the last time, or one was taken out before it.
            let is = |slot: Slot| self.view.item(slot).token == item.token;
            let slot = match rest {
                [slot, after @ ..] | [_, slot, after @ ..] if is(*slot) => {
                    rest = after;
                    Some(*slot)
                }
                _ => self.view.with_token(item.token),
            };
            if let Some(slot) = slot.filter(|slot| self.state.node(*slot).kind == Some(item.kind)) {
                incoming.assign(index, slot);
            }
        }
        let unknown = incoming.unassigned();
        if !unknown.is_empty() || fresh {
            let held = self.view_candidates(fresh, incoming);
            if fresh {
                match_anywhere(incoming, &held);
                let sure: BTreeSet<Slot> = held
                    .all()
                    .filter(|candidate| candidate.certain)
                    .map(|candidate| candidate.slot)
                    .collect();
                if is_as_if_new(self.count_familiar(incoming, &sure), sure.len()) {
                    return None;
                }
            } else {
                match_same(incoming, &held);
            }
            match_in_place(incoming, &self.rest_candidates(fresh, incoming));
            if fresh {
                self.give_back_present_texts(incoming);
            }
        }
        Some(unknown)
    }

    /// After a crash a host's file may be one from before: an item is found by what it was then, and another one beside it says what the
    /// host last held of the item. That other one is the item; else there would soon be two that say the same.
    fn give_back_present_texts(&self, incoming: &mut Incoming<'_>) {
        for anywhere in [false, true] {
            self.give_back(incoming, anywhere);
        }
    }

    /// To what is in the same folder, or anywhere: it may have been moved since.
    fn give_back(&self, incoming: &mut Incoming<'_>, anywhere: bool) {
        let key = |parent: Slot, kind, text: &Texts| {
            let folder = (!anywhere).then_some(parent);
            (folder, kind, text.title.to_string(), canonical_url(&text.url))
        };
        let mut outdated: BTreeMap<Said, (usize, Slot)> = BTreeMap::new();
        for (index, slot) in incoming.slots.iter().enumerate() {
            let (Some(slot), Some(item)) = (*slot, incoming.items.get(index)) else {
                continue;
            };
            // A title alone says too little of a folder elsewhere.
            let telling = item.kind == Kind::Link || (item.kind == Kind::Folder && !anywhere);
            if telling
                && self.state.is_shown(slot)
                && let Some(Some(last)) = self.view.item(slot).possible.last()
                && !shows(&last.text, item)
            {
                outdated.insert(key(last.parent, item.kind, &last.text), (index, slot));
            }
        }
        if outdated.is_empty() {
            return;
        }
        for index in incoming.unassigned() {
            let (Some(parent), Some(item)) = (incoming.parent(index), incoming.items.get(index)) else {
                continue;
            };
            if let Some((other, slot)) = outdated.remove(&key(parent, item.kind, &texts_of_item(item))) {
                incoming.release(other);
                incoming.assign(index, slot);
            }
        }
    }

    /// How many of `held` the host still has under their title or address, and not just as something of the same kind.
    fn count_familiar(&self, incoming: &Incoming<'_>, held: &BTreeSet<Slot>) -> usize {
        let familiar = |slot: &Slot, item: &HostItem| {
            let states = possible(self.view.item(*slot), true);
            let mut texts = states.map(|state| &state.text);
            texts.any(|text| match item.kind {
                Kind::Folder => *text.title == *item.title,
                Kind::Link => *text.title == *item.title || same_url(&text.url, &item.url),
                Kind::Separator => false,
            })
        };
        let found = incoming.slots.iter().zip(incoming.items);
        let found = found.filter_map(|(slot, item)| Some(((*slot)?, item)));
        found
            .filter(|(slot, item)| held.contains(slot) && familiar(slot, item))
            .count()
    }

    /// Notes how the items of the host stand to the view and the replica.
    fn note_items(&mut self, step: &mut Step, incoming: &Incoming<'_>, unknown: &[usize]) {
        let found = unknown
            .iter()
            .filter(|index| incoming.slots.get(**index).is_some_and(Option::is_some))
            .count();
        step.counts.matched = u64::try_from(found).unwrap_or(u64::MAX);
        for (slot, item) in incoming.slots.iter().zip(incoming.items) {
            let Some(slot) = *slot else { continue };
            let standing = if step.prior(self.view.item(slot)) {
                Standing::Known
            } else if self.state.is_shown(slot) {
                Standing::Adopted
            } else {
                Standing::New
            };
            if standing != Standing::Known {
                step.standing.insert(slot, standing);
            }
            if step.fresh && standing == Standing::Known && !self.is_recognised(slot, item) {
                self.view.add_possible(slot, None);
            }
            if self.view.item(slot).token != item.token {
                self.view.set_token(slot, item.token);
            }
            self.release(slot);
        }
    }

    /// Whether the item is known by more than a title or a place. If it is not, it may as well be a new one, and the file may
    /// be without it.
    fn is_recognised(&self, slot: Slot, item: &HostItem) -> bool {
        possible(self.view.item(slot), true).any(|state| match item.kind {
            Kind::Folder => *state.text.title == *item.title,
            Kind::Link => same_url(&state.text.url, &item.url),
            Kind::Separator => true,
        })
    }

    /// What the host held, or its file may hold, and is not found yet.
    fn view_candidates(&self, fresh: bool, incoming: &Incoming<'_>) -> Candidates {
        let mut list = Vec::new();
        for slot in self.view.slots().filter(|slot| !incoming.is_taken(*slot)) {
            let Some(kind) = self.state.node(slot).kind else {
                continue;
            };
            let certain = !fresh || !self.view.item(slot).possible.contains(&None);
            for state in possible(self.view.item(slot), fresh) {
                list.push(Candidate {
                    slot,
                    kind,
                    state: Arc::clone(state),
                    certain,
                });
            }
        }
        Candidates::new(list)
    }

    /// What the replica has and the host never had.
    pub(crate) fn rest_candidates(&self, fresh: bool, incoming: &Incoming<'_>) -> Candidates {
        let is_rest = |slot: &Slot| {
            self.state.is_shown(*slot)
                && !incoming.is_taken(*slot)
                && possible(self.view.item(*slot), fresh).next().is_none()
        };
        let candidate = |slot: Slot| {
            let node = self.state.node(slot);
            let state = ViewState {
                parent: node.parent?,
                order: node.place.as_ref()?.position.clone(),
                text: texts_of_node(node),
                seen: MaybeStamp::default(),
            };
            Some(Candidate {
                slot,
                kind: node.kind?,
                state: Arc::new(state),
                certain: false,
            })
        };
        Candidates::new(self.state.slots().filter(is_rest).filter_map(candidate))
    }

    /// Gives ids to what is new, folders first.
    fn name_new_items(&mut self, step: &mut Step, incoming: &mut Incoming<'_>, rng: &mut impl CryptoRng) {
        // Equal siblings are told apart by their number; for the id of the first, the number of the next.
        let mut occurrences: BTreeMap<ItemId, u64> = BTreeMap::new();
        for folder in incoming.incomplete_folders() {
            let Some(parent) = incoming.folder_slot(folder) else {
                continue;
            };
            let parent = self.state.node(parent).id.clone();
            let mut before: Option<Slot> = None;
            for index in incoming.children(folder).to_vec() {
                let known = incoming.slots.get(index).copied().flatten();
                let Some(item) = incoming.items.get(index).filter(|_| known.is_none()) else {
                    before = known;
                    continue;
                };
                // A line is told from others by what stands before it.
                let (title, url) = match item.kind {
                    Kind::Separator => (
                        before.map_or("", |slot| self.state.node(slot).id.as_str()),
                        String::new(),
                    ),
                    Kind::Folder => (&*item.title, String::new()),
                    Kind::Link => (&*item.title, canonical_url(&item.url)),
                };
                let derive = |number| ItemId::derived(&parent, item.kind, title, &url, number);
                let first = derive(0);
                let mut id = first.clone();
                if self.state.find(&id).is_some_and(|slot| incoming.is_taken(slot)) {
                    let next = occurrences.entry(first).or_insert(1);
                    while self.state.find(&id).is_some_and(|slot| incoming.is_taken(slot)) {
                        id = derive(*next);
                        *next = next.saturating_add(1);
                    }
                }
                if self.state.find(&id).is_some() {
                    // It was deleted, or is elsewhere now: this is another one.
                    id = ItemId::random(rng);
                }
                let slot = self.state.intern(&id);
                self.state.set_kind(slot, item.kind);
                incoming.assign(index, slot);
                step.standing.insert(slot, Standing::New);
                self.view.set_token(slot, item.token);
                before = Some(slot);
            }
        }
    }

    /// Folders and order.
    fn take_structure(&mut self, step: &mut Step, incoming: &Incoming<'_>) {
        for (folder, children) in incoming.folders() {
            let Some(folder) = folder else { continue };
            let mut children: Vec<Slot> = children
                .iter()
                .filter_map(|index| incoming.slots.get(*index).copied().flatten())
                .collect();
            children.shrink_to_fit();
            if !step.fresh && self.view.children(folder) == children {
                continue;
            }
            if step.standing.get(&folder) != Some(&Standing::New) {
                self.state.settle();
            }
            let runs = self.runs_to_write(step, folder, &children);
            if !runs.is_empty() {
                self.write_order(folder, &runs);
            }
            step.rearranged.insert(folder);
            self.state.touched.extend(children.iter().copied());
            let gone: Vec<Slot> = self.view.children(folder).to_vec();
            self.state.touched.extend(gone);
            *self.view.children_mut(folder) = children;
        }
        self.state.settle();
    }

    /// The items that the user put into a folder or to another place in it.
    fn runs_to_write(&self, step: &mut Step, folder: Slot, children: &[Slot]) -> Vec<Run> {
        let moved = self.moved_within(step, folder, children);
        for (slot, _) in children.iter().zip(&moved).filter(|(_, moved)| **moved) {
            let count = if step.standing.get(slot) == Some(&Standing::New) {
                &mut step.counts.added
            } else {
                &mut step.counts.moved
            };
            *count = count.saturating_add(1);
        }
        runs(children, &moved, |slot| self.state.parent(slot) == Some(folder))
    }

    /// Which children of a folder of the host are new there, or stand elsewhere than before, by the user's hand.
    fn moved_within(&self, step: &Step, folder: Slot, children: &[Slot]) -> Vec<bool> {
        let mut moved = vec![false; children.len()];
        let mut in_place = Vec::new();
        for (at, slot) in children.iter().copied().enumerate() {
            let in_tree = self.state.parent(slot) == Some(folder);
            let put = match step.standing.get(&slot) {
                Some(Standing::New) => true,
                Some(_) => !in_tree,
                None if possible(self.view.item(slot), step.fresh).any(|state| state.parent == folder) => {
                    in_place.push((at, slot));
                    false
                }
                None => !in_tree,
            };
            if let Some(mark) = moved.get_mut(at) {
                *mark = put;
            }
        }
        for (at, _) in self.out_of_order(step, folder, in_place) {
            if let Some(mark) = moved.get_mut(at) {
                *mark = true;
            }
        }
        moved
    }

    /// The fewest items that must have been moved for the host's order to come about. After a restart the order before is one of
    /// several; the one that explains the host's best is taken.
    fn out_of_order(&self, step: &Step, folder: Slot, in_place: Vec<(usize, Slot)>) -> Vec<(usize, Slot)> {
        let oldest =
            |slot: Slot| possible(self.view.item(slot), step.fresh).find(|state| state.parent == folder);
        let newest = |slot: Slot| {
            possible(self.view.item(slot), step.fresh)
                .filter(|state| state.parent == folder)
                .last()
        };
        let in_tree = |slot: Slot| {
            let place = self
                .state
                .node(slot)
                .place
                .as_ref()
                .filter(|_| self.state.parent(slot) == Some(folder));
            place.map(|place| place.position.clone())
        };
        let order = |state: Option<&Arc<ViewState>>| state.map(|state| state.order.clone());
        let mut references: Vec<Vec<Option<Position>>> =
            vec![in_place.iter().map(|(_, slot)| order(newest(*slot))).collect()];
        if step.fresh {
            references.push(in_place.iter().map(|(_, slot)| order(oldest(*slot))).collect());
            references.push(in_place.iter().map(|(_, slot)| in_tree(*slot)).collect());
        }
        let displaced = references.into_iter().map(|keys| {
            let stays = longest_ascending(&keys);
            in_place
                .iter()
                .zip(stays)
                .filter(|(_, stays)| !stays)
                .map(|(item, _)| *item)
                .collect::<Vec<_>>()
        });
        displaced.min_by_key(Vec::len).unwrap_or_default()
    }

    /// Titles, addresses, notes, keywords; and the view's new state.
    fn take_fields(&mut self, step: &mut Step, incoming: &Incoming<'_>) {
        for (index, item) in incoming.items.iter().enumerate() {
            let (Some(slot), Some(parent)) = (
                incoming.slots.get(index).copied().flatten(),
                incoming.parent(index),
            ) else {
                continue;
            };
            let standing = step.standing.get(&slot).copied().unwrap_or(Standing::Known);
            let view = self.view.item(slot);
            let held = view.now.as_ref();
            if standing == Standing::Known
                && held.is_some_and(|held| held.parent == parent && shows(&held.text, item))
            {
                continue;
            }
            let shown = possible(view, step.fresh)
                .find(|state| state.parent == parent && shows(&state.text, item))
                .cloned();
            if let Some(state) = shown.filter(|_| standing == Standing::Known) {
                self.view.set_now(slot, Some(state));
                continue;
            }
            let texts = texts_of_item(item);
            let states: Vec<Texts> = possible(view, step.fresh)
                .map(|state| state.text.clone())
                .collect();
            if self.write_texts(slot, (standing, step.mode), &texts, &states) && standing != Standing::New {
                step.counts.changed = step.counts.changed.saturating_add(1);
            }
            let node = self.state.node(slot);
            // The order is a first guess: `renew_order` sees the whole folder.
            let last = possible(self.view.item(slot), step.fresh).last();
            let same_folder = last
                .filter(|state| state.parent == parent)
                .map(|state| state.order.clone());
            let order = same_folder.or_else(|| node.place.as_ref().map(|place| place.position.clone()));
            let seen = match standing {
                Standing::Known => possible(self.view.item(slot), step.fresh)
                    .next()
                    .and_then(|state| state.seen.get()),
                Standing::Adopted | Standing::New => node.newest(),
            };
            if let Some(order) = order {
                self.view.set_now(
                    slot,
                    Some(Arc::new(ViewState {
                        parent,
                        order,
                        text: texts,
                        seen: seen.into(),
                    })),
                );
            }
            self.state.touched.insert(slot);
        }
        for folder in std::mem::take(&mut step.rearranged) {
            self.view.renew_order(&self.state, folder);
        }
    }

    /// Writes what the user changed: fields that differ from all that the host may have been shown, and from the replica.
    fn write_texts(
        &mut self,
        slot: Slot,
        (standing, mode): (Standing, JoinMode),
        texts: &Texts,
        states: &[Texts],
    ) -> bool {
        let mut changed = false;
        for (name, of) in TEXT_FIELDS {
            let value = of(texts);
            let same = |other: &str| value == other || (name == FieldName::Url && same_url(value, other));
            let known = self.state.node(slot).text(&name);
            let wanted = match standing {
                Standing::Known => !states.iter().any(|state| same(of(state))) && !same(&known),
                // Found by content at the same place: what only the host has is kept, else the replica's goes.
                Standing::Adopted => match mode {
                    JoinMode::Merge => known.is_empty() && !value.is_empty(),
                    JoinMode::Theirs => false,
                    JoinMode::Mine => !same(&known),
                },
                Standing::New => !same(&known) || self.lacks(slot, &name),
            };
            if wanted {
                self.write_field(slot, name, value);
                changed = true;
            }
        }
        changed
    }

    /// Whether the item still lacks the field that must come with it, be it empty.
    pub(crate) fn lacks(&self, slot: Slot, name: &FieldName) -> bool {
        let node = self.state.node(slot);
        node.kind.and_then(Node::first_field).as_ref() == Some(name) && node.field(name).is_none()
    }

    /// What the host held and holds no more.
    fn take_removals(&mut self, step: &mut Step, incoming: &Incoming<'_>, now: u64) {
        let missing: Vec<Slot> = self
            .view
            .slots()
            .filter(|slot| !incoming.is_taken(*slot))
            .collect();
        let mut gone = Vec::new();
        let mut deaths = Vec::new();
        for slot in missing {
            let item = self.view.item(slot);
            if item.now.is_none() && !step.fresh {
                continue;
            }
            let never_there = step.fresh && item.possible.contains(&None);
            let seen = possible(item, step.fresh)
                .next()
                .and_then(|state| state.seen.get());
            deaths.extend(seen.filter(|_| !never_there).map(|seen| (slot, seen)));
            gone.push(slot);
        }
        (step.counts.removed, step.counts.held) = self.take_host_deaths(&deaths, !step.fresh, now);
        for slot in gone {
            self.view.children_mut(slot).clear();
            self.view.set_now(slot, None);
            self.state.touched.insert(slot);
        }
    }

    /// The host shows what its own user wrote: a later deletion there covers it.
    fn note_seen(&mut self) {
        for (slot, stamp) in std::mem::take(&mut self.written) {
            let Some(now) = self.view.now(slot) else { continue };
            if now.seen.get() < Some(stamp) {
                let state = ViewState {
                    seen: Some(stamp).into(),
                    ..now.as_ref().clone()
                };
                self.view.set_now(slot, Some(Arc::new(state)));
            }
        }
    }
}

/// What one reconciliation has found out so far.
struct Step {
    /// The first tree of a run of the host.
    fresh: bool,
    mode: JoinMode,
    counts: Reconciled,
    /// Items that are not simply known.
    standing: BTreeMap<Slot, Standing>,
    /// Folders whose content is not what it was, or in another order.
    rearranged: BTreeSet<Slot>,
}

impl Step {
    fn prior(&self, item: &ViewItem) -> bool {
        possible(item, self.fresh).next().is_some()
    }
}

/// The states in which the host may have held the item: in a running host the one it is known to have, after a restart
/// all that its file may hold, oldest first.
fn possible(item: &ViewItem, fresh: bool) -> impl Iterator<Item = &Arc<ViewState>> {
    let now = item.now.iter().filter(move |_| !fresh);
    let saved = item.possible.iter().flatten().filter(move |_| fresh);
    now.chain(saved)
}
