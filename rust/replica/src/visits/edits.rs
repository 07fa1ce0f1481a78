// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What the host is to change in its table, so that it shows what is known.
//!
//! Rows are only ever added to, for the host's user visits pages meanwhile. A row with visits that were deleted is removed and,
//! by the batch after that, made anew with those that were not.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Visits;
use super::page::{HostRow, Page, Scope, Tally};
use super::time::Time;

/// One change to the host's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitEdit {
    /// Adds to the page's row, which is made if there is none and something is added.
    Set {
        /// Its address.
        url: String,
        /// Its title from now on; empty when none is known: then a row keeps the one it has.
        title: String,
        /// Added to the row's count; 0 where only the last visit is another.
        add: u64,
        /// The row's last visit, unless it has a later one. Milliseconds since the Unix epoch.
        last: u64,
    },
    /// Removes the page's row, if there is one.
    Delete {
        /// Its address.
        url: String,
    },
}

/// Edits that the host makes in one transaction, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitBatch {
    /// Names the batch in [`Visits::applied`].
    pub number: u64,
    /// What to do.
    pub edits: Vec<VisitEdit>,
}

/// An edit that the host was given, in JSON `{"s": [add, last]}` or `"x"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Pending {
    #[serde(rename = "s")]
    Set(u64, u64),
    #[serde(rename = "x")]
    Delete,
}

/// The batch that the host is working on.
#[derive(Debug)]
pub(super) struct UnderWay {
    number: u64,
    pub(super) urls: Vec<Arc<str>>,
}

impl Visits {
    /// What the host is to do next, at most `limit` edits. `None` when it shows all that is known, or has not answered to the
    /// last batch. Save the changes before the host gets it.
    pub fn next_batch(&mut self, limit: usize) -> Option<VisitBatch> {
        if self.under_way.is_some() {
            return None;
        }
        let urls: Vec<Arc<str>> = self.index.due.iter().take(limit).cloned().collect();
        let edits: Vec<VisitEdit> = urls.iter().filter_map(|url| self.edit(url)).collect();
        if edits.is_empty() {
            return None;
        }
        for url in &urls {
            self.change(url, |page, scope| page.pending = page.edit(scope));
        }
        self.last_batch = self.last_batch.saturating_add(1);
        let number = self.last_batch;
        self.under_way = Some(UnderWay { number, urls });
        Some(VisitBatch { number, edits })
    }

    /// The host has made all edits of the batch, and that is saved. Any other number than that of the last batch is passed over.
    pub fn applied(&mut self, number: u64) {
        self.finish(number, Page::apply);
    }

    /// The host has made no edit of the batch, and never will. What is still to be done comes in another.
    pub fn not_applied(&mut self, number: u64) {
        self.finish(number, |page| page.pending = None);
    }

    fn finish(&mut self, number: u64, finish: impl Fn(&mut Page)) {
        let batch = self.under_way.take_if(|batch| batch.number == number);
        for url in batch.iter().flat_map(|batch| &batch.urls) {
            self.change(url, |page, _| finish(page));
        }
    }

    pub(super) fn is_under_way(&self, url: &str) -> bool {
        let batch = self.under_way.as_ref();
        batch.is_some_and(|batch| batch.urls.binary_search_by(|known| (**known).cmp(url)).is_ok())
    }

    fn edit(&self, url: &Arc<str>) -> Option<VisitEdit> {
        let page = self.pages.get(url)?;
        let url = url.to_string();
        Some(match page.edit(&self.scope)? {
            Pending::Delete => VisitEdit::Delete { url },
            Pending::Set(add, last) => VisitEdit::Set {
                url,
                title: page
                    .title
                    .as_ref()
                    .map_or_else(String::new, |title| title.text.clone()),
                add,
                last,
            },
        })
    }
}

impl Page {
    /// What the host is to do to the row.
    pub(super) fn edit(&self, scope: &Scope) -> Option<Pending> {
        if self.pending.is_some() {
            return None;
        }
        let there = !self.host.is_absent();
        let Some(shown) = self.shown(scope) else {
            // A row that is not deleted may still be of visits that are no longer kept here.
            let deleted = self.told.visits > 0 || self.host.last.counts() <= self.deleted(scope);
            return (there && deleted).then_some(Pending::Delete);
        };
        // The last visit that was deleted may be later than all others, by a clock that is ahead.
        if there && (self.told.visits > shown.visits || self.told.last > shown.last) {
            return Some(Pending::Delete);
        }
        let told = if there { self.told.visits } else { 0 };
        let more = shown.visits > self.told.visits || shown.last > self.told.last;
        more.then_some(Pending::Set(shown.visits.saturating_sub(told), shown.last))
    }

    /// The host has made the edit under way.
    pub(super) fn apply(&mut self) {
        match self.pending.take() {
            None => {}
            // The row went away meanwhile.
            Some(Pending::Set(0, _)) if self.host.is_absent() => {}
            Some(Pending::Delete) => {
                (self.host, self.told) = (HostRow::default(), Tally::default());
            }
            Some(Pending::Set(add, last)) => {
                if self.host.is_absent() {
                    // A new row stands for what it is made with, whatever the one before it stood for.
                    self.told = Tally::default();
                }
                self.told.visits = self.told.visits.saturating_add(add);
                self.told.last = self.told.last.max(last);
                self.host.count = self.host.plus(add);
                if last > self.host.last.raw() {
                    self.host.last = Time::plain(last);
                }
            }
        }
    }
}
