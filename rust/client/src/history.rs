// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Dated copies of the tree, thinned with age.
//!
//! A copy is a list of items, cut into parts where the items themselves say so: two copies share all parts but those in
//! which something changed, so that a copy each day costs little more than the changes of the day.

use std::collections::{BTreeMap, BTreeSet};

use replica::FlatItem;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The tables: one record for each copy, by its time, and one for each part, by its hash.
pub(crate) const COPIES: &str = "client_history";
pub(crate) const PARTS: &str = "client_history_part";

/// Most bytes that all parts take together; the newest copy is kept even if it takes more.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Most copies.
const MAX_COPIES: usize = 200;

/// An item ends a part where its id's first hash byte is below this: on average one in 128 does.
const PART_ENDS: u8 = 2;

/// Most items in one part.
const MAX_PART_ITEMS: usize = 1_024;

/// Largest part that is unpacked, in bytes.
const MAX_PART_BYTES: usize = 64 * 1024 * 1024;

const ZSTD_LEVEL: i32 = 3;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// Of copies older than the first time, one is kept for each span of the second; in milliseconds. Older ones than the last
/// are dropped.
const THINNING: [(u64, u64); 4] = [
    (DAY_MS, DAY_MS),
    (30 * DAY_MS, 7 * DAY_MS),
    (180 * DAY_MS, 30 * DAY_MS),
    (730 * DAY_MS, u64::MAX),
];

/// What a copy was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// A day has passed.
    Daily,
    /// What this device had before it joined.
    JoinMine,
    /// What the account had before this device joined.
    JoinTheirs,
    /// Before many bookmarks changed at once.
    Bulk,
    /// Before an earlier copy was restored.
    Restore,
}

/// One copy, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// When it was made, in milliseconds since the Unix epoch; also its name.
    pub at: u64,
    /// What for.
    pub occasion: Occasion,
    /// How many items it has.
    pub items: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    occasion: Occasion,
    items: u64,
    parts: Vec<String>,
}

/// All copies.
#[derive(Debug, Default)]
pub(crate) struct History {
    copies: BTreeMap<u64, Entry>,
    parts: BTreeMap<String, Vec<u8>>,
    dirty: BTreeSet<(&'static str, String)>,
}

/// Why a copy cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("there is no copy of that time: look at the list")]
    NoCopy,
    #[error("the copy is damaged: {0}")]
    Damaged(String),
}

impl History {
    /// The copies, newest first.
    pub(crate) fn list(&self) -> Vec<Copy> {
        let copies = self.copies.iter().rev();
        copies
            .map(|(at, entry)| Copy {
                at: *at,
                occasion: entry.occasion,
                items: entry.items,
            })
            .collect()
    }

    /// When the newest copy for that occasion was made.
    pub(crate) fn last(&self, occasion: Occasion) -> Option<u64> {
        let mut copies = self.copies.iter().rev();
        copies
            .find(|(_, entry)| entry.occasion == occasion)
            .map(|(at, _)| *at)
    }

    /// Makes a copy at the time `now`, unless the newest one says the same; and drops those that are due.
    pub(crate) fn add(&mut self, occasion: Occasion, items: &[FlatItem], now: u64) {
        let mut parts = Vec::new();
        let mut open = Vec::new();
        for item in items {
            open.push(item);
            let ends = Sha256::digest(item.id.as_str())
                .first()
                .is_some_and(|byte| *byte < PART_ENDS);
            if ends || open.len() >= MAX_PART_ITEMS {
                parts.extend(self.pack(&std::mem::take(&mut open)));
            }
        }
        if !open.is_empty() {
            parts.extend(self.pack(&open));
        }
        let same = self
            .copies
            .last_key_value()
            .is_some_and(|(_, last)| last.parts == parts);
        if !same {
            // Two copies within one millisecond have different names.
            let after = self
                .copies
                .last_key_value()
                .map_or(0, |(last, _)| last.saturating_add(1));
            let at = if self.copies.contains_key(&now) {
                after
            } else {
                now
            };
            let items = u64::try_from(items.len()).unwrap_or(u64::MAX);
            let entry = Entry {
                occasion,
                items,
                parts,
            };
            self.copies.insert(at, entry);
            self.dirty.insert((COPIES, key(at)));
        }
        self.thin(now);
    }

    /// Keeps a part under the hash of its content.
    fn pack(&mut self, items: &[&FlatItem]) -> Option<String> {
        let json = serde_json::to_vec(items).ok()?;
        let digest = Sha256::digest(&json);
        let name = hex::encode(digest.get(..16)?);
        if !self.parts.contains_key(&name) {
            let packed = zstd::bulk::compress(&json, ZSTD_LEVEL).ok()?;
            self.parts.insert(name.clone(), packed);
            self.dirty.insert((PARTS, name.clone()));
        }
        Some(name)
    }

    /// The items of a copy.
    pub(crate) fn open(&self, at: u64) -> Result<Vec<FlatItem>, OpenError> {
        let entry = self.copies.get(&at).ok_or(OpenError::NoCopy)?;
        let mut items = Vec::new();
        for part in &entry.parts {
            let packed = self
                .parts
                .get(part)
                .ok_or_else(|| OpenError::Damaged("a part is missing".to_owned()))?;
            let json = zstd::bulk::decompress(packed, MAX_PART_BYTES)
                .map_err(|error| OpenError::Damaged(error.to_string()))?;
            let part: Vec<FlatItem> = serde_json::from_slice(&json)
                .map_err(|error| OpenError::Damaged(crate::body::describe(&error)))?;
            items.extend(part);
        }
        Ok(items)
    }

    fn thin(&mut self, now: u64) {
        let mut spans = BTreeSet::new();
        let copies: Vec<u64> = self.copies.keys().copied().collect();
        let newest = copies.last().copied();
        // The oldest of each span stays, so that what stays does not change as it gets older.
        for at in copies {
            let age = now.saturating_sub(at);
            let rule = THINNING.iter().rev().find(|(older, _)| age >= *older);
            let keeps = rule
                .is_none_or(|(_, span)| *span != u64::MAX && spans.insert((*span, at.checked_div(*span))));
            if !keeps && Some(at) != newest {
                self.drop_copy(at);
            }
        }
        self.drop_unused_parts();
        while self.copies.len() > MAX_COPIES || self.copies.len() > 1 && self.bytes() > MAX_BYTES {
            let Some(oldest) = self.copies.keys().next().copied() else {
                return;
            };
            self.drop_copy(oldest);
            self.drop_unused_parts();
        }
    }

    fn drop_copy(&mut self, at: u64) {
        self.copies.remove(&at);
        self.dirty.insert((COPIES, key(at)));
    }

    fn drop_unused_parts(&mut self) {
        let used: BTreeSet<&String> = self.copies.values().flat_map(|entry| &entry.parts).collect();
        let unused: Vec<String> = self
            .parts
            .keys()
            .filter(|part| !used.contains(part))
            .cloned()
            .collect();
        for part in unused {
            self.parts.remove(&part);
            self.dirty.insert((PARTS, part));
        }
    }

    fn bytes(&self) -> usize {
        self.parts.values().map(Vec::len).sum()
    }

    /// The records that changed since the last call, and what is in them now.
    pub(crate) fn take_changes(&mut self) -> Vec<crate::Change> {
        let dirty = std::mem::take(&mut self.dirty);
        let change = |(table, key): (&'static str, String)| {
            let value = match table {
                COPIES => {
                    let entry = key.parse().ok().and_then(|at: u64| self.copies.get(&at));
                    entry.and_then(|entry| serde_json::to_vec(entry).ok())
                }
                _ => self.parts.get(&key).cloned(),
            };
            crate::Change { table, key, value }
        };
        dirty.into_iter().map(change).collect()
    }

    /// Takes one record in.
    pub(crate) fn restore(&mut self, table: &str, key: &str, value: Vec<u8>) -> Result<(), String> {
        if table == PARTS {
            self.parts.insert(key.to_owned(), value);
            return Ok(());
        }
        let at = key.parse().map_err(|_| "the key is no number".to_owned())?;
        let entry = serde_json::from_slice(&value).map_err(|error| crate::body::describe(&error))?;
        self.copies.insert(at, entry);
        Ok(())
    }
}

/// Numbers as keys sort as text.
fn key(at: u64) -> String {
    format!("{at:020}")
}

/// How an item differs between a copy and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// It is not in the copy.
    Added,
    /// It is gone since.
    Removed,
    /// It says something else.
    Changed,
    /// It is in another folder.
    Moved,
}

/// One item that differs between a copy and now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differing {
    /// How.
    pub difference: Difference,
    /// Its title now, or in the copy where it is gone.
    pub title: String,
    /// Its address, likewise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// The titles of the folders that it is in, from its root on, joined by `/`.
    pub folder: String,
}

/// What is different now from what it was in `then`: in the order of the trees, what is gone last.
pub(crate) fn differences(then: &[FlatItem], now: &[FlatItem]) -> Vec<Differing> {
    let (old, new) = (by_id(then), by_id(now));
    let differing = |difference, item: &FlatItem, tree: &BTreeMap<&str, &FlatItem>| Differing {
        difference,
        title: item.fields.get("title").cloned().unwrap_or_default(),
        url: item.fields.get("url").cloned().unwrap_or_default(),
        folder: folder(item, tree),
    };
    let said = |item: &FlatItem| -> BTreeMap<String, String> {
        let fields = item.fields.iter().filter(|(_, text)| !text.is_empty());
        fields.map(|(name, text)| (name.clone(), text.clone())).collect()
    };
    let mut found = Vec::new();
    for item in now {
        let difference = match old.get(item.id.as_str()) {
            None => Difference::Added,
            Some(before) if said(before) != said(item) => Difference::Changed,
            Some(before) if before.parent != item.parent => Difference::Moved,
            Some(_) => continue,
        };
        found.push(differing(difference, item, &new));
    }
    let gone = then.iter().filter(|item| !new.contains_key(item.id.as_str()));
    found.extend(gone.map(|item| differing(Difference::Removed, item, &old)));
    found
}

fn by_id(items: &[FlatItem]) -> BTreeMap<&str, &FlatItem> {
    items.iter().map(|item| (item.id.as_str(), item)).collect()
}

fn folder(item: &FlatItem, tree: &BTreeMap<&str, &FlatItem>) -> String {
    let mut names = Vec::new();
    let mut at = item.parent.as_str();
    // Trees are no deeper than this.
    for _ in 0..=replica::MAX_DEPTH {
        let Some(folder) = tree.get(at) else {
            names.push(at);
            break;
        };
        names.push(folder.fields.get("title").map_or("", String::as_str));
        at = folder.parent.as_str();
    }
    names.reverse();
    names.join("/")
}

#[cfg(test)]
mod tests;
