// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Times by clocks that may be ahead of ours.
//!
//! A time that was in the future when it arrived counts as the time of its arrival, from then on: a page from next year is no
//! newer than one from today, and a deletion from next year leaves alone what is visited tomorrow. The time as it was told
//! is kept beside it, for registers are joined by that one, so that it makes no difference how often and when one arrives.

use serde::{Deserialize, Serialize};

use crate::MAX_STAMP_MS;

/// Latest time that is told and taken, in milliseconds since the Unix epoch: a thousand years before the last that there is. What
/// comes after a time from the future is told as later than that, and must be taken, too; so what a faulty device says of the end
/// of all time is not.
pub(super) const MAX_TOLD_MS: u64 = MAX_STAMP_MS - 1000 * 365 * 24 * 3_600_000;

/// In JSON: the time, or where it was in the future, `[as told, as taken]`. 0 stands for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "Stored", from = "Stored")]
pub(super) struct Time {
    raw: u64,
    taken: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Plain(u64),
    Ahead(u64, u64),
}

impl Time {
    /// One by our own clock.
    pub(super) fn plain(at: u64) -> Time {
        Time { raw: at, taken: None }
    }

    /// One that arrives from elsewhere at `now`.
    pub(super) fn told(raw: u64, now: u64) -> Time {
        Time::plain(raw).taken_at(now)
    }

    /// Never, where it is too late to be taken.
    pub(super) fn if_taken(self) -> Time {
        if self.raw > MAX_TOLD_MS {
            Time::default()
        } else {
            self
        }
    }

    /// As it was told, which is what others are told and what registers are joined by.
    pub(super) fn raw(self) -> u64 {
        self.raw
    }

    /// What it counts as: for showing, and for telling whether a visit was before a deletion.
    pub(super) fn counts(self) -> u64 {
        self.taken.unwrap_or(self.raw)
    }

    pub(super) fn is_never(&self) -> bool {
        self.raw == 0
    }

    /// Counts as `now` if it counted as later.
    pub(super) fn taken_at(self, now: u64) -> Time {
        if self.counts() > now {
            Time {
                taken: Some(now),
                ..self
            }
        } else {
            self
        }
    }

    /// Counts as never, while it is still known: were it forgotten, it would be taken for new the next time that it is told.
    pub(super) fn hidden(self) -> Time {
        Time {
            taken: Some(0),
            ..self
        }
    }

    /// Brought up to `at`, and later by what is told as well, so that it wins wherever this one is known.
    pub(super) fn raised(self, at: u64) -> Time {
        if self.counts() >= at {
            self
        } else if at > self.raw {
            Time::plain(at)
        } else {
            Time {
                raw: self.raw.saturating_add(1).min(MAX_TOLD_MS),
                taken: Some(at),
            }
        }
    }

    /// One at `at` by our own clock, told as later than `marker`.
    pub(super) fn after(marker: u64, at: u64) -> Time {
        let later = marker.saturating_add(1).min(MAX_TOLD_MS);
        Time::plain(at.max(later)).taken_at(at)
    }

    /// The time of a deletion at `now` of all that was visited at `visited`, which comes after those that are told as `known`. By
    /// what is told it is no earlier than the visits, for otherwise a device whose clock is ahead would keep its own, and later
    /// than the deletions, for otherwise what was counted after one of those would outlive this one.
    pub(super) fn deletion(
        visited: impl IntoIterator<Item = Time>,
        known: impl IntoIterator<Item = u64>,
        now: u64,
    ) -> Time {
        let (mut raw, mut counts) = (now, now);
        for time in visited {
            (raw, counts) = (raw.max(time.raw), counts.max(time.counts()));
        }
        for marker in known {
            raw = raw.max(marker.saturating_add(1).min(MAX_TOLD_MS));
        }
        Time::plain(raw).taken_at(counts)
    }
}

impl From<Stored> for Time {
    fn from(stored: Stored) -> Time {
        match stored {
            Stored::Plain(at) => Time::plain(at),
            Stored::Ahead(raw, taken) => Time {
                raw,
                taken: Some(taken),
            },
        }
    }
}

impl From<Time> for Stored {
    fn from(time: Time) -> Stored {
        match time.taken {
            None => Stored::Plain(time.raw),
            Some(taken) => Stored::Ahead(time.raw, taken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_from_the_future_counts_as_its_arrival() {
        let (past, future) = (Time::told(900, 1000), Time::told(5000, 1000));
        assert_eq!((past.counts(), future.counts(), future.raw()), (900, 1000, 5000));
        let json = serde_json::to_string(&[past, future]).unwrap();
        assert_eq!(json, "[900,[5000,1000]]");
        assert_eq!(serde_json::from_str::<[Time; 2]>(&json).unwrap(), [past, future]);
    }

    #[test]
    fn what_is_raised_is_later_for_everybody() {
        let future = Time::told(5000, 1000);
        assert_eq!(future.raised(900), future);
        let raised = future.raised(1200);
        assert_eq!((raised.counts(), raised.raw()), (1200, 5001));
        assert_eq!(Time::plain(900).raised(1200), Time::plain(1200));
    }

    #[test]
    fn a_deletion_covers_what_was_visited_by_any_clock() {
        let visited = [Time::plain(800), Time::told(5000, 900)];
        let deletion = Time::deletion(visited, [700], 1000);
        assert_eq!((deletion.counts(), deletion.raw()), (1000, 5000));
        assert!(visited.iter().all(|time| time.raw() <= deletion.raw()));
        let again = Time::deletion([Time::plain(1100)], [5000, 600], 1050);
        assert_eq!((again.counts(), again.raw()), (1100, 5001));
        assert_eq!(Time::deletion([], [], 7), Time::plain(7));
    }

    #[test]
    fn what_comes_after_a_deletion_from_the_future_is_told_as_later() {
        let after = Time::after(5000, 1000);
        assert_eq!((after.counts(), after.raw()), (1000, 5001));
        assert_eq!(Time::after(900, 1000), Time::plain(1000));
    }
}
