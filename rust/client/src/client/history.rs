// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! When a copy of the tree is made, and going back to one.

use replica::{FlatItem, HostTree};

use super::Client;
use super::state::State;
use crate::history::{Copy, Differing, Occasion, OpenError, differences};
use crate::{Event, PlainTree};

/// A copy is made after this time, in milliseconds, if anything has changed.
const DAILY_MS: u64 = 24 * 3_600_000;

/// So many items at once are a bulk change.
const BULK_ITEMS: usize = 100;

/// Bulk changes within this time share one copy, in milliseconds.
const BULK_PAUSE_MS: u64 = 10 * 60_000;

/// Most differences that one event names.
const MAX_TOLD: usize = 500;

/// When the next daily copy is due, in milliseconds since the Unix epoch.
pub(super) fn next_copy(state: &State) -> u64 {
    let newest = state.history.list().first().map(|copy| copy.at);
    newest.map_or(0, |at| at.saturating_add(DAILY_MS))
}

impl Client {
    /// The dated copies of the bookmarks, newest first.
    #[must_use]
    pub fn history(&self) -> Vec<Copy> {
        self.state.history.list()
    }

    /// The bookmarks of a copy.
    ///
    /// # Errors
    /// In words: when there is no such copy, or it cannot be read.
    pub fn history_tree(&self, at: u64) -> Result<PlainTree, String> {
        let items = self.state.history.open(at).map_err(|error| error.to_string())?;
        Ok(PlainTree::from(items.as_slice()))
    }

    /// What is different now from what it was in a copy.
    ///
    /// # Errors
    /// In words: when there is no such copy, or it cannot be read.
    pub fn history_differences(&self, at: u64) -> Result<Vec<Differing>, String> {
        self.differences_to(at).map_err(|error| error.to_string())
    }

    fn differences_to(&self, at: u64) -> Result<Vec<Differing>, OpenError> {
        let items = self.state.history.open(at)?;
        Ok(differences(&items, &self.replica.flat()))
    }

    /// When the next daily copy is due.
    pub(super) fn copy_due(&self) -> Option<u64> {
        (self.config.sync_bookmarks && self.replica.joined() && !self.replica.is_empty())
            .then_some(self.copy_due)
    }

    /// Makes the daily copy where it is due.
    pub(super) fn copy_daily(&mut self, now: u64) {
        if self.copy_due().is_some_and(|due| due <= now) {
            self.copy(Occasion::Daily, now);
            self.copy_due = now.saturating_add(DAILY_MS);
        }
    }

    /// Makes a copy before `items` items change at once, if these are many.
    pub(super) fn copy_before(&mut self, items: usize, now: u64) {
        let last = self.state.history.last(Occasion::Bulk);
        let lately = last.is_some_and(|last| now < last.saturating_add(BULK_PAUSE_MS));
        if items >= BULK_ITEMS && self.replica.joined() && !lately {
            self.copy(Occasion::Bulk, now);
        }
    }

    /// Makes a copy of the bookmarks as they are.
    pub(super) fn copy(&mut self, occasion: Occasion, now: u64) {
        let items = self.replica.flat();
        self.keep_copy(occasion, &items, now);
    }

    fn keep_copy(&mut self, occasion: Occasion, items: &[FlatItem], now: u64) {
        if !items.is_empty() {
            self.state.history.add(occasion, items, now);
        }
    }

    /// Makes a copy of what this device had before it joined.
    pub(super) fn copy_host(&mut self, tree: &HostTree, now: u64) {
        let items = self.replica.flat_host(tree);
        self.keep_copy(Occasion::JoinMine, &items, now);
    }

    pub(super) fn tell_history(&mut self, id: String) {
        let copies = self.history();
        self.events.push(Event::History { id, copies });
    }

    pub(super) fn tell_differences(&mut self, id: String, at: u64) {
        let event = match self.differences_to(at) {
            Ok(mut differences) => {
                let total = u64::try_from(differences.len()).unwrap_or(u64::MAX);
                differences.truncate(MAX_TOLD);
                Event::HistoryDiff {
                    id,
                    at,
                    total,
                    differences,
                }
            }
            Err(error) => return self.refuse(id, error.into()),
        };
        self.events.push(event);
    }

    /// Goes back to a copy, by edits like any others.
    pub(super) fn restore(&mut self, id: String, at: u64, now: u64) {
        let items = match self.state.history.open(at) {
            Ok(items) if self.replica.joined() => items,
            Ok(_) => return self.refuse(id, replica::EditError::NotJoined.into()),
            Err(error) => return self.refuse(id, error.into()),
        };
        self.copy(Occasion::Restore, now);
        let done = self.replica.restore(&items, now);
        let (added, changed, removed) = (done.added, done.changed, done.removed);
        self.events.push(Event::Restored {
            id,
            at,
            added,
            changed,
            removed,
        });
        if added.saturating_add(changed).saturating_add(removed) > 0 {
            self.events.push(Event::BookmarksChanged {
                added,
                changed,
                removed,
                remote: false,
            });
        }
        self.host_due = true;
        self.note_edits(now);
    }
}
