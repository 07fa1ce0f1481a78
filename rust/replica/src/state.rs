// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The registers of all items, and the tree that follows from them.
//!
//! Registers only ever grow (the later stamp wins), so the order in which they come does not matter. The tree is a pure
//! function of them; it is kept up to date step by step where that is simple, and computed anew by [`State::settle`] where
//! it is not (cycles, folders nested too deep).

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::row::FieldValue;
use crate::slots::{SlotSet, hash};
use crate::{Consent, ItemId, Kind, Position, Root, Stamp};

/// Deepest level of an item below its root. What is nested deeper is shown at this level: Falkon refuses a file with more
/// than some 505 nested folders and falls back to its defaults.
pub const MAX_DEPTH: usize = 200;

/// Index of an item in [`State`], counted from 1 so that none takes no memory of its own; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Slot(NonZero<u32>);

impl Slot {
    /// The slot of a root, which every state has.
    pub(crate) fn root(root: Root) -> Slot {
        match root {
            Root::Toolbar => Slot::nth(0),
            Root::Menu => Slot::nth(1),
            Root::Other => Slot::nth(2),
        }
    }

    fn nth(index: u32) -> Slot {
        Slot(NonZero::<u32>::MIN.saturating_add(index))
    }

    /// The slot of that index, where one can have it.
    pub(crate) fn at(index: usize) -> Option<Slot> {
        u32::try_from(index).ok().map(Slot::nth)
    }

    /// Every slot there can be, in order.
    pub(crate) fn all() -> impl Iterator<Item = Slot> {
        (0..u32::MAX).map(Slot::nth)
    }

    /// The slot after this one.
    pub(crate) fn next(self) -> Slot {
        Slot(self.0.saturating_add(1))
    }

    pub(crate) fn is_root(self) -> bool {
        self.index() < Root::ALL.len()
    }

    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0.get()).map_or(usize::MAX, |number| number.saturating_sub(1))
    }
}

/// Name of a field; the usual ones take no memory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub(crate) enum FieldName {
    Title,
    Url,
    Description,
    Keyword,
    Unknown(Arc<Box<str>>),
}

impl FieldName {
    pub(crate) fn new(name: &str) -> FieldName {
        match name {
            "title" => FieldName::Title,
            "url" => FieldName::Url,
            "description" => FieldName::Description,
            "keyword" => FieldName::Keyword,
            other => FieldName::Unknown(Arc::new(other.into())),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            FieldName::Title => "title",
            FieldName::Url => "url",
            FieldName::Description => "description",
            FieldName::Keyword => "keyword",
            FieldName::Unknown(name) => name,
        }
    }
}

impl From<String> for FieldName {
    fn from(name: String) -> FieldName {
        FieldName::new(&name)
    }
}

impl From<FieldName> for String {
    fn from(name: FieldName) -> String {
        name.as_str().to_owned()
    }
}

/// The register that says where an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) parent: Slot,
    pub(crate) position: Position,
    pub(crate) stamp: Stamp,
    pub(crate) from: Slot,
}

/// A register that holds one named value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: FieldName,
    pub(crate) value: FieldValue,
    pub(crate) stamp: Stamp,
}

/// The fields of an item: nearly all have a title and at most an address besides.
pub(crate) type Fields = SmallVec<[Field; 2]>;

/// What few items have: a death, or something in them.
#[derive(Debug, Default)]
struct Rare {
    dead: Option<Dead>,
    /// What is in it, the hidden (dead) ones too, by position, then id.
    children: Vec<Slot>,
    shown_children: u32,
}

/// A death: of the registers up to a stamp, and when it was first noted that this is so.
#[derive(Debug)]
struct Dead {
    upto: Stamp,
    noted: Option<u64>,
}

/// One item: its registers, and its part of the tree that follows.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) id: ItemId,
    /// `None` until a row of the item came; until then others may name it as their folder.
    pub(crate) kind: Option<Kind>,
    pub(crate) place: Option<Place>,
    pub(crate) fields: Fields,
    /// How its death came about.
    pub(crate) consent: Consent,
    /// Most items have nothing of it, and pay for a pointer alone.
    rare: Option<Box<Rare>>,

    /// The folder that it is in, by the rules.
    pub(super) parent: Option<Slot>,
    /// It lives, or something in it does.
    pub(super) shown: bool,
}

impl Node {
    fn new(id: ItemId) -> Node {
        Node {
            id,
            kind: None,
            place: None,
            fields: Fields::new(),
            consent: Consent::None,
            rare: None,
            parent: None,
            shown: false,
        }
    }

    /// The stamp of its latest register.
    pub(crate) fn newest(&self) -> Option<Stamp> {
        let fields = self.fields.iter().map(|field| field.stamp).max();
        self.place.as_ref().map(|place| place.stamp).max(fields)
    }

    /// Up to when it is dead.
    pub(crate) fn dead(&self) -> Option<Stamp> {
        self.death().map(|dead| dead.upto)
    }

    /// When its death was first noted, in milliseconds since the Unix epoch; `None` until it is.
    pub(crate) fn death_noted(&self) -> Option<u64> {
        self.death().and_then(|dead| dead.noted)
    }

    fn death(&self) -> Option<&Dead> {
        self.rare.as_ref()?.dead.as_ref()
    }

    pub(crate) fn set_dead(&mut self, upto: Stamp, noted: Option<u64>) {
        self.rare.get_or_insert_default().dead = Some(Dead { upto, noted });
    }

    /// Nothing is in it, until it is put there anew.
    pub(super) fn forget_children(&mut self) {
        if let Some(rare) = &mut self.rare {
            (rare.children, rare.shown_children) = (Vec::new(), 0);
        }
    }

    /// How many of its children are shown.
    pub(super) fn shown_children(&self) -> u32 {
        self.rare.as_ref().map_or(0, |rare| rare.shown_children)
    }

    /// Counts a child that is shown from now on, or no longer.
    pub(super) fn count_child(&mut self, shown: bool) {
        let count = &mut self.rare.get_or_insert_default().shown_children;
        *count = if shown {
            count.saturating_add(1)
        } else {
            count.saturating_sub(1)
        };
    }

    /// Whether one of its registers is later than its death.
    pub(crate) fn alive(&self) -> bool {
        self.newest() > self.dead()
    }

    /// The field that comes with every item of its kind. Before it is here, a later change has overtaken the row that made the
    /// item, and there is nothing to show yet.
    pub(crate) fn first_field(kind: Kind) -> Option<FieldName> {
        match kind {
            Kind::Folder => Some(FieldName::Title),
            Kind::Link => Some(FieldName::Url),
            Kind::Separator => None,
        }
    }

    /// Whether the item itself is to be shown, whatever it holds.
    pub(super) fn shows_itself(&self) -> bool {
        let complete = self
            .kind
            .and_then(Node::first_field)
            .is_none_or(|name| self.field(&name).is_some());
        complete && self.alive()
    }

    pub(crate) fn field(&self, name: &FieldName) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == *name)
    }

    /// The field as text; empty when it was never written.
    pub(crate) fn text(&self, name: &FieldName) -> Arc<str> {
        self.field(name)
            .map(|field| field.value.to_text())
            .unwrap_or_default()
    }
}

/// All items.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) nodes: Vec<Node>,
    /// Stands for a slot that does not exist, which no caller has.
    nowhere: Node,
    /// Finds items by their ids. It is never walked through, for its order means nothing.
    slots: HashTable<Slot>,
    /// Items whose folder is not known (yet), by that folder; they are shown in "other".
    pub(super) waiting: BTreeMap<Slot, BTreeSet<Slot>>,
    /// The registers hold a cycle or too deep a nesting.
    pub(super) irregular: bool,
    /// The tree is to be computed anew.
    pub(super) stale: bool,
    shown: usize,
    /// Items whose registers changed since they were saved.
    pub(crate) unsaved: BTreeSet<Slot>,
    /// Items whose part of the tree changed since the host was last compared with it.
    pub(crate) touched: SlotSet,
}

impl State {
    pub(crate) fn new() -> State {
        let mut state = State {
            nodes: Vec::new(),
            nowhere: Node::new(ItemId::root(Root::Other)),
            slots: HashTable::new(),
            waiting: BTreeMap::new(),
            irregular: false,
            stale: false,
            shown: 0,
            unsaved: BTreeSet::new(),
            touched: SlotSet::default(),
        };
        for root in Root::ALL {
            let slot = state.intern(&ItemId::root(root));
            let node = state.node_mut(slot);
            node.kind = Some(Kind::Folder);
            node.shown = true;
        }
        state
    }

    /// The slot of an item that is known or was named by another as its folder.
    pub(crate) fn find(&self, id: &ItemId) -> Option<Slot> {
        self.find_text(id.as_str())
    }

    /// The same for the id as text.
    pub(crate) fn find_text(&self, id: &str) -> Option<Slot> {
        self.slots.find(hash(id), |slot| self.is(*slot, id)).copied()
    }

    /// Whether there is that slot, of an item of that id.
    pub(crate) fn is(&self, slot: Slot, id: &str) -> bool {
        self.nodes.get(slot.index()).is_some_and(|node| node.id.is(id))
    }

    /// The slot for an id; a new one where there is none.
    pub(crate) fn intern(&mut self, id: &ItemId) -> Slot {
        if let Some(slot) = self.find(id) {
            return slot;
        }
        let slot = Slot::nth(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node::new(id.clone()));
        let nodes = &self.nodes;
        let hash_of = |slot: &Slot| nodes.get(slot.index()).map_or(0, |node| hash(node.id.as_str()));
        self.slots.insert_unique(hash(id.as_str()), slot, hash_of);
        slot
    }

    pub(crate) fn node(&self, slot: Slot) -> &Node {
        self.nodes.get(slot.index()).unwrap_or(&self.nowhere)
    }

    pub(crate) fn node_mut(&mut self, slot: Slot) -> &mut Node {
        self.nodes.get_mut(slot.index()).unwrap_or(&mut self.nowhere)
    }

    /// All slots but the roots.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        (3..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(Slot::nth)
    }

    /// How many items are in the tree, the roots not counted.
    pub(crate) fn shown_count(&self) -> usize {
        self.shown
    }

    /// Whether the item is in the tree.
    pub(crate) fn is_shown(&self, slot: Slot) -> bool {
        self.node(slot).shown
    }

    /// Whether items can be in it.
    pub(crate) fn is_folder(&self, slot: Slot) -> bool {
        let node = self.node(slot);
        slot.is_root() || (node.kind == Some(Kind::Folder) && node.place.is_some())
    }

    /// The folder in which the tree has the item.
    pub(crate) fn parent(&self, slot: Slot) -> Option<Slot> {
        self.node(slot).parent
    }

    /// What a folder holds in order, hidden items among it.
    pub(crate) fn siblings(&self, folder: Slot) -> &[Slot] {
        self.node(folder).rare.as_ref().map_or(&[], |rare| &rare.children)
    }

    /// The same, to be changed.
    pub(super) fn siblings_mut(&mut self, folder: Slot) -> &mut Vec<Slot> {
        &mut self.node_mut(folder).rare.get_or_insert_default().children
    }

    /// What a folder holds in order, as the tree shows it.
    pub(crate) fn children(&self, folder: Slot) -> impl DoubleEndedIterator<Item = Slot> + '_ {
        self.siblings(folder)
            .iter()
            .copied()
            .filter(|slot| self.is_shown(*slot))
    }

    /// Whether `slot` is `folder` or somewhere in it.
    pub(crate) fn is_within(&self, slot: Slot, folder: Slot) -> bool {
        let mut at = Some(slot);
        while let Some(here) = at {
            if here == folder {
                return true;
            }
            at = self.parent(here);
        }
        false
    }

    /// Notes since when an item is known to be dead up to a stamp, if that is its death, and earlier than what is known.
    pub(crate) fn note_death(&mut self, slot: Slot, upto: Stamp, noted: Option<u64>) {
        let node = self.node_mut(slot);
        if node.dead() == Some(upto)
            && let Some(noted) = noted
            && node.death_noted().is_none_or(|known| noted < known)
        {
            node.set_dead(upto, Some(noted));
            self.unsaved.insert(slot);
        }
    }

    /// Takes all registers from an item that is dead; [`State::settle`] takes it out of the tree.
    pub(crate) fn forget(&mut self, slot: Slot) {
        if slot.is_root() {
            return;
        }
        let node = self.node_mut(slot);
        (node.kind, node.place) = (None, None);
        if let Some(rare) = &mut node.rare {
            rare.dead = None;
        }
        node.rare.take_if(|rare| rare.children.is_empty());
        node.fields = Fields::new();
        node.consent = Consent::None;
        self.unsaved.insert(slot);
        self.stale = true;
    }

    /// Fixes what the item is. A kind never changes: `false` when it has another one already.
    pub(crate) fn set_kind(&mut self, slot: Slot, kind: Kind) -> bool {
        match self.node(slot).kind {
            Some(known) => known == kind,
            None => {
                self.node_mut(slot).kind = Some(kind);
                self.unsaved.insert(slot);
                true
            }
        }
    }

    /// Writes where the item is, if this is later than what is known. The kind must be set.
    pub(crate) fn set_place(&mut self, slot: Slot, place: Place) -> bool {
        let old = self.node(slot).place.as_ref();
        if slot.is_root()
            || old.is_some_and(|old| (old.stamp, &old.position) >= (place.stamp, &place.position))
        {
            return false;
        }
        let old_parent = old.map(|old| old.parent);
        if !self.stale {
            self.detach(slot);
        }
        if let Some(waiting) = old_parent.and_then(|parent| self.waiting.get_mut(&parent)) {
            waiting.remove(&slot);
        }
        self.node_mut(slot).place = Some(place);
        self.unsaved.insert(slot);
        self.touched.insert(slot);
        self.stale |= self.irregular;
        if !self.stale {
            self.put(slot);
        }
        if old_parent.is_none() && !self.stale && self.is_folder(slot) {
            for child in self.waiting.remove(&slot).unwrap_or_default() {
                self.detach(child);
                self.touched.insert(child);
                if !self.stale {
                    self.put(child);
                }
            }
        }
        true
    }

    /// Writes a field, if this is later than what is known.
    pub(crate) fn set_field(&mut self, slot: Slot, field: Field) -> bool {
        if slot.is_root() {
            return false;
        }
        let node = self.node_mut(slot);
        match node.fields.iter_mut().find(|old| old.name == field.name) {
            Some(old) if old.stamp > field.stamp => return false,
            // Equal stamps of different values come from a faulty writer; all replicas must still agree.
            Some(old) if old.stamp == field.stamp && old.value.to_text() >= field.value.to_text() => {
                return false;
            }
            Some(old) => *old = field,
            None => node.fields.push(field),
        }
        self.note_registers(slot);
        true
    }

    pub(super) fn note_registers(&mut self, slot: Slot) {
        self.unsaved.insert(slot);
        self.touched.insert(slot);
        if !self.stale {
            self.refresh(slot);
        }
    }

    /// Where by position, then id, the item belongs among children.
    pub(super) fn rank(nodes: &[Node], slot: Slot) -> Option<(&Position, &ItemId)> {
        let node = nodes.get(slot.index())?;
        Some((&node.place.as_ref()?.position, &node.id))
    }

    /// The folder that the item's register names, as far as it can hold items; else "other".
    pub(super) fn named_parent(&self, slot: Slot) -> Option<Slot> {
        let named = self.node(slot).place.as_ref()?.parent;
        Some(if self.is_folder(named) {
            named
        } else {
            Slot::root(Root::Other)
        })
    }

    /// Puts an item that is in no folder where its register says.
    fn put(&mut self, slot: Slot) {
        let (Some(target), Some(place)) = (self.named_parent(slot), self.node(slot).place.as_ref()) else {
            return;
        };
        if place.parent != target {
            let named = place.parent;
            self.waiting.entry(named).or_default().insert(slot);
        }
        let depth = std::iter::successors(Some(target), |at| self.parent(*at))
            .take_while(|at| *at != slot)
            .count();
        let cycle = target == slot || self.is_within(target, slot);
        if cycle || depth.saturating_add(self.height(slot)) > MAX_DEPTH {
            self.irregular = true;
            self.stale = true;
            return;
        }
        self.attach(slot, target);
        self.refresh(slot);
    }

    /// Levels below an item.
    fn height(&self, slot: Slot) -> usize {
        let mut level: Vec<Slot> = self.siblings(slot).to_vec();
        let mut height = 0_usize;
        while !level.is_empty() && height <= MAX_DEPTH {
            height = height.saturating_add(1);
            level = level
                .iter()
                .flat_map(|at| self.siblings(*at).iter().copied())
                .collect();
        }
        height
    }

    fn attach(&mut self, slot: Slot, parent: Slot) {
        let rank = State::rank(&self.nodes, slot);
        let at = self
            .siblings(parent)
            .partition_point(|other| State::rank(&self.nodes, *other) < rank);
        self.siblings_mut(parent).insert(at, slot);
        self.node_mut(slot).parent = Some(parent);
        if self.is_shown(slot) {
            self.node_mut(parent).count_child(true);
            self.refresh(parent);
        }
    }

    fn detach(&mut self, slot: Slot) {
        let Some(parent) = self.parent(slot) else { return };
        let rank = State::rank(&self.nodes, slot);
        let at = self
            .siblings(parent)
            .partition_point(|other| State::rank(&self.nodes, *other) < rank);
        if self.siblings(parent).get(at) == Some(&slot) {
            self.siblings_mut(parent).remove(at);
        }
        self.node_mut(slot).parent = None;
        if self.is_shown(slot) {
            self.node_mut(parent).count_child(false);
            self.refresh(parent);
        }
    }

    /// Works out whether the item is shown, and with it the folders above.
    fn refresh(&mut self, slot: Slot) {
        let mut at = Some(slot);
        while let Some(here) = at.filter(|here| !here.is_root()) {
            let node = self.node(here);
            let (was, parent) = (node.shown, node.parent);
            let shows = node.kind.is_some()
                && node.place.is_some()
                && (node.shown_children() > 0 || node.shows_itself());
            if was == shows {
                return;
            }
            self.set_shown(here, shows);
            if let Some(parent) = parent {
                self.node_mut(parent).count_child(shows);
            }
            at = parent;
        }
    }

    pub(super) fn set_shown(&mut self, slot: Slot, shown: bool) {
        let node = self.node_mut(slot);
        if node.shown != shown {
            node.shown = shown;
            self.shown = if shown {
                self.shown.saturating_add(1)
            } else {
                self.shown.saturating_sub(1)
            };
            self.touched.insert(slot);
        }
    }
}
