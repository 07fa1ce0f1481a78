// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What can be asked about all pages without looking at each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::page::{Page, Scope, Shelf};
use super::{MAX_OWN_PAGES, Origin};

/// All of it follows from the pages, and none of it is saved.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Pages that the host is to be told of.
    pub(super) due: BTreeSet<Arc<str>>,
    /// Pages on the shelf of what changed lately, by the revision that put them there.
    pub(super) recent: BTreeSet<(u64, Arc<str>)>,
    pub(super) segments: BTreeMap<u32, BTreeSet<Arc<str>>>,
    /// Pages of whose visits this device tells, and those of whose others tell, by the last of them.
    pub(super) ours: BTreeSet<(u64, Arc<str>)>,
    pub(super) others: BTreeSet<(u64, Arc<str>)>,
    /// The same for each of the others, and of whom more pages are known than a device may tell.
    pub(super) origins: BTreeMap<Origin, BTreeSet<(u64, Arc<str>)>>,
    pub(super) crowded: BTreeSet<Origin>,
    /// Pages whose deletion this device tells, and those of which it only knows, by its time.
    pub(super) told_dead: BTreeSet<(u64, Arc<str>)>,
    pub(super) known_dead: BTreeSet<(u64, Arc<str>)>,
    /// How many pages are shown.
    pub(super) shown: usize,
}

impl Index {
    /// Notes the page, or with `there` false, takes it out as it was noted: with the same page and scope.
    pub(super) fn note(&mut self, url: &Arc<str>, page: &Page, scope: &Scope, there: bool) {
        if page.edit(scope).is_some() {
            put(&mut self.due, Arc::clone(url), there);
        }
        match page.shelf {
            Some(Shelf::Recent(revision)) => put(&mut self.recent, (revision, Arc::clone(url)), there),
            Some(Shelf::Segment(number)) => {
                let segment = self.segments.entry(number).or_default();
                put(segment, Arc::clone(url), there);
                if segment.is_empty() {
                    self.segments.remove(&number);
                }
            }
            None => {}
        }
        if let Some(at) = page.latest(true, scope) {
            put(&mut self.ours, (at, Arc::clone(url)), there);
        }
        if let Some(at) = page.latest(false, scope) {
            put(&mut self.others, (at, Arc::clone(url)), there);
        }
        for (origin, count) in page.counts.iter().filter(|(origin, _)| !scope.is_ours(**origin)) {
            let pages = self.origins.entry(*origin).or_default();
            put(pages, (count.last.counts(), Arc::clone(url)), there);
            let (empty, crowded) = (pages.is_empty(), pages.len() > MAX_OWN_PAGES);
            put(&mut self.crowded, *origin, crowded);
            if empty {
                self.origins.remove(origin);
            }
        }
        if !page.dead.is_never() {
            let dead = if page.tells_death {
                &mut self.told_dead
            } else {
                &mut self.known_dead
            };
            put(dead, (page.dead.counts(), Arc::clone(url)), there);
        }
        if page.shown(scope).is_some() {
            self.shown = if there {
                self.shown.saturating_add(1)
            } else {
                self.shown.saturating_sub(1)
            };
        }
    }
}

fn put<T: Ord>(set: &mut BTreeSet<T>, item: T, there: bool) {
    if there {
        set.insert(item);
    } else {
        set.remove(&item);
    }
}
