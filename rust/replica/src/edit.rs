// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Edits that come from no host: a bot's import, a partner's request.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::canonical::canonical_url;
use crate::order::{Anchor, Run};
use crate::state::{FieldName, Node, Slot};
use crate::{Consent, ItemId, Kind, Replica};

/// One edit of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum EditOp {
    /// Adds an item.
    Add {
        /// Its id, if the caller wants to name it; it must not be in use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<ItemId>,
        /// Its folder.
        parent: ItemId,
        /// Its place among its siblings; at the end when missing or too large.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<u32>,
        /// What it is.
        kind: Kind,
        /// `title`, `url`, `description`, `keyword` and any others.
        #[serde(default)]
        fields: BTreeMap<String, String>,
    },
    /// Writes fields; others stay.
    Set {
        /// The item.
        id: ItemId,
        /// The values from now on.
        fields: BTreeMap<String, String>,
    },
    /// Moves an item, with all it holds.
    Move {
        /// The item.
        id: ItemId,
        /// Its folder from now on.
        parent: ItemId,
        /// Its place among its new siblings, not counting itself; at the end when missing or too large.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<u32>,
    },
    /// Removes an item, with all it holds.
    Remove {
        /// The item.
        id: ItemId,
    },
}

/// Why an edit was not done. The state is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The replica has not met the account's bookmarks yet.
    #[error("the bookmarks have not been joined with those of the account yet")]
    NotJoined,
    /// No such item is in the tree.
    #[error("there is no item {id}")]
    NoSuchItem {
        /// The id given.
        id: ItemId,
    },
    /// The parent is not in the tree or is no folder.
    #[error("there is no folder {id}")]
    NoSuchFolder {
        /// The id given.
        id: ItemId,
    },
    /// A new item was to have the id of another one, perhaps of one that was deleted.
    #[error("the id {id} is in use or was")]
    IdTaken {
        /// The id given.
        id: ItemId,
    },
    /// The roots can be neither changed, moved nor removed.
    #[error("{id} is a root")]
    Root {
        /// The id given.
        id: ItemId,
    },
    /// A folder cannot be moved into itself.
    #[error("{id} cannot be moved into {parent}, which is within it")]
    IntoItself {
        /// The folder.
        id: ItemId,
        /// Where it was to go.
        parent: ItemId,
    },
}

impl Replica {
    /// Does one edit as this replica's own, at the time `now` (milliseconds since the Unix epoch). Gives the item's id.
    ///
    /// # Errors
    /// When the edit makes no sense for the tree as it is; nothing is changed then.
    pub fn edit(&mut self, op: EditOp, now: u64, rng: &mut impl CryptoRng) -> Result<ItemId, EditError> {
        if !self.joined {
            return Err(EditError::NotJoined);
        }
        match op {
            EditOp::Add {
                id,
                parent,
                index,
                kind,
                fields,
            } => self.add(id, &parent, index, kind, &fields, now, rng),
            EditOp::Set { id, fields } => {
                let slot = self.item(&id)?;
                self.start_stamp(now);
                for (name, text) in &fields {
                    let name = FieldName::new(name);
                    if *self.state.node(slot).text(&name) != **text
                        || self.state.node(slot).field(&name).is_none()
                    {
                        self.write_field(slot, name, text);
                    }
                }
                Ok(id)
            }
            EditOp::Move { id, parent, index } => {
                let slot = self.item(&id)?;
                let folder = self.folder(&parent)?;
                if self.state.is_within(folder, slot) {
                    return Err(EditError::IntoItself { id, parent });
                }
                self.start_stamp(now);
                self.put_at(slot, folder, index);
                Ok(id)
            }
            EditOp::Remove { id } => {
                let slot = self.item(&id)?;
                self.start_stamp(now);
                self.kill_all(slot);
                Ok(id)
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one edit")]
    fn add(
        &mut self,
        id: Option<ItemId>,
        parent: &ItemId,
        index: Option<u32>,
        kind: Kind,
        fields: &BTreeMap<String, String>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<ItemId, EditError> {
        let folder = self.folder(parent)?;
        let id = match id {
            Some(id) if self.state.find(&id).is_some() => return Err(EditError::IdTaken { id }),
            Some(id) => id,
            // Lines have no content that could tell two of them apart.
            None if kind == Kind::Separator => ItemId::random(rng),
            None => {
                let text = |name: &str| fields.get(name).map_or("", String::as_str);
                self.new_id(parent, kind, text("title"), &canonical_url(text("url")), rng)
            }
        };
        self.start_stamp(now);
        let slot = self.state.intern(&id);
        self.state.set_kind(slot, kind);
        for (name, text) in fields {
            self.write_field(slot, FieldName::new(name), text);
        }
        if let Some(name) = Node::first_field(kind).filter(|name| self.lacks(slot, name)) {
            self.write_field(slot, name, "");
        }
        self.put_at(slot, folder, index);
        Ok(id)
    }

    /// The id that the content gives, or where that is in use or was, a random one.
    fn new_id(
        &self,
        parent: &ItemId,
        kind: Kind,
        title: &str,
        canonical_url: &str,
        rng: &mut impl CryptoRng,
    ) -> ItemId {
        let derived = ItemId::derived(parent, kind, title, canonical_url, 0);
        if self.state.find(&derived).is_none() {
            derived
        } else {
            ItemId::random(rng)
        }
    }

    fn item(&self, id: &ItemId) -> Result<Slot, EditError> {
        match self.state.find(id) {
            Some(slot) if slot.is_root() => Err(EditError::Root { id: id.clone() }),
            Some(slot) if self.state.is_shown(slot) => Ok(slot),
            _ => Err(EditError::NoSuchItem { id: id.clone() }),
        }
    }

    fn folder(&self, id: &ItemId) -> Result<Slot, EditError> {
        self.state
            .find(id)
            .filter(|slot| self.state.is_folder(*slot) && self.state.is_shown(*slot))
            .ok_or_else(|| EditError::NoSuchFolder { id: id.clone() })
    }

    /// Puts an item into a folder as the child number `index`, as the tree shows it.
    fn put_at(&mut self, slot: Slot, folder: Slot, index: Option<u32>) {
        let anchor = {
            let mut others = self.state.children(folder).filter(|other| *other != slot);
            match index.and_then(|index| usize::try_from(index).ok()) {
                None => Anchor::End,
                Some(0) => others.next().map_or(Anchor::End, Anchor::Before),
                Some(index) => others
                    .nth(index.saturating_sub(1))
                    .map_or(Anchor::End, Anchor::After),
            }
        };
        self.write_order(
            folder,
            &[Run {
                anchor,
                items: vec![slot],
            }],
        );
        self.state.settle();
    }

    /// Kills an item and all that the tree shows in it.
    fn kill_all(&mut self, slot: Slot) {
        let mut doomed = vec![slot];
        let mut at = 0;
        while let Some(slot) = doomed.get(at).copied() {
            doomed.extend(self.state.children(slot));
            at = at.saturating_add(1);
        }
        for slot in doomed.into_iter().rev() {
            if let Some(newest) = self.state.node(slot).newest() {
                self.write_dead(slot, newest, Consent::Hand);
            }
        }
        self.state.settle();
    }
}
