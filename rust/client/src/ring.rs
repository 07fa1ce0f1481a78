// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Which of a replica's deltas are in which of its few items.
//!
//! A replica owns [`SLOTS`] items for its deltas. A new delta goes into a free one, together with those before it as long
//! as these are no more than what it brings (or items have become scarce) and all fit into one item; the items whose deltas went along are then free
//! again. So the number of items in use grows with the logarithm of the number of deltas, each delta is written about
//! that often, and the deltas since the last snapshot are always all there: a replica that was away for long catches up
//! alone. When no item is free a snapshot is due, which frees all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Items of one replica that hold deltas. With 255 items a node, about 28 replicas fit.
pub(crate) const SLOTS: u8 = 8;

/// Most bytes of deltas in one item, as JSON: with base64, keys for 40 devices and the frame it stays below
/// [`crate::SAFE_STANZA_BYTES`].
pub(crate) const ITEM_BYTES: usize = 24 * 1024;

/// The deltas that are published, as far as the server has confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ring {
    /// All deltas up to this one are in an item or in the snapshot.
    confirmed: u64,
    /// All deltas up to this one are in the published snapshot.
    covered: u64,
    /// All deltas up to this one are in the snapshot that is being published.
    #[serde(default)]
    promised: u64,
    /// The items in use.
    live: BTreeMap<u8, Run>,
}

/// Consecutive deltas in one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) first: u64,
    pub(crate) last: u64,
    bytes: usize,
}

/// What to publish next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// All is published.
    Nothing,
    /// These deltas, into that item.
    Item(Publication),
    /// A snapshot: no item is free, or a delta is not kept.
    Snapshot,
}

/// One item to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Publication {
    pub(crate) slot: u8,
    pub(crate) run: Run,
    absorbed: Vec<u8>,
}

impl Ring {
    pub(crate) fn confirmed(&self) -> u64 {
        self.confirmed.max(self.covered).max(self.promised)
    }

    /// A snapshot that holds all deltas up to `covered` is being published, which may take long: later deltas go before
    /// the rest of it.
    pub(crate) fn snapshot_started(&mut self, covered: u64) {
        self.promised = self.promised.max(covered);
    }

    /// Whether a delta has to be kept for later items.
    pub(crate) fn needs(&self, seq: u64) -> bool {
        seq > self.covered
    }

    /// What is next, up to the delta `last`; `kept` tells the bytes of those that can be published as they are.
    pub(crate) fn plan(&self, kept: &BTreeMap<u64, usize>, last: u64) -> Plan {
        let first = self.confirmed().saturating_add(1);
        if first > last {
            return Plan::Nothing;
        }
        let Some(mut run) = new_run(kept, first, last) else {
            return Plan::Snapshot;
        };
        let mut absorbed = Vec::new();
        // With the last free item everything is put together that fits.
        let scarce = self.live.len().saturating_add(1) >= usize::from(SLOTS);
        while let Some((slot, before)) = self.ending_at(run.first.saturating_sub(1)) {
            let bytes = run.bytes.saturating_add(before.bytes);
            if before.len() > run.len() && !scarce || bytes > ITEM_BYTES || !kept.contains_key(&before.first)
            {
                break;
            }
            run = Run {
                first: before.first,
                bytes,
                ..run
            };
            absorbed.push(slot);
        }
        match (0..SLOTS).find(|slot| !self.live.contains_key(slot)) {
            Some(slot) => Plan::Item(Publication { slot, run, absorbed }),
            None => Plan::Snapshot,
        }
    }

    /// The server has taken that item.
    pub(crate) fn item_confirmed(&mut self, publication: &Publication) {
        for slot in &publication.absorbed {
            self.live.remove(slot);
        }
        self.confirmed = self.confirmed.max(publication.run.last);
        if self.needs(publication.run.last) {
            self.live.insert(publication.slot, publication.run);
        }
    }

    /// The server has taken a snapshot that holds all deltas up to `covered`.
    pub(crate) fn snapshot_confirmed(&mut self, covered: u64) {
        self.covered = self.covered.max(covered);
        self.live.retain(|_, run| run.last > covered);
    }

    /// The server holds only these items, and the snapshot or not: what is gone is published again.
    pub(crate) fn found(&mut self, slots: impl Fn(u8) -> bool, snapshot: bool) {
        if !snapshot {
            self.covered = 0;
        }
        self.live.retain(|slot, _| slots(*slot));
        let mut confirmed = self.covered.max(self.promised);
        while let Some((_, run)) = self
            .live
            .iter()
            .find(|(_, run)| run.first <= confirmed.saturating_add(1) && run.last > confirmed)
        {
            confirmed = run.last;
        }
        self.live.retain(|_, run| run.last <= confirmed);
        self.confirmed = confirmed;
    }

    fn ending_at(&self, seq: u64) -> Option<(u8, Run)> {
        self.live
            .iter()
            .find(|(_, run)| run.last == seq && seq > 0)
            .map(|(slot, run)| (*slot, *run))
    }
}

impl Run {
    fn len(&self) -> u64 {
        self.last.saturating_sub(self.first).saturating_add(1)
    }
}

/// As many new deltas as fit into one item; `None` when the first is not kept or too large.
fn new_run(kept: &BTreeMap<u64, usize>, first: u64, last: u64) -> Option<Run> {
    let bytes = kept.get(&first).copied().filter(|bytes| *bytes <= ITEM_BYTES)?;
    let mut run = Run {
        first,
        last: first,
        bytes,
    };
    for seq in first.saturating_add(1)..=last {
        let Some(more) = kept.get(&seq) else { break };
        let bytes = run.bytes.saturating_add(*more);
        if bytes > ITEM_BYTES {
            break;
        }
        run = Run {
            last: seq,
            bytes,
            ..run
        };
    }
    Some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a server would hold.
    type Items = BTreeMap<u8, (u64, u64)>;

    fn publish(ring: &mut Ring, items: &mut Items, kept: &BTreeMap<u64, usize>, last: u64) -> bool {
        match ring.plan(kept, last) {
            Plan::Nothing => panic!("nothing to do for {last}"),
            Plan::Snapshot => false,
            Plan::Item(publication) => {
                items.insert(publication.slot, (publication.run.first, publication.run.last));
                ring.item_confirmed(&publication);
                true
            }
        }
    }

    fn holds(items: &Items, seq: u64) -> bool {
        items
            .values()
            .any(|(first, last)| (*first..=*last).contains(&seq))
    }

    #[test]
    fn small_deltas_share_items_and_none_is_lost() {
        let (mut ring, mut items, mut kept) = (Ring::default(), Items::new(), BTreeMap::new());
        let mut written = 0;
        for last in 1..=10_000_u64 {
            kept.insert(last, 300);
            if !publish(&mut ring, &mut items, &kept, last) {
                assert!(last > 400, "a snapshot is due after {last} deltas already");
                assert!(written < last * 16, "{written} deltas written for {last}");
                return;
            }
            written += items
                .values()
                .map(|(first, end)| if *end == last { end - first + 1 } else { 0 })
                .sum::<u64>();
            assert!((1..=last).all(|seq| holds(&items, seq)), "at {last}: {items:?}");
        }
        panic!("never full");
    }

    #[test]
    fn a_snapshot_frees_the_items() {
        let (mut ring, mut items) = (Ring::default(), Items::new());
        let kept: BTreeMap<u64, usize> = (1..=20).map(|seq| (seq, ITEM_BYTES)).collect();
        for last in 1..=8 {
            assert!(publish(&mut ring, &mut items, &kept, last));
        }
        assert_eq!(ring.plan(&kept, 9), Plan::Snapshot);
        ring.snapshot_confirmed(6);
        assert!(publish(&mut ring, &mut items, &kept, 9) && holds(&items, 7) && holds(&items, 8));
        assert!(!ring.needs(6) && ring.needs(7));
    }

    #[test]
    fn a_delta_goes_before_the_rest_of_a_snapshot() {
        let (mut ring, mut items) = (Ring::default(), Items::new());
        // The first three deltas were too large to be kept.
        let kept = (4..=5).map(|seq| (seq, 100)).collect();
        assert_eq!(ring.plan(&kept, 5), Plan::Snapshot);
        ring.snapshot_started(3);
        assert!(publish(&mut ring, &mut items, &kept, 5));
        assert_eq!(items, Items::from([(0, (4, 5))]));
        // The next stream finds it so.
        let same = ring.clone();
        ring.found(|_| true, true);
        assert_eq!(ring, same);
        assert!(ring.needs(1), "until the snapshot is there");
        ring.snapshot_confirmed(3);
        assert!(!ring.needs(3) && ring.needs(4));
        assert_eq!(ring.plan(&kept, 5), Plan::Nothing);
    }

    #[test]
    fn several_deltas_that_were_written_offline_go_at_once() {
        let (mut ring, mut items) = (Ring::default(), Items::new());
        let kept = (1..=30).map(|seq| (seq, 100)).collect();
        assert!(publish(&mut ring, &mut items, &kept, 30));
        assert_eq!(ring.plan(&kept, 30), Plan::Nothing);
        assert_eq!(items, Items::from([(0, (1, 30))]));
    }

    #[test]
    fn a_delta_that_is_not_kept_takes_a_snapshot() {
        let ring = Ring::default();
        assert_eq!(ring.plan(&BTreeMap::new(), 1), Plan::Snapshot);
        assert_eq!(
            ring.plan(&BTreeMap::from([(1, ITEM_BYTES + 1)]), 1),
            Plan::Snapshot
        );
    }

    #[test]
    fn what_a_server_forgot_is_published_again() {
        let (mut ring, mut items) = (Ring::default(), Items::new());
        let kept = (1..=3).map(|seq| (seq, ITEM_BYTES)).collect();
        for last in 1..=3 {
            assert!(publish(&mut ring, &mut items, &kept, last));
        }
        let mut same = ring.clone();
        same.found(|_| true, true);
        assert_eq!(same, ring);
        ring.found(|slot| slot != 1, true);
        assert_eq!(ring.confirmed(), 1);
        assert!(publish(&mut ring, &mut items, &kept, 3) && publish(&mut ring, &mut items, &kept, 3));
        ring.found(|_| false, false);
        assert_eq!(ring.confirmed(), 0);
    }
}
