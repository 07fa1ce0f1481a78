// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Which deltas of which replica have been merged, gaps and all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ReplicaId;

/// For each replica the sequence numbers whose deltas are in, as inclusive ranges.
///
/// In JSON: `{"<replica>": [[1, 120], [125, 125]]}`. Sequence numbers start at 1.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionVector {
    replicas: BTreeMap<ReplicaId, Ranges>,
}

/// Sorted, disjoint and never adjacent ranges.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "Vec<(u64, u64)>", from = "Vec<(u64, u64)>")]
struct Ranges(Vec<(u64, u64)>);

impl VersionVector {
    /// A vector that holds nothing.
    pub fn new() -> VersionVector {
        VersionVector::default()
    }

    /// Adds one delta; whether it was new.
    pub fn insert(&mut self, replica: ReplicaId, seq: u64) -> bool {
        seq > 0 && self.replicas.entry(replica).or_default().insert(seq, seq)
    }

    /// Adds all that `other` holds; whether anything was new.
    pub fn merge(&mut self, other: &VersionVector) -> bool {
        let mut new = false;
        for (replica, ranges) in &other.replicas {
            for (first, last) in &ranges.0 {
                new |= self.replicas.entry(*replica).or_default().insert(*first, *last);
            }
        }
        new
    }

    /// Whether that delta is in.
    pub fn contains(&self, replica: ReplicaId, seq: u64) -> bool {
        self.replicas
            .get(&replica)
            .is_some_and(|ranges| ranges.covers(seq, seq))
    }

    /// Whether all that `other` holds is in.
    pub fn covers(&self, other: &VersionVector) -> bool {
        other.replicas.iter().all(|(replica, wanted)| {
            let held = self.replicas.get(replica);
            wanted
                .0
                .iter()
                .all(|(first, last)| held.is_some_and(|held| held.covers(*first, *last)))
        })
    }

    /// The ranges of one replica that lie before the newest one seen of it but are not in.
    pub fn gaps(&self, replica: ReplicaId) -> Vec<(u64, u64)> {
        let mut gaps = Vec::new();
        let mut expected = 1_u64;
        for (first, last) in self.ranges(replica) {
            if *first > expected {
                gaps.push((expected, first.saturating_sub(1)));
            }
            expected = last.saturating_add(1);
        }
        gaps
    }

    /// What `other` holds and this does not: for each replica the missing ranges.
    pub fn missing(&self, other: &VersionVector) -> Vec<(ReplicaId, u64, u64)> {
        let mut missing = Vec::new();
        for (replica, wanted) in &other.replicas {
            for (first, last) in &wanted.0 {
                let mut from = *first;
                for (held_first, held_last) in self.ranges(*replica) {
                    if *held_last < from || *held_first > *last {
                        continue;
                    }
                    if *held_first > from {
                        missing.push((*replica, from, held_first.saturating_sub(1)));
                    }
                    from = held_last.saturating_add(1);
                }
                if from <= *last {
                    missing.push((*replica, from, *last));
                }
            }
        }
        missing
    }

    /// The entries of those replicas alone.
    pub fn only(&self, mut kept: impl FnMut(ReplicaId) -> bool) -> VersionVector {
        let entries = self.replicas.iter().filter(|(replica, _)| kept(**replica));
        VersionVector {
            replicas: entries
                .map(|(replica, ranges)| (*replica, ranges.clone()))
                .collect(),
        }
    }

    /// The newest sequence number seen of a replica; 0 when none was.
    pub fn last(&self, replica: ReplicaId) -> u64 {
        self.ranges(replica).last().map_or(0, |(_, last)| *last)
    }

    /// The replicas of which anything is in.
    pub fn replicas(&self) -> impl Iterator<Item = ReplicaId> {
        self.replicas.keys().copied()
    }

    /// The ranges of one replica, ascending.
    pub fn ranges(&self, replica: ReplicaId) -> &[(u64, u64)] {
        self.replicas.get(&replica).map_or(&[], |ranges| &ranges.0)
    }

    /// Whether nothing is in.
    pub fn is_empty(&self) -> bool {
        self.replicas.values().all(|ranges| ranges.0.is_empty())
    }
}

impl Ranges {
    fn insert(&mut self, first: u64, last: u64) -> bool {
        if first == 0 || last < first || self.covers(first, last) {
            return false;
        }
        let start = self.0.partition_point(|(_, end)| end.saturating_add(1) < first);
        let stop = self
            .0
            .partition_point(|(begin, _)| *begin <= last.saturating_add(1));
        let touched = self.0.get(start..stop).unwrap_or(&[]);
        let first = touched.first().map_or(first, |(begin, _)| first.min(*begin));
        let last = touched.last().map_or(last, |(_, end)| last.max(*end));
        self.0.splice(start..stop, [(first, last)]);
        true
    }

    fn covers(&self, first: u64, last: u64) -> bool {
        self.0.iter().any(|(begin, end)| *begin <= first && last <= *end)
    }
}

impl From<Vec<(u64, u64)>> for Ranges {
    /// Foreign ranges may be unsorted, overlapping or upside down.
    fn from(ranges: Vec<(u64, u64)>) -> Ranges {
        let mut clean = Ranges::default();
        for (first, last) in ranges {
            clean.insert(first, last);
        }
        clean
    }
}

impl From<Ranges> for Vec<(u64, u64)> {
    fn from(ranges: Ranges) -> Vec<(u64, u64)> {
        ranges.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: u64 = 0xa;

    fn vector(seqs: &[u64]) -> VersionVector {
        let mut vector = VersionVector::new();
        for seq in seqs {
            vector.insert(A.into(), *seq);
        }
        vector
    }

    #[test]
    fn gaps_open_and_close() {
        let mut seen = vector(&[3, 1, 5]);
        assert_eq!(seen.gaps(A.into()), [(2, 2), (4, 4)]);
        assert!(seen.insert(A.into(), 2));
        assert!(!seen.insert(A.into(), 2), "a second time is no news");
        assert_eq!(seen.gaps(A.into()), [(4, 4)]);
        assert!(seen.insert(A.into(), 4));
        assert_eq!(seen.ranges(A.into()), [(1, 5)]);
        assert_eq!(seen.last(A.into()), 5);
        assert!(!seen.insert(A.into(), 0));
    }

    #[test]
    fn missing_is_what_the_other_has_more() {
        let (mine, theirs) = (vector(&[1, 2, 5, 9]), vector(&[1, 2, 3, 4, 5, 6, 7, 11]));
        assert_eq!(
            mine.missing(&theirs),
            [(A.into(), 3, 4), (A.into(), 6, 7), (A.into(), 11, 11)]
        );
        assert!(!mine.covers(&theirs));
        let mut both = mine.clone();
        assert!(both.merge(&theirs));
        assert!(both.covers(&mine) && both.covers(&theirs) && both.missing(&theirs).is_empty());
    }

    #[test]
    fn some_entries_alone() {
        let mut both = vector(&[1, 2]);
        both.insert(0xb.into(), 7);
        assert_eq!(both.only(|replica| replica == A.into()), vector(&[1, 2]));
        assert!(both.only(|_| false).is_empty());
    }

    #[test]
    fn json_is_stable_and_foreign_ranges_are_cleaned() {
        insta::assert_snapshot!(serde_json::to_string(&vector(&[1, 2, 4])).unwrap(), @r#"{"000000000000000a":[[1,2],[4,4]]}"#);
        let foreign: VersionVector =
            serde_json::from_str(r#"{"000000000000000a":[[9,4],[5,6],[1,5],[0,3]]}"#).unwrap();
        assert_eq!(foreign.ranges(A.into()), [(1, 6)]);
    }
}
