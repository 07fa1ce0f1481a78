// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Joining what other devices tell: the later of each register, whatever the order and however often.

use super::forget::{deletions_horizon, horizon};
use super::page::{Count, Page, Title};
use super::time::{MAX_TOLD_MS, Time};
use super::web::{clean_title, is_kept};
use super::{Origin, PageRow, RowCount, Visits};

/// Most devices whose counts are kept of one page. An account has a few, and some that were replaced.
pub const MAX_ORIGINS: usize = 64;

/// Most visits of one device to one page that are counted: the sum of all fits into the 32 bits that a browser has for it.
pub(super) const MAX_VISITS: u64 = 1_000_000;

/// How far apart clocks may be that are thought to be right, in milliseconds: a day.
const MAX_SKEW_MS: u64 = 24 * 3_600_000;

/// What a merge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merged {
    /// Pages of which more is known now, or that were deleted.
    pub changed: u64,
    /// Rows that were not taken: too old, no page of the web, or malformed.
    pub refused: u64,
}

impl Visits {
    /// Joins the rows that a device tells, and what was cleared everywhere as it knows it (0 if nothing ever was).
    pub fn merge(&mut self, rows: Vec<PageRow>, cleared: u64, now: u64) -> Merged {
        let mut merged = Merged::default();
        let count = |number: &mut u64, by: usize| {
            *number = number.saturating_add(u64::try_from(by).unwrap_or(u64::MAX));
        };
        let all = rows.len();
        let rows: Vec<PageRow> = rows.into_iter().filter_map(|row| fit(row, now)).collect();
        count(&mut merged.refused, all.saturating_sub(rows.len()));
        let known = self.scope.cleared;
        let mut joined = known;
        if cleared > MAX_TOLD_MS {
            count(&mut merged.refused, 1);
        } else if cleared > known.raw() {
            // Never sooner than what was deleted before.
            joined = Time::told(cleared, now.max(known.counts()));
        }
        joined = joined.known_by(rows.iter().flat_map(|row| row.counts.values()));
        if joined != known {
            self.scope.cleared = joined;
            self.meta_unsaved = true;
            count(&mut merged.changed, self.change_all(|_, _| {}));
        }
        for row in rows {
            let changed = self.change(&row.url, |page, _| page.join(&row, now));
            count(&mut merged.changed, usize::from(changed));
            self.enforce_limits();
        }
        merged
    }
}

/// What may be taken of a row, if anything.
fn fit(mut row: PageRow, now: u64) -> Option<PageRow> {
    let well_formed = |count: &RowCount| count.visits > 0 && count.last.max(count.since) <= MAX_TOLD_MS;
    let fits = is_kept(&row.url)
        && row.counts.len() <= MAX_ORIGINS
        && row.counts.values().all(well_formed)
        && row.dead.is_none_or(|dead| dead <= MAX_TOLD_MS);
    let recent = |at: u64| at >= horizon(now);
    row.counts.retain(|_, count| recent(count.last));
    row.dead = row.dead.filter(|dead| *dead >= deletions_horizon(now));
    let title = row.title.filter(|(_, at)| recent(*at) && *at <= MAX_TOLD_MS);
    let title = title.map(|(text, at)| (clean_title(&text), at));
    row.title = title.filter(|(text, _)| !text.is_empty());
    (fits && !(row.counts.is_empty() && row.dead.is_none())).then_some(row)
}

impl Page {
    /// Takes out what an earlier version took, and this one does not.
    pub(super) fn refit(&mut self) {
        self.counts
            .retain(|_, count| count.since.max(count.last.raw()) <= MAX_TOLD_MS);
        for count in self.counts.values_mut() {
            count.visits = count.visits.min(MAX_VISITS);
        }
        self.title = self.title.take().filter(|title| title.at.raw() <= MAX_TOLD_MS);
        self.dead = self.dead.if_taken();
        self.tells_death &= !self.dead.is_never();
    }

    fn join(&mut self, row: &PageRow, now: u64) {
        for count in self.counts.values_mut() {
            // Our clock may have been put back: a deletion from the future counts as now, and these no later.
            count.last = count.last.taken_at(now);
        }
        self.host.last = self.host.last.taken_at(now);
        self.told.last = self.told.last.min(now);
        for (origin, told) in &row.counts {
            self.join_count(*origin, *told, now);
        }
        if let Some((text, at)) = &row.title {
            let known = self.title.as_ref();
            if known.is_none_or(|known| (known.at.raw(), &known.text) < (*at, text)) {
                let same = known.filter(|known| known.at.raw() == *at);
                self.title = Some(Title {
                    text: text.clone(),
                    at: same.map_or_else(|| Time::told(*at, now), |known| known.at),
                });
            }
        }
        if let Some(dead) = row.dead.filter(|dead| *dead > self.dead.raw()) {
            // Never sooner than what was deleted before.
            self.dead = Time::told(dead, now.max(self.dead.counts()));
        }
        self.dead = self.dead.known_by(row.counts.values());
        // Whoever made the deletion may leave, while what it took is still told somewhere, or known to a device that is away.
        self.tells_death |= self.counts.values().any(|count| count.since < self.dead.raw());
    }

    fn join_count(&mut self, origin: Origin, told: RowCount, now: u64) {
        let known = self.counts.get(&origin).copied();
        if known.is_none() && self.counts.len() >= MAX_ORIGINS {
            return;
        }
        // One that is due to be forgotten is no longer in the way of one that begins anew.
        let known = known.filter(|known| known.last.raw() >= horizon(now));
        let same = known.filter(|known| known.last.raw() == told.last);
        let count = Count {
            since: told.since,
            visits: told.visits.min(MAX_VISITS),
            last: same.map_or_else(|| Time::told(told.last, now), |known| known.last),
        };
        if known.is_none_or(|known| known.order() < count.order()) {
            self.counts.insert(origin, count);
        }
    }
}

impl Time {
    /// A deletion from the future counts as its arrival, which is too late where others have long heard of it: what they counted
    /// since then came after it, by clocks that may be [`MAX_SKEW_MS`] apart from ours.
    fn known_by<'a>(self, counts: impl Iterator<Item = &'a RowCount>) -> Time {
        let since = counts.filter(|count| !self.is_never() && count.since >= self.raw());
        let first = since.map(|count| count.last).min();
        match first.filter(|_| self.counts() < self.raw()) {
            Some(first) => self.taken_at(first.saturating_add(MAX_SKEW_MS)),
            None => self,
        }
    }
}
