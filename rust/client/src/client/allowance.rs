// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! How often edits may be published: at once as long as there are few, bundled where they do not end.

/// A busy user's edits are published this far apart in the long run, in milliseconds: twelve items a minute.
const PERIOD_MS: u64 = 5_000;

/// So many edits may be published at once after a quiet time of [`BURST`] times [`PERIOD_MS`]: more than a person does in
/// one go.
const BURST: u64 = 60;

/// How far ahead the bucket's time may be while something may still be published at once, in milliseconds.
const ROOM_MS: u64 = PERIOD_MS * (BURST - 1);

/// What is left of the edits that may be published at once (a leaky bucket, kept as the time at which it is full again).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Allowance {
    full_at: u64,
}

impl Allowance {
    /// When the next edit may be published: `now` or later.
    pub(super) fn next(self, now: u64) -> u64 {
        self.at(now).saturating_sub(ROOM_MS).max(now)
    }

    /// Something is published.
    pub(super) fn spend(&mut self, now: u64) {
        self.full_at = self.at(now).max(now).saturating_add(PERIOD_MS);
    }

    /// Never further away than one period more than all of them: the clock may have been set back.
    fn at(self, now: u64) -> u64 {
        self.full_at
            .min(now.saturating_add(ROOM_MS).saturating_add(PERIOD_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Edits every 100 ms for a time; gives when something was published.
    fn published(allowance: &mut Allowance, from: u64, until: u64) -> Vec<u64> {
        let mut times = Vec::new();
        for now in (from..until).step_by(100) {
            if allowance.next(now) == now {
                allowance.spend(now);
                times.push(now);
            }
        }
        times
    }

    #[test]
    fn a_burst_goes_at_once_and_what_does_not_end_is_bundled() {
        let mut allowance = Allowance::default();
        let start = 1_790_000_000_000;
        let times = published(&mut allowance, start, start + 600_000);
        assert_eq!(times[59], start + 5_900, "sixty go at once");
        let late = times.iter().filter(|time| **time >= start + 300_000).count();
        assert_eq!(late, 60, "in five minutes");
        // After a quiet time all is as in the beginning.
        let again = start + 900_000;
        assert_eq!(published(&mut allowance, again, again + 6_000).len(), 60);
    }

    #[test]
    fn a_clock_that_is_set_back_delays_nothing_for_long() {
        let mut allowance = Allowance::default();
        allowance.spend(1_790_000_000_000);
        assert!(allowance.next(1_000_000) <= 1_000_000 + PERIOD_MS);
        allowance.spend(1_000_000);
        assert!(allowance.next(1_000_000) <= 1_000_000 + PERIOD_MS);
    }
}
