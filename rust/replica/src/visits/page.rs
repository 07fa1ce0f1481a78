// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What is known of one page, and the rules by which its registers make up what is shown.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::edits::Pending;
use super::merge::MAX_VISITS;
use super::time::Time;
use super::{Origin, RowCount};
use crate::publish::is_false;

/// In JSON, what is absent or nothing is left out: see the names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Page {
    /// How often each device visited it.
    #[serde(rename = "c", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) counts: BTreeMap<Origin, Count>,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<Title>,
    /// Visits at or before it are deleted.
    #[serde(rename = "x", default, skip_serializing_if = "Time::is_never")]
    pub(super) dead: Time,
    /// Whether that is told by this device.
    #[serde(rename = "y", default, skip_serializing_if = "is_false")]
    pub(super) tells_death: bool,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub(super) shelf: Option<Shelf>,
    #[serde(rename = "h", default, skip_serializing_if = "HostRow::is_absent")]
    pub(super) host: HostRow,
    /// What of the page the host's row stands for. After the row is gone here alone, what it stood for: only what is more than
    /// that makes a new one.
    #[serde(rename = "d", default, skip_serializing_if = "Tally::is_default")]
    pub(super) told: Tally,
    /// An edit of which it is not known whether the host has made it.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub(super) pending: Option<Pending>,
}

/// How often one device visited a page, in JSON `[visits, last]` or `[visits, last, since]`. Only the device itself raises it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "StoredCount", from = "StoredCount")]
pub(super) struct Count {
    /// The last deletion that the device knew of when it began to count, as that was told: all that it counts is later.
    pub(super) since: u64,
    pub(super) visits: u64,
    pub(super) last: Time,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredCount {
    Always(u64, Time),
    Since(u64, Time, u64),
}

/// In JSON `[text, at]`; `at` is the time of the visit that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "(String, Time)", from = "(String, Time)")]
pub(super) struct Title {
    pub(super) text: String,
    pub(super) at: Time,
}

/// Where this device tells its own part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Shelf {
    /// Among what changed lately; by the revision that changed it, the oldest moves on first.
    #[serde(rename = "r")]
    Recent(u64),
    #[serde(rename = "s")]
    Segment(u32),
}

/// A row of the host's table, in JSON `[count, last]`; a count of 0 stands for no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "(u64, Time)", from = "(u64, Time)")]
pub(super) struct HostRow {
    pub(super) count: u64,
    pub(super) last: Time,
}

/// What a row counts beyond this is passed over: a browser has 32 bits for it.
pub(super) const MAX_ROW_COUNT: u64 = 2_147_483_647;

/// Visits, and when the last was; in JSON `[visits, last]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "(u64, u64)", from = "(u64, u64)")]
pub(super) struct Tally {
    pub(super) visits: u64,
    pub(super) last: u64,
}

/// By what all pages are seen: whose counts this device tells, and what was cleared everywhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) own: Origin,
    pub(super) adopted: BTreeSet<Origin>,
    pub(super) cleared: Time,
}

/// What this device tells of a page, its title apart: the counts, and the deletion.
pub(super) type OwnPart = (BTreeMap<Origin, RowCount>, Option<u64>);

impl Page {
    /// What is shown of it, if anything: what was visited after the last deletion.
    pub(super) fn shown(&self, scope: &Scope) -> Option<Tally> {
        let marker = self.marker(scope);
        let mut shown = Tally::default();
        for count in self.counts.values().filter(|count| count.outlives(marker)) {
            shown.visits = shown.visits.saturating_add(count.since(marker));
            shown.last = shown.last.max(count.last.counts());
        }
        (!shown.is_nothing()).then_some(shown)
    }

    /// When the last deletion was made, as far as this device can tell. By it a visit of this device's user is taken for one that
    /// came before or after; what is told has settled that, see [`Count::survives`].
    pub(super) fn deleted(&self, scope: &Scope) -> u64 {
        self.dead.counts().max(scope.cleared.counts())
    }

    /// Names the last deletion, the same on all devices, whatever each takes its time for.
    pub(super) fn marker(&self, scope: &Scope) -> u64 {
        self.dead.raw().max(scope.cleared.raw())
    }

    /// Counts visits of this device's user, the last of them at `last`, unless they were deleted meanwhile. Gives how many are beyond
    /// [`MAX_VISITS`].
    pub(super) fn visit(&mut self, visits: u64, last: u64, scope: &Scope) -> u64 {
        if visits == 0 || last <= self.deleted(scope) {
            return 0;
        }
        let marker = self.marker(scope);
        let known = self.counts.get(&scope.own);
        let known = known.filter(|count| count.outlives(marker) && count.since >= marker);
        let all = known.map_or(0, |count| count.visits).saturating_add(visits);
        let count = Count {
            since: known.map_or(marker, |count| count.since),
            visits: all.min(MAX_VISITS),
            last: known.map_or(Time::plain(last), |count| count.last.raised(last)),
        };
        self.counts.insert(scope.own, count);
        all.saturating_sub(count.visits)
    }

    /// Applies what a deletion that has come to be known means for the registers. To be called after each change.
    pub(super) fn settle(&mut self, scope: &Scope) {
        let marker = self.marker(scope);
        self.counts.retain(|_, count| count.survives(marker));
        let own = self.counts.get_mut(&scope.own);
        if let Some(own) = own.filter(|own| own.outlives(marker) && own.since < marker) {
            // How many of its visits came after the deletion is not known; the last one did.
            (own.since, own.visits) = (marker, 1);
        }
        let title = self.title.take();
        let title = title.filter(|title| title.at.raw() > marker);
        self.title = title.filter(|_| !self.counts.is_empty());
        if self.dead.raw() <= scope.cleared.raw() {
            (self.dead, self.tells_death) = (Time::default(), false);
        }
        if self.host.is_absent() {
            let shown = self.shown(scope);
            self.told = shown.map_or(Tally::default(), |shown| Tally {
                visits: self.told.visits.min(shown.visits),
                ..self.told
            });
        }
    }

    /// Takes registers out without this being a deletion: the host's row stays as it is, and stands for what is left.
    pub(super) fn take_out(&mut self, scope: &Scope, take: impl FnOnce(&mut Page)) {
        let before = self.shown(scope).unwrap_or_default();
        take(self);
        let left = self.shown(scope).unwrap_or_default();
        let gone = before.visits.saturating_sub(left.visits);
        self.told.visits = self.told.visits.saturating_sub(gone);
        if left.last < before.last && !left.is_nothing() {
            self.told.last = self.told.last.min(left.last);
        }
    }

    pub(super) fn own_part(&self, scope: &Scope) -> OwnPart {
        let own = self.counts.iter().filter(|(origin, _)| scope.is_ours(**origin));
        let counts = own.map(|(origin, count)| (*origin, RowCount::from(*count)));
        let dead = self.tells_death.then_some(self.dead.raw());
        (counts.collect(), dead.filter(|dead| *dead > 0))
    }

    /// The last visit that this device tells, or of those that only others tell; `None` where there is none.
    pub(super) fn latest(&self, ours: bool, scope: &Scope) -> Option<u64> {
        let counts = self.counts.iter();
        let counts = counts.filter(|(origin, _)| scope.is_ours(**origin) == ours);
        counts.map(|(_, count)| count.last.counts()).max()
    }

    pub(super) fn lasts(&self) -> impl Iterator<Item = Time> {
        self.counts.values().map(|count| count.last)
    }

    /// Whether nothing of it is worth a record.
    pub(super) fn is_void(&self) -> bool {
        self.has_no_registers() && self.host.is_absent() && self.pending.is_none()
    }

    pub(super) fn has_no_registers(&self) -> bool {
        self.counts.is_empty() && self.dead.is_never()
    }
}

impl Count {
    /// Whether it has visits after the deletion that `marker` names: its device knew of that when it began to count, or the last
    /// visit is later. Both are told, so that all devices come to the same, whenever each heard of it: one whose clock is ahead
    /// deletes nothing of those who have heard of the deletion.
    pub(super) fn survives(&self, marker: u64) -> bool {
        self.since >= marker || self.last.raw() > marker
    }

    /// Whether it has such visits that are not forgotten: a time of 0 is that of none.
    pub(super) fn outlives(&self, marker: u64) -> bool {
        self.survives(marker) && self.last.counts() > 0
    }

    /// How many of its visits came after the deletion that `marker` names: where it did not know of that, at least the last.
    pub(super) fn since(&self, marker: u64) -> u64 {
        if self.since >= marker { self.visits } else { 1 }
    }

    /// Orders the states of one device's count. The time comes before the number, for a device that has forgotten its count
    /// begins with a smaller number.
    pub(super) fn order(&self) -> (u64, u64, u64) {
        (self.since, self.last.raw(), self.visits)
    }
}

impl Scope {
    pub(super) fn new(own: Origin) -> Scope {
        Scope {
            own,
            adopted: BTreeSet::new(),
            cleared: Time::default(),
        }
    }

    /// Whether this device tells that one's counts.
    pub(super) fn is_ours(&self, origin: Origin) -> bool {
        origin == self.own || self.adopted.contains(&origin)
    }
}

impl HostRow {
    /// Its count when so many are added.
    pub(super) fn plus(self, add: u64) -> u64 {
        self.count.saturating_add(add).min(MAX_ROW_COUNT)
    }

    pub(super) fn is_absent(&self) -> bool {
        self.count == 0
    }
}

impl Tally {
    pub(super) fn is_nothing(&self) -> bool {
        self.visits == 0
    }

    fn is_default(&self) -> bool {
        *self == Tally::default()
    }
}

impl From<StoredCount> for Count {
    fn from(stored: StoredCount) -> Count {
        let (visits, last, since) = match stored {
            StoredCount::Always(visits, last) => (visits, last, 0),
            StoredCount::Since(visits, last, since) => (visits, last, since),
        };
        Count { since, visits, last }
    }
}

impl From<Count> for StoredCount {
    fn from(count: Count) -> StoredCount {
        match count.since {
            0 => StoredCount::Always(count.visits, count.last),
            since => StoredCount::Since(count.visits, count.last, since),
        }
    }
}

impl From<(String, Time)> for Title {
    fn from((text, at): (String, Time)) -> Title {
        Title { text, at }
    }
}

impl From<Title> for (String, Time) {
    fn from(title: Title) -> (String, Time) {
        (title.text, title.at)
    }
}

impl From<(u64, Time)> for HostRow {
    fn from((count, last): (u64, Time)) -> HostRow {
        HostRow { count, last }
    }
}

impl From<HostRow> for (u64, Time) {
    fn from(row: HostRow) -> (u64, Time) {
        (row.count, row.last)
    }
}

impl From<(u64, u64)> for Tally {
    fn from((visits, last): (u64, u64)) -> Tally {
        Tally { visits, last }
    }
}

impl From<Tally> for (u64, u64) {
    fn from(tally: Tally) -> (u64, u64) {
        (tally.visits, tally.last)
    }
}
