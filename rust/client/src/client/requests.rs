// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Requests of partners: chat messages whose body is one JSON object with a version and a type.
//!
//! A request is carried out once. Its id names it; should it come again, its answer is sent again. New items get ids that
//! are derived from the request, so that several replicas that carry out the same one add the same items.

use std::collections::BTreeMap;

use jid::BareJid;
use omemo::DeviceId;
use rand_core::CryptoRng;
use replica::{EditError, EditOp, ItemId, Kind, Root, Tree, TreeNode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::Client;
use super::import::{ImportError, MAX_ITEMS};
use super::state::Handled;
use crate::body::{VERSION, describe, escape_noncharacters};
use crate::{DropReason, Event, PlainItem, PlainTree};

/// Requests whose answers are remembered.
const MAX_HANDLED: usize = 1_000;

/// Longest id of a request, in bytes.
pub(super) const MAX_ID_BYTES: usize = 128;

/// Bytes of items in one part of an export, as JSON: encrypted, a part stays below [`crate::SAFE_STANZA_BYTES`].
const PART_BYTES: usize = 24 * 1024;

/// Most parts of an export.
const MAX_PARTS: usize = 500;

const TYPES: [&str; 6] = ["add", "set", "move", "remove", "export", "import"];

/// What a partner may ask for.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Ask {
    Add {
        parent: ItemId,
        #[serde(default)]
        index: Option<u32>,
        items: Vec<PlainItem>,
    },
    Set {
        item: ItemId,
        fields: BTreeMap<String, String>,
    },
    Move {
        item: ItemId,
        parent: ItemId,
        #[serde(default)]
        index: Option<u32>,
    },
    Remove {
        item: ItemId,
    },
    Export {
        #[serde(default, rename = "as")]
        shape: Shape,
        #[serde(default)]
        folder: Option<ItemId>,
    },
    Import {
        bookmarks: PlainTree,
        #[serde(default)]
        dry_run: bool,
    },
}

/// How an export comes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shape {
    /// Item by item, in as many messages as it takes.
    #[default]
    List,
    /// As one tree, where it fits into one message.
    Tree,
}

/// One exported item: plain, and with its folder's id, so that an export can be cut into parts anywhere.
#[derive(Serialize)]
struct FlatItem<'a> {
    id: &'a ItemId,
    parent: &'a ItemId,
    kind: Kind,
    #[serde(flatten)]
    fields: &'a BTreeMap<String, String>,
}

/// Why a request is not carried out. Nothing was changed.
struct Refusal {
    reason: &'static str,
    text: String,
}

impl From<EditError> for Refusal {
    fn from(error: EditError) -> Refusal {
        let reason = match error {
            EditError::NoSuchItem { .. } | EditError::NoSuchFolder { .. } => "not-found",
            EditError::NotJoined => "not-ready",
            _ => "bad-request",
        };
        Refusal {
            reason,
            text: error.to_string(),
        }
    }
}

impl From<ImportError> for Refusal {
    fn from(error: ImportError) -> Refusal {
        match error {
            ImportError::Edit(error) => error.into(),
            ImportError::TooMany { .. } => Refusal {
                reason: "too-large",
                text: error.to_string(),
            },
        }
    }
}

impl Client {
    pub(super) fn take_request(
        &mut self,
        from: &BareJid,
        device: DeviceId,
        stanza: Option<&str>,
        request: Map<String, Value>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let kind = request
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        if ["result", "nack"].contains(&kind.as_str()) {
            return;
        }
        if !self.config.is_partner(from) {
            let detail = "a request of somebody who is no partner".to_owned();
            self.drop_input(DropReason::NotAllowed, from.as_str(), Some(device), detail);
            return;
        }
        let id = request
            .get("id")
            .and_then(Value::as_str)
            .or(stanza)
            .unwrap_or_default()
            .to_owned();
        let key = hex::encode(Sha256::digest(format!("{from}\n{id}")));
        if let Some(handled) = self.state.handled().get(&key) {
            let reply = handled.reply.clone();
            self.post(None, from.clone(), reply, now);
            return;
        }
        let replies = match self.carry_out(from, &id, &kind, request, now, rng) {
            Ok(replies) => replies,
            Err(Refusal { reason, text }) => {
                let mut nack =
                    json!({"v": VERSION, "type": "nack", "of": id, "reason": reason, "text": text});
                if reason == "version"
                    && let Some(nack) = nack.as_object_mut()
                {
                    nack.insert("min".to_owned(), json!(VERSION));
                    nack.insert("max".to_owned(), json!(VERSION));
                }
                vec![nack]
            }
        };
        if let ([reply], false) = (replies.as_slice(), kind == "export") {
            let handled = Handled {
                at: now,
                reply: escape_noncharacters(reply.to_string()),
            };
            // What could not be carried out now may be later; what was only counted may be meant next time.
            let counted = reply.get("dry_run").is_some();
            if !counted && reply.get("type").and_then(Value::as_str) == Some("result") {
                self.state.remember(key, handled, MAX_HANDLED);
            }
        }
        for reply in replies {
            self.post(None, from.clone(), escape_noncharacters(reply.to_string()), now);
        }
    }

    fn carry_out(
        &mut self,
        from: &BareJid,
        id: &str,
        kind: &str,
        request: Map<String, Value>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<Value>, Refusal> {
        let refuse = |reason, text: String| Refusal { reason, text };
        if request.get("v").and_then(Value::as_u64) != Some(VERSION) {
            let found = request.get("v").map(Value::to_string).unwrap_or_default();
            return Err(refuse("version", format!("version {found} is not known here")));
        }
        if !TYPES.contains(&kind) {
            return Err(refuse(
                "unknown-type",
                format!("the types are {}", TYPES.join(", ")),
            ));
        }
        if id.is_empty() || id.len() > MAX_ID_BYTES {
            return Err(refuse(
                "bad-request",
                format!("\"id\" must have 1 to {MAX_ID_BYTES} bytes"),
            ));
        }
        if !self.config.sync_bookmarks || !self.replica.joined() {
            return Err(refuse("not-ready", "the bookmarks are not there yet".to_owned()));
        }
        let ask = serde_json::from_value(Value::Object(request))
            .map_err(|error| refuse("bad-request", describe(&error)))?;
        let mut result = json!({"v": VERSION, "type": "result", "of": id});
        let mut set = |name: &str, value: Value| {
            if let Some(object) = result.as_object_mut() {
                object.insert(name.to_owned(), value);
            }
        };
        match ask {
            Ask::Add { parent, index, items } => {
                let added = self.add_items(from, id, &parent, index, &items, now, rng)?;
                set("items", json!(added));
            }
            Ask::Set { item, fields } => {
                self.edit(EditOp::Set { id: item, fields }, now, rng)?;
            }
            Ask::Move { item, parent, index } => {
                self.edit(
                    EditOp::Move {
                        id: item,
                        parent,
                        index,
                    },
                    now,
                    rng,
                )?;
            }
            Ask::Remove { item } => {
                self.edit(EditOp::Remove { id: item }, now, rng)?;
            }
            Ask::Import { bookmarks, dry_run } => {
                let (added, matched) = self.import_or_count(&bookmarks, dry_run, now, rng)?;
                set("added", json!(added));
                set("matched", json!(matched));
                if dry_run {
                    set("dry_run", json!(true));
                }
            }
            Ask::Export { shape, folder } => return export(&self.replica.tree(), folder, &shape, id),
        }
        Ok(vec![result])
    }

    /// Adds items with all that they hold; gives the ids of the outermost ones.
    #[allow(clippy::too_many_arguments)]
    fn add_items(
        &mut self,
        from: &BareJid,
        request: &str,
        parent: &ItemId,
        index: Option<u32>,
        items: &[PlainItem],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<ItemId>, Refusal> {
        let count = PlainTree {
            other: items.to_vec(),
            ..PlainTree::default()
        }
        .count();
        if count == 0 {
            return Err(Refusal {
                reason: "bad-request",
                text: "there is no item to add".to_owned(),
            });
        }
        if count > MAX_ITEMS {
            return Err(ImportError::TooMany { count }.into());
        }
        let mut outermost = Vec::new();
        let mut added = 0_u64;
        // (folder, place in it, item), folders before what they hold.
        let mut queue: std::collections::VecDeque<(ItemId, Option<u32>, &PlainItem)> = items
            .iter()
            .zip(0_u32..)
            .map(|(item, offset)| {
                (
                    parent.clone(),
                    index.map(|index| index.saturating_add(offset)),
                    item,
                )
            })
            .collect();
        let mut number = 0_u64;
        while let Some((parent, index, item)) = queue.pop_front() {
            let id = derived_id(from, request, number);
            number = number.saturating_add(1);
            let (kind, fields) = (item.kind(), item.fields());
            let add = EditOp::Add {
                id: id.clone(),
                parent,
                index,
                kind,
                fields,
            };
            let id = match self.replica.edit(add, now, rng) {
                Ok(id) => {
                    added = added.saturating_add(1);
                    id
                }
                // Added before, here or by another replica that carried out the same request.
                Err(EditError::IdTaken { id }) => id,
                Err(error) => return Err(error.into()),
            };
            if outermost.len() < items.len() {
                outermost.push(id.clone());
            }
            queue.extend(item.children.iter().map(|child| (id.clone(), None, child)));
        }
        if added > 0 {
            self.events.push(Event::BookmarksChanged {
                added,
                changed: 0,
                removed: 0,
                remote: true,
            });
            self.host_due = true;
            self.note_edits(now);
        }
        Ok(outermost)
    }
}

/// The id of a request's item: the same on every replica that carries it out.
fn derived_id(from: &BareJid, request: &str, number: u64) -> Option<ItemId> {
    let digest = Sha256::digest(format!("xmppsync request 1\n{from}\n{request}\n{number}"));
    let name: String = hex::encode(digest).chars().take(24).collect();
    ItemId::new(&name).ok()
}

/// The whole tree, or what one folder holds, as messages that a server takes.
fn export(tree: &Tree, folder: Option<ItemId>, shape: &Shape, of: &str) -> Result<Vec<Value>, Refusal> {
    let folders: Vec<(ItemId, &[TreeNode])> = match folder {
        None => Root::ALL
            .into_iter()
            .map(|root| (ItemId::root(root), tree.root(root)))
            .collect(),
        Some(id) => {
            let found = Root::ALL.into_iter().find_map(|root| {
                let nodes = tree.root(root);
                if id == ItemId::root(root) {
                    Some(nodes)
                } else {
                    inside(nodes, &id)
                }
            });
            let nodes = found.ok_or(EditError::NoSuchFolder { id: id.clone() })?;
            vec![(id, nodes)]
        }
    };
    match shape {
        Shape::List => export_list(&folders, of),
        Shape::Tree => export_tree(folders, of),
    }
}

/// What a folder below these items holds.
fn inside<'a>(nodes: &'a [TreeNode], id: &ItemId) -> Option<&'a [TreeNode]> {
    nodes.iter().find_map(|node| {
        if node.id == *id && node.kind == Kind::Folder {
            Some(node.children.as_slice())
        } else {
            inside(&node.children, id)
        }
    })
}

fn export_tree(folders: Vec<(ItemId, &[TreeNode])>, of: &str) -> Result<Vec<Value>, Refusal> {
    let mut bookmarks = Map::new();
    for (id, nodes) in folders {
        let items: Vec<PlainItem> = nodes.iter().map(PlainItem::from).collect();
        bookmarks.insert(id.to_string(), json!(items));
    }
    let bookmarks = Value::Object(bookmarks);
    let bytes = bookmarks.to_string().len();
    if bytes > PART_BYTES {
        let text = format!(
            "as one tree this takes {bytes} bytes, at most {PART_BYTES} fit into one message: leave out \"as\", or name a folder"
        );
        return Err(Refusal {
            reason: "too-large",
            text,
        });
    }
    Ok(vec![
        json!({"v": VERSION, "type": "result", "of": of, "bookmarks": bookmarks}),
    ])
}

fn export_list(folders: &[(ItemId, &[TreeNode])], of: &str) -> Result<Vec<Value>, Refusal> {
    let mut flat = Vec::new();
    for (id, nodes) in folders {
        flatten(id, nodes, &mut flat);
    }
    let mut parts: Vec<Vec<Value>> = vec![Vec::new()];
    let mut bytes = 0_usize;
    for item in flat {
        let size = item.to_string().len();
        bytes = bytes.saturating_add(size);
        if bytes > PART_BYTES && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(Vec::new());
            bytes = size;
        }
        if let Some(part) = parts.last_mut() {
            part.push(item);
        }
    }
    let count = parts.len();
    if count > MAX_PARTS {
        let text = format!("the bookmarks take {count} messages, at most {MAX_PARTS} are sent");
        return Err(Refusal {
            reason: "too-large",
            text,
        });
    }
    let part = |(items, number): (Vec<Value>, usize)| json!({"v": VERSION, "type": "result", "of": of, "part": [number, count], "items": items});
    Ok(parts.into_iter().zip(1..).map(part).collect())
}

fn flatten(parent: &ItemId, nodes: &[TreeNode], flat: &mut Vec<Value>) {
    for node in nodes {
        let item = FlatItem {
            id: &node.id,
            parent,
            kind: node.kind,
            fields: &node.fields,
        };
        flat.extend(serde_json::to_value(item).ok());
        flatten(&node.id, &node.children, flat);
    }
}
