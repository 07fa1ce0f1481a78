// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The host view: what the host is known to hold.
//!
//! What it holds now, in memory, follows every collection and every applied batch. What its file holds is known only when the
//! host says that it saved; in between, and when the host dies, the file may hold any state since then. So for each item all
//! states that the file may hold are kept, and persisted. After a restart none of them is taken for an edit of the user's,
//! and "not there" is a deletion only where the file cannot have been without the item.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Deref;
use std::sync::Arc;

use hashbrown::HashTable;

use crate::batch::{Op, Outstanding};
use crate::clock::MaybeStamp;
use crate::host::FIRST_REPLICA_TOKEN;
use crate::order::{complete_keys, longest_ascending};
use crate::slots::{SlotSet, hash};
use crate::state::{Slot, State};
use crate::texts::Texts;
use crate::{Position, Root};

/// Most states of one item that are kept until the host saves; the oldest and the newest ones stay.
const MAX_POSSIBLE_STATES: usize = 8;

/// An item as the host holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ViewState {
    pub(crate) parent: Slot,
    /// Orders it among its siblings in the host; only its order matters.
    pub(crate) order: Position,
    pub(crate) text: Texts,
    /// The latest register that the host has been shown: deleting the item there deletes it up to this.
    pub(crate) seen: MaybeStamp,
}

/// Whether a host's file looks the same with either state.
fn same_but_seen(a: Option<&ViewState>, b: Option<&ViewState>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.parent == b.parent && a.order == b.order && a.text == b.text,
        (None, None) => true,
        _ => false,
    }
}

/// One item of the view.
#[derive(Debug, Clone, Default)]
pub(crate) struct ViewItem {
    /// `None`: the host does not hold it now.
    pub(crate) now: Option<Arc<ViewState>>,
    /// What the host's file may hold, oldest first; never without the state of now, and empty when it was never there.
    pub(crate) possible: Possible,
    /// Its token in this run of the host; 0: none.
    pub(crate) token: u64,
}

/// States that the host's file may hold. Nearly always it is one, which takes no memory of its own.
#[derive(Debug, Clone, Default)]
pub(crate) enum Possible {
    #[default]
    Never,
    One(Option<Arc<ViewState>>),
    #[allow(clippy::box_collection, reason = "it keeps each bookmark 16 bytes smaller")]
    Several(Box<Vec<Option<Arc<ViewState>>>>),
}

impl From<Vec<Option<Arc<ViewState>>>> for Possible {
    fn from(mut states: Vec<Option<Arc<ViewState>>>) -> Possible {
        match states.len() {
            0 => Possible::Never,
            1 => Possible::One(states.pop().flatten()),
            _ => Possible::Several(Box::new(states)),
        }
    }
}

impl Deref for Possible {
    type Target = [Option<Arc<ViewState>>];

    fn deref(&self) -> &Self::Target {
        match self {
            Possible::Never => &[],
            Possible::One(state) => std::slice::from_ref(state),
            Possible::Several(states) => states,
        }
    }
}

/// What the host is known to hold.
#[derive(Debug)]
pub(crate) struct View {
    items: Vec<ViewItem>,
    none: ViewItem,
    children: BTreeMap<Slot, Vec<Slot>>,
    /// Those that the host holds, by their tokens, which only `items` keeps.
    by_token: HashTable<Slot>,
    /// Tokens under which a batch inserts items, until the host is known to have done it.
    pub(crate) promised: BTreeMap<u64, Slot>,
    /// What the newest collection held, in its order: the next one is most often nearly the same.
    pub(crate) last_tree: Vec<Slot>,
    /// Whether a collection of this run of the host has come.
    pub(crate) known: bool,
    /// The newest collection.
    pub(crate) generation: u64,
    pub(crate) next_token: u64,
    pub(crate) next_batch: u64,
    pub(crate) outstanding: Option<Outstanding>,
    /// Edits that are due, in order, for the tree and view as they are.
    pub(crate) plan: VecDeque<Op>,
    /// All items that the plan was made for.
    pub(crate) planned: SlotSet,
    /// Items of which the file may hold another state than the host.
    open: BTreeSet<Slot>,
    /// Items whose possible states are to be persisted.
    pub(crate) unsaved: BTreeSet<Slot>,
}

impl View {
    pub(crate) fn new() -> View {
        View {
            items: Vec::new(),
            none: ViewItem::default(),
            children: BTreeMap::new(),
            by_token: HashTable::new(),
            promised: BTreeMap::new(),
            last_tree: Vec::new(),
            known: false,
            generation: 0,
            next_token: FIRST_REPLICA_TOKEN,
            next_batch: 1,
            outstanding: None,
            plan: VecDeque::new(),
            planned: SlotSet::default(),
            open: BTreeSet::new(),
            unsaved: BTreeSet::new(),
        }
    }

    pub(crate) fn item(&self, slot: Slot) -> &ViewItem {
        self.items.get(slot.index()).unwrap_or(&self.none)
    }

    fn item_mut(&mut self, slot: Slot) -> &mut ViewItem {
        if self.items.len() <= slot.index() {
            self.items
                .resize_with(slot.index().saturating_add(1), ViewItem::default);
        }
        self.items.get_mut(slot.index()).unwrap_or(&mut self.none)
    }

    /// The item as the host holds it now.
    pub(crate) fn now(&self, slot: Slot) -> Option<&Arc<ViewState>> {
        self.item(slot).now.as_ref()
    }

    /// What the host's folder holds now, in order.
    pub(crate) fn children(&self, folder: Slot) -> &[Slot] {
        self.children.get(&folder).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn children_mut(&mut self, folder: Slot) -> &mut Vec<Slot> {
        self.children.entry(folder).or_default()
    }

    /// All items that the host or its file may hold.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let kept = |(slot, item): (Slot, &ViewItem)| (!item.possible.is_empty()).then_some(slot);
        Slot::all().zip(self.items.iter()).filter_map(kept)
    }

    /// Whether anything is persisted of the item.
    pub(crate) fn is_kept(&self, slot: Slot) -> bool {
        !self.item(slot).possible.is_empty()
    }

    /// The token of a root or of an item that the host holds.
    pub(crate) fn token(&self, slot: Slot) -> Option<u64> {
        let root = Root::ALL.into_iter().find(|root| Slot::root(*root) == slot);
        root.map(Root::token)
            .or(Some(self.item(slot).token).filter(|token| *token != 0))
    }

    /// The item that has that token, or is to have it.
    pub(crate) fn with_token(&self, token: u64) -> Option<Slot> {
        let is = |slot: &Slot| self.item(*slot).token == token;
        let held = self.by_token.find(hash(token), is).copied();
        held.or_else(|| self.promised.get(&token).copied())
    }

    pub(crate) fn set_token(&mut self, slot: Slot, token: u64) {
        if let Some(other) = self.with_token(token) {
            self.drop_token(other);
        }
        self.drop_token(slot);
        self.promised.remove(&token);
        self.item_mut(slot).token = token;
        let items = &self.items;
        let hash_of = |held: &Slot| hash(items.get(held.index()).map_or(0, |item| item.token));
        self.by_token.insert_unique(hash(token), slot, hash_of);
        if token >= self.next_token {
            self.next_token = token.saturating_add(1);
        }
    }

    fn drop_token(&mut self, slot: Slot) {
        let old = std::mem::take(&mut self.item_mut(slot).token);
        if let Ok(entry) = self.by_token.find_entry(hash(old), |held| *held == slot) {
            entry.remove();
        }
    }

    /// A token that no item of the host has.
    pub(crate) fn fresh_token(&mut self) -> u64 {
        let token = self.next_token;
        self.next_token = token.saturating_add(1);
        token
    }

    /// Notes what the host holds now.
    pub(crate) fn set_now(&mut self, slot: Slot, state: Option<Arc<ViewState>>) {
        let item = self.item_mut(slot);
        let known = item
            .possible
            .iter()
            .flatten()
            .find(|known| Some(*known) == state.as_ref())
            .cloned();
        item.now = known.or(state);
        let now = item.now.clone();
        self.add_possible(slot, now);
    }

    /// Notes a state that the host's file may come to hold.
    pub(crate) fn add_possible(&mut self, slot: Slot, state: Option<Arc<ViewState>>) {
        let item = self.item_mut(slot);
        if item
            .possible
            .last()
            .map_or(state.is_none(), |last| *last == state)
        {
            return;
        }
        let mut states = item.possible.to_vec();
        if states.is_empty() {
            // Up to now it was never there.
            states.push(None);
        }
        states.retain(|known| !same_but_seen(known.as_deref(), state.as_deref()));
        states.push(state);
        if states.len() > MAX_POSSIBLE_STATES {
            states.remove(1);
        }
        item.possible = states.into();
        self.open.insert(slot);
        self.unsaved.insert(slot);
    }

    /// The host's file holds what the host holds, apart from what an outstanding batch is changing.
    pub(crate) fn settle_saved(&mut self) {
        let busy: BTreeSet<Slot> = self
            .outstanding
            .iter()
            .flat_map(|batch| batch.ops.iter().map(Op::slot))
            .collect();
        for slot in std::mem::take(&mut self.open) {
            if busy.contains(&slot) {
                self.open.insert(slot);
                continue;
            }
            let item = self.item_mut(slot);
            item.possible = item
                .now
                .clone()
                .map_or(Possible::Never, |now| Possible::One(Some(now)));
            self.unsaved.insert(slot);
        }
    }

    /// Restores what was persisted of one item.
    pub(crate) fn restore(&mut self, slot: Slot, possible: Vec<Option<ViewState>>) {
        if possible.len() > 1 {
            self.open.insert(slot);
        }
        let states: Vec<_> = possible.into_iter().map(|state| state.map(Arc::new)).collect();
        self.item_mut(slot).possible = states.into();
    }

    /// The host runs anew: tokens are void, and what it holds is one of the possible states.
    pub(crate) fn restart(&mut self) -> SlotSet {
        self.known = false;
        self.by_token.clear();
        self.promised.clear();
        self.last_tree.clear();
        self.children.clear();
        for item in &mut self.items {
            item.token = 0;
            item.now = None;
        }
        self.drop_plan()
    }

    /// Nothing is known of the host any more.
    pub(crate) fn forget(&mut self) {
        self.restart();
        self.open.clear();
        let kept: Vec<Slot> = self.slots().collect();
        for slot in kept {
            self.item_mut(slot).possible = Possible::Never;
            self.unsaved.insert(slot);
        }
    }

    /// Forgets the batch that is outstanding and the rest of the plan; what they were to settle.
    pub(crate) fn drop_plan(&mut self) -> SlotSet {
        self.outstanding = None;
        self.plan.clear();
        std::mem::take(&mut self.planned)
    }

    /// Gives the items of a folder keys in the host's order, as far as those they have do not fit.
    pub(crate) fn renew_order(&mut self, state: &State, folder: Slot) {
        let children = self.children(folder).to_vec();
        let in_view = |slot: &Slot| {
            self.now(*slot)
                .filter(|now| now.parent == folder)
                .map(|now| &now.order)
        };
        let all: Option<Vec<&Position>> = children.iter().map(in_view).collect();
        if all.is_some_and(|keys| keys.is_sorted_by(|a, b| a < b)) {
            return;
        }
        let keys: Vec<Option<Position>> = children
            .iter()
            .map(|slot| self.order_key(state, *slot, folder))
            .collect();
        let known: Vec<(usize, &Position)> = keys
            .iter()
            .enumerate()
            .filter_map(|(at, key)| Some((at, key.as_ref()?)))
            .collect();
        let stays = longest_ascending(&known.iter().map(|(_, key)| *key).collect::<Vec<_>>());
        let mut line: Vec<(Slot, Option<Position>)> = children.iter().map(|slot| (*slot, None)).collect();
        for ((at, key), _) in known.into_iter().zip(stays).filter(|(_, stays)| *stays) {
            if let Some((_, place)) = line.get_mut(at) {
                *place = Some(key.clone());
            }
        }
        complete_keys(state, &mut line);
        for (slot, key) in line {
            let (Some(now), Some(order)) = (self.now(slot), key) else {
                continue;
            };
            if now.parent != folder || now.order != order {
                let changed = ViewState {
                    parent: folder,
                    order,
                    ..now.as_ref().clone()
                };
                self.set_now(slot, Some(Arc::new(changed)));
            }
        }
    }

    /// The key that the item has in that folder, in the view or else in the tree.
    fn order_key(&self, state: &State, slot: Slot, folder: Slot) -> Option<Position> {
        let in_view = self
            .now(slot)
            .filter(|now| now.parent == folder)
            .map(|now| now.order.clone());
        let in_tree = || Some(state.node(slot).place.as_ref()?.position.clone());
        in_view.or_else(|| in_tree().filter(|_| state.parent(slot) == Some(folder)))
    }
}
