// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Many bookmarks that are here already wait for the user.
//!
//! A device that went wrong may give its whole library to the others once more, and again at each start. So what another
//! replica adds is held where it is much, and most of it has the title and the address of something that is here: the
//! items are known and passed on, and the host is not given them before the user accepts. Refusing deletes them everywhere.
//! What is only much is an import, which its user wanted; what was moved is no addition at all.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::canonical::canonical_url;
use crate::hold::{AT_ONCE_MS, Hold, is_large};
use crate::state::{FieldName, Slot};
use crate::{Consent, Kind, Replica, ReplicaId, Side};

/// So few additions are never asked about.
const MIN_ADDED: usize = 20;

/// Whether to ask, and what came shortly before.
#[derive(Debug, Default)]
pub(crate) struct Doubling {
    asks: bool,
    /// When the first additions came that count as at once with those that come now.
    since: Option<u64>,
    /// What there was before, and what each merge since has added: a large addition comes in several deltas.
    total: usize,
    added: Vec<Vec<Slot>>,
    /// Whether some of that waits. Then it takes no large one any more.
    holds: bool,
}

impl Replica {
    /// Whether to ask before many bookmarks that are here already come once more ([`Side::Doubled`]); at first not. What waits
    /// already goes on waiting. For replicas with a host: others have nothing to keep the items from.
    pub fn ask_about_doubles(&mut self, asks: bool) {
        self.doubling.asks = asks;
    }

    /// Holds what another replica has added, if most of it is here already. Gives how many items wait from now on.
    pub(crate) fn hold_doubles(&mut self, added: Vec<Slot>, by: ReplicaId, now: u64) -> u64 {
        if !self.doubling.asks || !self.joined || added.is_empty() {
            return 0;
        }
        let at_once = |since: u64| (since..since.saturating_add(AT_ONCE_MS)).contains(&now);
        if !self.doubling.since.is_some_and(at_once) {
            self.doubling = Doubling {
                asks: true,
                since: Some(now),
                total: self.state.shown_count().saturating_sub(added.len()),
                ..Doubling::default()
            };
        }
        self.doubling.added.push(added);
        let (added, total) = (&self.doubling.added, self.doubling.total);
        let holds = self.doubling.holds;
        let is_much = |count: usize| holds || count > MIN_ADDED && is_large(count, total);
        if !is_much(added.iter().map(Vec::len).sum()) {
            return 0;
        }
        let doubles = self.doubles(added);
        let are_doubles = |added: &&Vec<Slot>| {
            let count = added.iter().filter(|slot| doubles.contains(slot)).count();
            count.saturating_mul(2) > added.len()
        };
        let due: BTreeSet<Slot> = added.iter().filter(are_doubles).flatten().copied().collect();
        if !is_much(due.intersection(&doubles).count()) {
            return 0;
        }
        let mut held = 0_u64;
        for slot in due {
            let settled = self.view.now(slot).is_some() || self.holds.get(slot).is_some();
            let waits = !settled && self.state.is_shown(slot);
            if let Some(stamp) = self.state.node(slot).newest().filter(|_| waits) {
                let hold = Hold::new(Side::Doubled, stamp, Consent::None, by, now, total);
                self.holds.put(slot, hold);
                held = held.saturating_add(1);
            }
        }
        self.doubling.holds = true;
        self.doubling.added.clear();
        held
    }

    /// The links that have the title and the address of another one: of one that was here before, or of one of these.
    fn doubles(&self, added: &[Vec<Slot>]) -> BTreeSet<Slot> {
        let is_link = |slot: &Slot| self.state.node(*slot).kind == Some(Kind::Link);
        let title = |slot: Slot| self.state.node(slot).text(&FieldName::Title);
        let address = |slot: Slot| canonical_url(&self.state.node(slot).text(&FieldName::Url));
        let mut firsts: BTreeMap<Arc<str>, BTreeMap<String, Slot>> = BTreeMap::new();
        let mut doubles = BTreeSet::new();
        let new: BTreeSet<Slot> = added.iter().flatten().copied().collect();
        for slot in new.iter().copied().filter(is_link) {
            match firsts.entry(title(slot)).or_default().entry(address(slot)) {
                Entry::Vacant(first) => {
                    first.insert(slot);
                }
                Entry::Occupied(_) => {
                    doubles.insert(slot);
                }
            }
        }
        let before = self.state.slots().filter(is_link);
        for slot in before.filter(|slot| self.state.is_shown(*slot) && !new.contains(slot)) {
            if let Some(addresses) = firsts.get_mut(&title(slot))
                && let Some(first) = addresses.remove(&address(slot))
            {
                doubles.insert(first);
            }
        }
        doubles
    }
}
