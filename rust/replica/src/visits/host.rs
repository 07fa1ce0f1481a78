// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What the host (a browser) says of its table: what its user did is found by comparing it with the host view.
//!
//! A row that grew by so much was visited so often; one that is smaller, or later and no larger, was deleted unseen and visited
//! again. Rows that are gone without the host having said that its user deleted them, as after "delete the history on exit", are
//! gone here alone: they are deleted nowhere else, and are not put back until there is more to tell of them than there was.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Visits;
use super::edits::Pending;
use super::forget::horizon;
use super::page::{HostRow, MAX_ROW_COUNT, Page, Scope, Tally, Title};
use super::time::Time;
use super::web::{clean_title, is_kept};

/// A row of the host's table. It is to be read from the table itself, after all batches that were reported as applied: an older
/// state of a row looks as if the row had been deleted and visited again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostPage {
    /// Its address.
    pub url: String,
    /// Its title; may be empty.
    pub title: String,
    /// How often it was visited.
    pub count: u64,
    /// When it was visited last, in milliseconds since the Unix epoch.
    pub last: u64,
}

impl Visits {
    /// Rows that are new or changed. What the user did is to be told before a batch is applied.
    pub fn handle_host_pages(&mut self, pages: Vec<HostPage>, now: u64) {
        for page in pages {
            let known = is_kept(&page.url) && page.last >= horizon(now);
            if known && self.change(&page.url, |known, scope| known.take_row(&page, scope, now)) {
                self.enforce_limits();
            }
        }
    }

    /// All rows of the last [`super::KEEP_MS`]: at each start of the host.
    pub fn handle_host_all(&mut self, pages: Vec<HostPage>, now: u64) {
        let listed: BTreeSet<String> = pages.iter().map(|page| page.url.clone()).collect();
        self.handle_host_pages(pages, now);
        let missing = |url: &str, page: &Page| !listed.contains(url) && page.host.last.raw() >= horizon(now);
        let due = self.pages.iter();
        let due = due.filter(|(url, page)| page.pending.is_some() || missing(url, page));
        for url in due.map(|(url, _)| Arc::clone(url)).collect::<Vec<_>>() {
            // The batch of before a restart has shown itself by now, or was never applied.
            let undecided = !self.is_under_way(&url);
            self.change(&url, |page, _| {
                let deleting = undecided && page.pending == Some(Pending::Delete);
                if missing(&url, page) {
                    if deleting {
                        page.apply();
                    }
                    page.host = HostRow::default();
                } else if deleting && !listed.contains(&*url) {
                    // It is too old to be listed, there or not: before anything else, it is deleted once more.
                    page.told.visits = u64::MAX;
                }
                page.pending = page.pending.filter(|_| !undecided);
            });
        }
    }

    /// The user deleted these in the host: they are deleted everywhere. Addresses that are not known may be known to others.
    pub fn handle_host_deleted(&mut self, urls: Vec<String>, now: u64) {
        for url in urls.iter().filter(|url| is_kept(url)) {
            let under_way = self.is_under_way(url);
            self.change(url, |page, scope| {
                page.delete(scope, now);
                page.lose_row(under_way);
            });
            self.enforce_limits();
        }
    }

    /// The whole table was emptied, here alone: nothing is deleted elsewhere, and nothing is put back until there is more to
    /// tell of it.
    pub fn handle_host_emptied(&mut self) {
        let differs = |page: &Page| !page.host.is_absent() || page.pending.is_some();
        let due = self.pages.iter().filter(|(_, page)| differs(page));
        for url in due.map(|(url, _)| Arc::clone(url)).collect::<Vec<_>>() {
            let under_way = self.is_under_way(&url);
            self.change(&url, |page, _| page.lose_row(under_way));
        }
    }

    /// The user deletes all history, on all devices.
    pub fn clear_everywhere(&mut self, now: u64) {
        let lasts = self.pages.values().flat_map(Page::lasts);
        let lasts = lasts.map(|last| Time::plain(last.counts()));
        let cleared = Time::deletion(lasts, [self.cleared()], now);
        self.scope.cleared = cleared;
        self.revision = self.revision.saturating_add(1);
        self.meta_unsaved = true;
        self.change_all(|page, scope| {
            // Where a clock is ahead, this takes a deletion that is as well; for all pages that would delete too much.
            if page.counts.values().any(|count| count.survives(cleared.raw())) {
                page.delete(scope, now);
            }
        });
        self.enforce_limits();
    }
}

impl Page {
    fn delete(&mut self, scope: &Scope, now: u64) {
        let known = self.counts.values().map(|count| count.since);
        let known = known.chain([self.marker(scope)]);
        let title = self.title.iter().map(|title| title.at);
        self.dead = Time::deletion(self.lasts().chain(title), known, now);
        self.tells_death = true;
    }

    /// The row is gone. An edit that is under way comes after that, and makes it anew.
    fn lose_row(&mut self, under_way: bool) {
        self.host = HostRow::default();
        self.pending = self.pending.filter(|_| under_way);
    }

    /// Compares a row with what the host is known to hold.
    fn take_row(&mut self, row: &HostPage, scope: &Scope, now: u64) {
        self.take_as_applied(row);
        let (count, last) = (row.count.clamp(1, MAX_ROW_COUNT), Time::told(row.last, now));
        let before = self.host;
        let anew = count < before.count || (count == before.count && last.raw() > before.last.raw());
        let at = self.visited_at(last, scope, now);
        let mut visits = count.saturating_sub(before.count);
        if anew || before.is_absent() {
            visits = count.saturating_sub(self.brought_before(at, scope));
            self.told = Tally {
                visits: count,
                last: at,
            };
        } else if visits > 0 {
            self.told.visits = self.told.visits.saturating_add(visits);
            self.told.last = self.told.last.max(at);
        }
        self.host = HostRow { count, last };
        let beyond = self.visit(visits, at, scope);
        self.told.visits = self.told.visits.saturating_sub(beyond);
        self.name(&row.title, visits > 0, at, scope);
    }

    /// When the host's row says that it was visited last. Where our clock was put back behind a deletion, after that.
    fn visited_at(&self, last: Time, scope: &Scope, now: u64) -> u64 {
        let deleted = self.deleted(scope);
        if deleted > now {
            deleted.saturating_add(1)
        } else {
            last.counts()
        }
    }

    /// How many visits of a row that is not known here were brought by an earlier sync of this very profile: where it was
    /// visited last in the very millisecond of a visit that is known, all that are known up to then.
    fn brought_before(&self, at: u64, scope: &Scope) -> u64 {
        let marker = self.marker(scope);
        let shown = self.counts.values().filter(|count| count.outlives(marker));
        let known: Vec<_> = shown.filter(|count| count.last.counts() <= at).collect();
        if known.iter().all(|count| count.last.counts() < at) {
            return 0;
        }
        known
            .iter()
            .fold(0, |sum, count| sum.saturating_add(count.since(marker)))
    }

    /// Takes the title of a row that this device's user visited: each visit gives it anew, and a later title of the same visit
    /// replaces the earlier.
    fn name(&mut self, title: &str, visited: bool, at: u64, scope: &Scope) {
        let text = clean_title(title);
        let (marker, own) = (self.marker(scope), self.counts.get(&scope.own));
        if text.is_empty() || own.is_none_or(|own| !own.outlives(marker)) {
            return;
        }
        let at = match &self.title {
            None => Time::after(marker, at),
            Some(known) if at < known.at.counts() || (known.text == text && !visited) => return,
            Some(known) if known.text == text => known.at.raised(at),
            Some(known) => known.at.raised(at.max(known.at.counts().saturating_add(1))),
        };
        self.title = Some(Title { text, at });
        // Told anew, though the counts may be the same.
        self.shelf = None;
    }

    /// An edit of which it was not known whether the host had made it, and that the row shows: had the user visited the page as
    /// often instead, the last visit would be another.
    fn take_as_applied(&mut self, row: &HostPage) {
        let Some(Pending::Set(add, last)) = self.pending else {
            return;
        };
        let count = self.host.plus(add);
        let exact = row.last == last || row.last == self.host.last.raw().max(last);
        let found = row.count.min(MAX_ROW_COUNT);
        if (found == count && exact) || (found > count && row.last >= last) {
            self.apply();
        }
    }
}
