// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A browser without a window: bookmarks that a user edits, a file that lags behind them, and edits that arrive.

use std::collections::BTreeMap;

use client::{Batch, HostEdit, HostInput, HostItem, HostTree};
use rand::RngExt;
use rand::rngs::StdRng;
use replica::Kind;

/// Tokens that the host gives out itself start here; 1, 2 and 3 are the roots.
const FIRST_TOKEN: u64 = 16;

/// The bookmarks of one browser.
#[derive(Clone)]
pub struct Host {
    items: BTreeMap<u64, HostItem>,
    children: BTreeMap<u64, Vec<u64>>,
    next_token: u64,
    generation: u64,
    /// The user edited since the last collection.
    dirty: bool,
    /// What the file on disk holds.
    file: HostTree,
}

impl Host {
    pub fn new() -> Host {
        Host::open(&HostTree::default())
    }

    /// Starts from a file: every item gets a new token.
    fn open(file: &HostTree) -> Host {
        let mut host = Host {
            items: BTreeMap::new(),
            children: BTreeMap::new(),
            next_token: FIRST_TOKEN,
            generation: 1,
            dirty: false,
            file: file.clone(),
        };
        let mut tokens = BTreeMap::from([(1, 1), (2, 2), (3, 3)]);
        for item in &file.items {
            let parent = tokens[&item.parent];
            let end = host.children(parent).len();
            let token = host.insert(
                HostItem {
                    parent,
                    ..item.clone()
                },
                end,
            );
            tokens.insert(item.token, token);
        }
        host
    }

    /// The process ended without a word and starts again from its file.
    pub fn crash(&mut self) {
        *self = Host::open(&self.file);
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn collect(&mut self) -> HostInput {
        self.dirty = false;
        HostInput::Tree {
            generation: self.generation,
            tree: self.tree(),
        }
    }

    /// Writes the file.
    pub fn save(&mut self) -> Option<HostInput> {
        self.file = self.tree();
        (!self.dirty).then_some(HostInput::Saved {
            generation: self.generation,
        })
    }

    /// Applies a batch whole, or drops it and gives the tree as it is now.
    pub fn apply(&mut self, batch: &Batch) -> HostInput {
        if self.dirty || batch.generation != self.generation {
            return self.collect();
        }
        for edit in &batch.edits {
            match edit {
                HostEdit::Insert { item, index } => {
                    self.place(item.token, item.parent, usize::try_from(*index).unwrap());
                    assert!(
                        self.items.insert(item.token, item.clone()).is_none(),
                        "a token was given twice"
                    );
                }
                HostEdit::Move { token, parent, index } => {
                    assert!(
                        !self.is_within(*parent, *token),
                        "a batch moves a folder into itself"
                    );
                    self.unplace(*token);
                    self.place(*token, *parent, usize::try_from(*index).unwrap());
                    self.items.get_mut(token).unwrap().parent = *parent;
                }
                HostEdit::Update {
                    token,
                    title,
                    url,
                    description,
                    keyword,
                } => {
                    let item = self.items.get_mut(token).unwrap();
                    (item.title, item.url) = (title.clone(), url.clone());
                    (item.description, item.keyword) = (description.clone(), keyword.clone());
                }
                HostEdit::Remove { token } => self.remove(*token),
            }
        }
        HostInput::Applied { number: batch.number }
    }

    /// The user saves a bookmark at the end of a root or folder; gives its token.
    pub fn add(&mut self, parent: u64, title: &str, url: &str) -> u64 {
        let end = self.children(parent).len();
        self.edited();
        self.insert(link(parent, title, url), end)
    }

    pub fn add_folder(&mut self, parent: u64, title: &str) -> u64 {
        let end = self.children(parent).len();
        self.edited();
        self.insert(
            HostItem {
                kind: Kind::Folder,
                ..link(parent, title, "")
            },
            end,
        )
    }

    pub fn rename(&mut self, token: u64, title: &str) {
        self.edited();
        self.items.get_mut(&token).unwrap().title = title.to_owned();
    }

    /// The token of what has this title.
    pub fn find(&self, title: &str) -> u64 {
        let found = self.items.values().find(|item| item.title == title);
        found.expect("it is there").token
    }

    /// The user moves something to the end of a folder.
    pub fn shift(&mut self, token: u64, folder: u64) {
        self.edited();
        self.unplace(token);
        let end = self.children(folder).len();
        self.place(token, folder, end);
        self.items.get_mut(&token).unwrap().parent = folder;
    }

    pub fn delete(&mut self, token: u64) {
        self.edited();
        self.remove(token);
    }

    /// The user does something to something; `name` makes it unique. Gives the address of an added bookmark, and the
    /// addresses of all that were removed.
    pub fn edit_at_random(&mut self, name: &str, rng: &mut StdRng) -> RandomEdit {
        let tokens: Vec<u64> = self.items.keys().copied().collect();
        let folders: Vec<u64> = [1, 2, 3]
            .into_iter()
            .chain(
                tokens
                    .iter()
                    .copied()
                    .filter(|t| self.items[t].kind == Kind::Folder),
            )
            .collect();
        let folder = folders[rng.random_range(0..folders.len())];
        let index = rng.random_range(0..=self.children(folder).len());
        self.edited();
        let choice = if tokens.is_empty() {
            0
        } else {
            rng.random_range(0..10)
        };
        let url = format!("https://{name}.example/");
        match choice {
            0..=3 => {
                self.insert(link(folder, name, &url), index);
                return RandomEdit {
                    added: Some(url),
                    removed: Vec::new(),
                };
            }
            4 => {
                self.insert(
                    HostItem {
                        kind: Kind::Folder,
                        ..link(folder, name, "")
                    },
                    index,
                );
            }
            5 | 6 => {
                let token = tokens[rng.random_range(0..tokens.len())];
                let item = self.items.get_mut(&token).unwrap();
                if item.kind != Kind::Separator {
                    item.title = name.to_owned();
                }
            }
            7 | 8 => {
                let token = tokens[rng.random_range(0..tokens.len())];
                if !self.is_within(folder, token) {
                    self.unplace(token);
                    let index = index.min(self.children(folder).len());
                    self.place(token, folder, index);
                    self.items.get_mut(&token).unwrap().parent = folder;
                }
            }
            _ => {
                let token = tokens[rng.random_range(0..tokens.len())];
                let removed = self.urls_within(token);
                self.remove(token);
                return RandomEdit { added: None, removed };
            }
        }
        RandomEdit::default()
    }

    /// Each item as a line: depth, kind, title and address; equal hosts have equal lines.
    pub fn lines(&self) -> Vec<String> {
        fn walk(host: &Host, parent: u64, depth: usize, lines: &mut Vec<String>) {
            for token in host.children(parent) {
                let item = &host.items[token];
                lines.push(format!(
                    "{}{:?} {} {}",
                    "  ".repeat(depth),
                    item.kind,
                    item.title,
                    item.url
                ));
                walk(host, *token, depth + 1, lines);
            }
        }
        let mut lines = Vec::new();
        for root in 1..=3 {
            lines.push(format!("root {root}"));
            walk(self, root, 1, &mut lines);
        }
        lines
    }

    pub fn urls(&self) -> Vec<String> {
        self.items
            .values()
            .filter(|item| item.kind == Kind::Link)
            .map(|item| item.url.clone())
            .collect()
    }

    fn tree(&self) -> HostTree {
        let mut items = Vec::new();
        let mut open: Vec<u64> = vec![3, 2, 1];
        while let Some(token) = open.pop() {
            if let Some(item) = self.items.get(&token) {
                items.push(item.clone());
            }
            open.extend(self.children(token).iter().rev());
        }
        HostTree { items }
    }

    fn edited(&mut self) {
        self.generation += 1;
        self.dirty = true;
    }

    fn children(&self, parent: u64) -> &[u64] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    fn insert(&mut self, item: HostItem, index: usize) -> u64 {
        let token = self.next_token;
        self.next_token += 1;
        self.place(token, item.parent, index);
        self.items.insert(token, HostItem { token, ..item });
        token
    }

    fn place(&mut self, token: u64, parent: u64, index: usize) {
        assert!(
            parent <= 3 || self.items[&parent].kind == Kind::Folder,
            "only folders hold items"
        );
        self.children.entry(parent).or_default().insert(index, token);
    }

    fn unplace(&mut self, token: u64) {
        let parent = self.items[&token].parent;
        self.children
            .get_mut(&parent)
            .unwrap()
            .retain(|child| *child != token);
    }

    fn remove(&mut self, token: u64) {
        self.unplace(token);
        let mut open = vec![token];
        while let Some(token) = open.pop() {
            self.items.remove(&token);
            open.extend(self.children.remove(&token).unwrap_or_default());
        }
    }

    fn is_within(&self, token: u64, ancestor: u64) -> bool {
        token == ancestor
            || self
                .items
                .get(&token)
                .is_some_and(|item| self.is_within(item.parent, ancestor))
    }

    fn urls_within(&self, token: u64) -> Vec<String> {
        self.items
            .values()
            .filter(|item| item.kind == Kind::Link && self.is_within(item.token, token))
            .map(|item| item.url.clone())
            .collect()
    }
}

/// What a random edit did to the set of bookmarks.
#[derive(Default)]
pub struct RandomEdit {
    pub added: Option<String>,
    pub removed: Vec<String>,
}

fn link(parent: u64, title: &str, url: &str) -> HostItem {
    HostItem {
        token: 0,
        parent,
        kind: Kind::Link,
        title: title.to_owned(),
        url: url.to_owned(),
        description: String::new(),
        keyword: String::new(),
    }
}
