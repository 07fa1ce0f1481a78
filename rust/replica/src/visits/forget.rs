// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Forgetting what is old, and the oldest of what is too much. This is no deletion: the host's rows stay, and so does what is
//! known of them, for otherwise visits that were brought there would be taken for the user's own.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Visits;
use super::page::{HostRow, Page};
use super::time::Time;

/// How long visits are kept, in milliseconds: 90 days. What is older is neither kept nor taken from anybody.
pub const KEEP_MS: u64 = 90 * 24 * 3_600_000;

/// Deletions are kept for two days more: no clock is so far behind that what they deleted is taken again.
const KEEP_DELETIONS_MS: u64 = 92 * 24 * 3_600_000;

/// Most pages of whose visits this device tells, and most whose deletion it tells: some megabytes, and more than most people visit in
/// 90 days. Of none of the others more pages are kept, so that a faulty one pushes out nothing of theirs.
pub const MAX_OWN_PAGES: usize = 10_000;

/// Most pages that are kept of what all other devices tell, as much as five of them may; and most deletions that are known of pages
/// of which nothing else was.
pub const MAX_OTHERS_PAGES: usize = 50_000;

/// Most rows of the host that are kept in mind though nothing else is known of the page.
const MAX_BARE_ROWS: usize = 50_000;

/// What is older than this is not taken.
pub(super) fn horizon(now: u64) -> u64 {
    now.saturating_sub(KEEP_MS)
}

/// What was deleted before this is not taken.
pub(super) fn deletions_horizon(now: u64) -> u64 {
    now.saturating_sub(KEEP_DELETIONS_MS)
}

impl Visits {
    /// Forgets what is older than [`KEEP_MS`], deletions a little later; gives of how many pages. To be called about once a day; it looks at all pages.
    pub fn forget(&mut self, now: u64) -> usize {
        let old = self.pages.iter().filter(|(_, page)| page.is_older_in_part(now));
        let old: Vec<Arc<str>> = old.map(|(url, _)| Arc::clone(url)).collect();
        for url in &old {
            self.change(url, |page, scope| {
                page.take_out(scope, |page| page.forget_older(now));
            });
        }
        self.forget_bare_rows();
        old.len()
    }

    /// To be called whenever pages may have been added.
    pub(super) fn enforce_limits(&mut self) {
        while self.index.ours.len() > MAX_OWN_PAGES {
            let Some((_, oldest)) = self.index.ours.first().cloned() else {
                break;
            };
            self.change(&oldest, |page, scope| {
                page.take_out(scope, |page| {
                    page.counts.retain(|origin, _| !scope.is_ours(*origin))
                });
            });
        }
        while self.index.told_dead.len() > MAX_OWN_PAGES {
            let Some((_, oldest)) = self.index.told_dead.first().cloned() else {
                break;
            };
            // It holds here as it does elsewhere.
            self.change(&oldest, |page, _| page.tells_death = false);
        }
        while self.index.known_dead.len() > MAX_OTHERS_PAGES {
            let Some((_, oldest)) = self.index.known_dead.first().cloned() else {
                break;
            };
            self.change(&oldest, |page, _| page.dead = Time::default());
        }
        while let Some(origin) = self.index.crowded.first().copied() {
            let pages = self.index.origins.get(&origin);
            let Some((_, oldest)) = pages.and_then(BTreeSet::first).cloned() else {
                break;
            };
            self.change(&oldest, |page, scope| {
                page.take_out(scope, |page| page.counts.retain(|known, _| *known != origin));
            });
        }
        while self.index.others.len() > MAX_OTHERS_PAGES {
            let Some((_, oldest)) = self.index.others.first().cloned() else {
                break;
            };
            self.change(&oldest, |page, scope| {
                page.take_out(scope, |page| {
                    page.counts.retain(|origin, _| scope.is_ours(*origin))
                });
            });
        }
    }

    fn forget_bare_rows(&mut self) {
        let bare = self.pages.iter().filter(|(_, page)| page.has_no_registers());
        let mut bare: Vec<(u64, Arc<str>)> = bare
            .map(|(url, page)| (page.host.last.raw(), Arc::clone(url)))
            .collect();
        bare.sort_unstable();
        let surplus = bare.len().saturating_sub(MAX_BARE_ROWS);
        for (_, url) in bare.into_iter().take(surplus) {
            self.change(&url, |page, _| page.host = HostRow::default());
        }
    }
}

impl Page {
    fn is_older_in_part(&self, now: u64) -> bool {
        let horizon = horizon(now);
        let counts_as_old = |time: Time| (1..horizon).contains(&time.counts());
        let title = self.title.iter().map(|title| title.at);
        self.lasts().any(counts_as_old)
            || self.lasts().chain(title).any(|time| time.raw() < horizon)
            || (!self.dead.is_never() && self.dead.raw() < deletions_horizon(now))
    }

    fn forget_older(&mut self, now: u64) {
        let horizon = horizon(now);
        self.counts.retain(|_, count| count.last.raw() >= horizon);
        for count in self.counts.values_mut() {
            if count.last.counts() < horizon {
                count.last = count.last.hidden();
            }
        }
        self.title = self.title.take().filter(|title| title.at.raw() >= horizon);
        if self.dead.raw() < deletions_horizon(now) {
            (self.dead, self.tells_death) = (Time::default(), false);
        }
    }
}
