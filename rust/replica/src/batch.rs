// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What the host is to do so that it holds the replica's tree.
//!
//! The edits are planned at once and handed out in batches. They go through the tree from the roots down, so that a folder is there
//! and in its place before anything is put into it, and no move can make a cycle. Removals come last, when all
//! that lives on was taken out of what goes. Every prefix of the plan leaves a proper tree.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::hold::Holds;
use crate::order::longest_ascending;
use crate::slots::SlotSet;
use crate::state::{Slot, State};
use crate::texts::{same_texts, texts_of_node};
use crate::view::{View, ViewState};
use crate::{Batch, HostEdit, HostItem, Kind, Position, Replica, Root};

/// One edit of the plan, or of a batch that the host has not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Insert { slot: Slot, parent: Slot, index: usize },
    Move { slot: Slot, parent: Slot, index: usize },
    Update { slot: Slot },
    Remove { slot: Slot },
}

impl Op {
    pub(crate) fn slot(&self) -> Slot {
        match self {
            Op::Insert { slot, .. } | Op::Move { slot, .. } | Op::Update { slot } | Op::Remove { slot } => {
                *slot
            }
        }
    }
}

/// A batch that the host has been given.
#[derive(Debug, Clone)]
pub(crate) struct Outstanding {
    pub(crate) number: u64,
    pub(crate) generation: u64,
    pub(crate) ops: Vec<Op>,
    /// Tokens of what it inserts.
    tokens: BTreeMap<Slot, u64>,
    /// What each item is when the batch is done.
    after: BTreeMap<Slot, Option<Arc<ViewState>>>,
}

impl Replica {
    /// The next edits for the host, at most `limit` (at least one), for the newest collection. `None` while a batch is
    /// outstanding, before the first collection of a run of the host, before the join, or when the host has it all.
    pub fn next_batch(&mut self, limit: usize) -> Option<Batch> {
        if !self.joined || !self.view.known || self.view.outstanding.is_some() {
            return None;
        }
        if !self.state.touched.is_empty() {
            // What an earlier plan was to settle is due as long as that is not done: one removal may stand for many items.
            let mut due = self.view.drop_plan();
            due.extend(self.state.touched.iter());
            self.state.touched.clear();
            let plan = Planner::new(&self.state, &self.view, &self.holds).plan(&due);
            for slot in due.iter() {
                self.note_same(slot);
            }
            self.view.plan = plan.into();
            self.view.planned = due;
        }
        let count = limit.max(1).min(self.view.plan.len());
        let ops: Vec<Op> = self.view.plan.drain(..count).collect();
        if ops.is_empty() {
            self.view.planned.clear();
            return None;
        }
        let number = self.view.next_batch;
        self.view.next_batch = number.saturating_add(1);
        let generation = self.view.generation;
        let mut batch = Outstanding {
            number,
            generation,
            ops: Vec::new(),
            tokens: BTreeMap::new(),
            after: BTreeMap::new(),
        };
        let edits = ops
            .iter()
            .filter_map(|op| self.host_edit(*op, &mut batch))
            .collect();
        batch.ops = ops;
        self.view.outstanding = Some(batch);
        Some(Batch {
            number,
            generation,
            edits,
        })
    }

    /// The host has done all of that batch.
    pub fn applied(&mut self, number: u64) {
        if self
            .view
            .outstanding
            .as_ref()
            .is_none_or(|batch| batch.number != number)
        {
            return;
        }
        let Some(batch) = self.view.outstanding.take() else {
            return;
        };
        let mut changed = BTreeSet::new();
        for op in &batch.ops {
            let old = self.view.now(op.slot()).map(|now| now.parent);
            if !matches!(op, Op::Update { .. })
                && let Some(old) = old
            {
                self.view.children_mut(old).retain(|child| *child != op.slot());
            }
            match *op {
                Op::Insert { slot, parent, index } | Op::Move { slot, parent, index } => {
                    let children = self.view.children_mut(parent);
                    children.insert(index.min(children.len()), slot);
                    changed.insert(parent);
                    if let Some(token) = batch.tokens.get(&slot) {
                        self.view.set_token(slot, *token);
                    }
                }
                Op::Update { .. } => {}
                Op::Remove { slot } => self.forget_within(slot),
            }
            if let Some(after) = batch.after.get(&op.slot()) {
                self.view.set_now(op.slot(), after.clone());
            }
        }
        for folder in changed {
            self.view.renew_order(&self.state, folder);
        }
    }

    /// The host holds nothing of a folder any more.
    fn forget_within(&mut self, folder: Slot) {
        let mut gone = vec![folder];
        while let Some(slot) = gone.pop() {
            gone.append(self.view.children_mut(slot));
            self.view.set_now(slot, None);
        }
    }

    /// Where the host shows all that there is of an item, it has been shown its latest register.
    fn note_same(&mut self, slot: Slot) {
        let (node, Some(now)) = (self.state.node(slot), self.view.now(slot)) else {
            return;
        };
        let same = now.seen.get() < node.newest()
            && node.shown
            && node.parent == Some(now.parent)
            && same_texts(&texts_of_node(node), &now.text);
        if same {
            let state = ViewState {
                seen: node.newest().into(),
                ..now.as_ref().clone()
            };
            self.view.set_now(slot, Some(Arc::new(state)));
        }
    }

    /// The edit in the host's words. What the item is afterwards may get into the host's file from now on.
    fn host_edit(&mut self, op: Op, batch: &mut Outstanding) -> Option<HostEdit> {
        let slot = op.slot();
        let node = self.state.node(slot);
        let (kind, text, seen) = (node.kind?, texts_of_node(node), node.newest().into());
        let position = node.place.as_ref()?.position.clone();
        let last = batch
            .after
            .get(&slot)
            .cloned()
            .unwrap_or_else(|| self.view.now(slot).cloned());
        let state = |parent: Slot, order: Position, text| {
            Some(Arc::new(ViewState {
                parent,
                order,
                text,
                seen,
            }))
        };
        let token_of = |slot: Slot| batch.tokens.get(&slot).copied().or_else(|| self.view.token(slot));
        let (edit, after) = match op {
            Op::Insert { parent, index, .. } => {
                let parent_token = token_of(parent)?;
                let token = self.view.fresh_token();
                batch.tokens.insert(slot, token);
                // Should the host do this and its answer be lost, the item is still known by its token.
                self.view.promised.insert(token, slot);
                let item = HostItem {
                    token,
                    parent: parent_token,
                    kind,
                    title: text.title.to_string(),
                    url: text.url.to_string(),
                    description: text.description().to_owned(),
                    keyword: text.keyword().to_owned(),
                };
                (
                    HostEdit::Insert {
                        item,
                        index: row(index),
                    },
                    state(parent, position, text),
                )
            }
            Op::Move { parent, index, .. } => {
                let edit = HostEdit::Move {
                    token: token_of(slot)?,
                    parent: token_of(parent)?,
                    index: row(index),
                };
                (edit, state(parent, position, last?.text.clone()))
            }
            Op::Update { .. } => {
                let edit = HostEdit::Update {
                    token: token_of(slot)?,
                    title: text.title.to_string(),
                    url: text.url.to_string(),
                    description: text.description().to_owned(),
                    keyword: text.keyword().to_owned(),
                };
                let last = last?;
                (edit, state(last.parent, last.order.clone(), text))
            }
            Op::Remove { .. } => (
                HostEdit::Remove {
                    token: token_of(slot)?,
                },
                None,
            ),
        };
        if after.is_none() {
            self.note_leaving(slot);
        }
        self.view.add_possible(slot, after.clone());
        batch.after.insert(slot, after);
        Some(edit)
    }

    /// With a folder goes what the host still holds in it.
    fn note_leaving(&mut self, folder: Slot) {
        let mut leaving = self.view.children(folder).to_vec();
        while let Some(slot) = leaving.pop() {
            // What a batch takes out before is in the view until the batch is applied.
            if !self.state.is_shown(slot) {
                self.view.add_possible(slot, None);
            }
            leaving.extend(self.view.children(slot));
        }
    }
}

fn row(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Works out the edits from the host view to the tree.
struct Planner<'a> {
    state: &'a State,
    view: &'a View,
    holds: &'a Holds,
    ops: Vec<Op>,
    /// Folders of which something must be looked at, and those above them.
    path: BTreeSet<Slot>,
    affected: BTreeSet<Slot>,
    /// Where the plan has put items so far.
    moved: BTreeMap<Slot, Slot>,
    inserted: BTreeMap<Slot, Vec<Slot>>,
}

impl<'a> Planner<'a> {
    fn new(state: &'a State, view: &'a View, holds: &'a Holds) -> Planner<'a> {
        Planner {
            state,
            view,
            holds,
            ops: Vec::new(),
            path: BTreeSet::new(),
            affected: BTreeSet::new(),
            moved: BTreeMap::new(),
            inserted: BTreeMap::new(),
        }
    }

    /// All edits, given the items that may differ.
    fn plan(mut self, due: &SlotSet) -> Vec<Op> {
        let mut updates = Vec::new();
        let mut removals = BTreeSet::new();
        for slot in due.iter().filter(|slot| !slot.is_root()) {
            let held = self.view.now(slot);
            if self.holds.is_withheld(slot) {
                continue;
            }
            if self.state.is_shown(slot) {
                if let Some(folder) = self.state.parent(slot) {
                    self.affect(folder);
                }
                if held.is_some_and(|held| !same_texts(&texts_of_node(self.state.node(slot)), &held.text)) {
                    updates.push(Op::Update { slot });
                }
            } else if held.is_some() {
                removals.insert(slot);
            }
        }
        let mut folders: Vec<Slot> = Root::ALL.into_iter().rev().map(Slot::root).collect();
        while let Some(folder) = folders.pop() {
            if !self.path.contains(&folder) {
                continue;
            }
            if self.affected.contains(&folder) {
                self.arrange(folder);
            }
            folders.extend(
                self.wanted(folder)
                    .rev()
                    .filter(|child| self.path.contains(child)),
            );
        }
        self.ops.extend(updates);
        let inside = |slot: &Slot| {
            self.view
                .now(*slot)
                .is_some_and(|held| removals.contains(&held.parent))
        };
        self.ops.extend(
            removals
                .iter()
                .filter(|slot| !inside(slot))
                .map(|slot| Op::Remove { slot: *slot }),
        );
        self.ops
    }

    fn affect(&mut self, folder: Slot) {
        self.affected.insert(folder);
        let mut at = Some(folder);
        while let Some(here) = at.filter(|here| self.path.insert(*here)) {
            at = self.state.parent(here);
        }
    }

    /// What the host's folder is to hold: not what the user may have deleted there.
    fn wanted(&self, folder: Slot) -> impl DoubleEndedIterator<Item = Slot> {
        let holds = self.holds;
        self.state
            .children(folder)
            .filter(move |slot| !holds.is_withheld(*slot))
    }

    /// What the host's folder holds at this point of the plan.
    fn held_in(&self, folder: Slot) -> Vec<Slot> {
        match self.inserted.get(&folder) {
            Some(inserted) => inserted.clone(),
            None => {
                let stays = |slot: &Slot| !self.moved.contains_key(slot);
                self.view.children(folder).iter().copied().filter(stays).collect()
            }
        }
    }

    /// Makes the host's folder hold what the tree's does, in its order; what goes later stays in between.
    fn arrange(&mut self, folder: Slot) {
        let wanted: Vec<Slot> = self.wanted(folder).collect();
        let held = self.held_in(folder);
        if wanted == held {
            return;
        }
        let place_of: BTreeMap<Slot, usize> = held.iter().enumerate().map(|(at, slot)| (*slot, at)).collect();
        let places: Vec<usize> = wanted
            .iter()
            .filter_map(|slot| place_of.get(slot).copied())
            .collect();
        let stays: BTreeSet<usize> = places
            .iter()
            .zip(longest_ascending(&places))
            .filter(|(_, stays)| *stays)
            .map(|(at, _)| *at)
            .collect();
        // Items of `held` before `passed` are left of the item that is placed next, unless they were taken from there.
        let (mut passed, mut index) = (0_usize, 0_usize);
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        for slot in wanted {
            match place_of.get(&slot).copied() {
                Some(at) if stays.contains(&at) => {
                    let between = (passed..at).filter(|place| !taken.contains(place)).count();
                    index = index.saturating_add(between).saturating_add(1);
                    passed = at.saturating_add(1);
                }
                Some(at) => {
                    if at < passed {
                        index = index.saturating_sub(1);
                    }
                    taken.insert(at);
                    self.ops.push(Op::Move {
                        slot,
                        parent: folder,
                        index,
                    });
                    index = index.saturating_add(1);
                }
                None => {
                    if self.is_held(slot) {
                        self.moved.insert(slot, folder);
                        self.ops.push(Op::Move {
                            slot,
                            parent: folder,
                            index,
                        });
                    } else {
                        self.insert(slot, folder, index);
                    }
                    index = index.saturating_add(1);
                }
            }
        }
    }

    fn is_held(&self, slot: Slot) -> bool {
        self.view.now(slot).is_some() || self.inserted.contains_key(&slot)
    }

    /// Inserts an item and at once all that is as new inside it, so that a host can build it detached.
    fn insert(&mut self, slot: Slot, parent: Slot, index: usize) {
        self.ops.push(Op::Insert { slot, parent, index });
        if self.state.node(slot).kind != Some(Kind::Folder) {
            return;
        }
        let new: Vec<Slot> = self.wanted(slot).filter(|child| !self.is_held(*child)).collect();
        for (index, child) in new.iter().enumerate() {
            self.insert(*child, slot, index);
        }
        self.inserted.insert(slot, new);
    }
}
