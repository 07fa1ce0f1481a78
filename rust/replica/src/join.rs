// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The first meeting of a host's bookmarks with those of the account.
//!
//! It happens when a replica is new, and again when the host starts with bookmarks that are not those that it is known to
//! hold: an empty file, or another profile's. Then nothing is taken for the user's deletions; the host is as if new.

use std::collections::{BTreeMap, BTreeSet};

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::canonical::canonical_url;
use crate::incoming::Incoming;
use crate::matching::match_in_place;
use crate::state::{FieldName, Slot};
use crate::texts::{texts_of_item, texts_of_node};
use crate::{Consent, HostTree, Kind, Reconciled, Replica};

/// A host that held at least so many items and starts with less than one in [`KNOWN_SHARE`] of them is as if new.
const MIN_KNOWN: usize = 6;
const KNOWN_SHARE: usize = 10;

/// What becomes of what only one side has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinMode {
    /// All of both sides stays.
    #[default]
    Merge,
    /// The host gets what the account has, and nothing else stays there.
    Theirs,
    /// The account gets what the host has, and nothing else stays there.
    Mine,
}

/// What a merge of both sides would do, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct JoinPreview {
    /// Items of the host.
    pub local: u64,
    /// Items of the account.
    pub account: u64,
    /// Items that are the same on both sides.
    pub matched: u64,
    /// Items of the account that the host would get.
    pub added_here: u64,
    /// Items of the host that the account would get.
    pub added_there: u64,
    /// Bookmarks of one address that the two sides have under other titles, in other folders, or with other notes or keywords.
    pub conflicts: u64,
}

impl JoinPreview {
    /// Whether a merge leaves nothing to choose: one side is empty, or the two contradict each other nowhere.
    pub fn is_plain(&self) -> bool {
        self.local == 0 || self.account == 0 || self.conflicts == 0
    }
}

impl Replica {
    /// Whether [`Replica::join`] is due: the replica is new, or its host is as if new.
    pub fn awaits_join(&self) -> bool {
        !self.joined || self.early_tree.is_some()
    }

    /// The bookmarks that the host handed over for the join that is due.
    pub fn early_tree(&self) -> Option<&HostTree> {
        self.early_tree.as_ref().map(|(_, tree)| tree)
    }

    /// What [`Replica::join`] would do now, in numbers.
    pub fn preview_join(&self) -> JoinPreview {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let empty = HostTree::default();
        let tree = self.early_tree.as_ref().map_or(&empty, |(_, tree)| tree);
        let mut incoming = Incoming::new(tree);
        let candidates = self.rest_candidates(true, &incoming);
        match_in_place(&mut incoming, &candidates);
        let matched = incoming.slots.iter().flatten().count();
        let local = tree.items.len();
        let account = self.state.shown_count();
        JoinPreview {
            local: number(local),
            account: number(account),
            matched: number(matched),
            added_here: number(account.saturating_sub(matched)),
            added_there: number(local.saturating_sub(matched)),
            conflicts: number(self.conflicts(&incoming)),
        }
    }

    fn conflicts(&self, incoming: &Incoming<'_>) -> usize {
        let mut elsewhere: BTreeMap<String, usize> = BTreeMap::new();
        let links = self.state.slots().filter(|slot| {
            self.state.node(*slot).kind == Some(Kind::Link)
                && self.state.is_shown(*slot)
                && !incoming.is_taken(*slot)
        });
        for slot in links {
            let url = canonical_url(&self.state.node(slot).text(&FieldName::Url));
            let count = elsewhere.entry(url).or_default();
            *count = count.saturating_add(1);
        }
        let mut conflicts = 0_usize;
        for (item, slot) in incoming.items.iter().zip(&incoming.slots) {
            let differs = match slot {
                Some(slot) => {
                    let (ours, theirs) = (texts_of_item(item), texts_of_node(self.state.node(*slot)));
                    !ours.description().is_empty()
                        && ours.description() != theirs.description()
                        && !theirs.description().is_empty()
                        || !ours.keyword().is_empty()
                            && ours.keyword() != theirs.keyword()
                            && !theirs.keyword().is_empty()
                }
                None if item.kind == Kind::Link => {
                    let count = elsewhere
                        .get_mut(&canonical_url(&item.url))
                        .filter(|count| **count > 0);
                    count.is_some_and(|count| {
                        *count = count.saturating_sub(1);
                        true
                    })
                }
                None => false,
            };
            conflicts = conflicts.saturating_add(usize::from(differs));
        }
        conflicts
    }

    /// Joins the host's bookmarks with those merged so far, by content: what is in both at the same place is one, folders are
    /// united, and `mode` says what becomes of the rest. To be called when all that the account has was merged; does nothing
    /// where no join is due ([`Replica::awaits_join`]). `now` is milliseconds since the Unix epoch.
    pub fn join_as(&mut self, mode: JoinMode, now: u64, rng: &mut impl CryptoRng) -> Reconciled {
        if !self.awaits_join() {
            return Reconciled::default();
        }
        self.joined = true;
        self.meta_changed = true;
        let Some((generation, tree)) = self.early_tree.take() else {
            return Reconciled::default();
        };
        self.view.forget();
        let before: BTreeSet<Slot> = self
            .state
            .slots()
            .filter(|slot| self.state.is_shown(*slot))
            .collect();
        let mut done = self.reconcile_as(mode, generation, &tree, now, rng);
        let held: BTreeSet<Slot> = self.view.last_tree.iter().copied().collect();
        match mode {
            JoinMode::Merge => {}
            JoinMode::Theirs => {
                done = Reconciled {
                    matched: done.matched,
                    ..Reconciled::default()
                };
                for slot in held.difference(&before) {
                    self.kill_unheard(*slot);
                }
            }
            JoinMode::Mine => {
                for slot in before.difference(&held) {
                    if let Some(newest) = self.state.node(*slot).newest() {
                        self.write_dead(*slot, newest, Consent::Agreed);
                        done.removed = done.removed.saturating_add(1);
                    }
                }
            }
        }
        self.state.settle();
        done
    }

    /// Takes an item away that no other replica has heard of, and tells none.
    fn kill_unheard(&mut self, slot: Slot) {
        if let Some(newest) = self.state.node(slot).newest() {
            self.state.set_dead(slot, newest, Consent::Agreed);
            self.unpublished.remove(&slot);
            self.aside.remove(&slot);
            self.unpublished_unsaved.insert(slot);
        }
    }
}

/// Whether a host that held `held` items and has `found` of them still is as if new.
pub(crate) fn is_as_if_new(found: usize, held: usize) -> bool {
    held >= MIN_KNOWN && found.saturating_mul(KNOWN_SHARE) < held
}
