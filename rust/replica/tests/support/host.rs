// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! A host like Falkon: items without ids, a file that is written some time after a change, batches that are refused when the
//! user was faster. It checks every edit that it is given as strictly as a browser would crash on it.

use std::collections::BTreeMap;

use replica::{Batch, HostEdit, HostItem, HostTree, Kind, canonical_url};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    pub title: String,
    pub url: String,
    pub description: String,
    pub keyword: String,
}

#[derive(Debug, Clone)]
struct Item {
    parent: u64,
    kind: Kind,
    texts: Texts,
    children: Vec<u64>,
}

#[derive(Debug, Clone)]
pub struct Host {
    items: BTreeMap<u64, Item>,
    next_token: u64,
    /// Rises with every change that is not the applier's.
    pub generation: u64,
    /// What the bookmarks file holds.
    file: HostTree,
    /// Spells addresses anew, as Falkon's QUrl does.
    pub respells: bool,
}

pub const ROOTS: [u64; 3] = [1, 2, 3];

impl Host {
    pub fn new() -> Host {
        let root = |token| {
            (
                token,
                Item {
                    parent: 0,
                    kind: Kind::Folder,
                    texts: Texts::default(),
                    children: vec![],
                },
            )
        };
        Host {
            items: ROOTS.map(root).into(),
            next_token: 16,
            generation: 1,
            file: HostTree::default(),
            respells: false,
        }
    }

    // What a user does.

    pub fn add(&mut self, parent: u64, index: usize, kind: Kind, texts: Texts) -> u64 {
        let token = self.next_token;
        self.next_token += 1;
        self.insert(token, parent, index, kind, texts);
        self.generation += 1;
        token
    }

    pub fn set(&mut self, token: u64, change: impl FnOnce(&mut Texts)) {
        change(&mut self.items.get_mut(&token).unwrap().texts);
        self.generation += 1;
    }

    pub fn shift(&mut self, token: u64, parent: u64, index: usize) {
        self.take_out(token);
        self.put(token, parent, index);
        self.generation += 1;
    }

    pub fn remove(&mut self, token: u64) {
        self.take_out(token);
        self.drop_all(token);
        self.generation += 1;
    }

    // What the applier does.

    /// Applies a batch as a whole, or refuses it because the user has changed something since.
    pub fn apply(&mut self, batch: &Batch) -> bool {
        if batch.generation != self.generation {
            return false;
        }
        for edit in &batch.edits {
            match edit.clone() {
                HostEdit::Insert { item, index } => {
                    let HostItem {
                        token,
                        parent,
                        kind,
                        title,
                        url,
                        description,
                        keyword,
                    } = item;
                    assert!(
                        token >= replica::FIRST_REPLICA_TOKEN,
                        "token {token} is the host's own"
                    );
                    self.insert(
                        token,
                        parent,
                        index as usize,
                        kind,
                        Texts {
                            title,
                            url,
                            description,
                            keyword,
                        },
                    );
                }
                HostEdit::Move { token, parent, index } => {
                    assert!(
                        !self.is_within(parent, token),
                        "{token} was to be moved into itself"
                    );
                    self.take_out(token);
                    self.put(token, parent, index as usize);
                }
                HostEdit::Update {
                    token,
                    title,
                    url,
                    description,
                    keyword,
                } => {
                    let item = self
                        .items
                        .get_mut(&token)
                        .expect("an update of an item that is there");
                    item.texts = Texts {
                        title,
                        url: respell(self.respells, url),
                        description,
                        keyword,
                    };
                }
                HostEdit::Remove { token } => {
                    self.take_out(token);
                    self.drop_all(token);
                }
            }
        }
        true
    }

    pub fn save(&mut self) {
        self.file = self.collect();
    }

    /// Ends without saving and starts again from the file: what was not saved is lost, and every token is another.
    pub fn restart(&mut self) {
        let file = std::mem::take(&mut self.file);
        let (next_token, respells) = (self.next_token + 1000, self.respells);
        *self = Host {
            next_token,
            respells,
            ..Host::new()
        };
        let mut renamed: BTreeMap<u64, u64> = ROOTS.map(|root| (root, root)).into();
        for item in &file.items {
            let HostItem {
                parent,
                kind,
                title,
                url,
                description,
                keyword,
                ..
            } = item.clone();
            let folder = renamed[&parent];
            let index = self.children(folder).len();
            let token = self.add(
                folder,
                index,
                kind,
                Texts {
                    title,
                    url,
                    description,
                    keyword,
                },
            );
            renamed.insert(item.token, token);
        }
        self.generation = 1;
        self.save();
    }

    // What can be seen.

    pub fn collect(&self) -> HostTree {
        let mut tree = HostTree::default();
        for root in ROOTS {
            self.collect_into(root, &mut tree);
        }
        tree
    }

    fn collect_into(&self, folder: u64, tree: &mut HostTree) {
        for token in self.children(folder) {
            let Item {
                parent, kind, texts, ..
            } = self.items[token].clone();
            let Texts {
                title,
                url,
                description,
                keyword,
            } = texts;
            tree.items.push(HostItem {
                token: *token,
                parent,
                kind,
                title,
                url,
                description,
                keyword,
            });
            self.collect_into(*token, tree);
        }
    }

    pub fn children(&self, folder: u64) -> &[u64] {
        &self.items[&folder].children
    }

    pub fn kind(&self, token: u64) -> Kind {
        self.items[&token].kind
    }

    pub fn texts(&self, token: u64) -> &Texts {
        &self.items[&token].texts
    }

    pub fn parent(&self, token: u64) -> u64 {
        self.items[&token].parent
    }

    /// All items, folders before what they hold.
    pub fn tokens(&self) -> Vec<u64> {
        self.collect().items.iter().map(|item| item.token).collect()
    }

    pub fn is_within(&self, token: u64, folder: u64) -> bool {
        let mut at = token;
        while at != 0 {
            if at == folder {
                return true;
            }
            at = self.items[&at].parent;
        }
        false
    }

    pub fn depth(&self) -> usize {
        let depth = |token: &u64| {
            std::iter::successors(Some(*token), |at| Some(self.items[at].parent))
                .take_while(|at| *at > 3)
                .count()
        };
        self.items.keys().map(depth).max().unwrap_or(0)
    }

    fn insert(&mut self, token: u64, parent: u64, index: usize, kind: Kind, mut texts: Texts) {
        texts.url = respell(self.respells, texts.url);
        let old = self.items.insert(
            token,
            Item {
                parent: 0,
                kind,
                texts,
                children: vec![],
            },
        );
        assert!(old.is_none(), "token {token} is given twice");
        self.put(token, parent, index);
    }

    fn put(&mut self, token: u64, parent: u64, index: usize) {
        let folder = self.items.get_mut(&parent).expect("the folder is there");
        assert_eq!(folder.kind, Kind::Folder, "only folders hold items");
        assert!(
            index <= folder.children.len(),
            "row {index} of {}",
            folder.children.len()
        );
        folder.children.insert(index, token);
        self.items.get_mut(&token).expect("the item is there").parent = parent;
    }

    fn take_out(&mut self, token: u64) {
        let parent = self.items.get(&token).expect("the item is there").parent;
        let siblings = &mut self
            .items
            .get_mut(&parent)
            .expect("roots are not taken out")
            .children;
        siblings.retain(|other| *other != token);
    }

    fn drop_all(&mut self, token: u64) {
        for child in self.items.remove(&token).expect("the item is there").children {
            self.drop_all(child);
        }
    }
}

fn respell(respells: bool, url: String) -> String {
    if respells && !url.is_empty() {
        canonical_url(&url)
    } else {
        url
    }
}
