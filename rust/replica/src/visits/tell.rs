// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What this device tells the others: its own counts, those of devices that are gone and whose part it took over, and the
//! deletions that were made here, or that took something away that was known here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::page::Shelf;
use super::{Origin, PageRow, Visits};

impl Visits {
    /// What changed lately, the oldest change first.
    pub fn recent(&self) -> Vec<PageRow> {
        let urls = self.index.recent.iter().map(|(_, url)| url);
        urls.filter_map(|url| self.row(url)).collect()
    }

    /// How many pages that is.
    pub fn recent_len(&self) -> usize {
        self.index.recent.len()
    }

    /// How many of them, the first ones, have not changed since that [`Visits::revision`].
    pub fn recent_until(&self, revision: u64) -> usize {
        let recent = self.index.recent.iter();
        recent.take_while(|(changed, _)| *changed <= revision).count()
    }

    /// What one segment tells, by address; less than was put there, for what changed since is told elsewhere.
    pub fn segment(&self, number: u32) -> Vec<PageRow> {
        let urls = self.index.segments.get(&number).into_iter().flatten();
        urls.filter_map(|url| self.row(url)).collect()
    }

    /// The segments that still tell something, and of how many pages.
    pub fn segments(&self) -> BTreeMap<u32, usize> {
        let segments = self.index.segments.iter();
        segments.map(|(number, urls)| (*number, urls.len())).collect()
    }

    /// Moves the first `limit` pages of [`Visits::recent`] to a segment. That is no change of what is told.
    pub fn move_recent(&mut self, limit: usize, to: u32) {
        let moving = self.index.recent.iter().take(limit);
        let moving: Vec<Arc<str>> = moving.map(|(_, url)| Arc::clone(url)).collect();
        for url in moving {
            self.change(&url, |page, _| page.shelf = Some(Shelf::Segment(to)));
        }
    }

    /// Tells from now on what a device told that is gone, as far as it is known here, and all deletions that are known here.
    pub fn adopt(&mut self, origin: Origin) {
        if self.scope.is_ours(origin) {
            return;
        }
        self.scope.adopted.insert(origin);
        self.meta_unsaved = true;
        self.change_all(|page, _| {
            let told_by_others = !page.dead.is_never() && !page.tells_death;
            if told_by_others || page.counts.contains_key(&origin) {
                page.tells_death |= told_by_others;
                // Told anew.
                page.shelf = None;
            }
        });
        self.enforce_limits();
    }

    /// All others that are known to have counted, and whose part this device does not tell.
    pub fn origins(&self) -> Vec<Origin> {
        self.index.origins.keys().copied().collect()
    }

    /// Goes on as another device, for this history is a copy of the old one's: what that counted stays its own, and what it
    /// told is for it to tell, but deletions are told by all who know them. What the host holds is known as before.
    pub fn rename(&mut self, own: Origin) {
        if own == self.scope.own {
            return;
        }
        self.scope.own = own;
        self.scope.adopted.clear();
        self.revision = self.revision.saturating_add(1);
        self.meta_unsaved |= self.stored || !self.pages.is_empty();
        self.change_all(|page, _| page.shelf = None);
    }
}
