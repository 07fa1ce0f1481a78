// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The tree as a flat list, and going back to an earlier one.
//!
//! Going back is done by ordinary edits, later than all that was seen: it travels like any edit, and what others did
//! before cannot undo it. Items keep their ids; what was deleted since lives again, what is new since is deleted.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::order::{longest_ascending, runs};
use crate::row::FieldValue;
use crate::state::{FieldName, Node, Slot};
use crate::{Consent, HostTree, ItemId, Kind, Replica, Root};

/// One item, and the folder that it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlatItem {
    /// Its name in every replica.
    #[serde(rename = "i")]
    pub id: ItemId,
    /// Its folder's.
    #[serde(rename = "p")]
    pub parent: ItemId,
    /// What it is.
    #[serde(rename = "k")]
    pub kind: Kind,
    /// `title`, `url`, `description`, `keyword`, and what a newer version knows.
    #[serde(rename = "f", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
}

/// What going back changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Restored {
    /// Items that are there again.
    pub added: u64,
    /// Items that say something else, or are elsewhere.
    pub changed: u64,
    /// Items that are no longer there.
    pub removed: u64,
}

impl Replica {
    /// The tree as a list: every item after its folder, siblings in their order.
    pub fn flat(&self) -> Vec<FlatItem> {
        let mut items = Vec::with_capacity(self.len());
        let mut open: Vec<Slot> = Root::ALL.into_iter().rev().map(Slot::root).collect();
        while let Some(slot) = open.pop() {
            items.extend(self.flat_item(slot));
            open.extend(self.state.children(slot).rev());
        }
        items
    }

    fn flat_item(&self, slot: Slot) -> Option<FlatItem> {
        let node = self.state.node(slot);
        let text = |field: &crate::state::Field| {
            let text = match &field.value {
                FieldValue::Text(text) => text.to_string(),
                FieldValue::Json(value) => value.to_string(),
            };
            (field.name.as_str().to_owned(), text)
        };
        Some(FlatItem {
            id: node.id.clone(),
            parent: self.state.node(node.parent?).id.clone(),
            kind: node.kind?,
            fields: node.fields.iter().map(text).collect(),
        })
    }

    /// A tree of the host in the same form, as far as its items are known by the tokens that it has now: right after
    /// [`Replica::join_as`], what the host held before it.
    pub fn flat_host(&self, tree: &HostTree) -> Vec<FlatItem> {
        let id_of = |token: u64| {
            let root = Root::ALL.into_iter().find(|root| root.token() == token);
            let slot = root.map(Slot::root).or_else(|| self.view.with_token(token))?;
            Some(self.state.node(slot).id.clone())
        };
        let item = |item: &crate::HostItem| {
            let fields = [
                ("title", &item.title),
                ("url", &item.url),
                ("description", &item.description),
                ("keyword", &item.keyword),
            ];
            let said =
                |(name, text): (&str, &String)| (!text.is_empty()).then(|| (name.to_owned(), text.clone()));
            Some(FlatItem {
                id: id_of(item.token)?,
                parent: id_of(item.parent)?,
                kind: item.kind,
                fields: fields.into_iter().filter_map(said).collect(),
            })
        };
        tree.items.iter().filter_map(item).collect()
    }

    /// Makes the tree what the list says, by edits at the time `now` (milliseconds since the Unix epoch). What is no item of
    /// this tree's kinds, or names a folder that is not listed before it, is left as it is.
    pub fn restore(&mut self, items: &[FlatItem], now: u64) -> Restored {
        let mut done = Restored::default();
        if !self.joined {
            return done;
        }
        self.start_stamp(now);
        let mut wanted: BTreeSet<Slot> = Root::ALL.into_iter().map(Slot::root).collect();
        let mut folders: Vec<(Slot, Vec<Slot>)> = wanted.iter().map(|root| (*root, Vec::new())).collect();
        let mut at: BTreeMap<Slot, usize> = wanted.iter().copied().zip(0..).collect();
        let (mut new, mut changed) = (BTreeSet::new(), BTreeSet::new());
        for item in items {
            let slot = self.state.intern(&item.id);
            let folder = self
                .state
                .find(&item.parent)
                .and_then(|parent| at.get(&parent).copied());
            let Some((_, children)) = folder.and_then(|folder| folders.get_mut(folder)) else {
                continue;
            };
            if !self.state.set_kind(slot, item.kind) || !wanted.insert(slot) {
                continue;
            }
            children.push(slot);
            if item.kind == Kind::Folder {
                at.insert(slot, folders.len());
                folders.push((slot, Vec::new()));
            }
            if !self.state.is_shown(slot) || !self.state.node(slot).alive() {
                new.insert(slot);
            }
            if self.restore_fields(slot, item, new.contains(&slot)) {
                changed.insert(slot);
            }
        }
        for (folder, children) in folders {
            self.state.settle();
            let moved = self.restore_order(folder, &children, &new);
            changed.extend(moved);
        }
        let gone: Vec<Slot> = self
            .state
            .slots()
            .filter(|slot| self.state.is_shown(*slot) && !wanted.contains(slot))
            .collect();
        for slot in gone.iter().rev() {
            if let Some(newest) = self.state.node(*slot).newest() {
                self.write_dead(*slot, newest, Consent::Agreed);
            }
        }
        self.state.settle();
        self.drop_void_holds();
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        done.added = number(new.len());
        done.changed = number(changed.difference(&new).count());
        done.removed = number(gone.len());
        done
    }

    /// Writes the fields that differ, or all of an item that is to live again; whether anything was written.
    fn restore_fields(&mut self, slot: Slot, item: &FlatItem, whole: bool) -> bool {
        let node = self.state.node(slot);
        let first = Node::first_field(item.kind);
        let emptied = node.fields.iter().filter(|field| {
            !item.fields.contains_key(field.name.as_str()) && !field.value.to_text().is_empty()
        });
        let mut texts: Vec<(FieldName, String)> =
            emptied.map(|field| (field.name.clone(), String::new())).collect();
        for (name, text) in &item.fields {
            let name = FieldName::new(name);
            if whole || *node.text(&name) != **text {
                texts.push((name, text.clone()));
            }
        }
        let lacks = |name: &FieldName| whole && texts.iter().all(|(known, _)| known != name);
        if let Some(name) = first.filter(lacks) {
            texts.push((name, String::new()));
        }
        for (name, text) in &texts {
            self.write_field(slot, name.clone(), text);
        }
        !texts.is_empty()
    }

    /// Puts what is not there, or not in this order, into a folder; gives what was put.
    fn restore_order(&mut self, folder: Slot, children: &[Slot], new: &BTreeSet<Slot>) -> Vec<Slot> {
        let in_place = |slot: &Slot| self.state.parent(*slot) == Some(folder) && !new.contains(slot);
        let keys: Vec<_> = children
            .iter()
            .filter(|slot| in_place(slot))
            .map(|slot| {
                (
                    self.state.node(*slot).place.as_ref().map(|place| &place.position),
                    &self.state.node(*slot).id,
                )
            })
            .collect();
        let mut ordered = longest_ascending(&keys).into_iter();
        let moved: Vec<bool> = children
            .iter()
            .map(|slot| !in_place(slot) || !ordered.next().unwrap_or(false))
            .collect();
        let put: Vec<Slot> = children
            .iter()
            .zip(&moved)
            .filter(|(_, moved)| **moved)
            .map(|(slot, _)| *slot)
            .collect();
        let runs = runs(children, &moved, |_| true);
        if !runs.is_empty() {
            self.write_order(folder, &runs);
        }
        put
    }
}
