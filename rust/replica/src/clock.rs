// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The hybrid logical clock that stamps every register.

use serde::{Deserialize, Serialize};

use crate::ReplicaId;

/// How far ahead of our own clock another replica's stamps may pull it, in milliseconds.
///
/// A stamp from further ahead still counts in its register, so all replicas agree, but it does not spread to others:
/// one device with a wrong date does not make everybody's later edits carry that date.
pub const MAX_AHEAD_MS: u64 = 10 * 60 * 1000;

/// Latest time that a stamp may carry, in milliseconds: the end of the year 9999.
pub const MAX_STAMP_MS: u64 = 253_402_300_799_999;

/// When and where a register was written. Totally ordered: time, then counter, then replica.
///
/// In JSON: `[milliseconds, counter, "replica"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "(u64, u32, ReplicaId)", from = "(u64, u32, ReplicaId)")]
pub struct Stamp {
    /// Milliseconds since the Unix epoch, never behind anything the writer had seen.
    pub ms: u64,
    /// Orders what one millisecond holds.
    pub counter: u32,
    /// Who wrote.
    pub replica: ReplicaId,
}

/// A stamp or none, in the memory of a stamp: the earliest one that there could be stands for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MaybeStamp(Stamp);

impl MaybeStamp {
    pub(crate) fn get(self) -> Option<Stamp> {
        (self != MaybeStamp::default()).then_some(self.0)
    }
}

impl Default for MaybeStamp {
    fn default() -> MaybeStamp {
        MaybeStamp(Stamp::from((0, 0, ReplicaId::from(0))))
    }
}

impl From<Option<Stamp>> for MaybeStamp {
    fn from(stamp: Option<Stamp>) -> MaybeStamp {
        stamp.map_or_else(MaybeStamp::default, MaybeStamp)
    }
}

impl From<(u64, u32, ReplicaId)> for Stamp {
    fn from((ms, counter, replica): (u64, u32, ReplicaId)) -> Stamp {
        Stamp { ms, counter, replica }
    }
}

impl From<Stamp> for (u64, u32, ReplicaId) {
    fn from(stamp: Stamp) -> (u64, u32, ReplicaId) {
        (stamp.ms, stamp.counter, stamp.replica)
    }
}

impl Stamp {
    /// The next stamp after this one, written by `replica`.
    fn next(self, replica: ReplicaId) -> Stamp {
        match self.counter.checked_add(1) {
            Some(counter) => Stamp {
                ms: self.ms,
                counter,
                replica,
            },
            None => Stamp {
                ms: self.ms.saturating_add(1).min(MAX_STAMP_MS),
                counter: 0,
                replica,
            },
        }
    }
}

/// The clock of one replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Clock {
    ms: u64,
    counter: u32,
}

impl Clock {
    pub(crate) fn new() -> Clock {
        Clock { ms: 0, counter: 0 }
    }

    /// A stamp later than all that were made or observed so far.
    pub(crate) fn tick(&mut self, now: u64, replica: ReplicaId) -> Stamp {
        let last = Stamp {
            ms: self.ms,
            counter: self.counter,
            replica,
        };
        let now = now.min(MAX_STAMP_MS);
        let next = if now > self.ms {
            Stamp {
                ms: now,
                counter: 0,
                replica,
            }
        } else {
            last.next(replica)
        };
        (self.ms, self.counter) = (next.ms, next.counter);
        next
    }

    /// `stamp`, or where a register carries one that is not earlier, the one right after that.
    pub(crate) fn later(stamp: Stamp, than: Option<Stamp>) -> Stamp {
        match than {
            Some(than) if than >= stamp => than.next(stamp.replica),
            _ => stamp,
        }
    }

    /// Notes a stamp of another replica, so that what is written here from now on is later, unless the stamp is from
    /// further in the future than [`MAX_AHEAD_MS`].
    pub(crate) fn observe(&mut self, stamp: Stamp, now: u64) {
        let seen = (stamp.ms, stamp.counter);
        if seen > (self.ms, self.counter) && stamp.ms <= now.saturating_add(MAX_AHEAD_MS) {
            (self.ms, self.counter) = seen;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: u64 = 1;

    #[test]
    fn ticks_rise_though_the_wall_clock_stands_or_goes_back() {
        let mut clock = Clock::new();
        let first = clock.tick(1000, ME.into());
        let second = clock.tick(1000, ME.into());
        let third = clock.tick(500, ME.into());
        assert!(first < second && second < third);
        assert_eq!(third.ms, 1000);
    }

    #[test]
    fn a_stamp_from_the_near_future_is_followed_and_one_from_the_far_future_is_not() {
        let mut clock = Clock::new();
        clock.observe(
            Stamp {
                ms: 1000 + MAX_AHEAD_MS,
                counter: 7,
                replica: 2.into(),
            },
            1000,
        );
        assert_eq!(clock.tick(1000, ME.into()).ms, 1000 + MAX_AHEAD_MS);
        let far = Stamp {
            ms: 5_000_000_000_000,
            counter: 0,
            replica: 2.into(),
        };
        clock.observe(far, 1000);
        let mine = clock.tick(1000, ME.into());
        assert!(mine < far);
        assert!(
            Clock::later(mine, Some(far)) > far,
            "an edit of that very register still wins"
        );
    }

    #[test]
    fn a_full_counter_carries_into_the_time() {
        let full = Stamp {
            ms: 9,
            counter: u32::MAX,
            replica: 2.into(),
        };
        assert!(full.next(ME.into()) > full);
    }
}
