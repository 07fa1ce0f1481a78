// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The rules that make a tree of any registers.
//!
//! 1. An item is in the folder that its register names. A folder that is unknown, or is no folder, is replaced by "other".
//! 2. In a cycle the latest move did not happen: that item is in the folder it came from. Where that makes a cycle again,
//!    it is in "other".
//! 3. What is nested deeper than [`MAX_DEPTH`] is shown at that depth.
//! 4. An item is shown when it lives, and the row that made it is here, or when something in it is shown: a folder that one replica deleted is revived by what
//!    another put or changed in it.
//!
//! All that depends on nothing but the registers, so all replicas that hold the same registers show the same tree.

use std::collections::BTreeMap;

use super::state::{MAX_DEPTH, Slot, State};
use crate::{ItemId, Root, Stamp};

impl State {
    /// Brings the tree up to date, where changes could not do it step by step.
    pub(crate) fn settle(&mut self) {
        if self.stale {
            self.rebuild();
        }
    }

    /// Computes the tree from the registers alone.
    pub(crate) fn rebuild(&mut self) {
        let mut parents = self.named_parents();
        self.irregular = self.break_cycles(&mut parents);
        self.fill_children(&parents);
        let order = self.clamp_depth(&mut parents);
        self.stale = false;
        self.show(&parents, &order);
    }

    /// Rule 1, for every item that has a place.
    fn named_parents(&mut self) -> Vec<Option<Slot>> {
        let slots: Vec<Slot> = self.slots().collect();
        self.waiting.clear();
        let mut parents = vec![None; self.nodes.len()];
        for slot in slots {
            let Some(target) = self.named_parent(slot) else {
                continue;
            };
            let named = self.node(slot).place.as_ref().map(|place| place.parent);
            if let Some(named) = named.filter(|named| *named != target) {
                self.waiting.entry(named).or_default().insert(slot);
            }
            set(&mut parents, slot, Some(target));
        }
        parents
    }

    /// Rule 2; whether there was a cycle. Cycles are disjoint, so each round breaks all there are, and every item falls back
    /// at most twice, so the rounds end.
    fn break_cycles(&self, parents: &mut [Option<Slot>]) -> bool {
        let mut fallen: BTreeMap<Slot, u8> = BTreeMap::new();
        loop {
            let latest = self.latest_in_cycles(parents);
            if latest.is_empty() {
                return !fallen.is_empty();
            }
            for slot in latest {
                let times = fallen.entry(slot).or_default();
                *times = times.saturating_add(1);
                let from = self.node(slot).place.as_ref().map(|place| place.from);
                let target = match from {
                    Some(from) if *times == 1 && self.is_folder(from) => from,
                    _ => Slot::root(Root::Other),
                };
                set(parents, slot, Some(target));
            }
        }
    }

    /// Of each cycle the item that was moved last.
    fn latest_in_cycles(&self, parents: &[Option<Slot>]) -> Vec<Slot> {
        // For each item the walk that came by first; 0: none yet.
        let mut walks = vec![0_u32; parents.len()];
        let mut found = Vec::new();
        let mut walk = 0_u32;
        for start in self.slots() {
            if walks.get(start.index()) != Some(&0) || !self.is_folder(start) {
                continue;
            }
            walk = walk.saturating_add(1);
            let mut at = start;
            while !at.is_root() && walks.get(at.index()) == Some(&0) {
                set(&mut walks, at, walk);
                match get(parents, at) {
                    Some(parent) => at = parent,
                    None => break,
                }
            }
            if !at.is_root() && walks.get(at.index()) == Some(&walk) && get(parents, at).is_some() {
                found.extend(self.latest_of_cycle(parents, at));
            }
        }
        found
    }

    fn latest_of_cycle(&self, parents: &[Option<Slot>], on: Slot) -> Option<Slot> {
        let mut best: Option<(Stamp, &ItemId, Slot)> = None;
        let mut at = on;
        loop {
            let node = self.node(at);
            let candidate = (node.place.as_ref()?.stamp, &node.id, at);
            best = best.max(Some(candidate));
            at = get(parents, at)?;
            if at == on {
                return best.map(|(_, _, slot)| slot);
            }
        }
    }

    fn fill_children(&mut self, parents: &[Option<Slot>]) {
        for node in &mut self.nodes {
            node.forget_children();
        }
        for slot in self.slots() {
            if let Some(parent) = get(parents, slot) {
                self.siblings_mut(parent).push(slot);
            }
        }
    }

    /// Rule 3; all items in the tree, folders before what they hold.
    fn clamp_depth(&mut self, parents: &mut [Option<Slot>]) -> Vec<Slot> {
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut level: Vec<Slot> = Root::ALL.map(Slot::root).to_vec();
        let mut depth = 0_usize;
        while !level.is_empty() {
            let mut next = Vec::new();
            for folder in level {
                let children = self.siblings(folder).to_vec();
                match get(parents, folder) {
                    Some(above) if depth >= MAX_DEPTH && !children.is_empty() => {
                        self.irregular = true;
                        for child in &children {
                            set(parents, *child, Some(above));
                        }
                        self.siblings_mut(folder).clear();
                        self.siblings_mut(above).extend(children.iter().copied());
                    }
                    _ => {}
                }
                next.extend(children);
            }
            order.extend(next.iter().copied());
            level = next;
            depth = depth.saturating_add(1);
        }
        order
    }

    /// Rule 4, and the order of siblings.
    fn show(&mut self, parents: &[Option<Slot>], order: &[Slot]) {
        for slot in Root::ALL.into_iter().map(Slot::root).chain(order.iter().copied()) {
            if self.siblings(slot).is_empty() {
                continue;
            }
            let mut children = std::mem::take(self.siblings_mut(slot));
            children.sort_by(|a, b| State::rank(&self.nodes, *a).cmp(&State::rank(&self.nodes, *b)));
            *self.siblings_mut(slot) = children;
        }
        for slot in order.iter().rev().copied() {
            let parent = get(parents, slot);
            if self.node(slot).parent != parent {
                self.node_mut(slot).parent = parent;
                self.touched.insert(slot);
            }
            let node = self.node(slot);
            let shows = node.kind.is_some() && (node.shown_children() > 0 || node.shows_itself());
            self.set_shown(slot, shows);
            if let Some(parent) = parent.filter(|_| shows) {
                self.node_mut(parent).count_child(true);
            }
        }
    }
}

fn get(parents: &[Option<Slot>], slot: Slot) -> Option<Slot> {
    parents.get(slot.index()).copied().flatten()
}

fn set<T>(list: &mut [T], slot: Slot, value: T) {
    if let Some(entry) = list.get_mut(slot.index()) {
        *entry = value;
    }
}
