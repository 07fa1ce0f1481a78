// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Adding plain bookmarks beside what is there: the same address and title in the same folder is not added again.

use std::collections::{BTreeMap, VecDeque};

use rand_core::CryptoRng;
use replica::{EditError, EditOp, ItemId, Kind, Root, Tree, TreeNode, canonical_url};

use super::Client;
use crate::{Event, PlainItem, PlainTree};

/// Most items in one import or request.
pub(super) const MAX_ITEMS: usize = 200_000;

/// Why an import was not done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The replica has not met the account's bookmarks yet.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// More than can be taken at once.
    #[error("{count} bookmarks at once, at most {MAX_ITEMS} are taken: import them in several parts")]
    TooMany {
        /// How many there are.
        count: usize,
    },
}

impl Client {
    /// How many items an import of `tree` would add now, and how many are there already. Nothing is changed.
    ///
    /// # Errors
    /// Those that the import would have.
    pub fn count_import(&self, tree: &PlainTree) -> Result<(u64, u64), ImportError> {
        self.check_import(tree)?;
        Ok(Plan::new(tree, &self.replica.tree()).numbers())
    }

    pub(super) fn import_or_count(
        &mut self,
        tree: &PlainTree,
        dry_run: bool,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(u64, u64), ImportError> {
        if dry_run {
            return self.count_import(tree);
        }
        self.check_import(tree)?;
        self.copy_before(tree.count(), now);
        let present = self.replica.tree();
        let plan = Plan::new(tree, &present);
        let mut ids: Vec<ItemId> = Vec::with_capacity(plan.adds.len());
        for (parent, item) in &plan.adds {
            let parent = match parent {
                Folder::Present(id) => Some(id),
                Folder::Added(number) => ids.get(*number),
            };
            // A folder comes before what it holds.
            let Some(parent) = parent.cloned() else { continue };
            let add = EditOp::Add {
                id: None,
                parent,
                index: None,
                kind: item.kind(),
                fields: item.fields(),
            };
            ids.push(self.replica.edit(add, now, rng)?);
        }
        let (added, matched) = plan.numbers();
        if added > 0 {
            self.events.push(Event::BookmarksChanged {
                added,
                changed: 0,
                removed: 0,
                remote: false,
            });
            self.host_due = true;
            self.note_edits(now);
        }
        Ok((added, matched))
    }

    fn check_import(&self, tree: &PlainTree) -> Result<(), ImportError> {
        if !self.replica.joined() {
            return Err(EditError::NotJoined.into());
        }
        match tree.count() {
            count if count > MAX_ITEMS => Err(ImportError::TooMany { count }),
            _ => Ok(()),
        }
    }
}

/// Where an item goes.
enum Folder {
    Present(ItemId),
    /// The folder that is added by [`Plan::adds`] at that index.
    Added(usize),
}

/// What an import does, folders before what they hold.
struct Plan<'a> {
    adds: Vec<(Folder, &'a PlainItem)>,
    matched: u64,
}

impl<'a> Plan<'a> {
    fn new(wanted: &'a PlainTree, present: &Tree) -> Plan<'a> {
        let mut plan = Plan {
            adds: Vec::new(),
            matched: 0,
        };
        // Folders to fill: with what, and what they hold already.
        let mut queue: VecDeque<(Folder, &'a [PlainItem], &[TreeNode])> = Root::ALL
            .into_iter()
            .map(|root| {
                (
                    Folder::Present(ItemId::root(root)),
                    wanted.root(root),
                    present.root(root),
                )
            })
            .collect();
        while let Some((folder, wanted, present)) = queue.pop_front() {
            let mut known: BTreeMap<(Kind, &str, String), VecDeque<&TreeNode>> = BTreeMap::new();
            for node in present {
                let key = (node.kind, node.field("title"), canonical_url(node.field("url")));
                known.entry(key).or_default().push_back(node);
            }
            for item in wanted {
                let key = (item.kind(), item.title.as_str(), canonical_url(&item.url));
                let (inner, children): (Folder, &[TreeNode]) =
                    match known.get_mut(&key).and_then(VecDeque::pop_front) {
                        Some(node) => {
                            plan.matched = plan.matched.saturating_add(1);
                            (Folder::Present(node.id.clone()), &node.children)
                        }
                        None => {
                            let number = plan.adds.len();
                            let into = match &folder {
                                Folder::Present(id) => Folder::Present(id.clone()),
                                Folder::Added(number) => Folder::Added(*number),
                            };
                            plan.adds.push((into, item));
                            (Folder::Added(number), &[])
                        }
                    };
                if item.kind() == Kind::Folder && !item.children.is_empty() {
                    queue.push_back((inner, &item.children, children));
                }
            }
        }
        plan
    }

    /// How many are added, and how many are there.
    fn numbers(&self) -> (u64, u64) {
        (u64::try_from(self.adds.len()).unwrap_or(u64::MAX), self.matched)
    }
}
