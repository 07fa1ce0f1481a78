// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! How long to wait before the next attempt. No clock and no randomness of its own.

use std::time::Duration;

use super::limits::{FIRST_WAIT, GOOD_STREAM, LONGEST_WAIT};

/// Doubling waits with jitter.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The wait after one more failure: at random between half of the doubled wait and all of it, so that the
    /// devices of one account do not all come back in the same moment. `lasted` is how long the stream was up, if it
    /// came up at all: one that broke soon after its login counts as a failure like any other. `random` is in 0..1.
    pub(crate) fn next(&mut self, lasted: Option<Duration>, random: f64) -> Duration {
        if lasted.is_some_and(|lasted| lasted >= GOOD_STREAM) {
            self.failures = 0;
        }
        let doublings = self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        let full = FIRST_WAIT
            .saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX))
            .min(LONGEST_WAIT);
        full.mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..11).map(|_| backoff.next(None, 1.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        for _ in 0..100 {
            let wait = backoff.next(None, 0.0);
            assert_eq!(wait, LONGEST_WAIT / 2);
        }
    }

    #[test]
    fn only_a_stream_that_lasted_starts_it_over() {
        let mut backoff = Backoff::default();
        for _ in 0..5 {
            backoff.next(Some(Duration::from_millis(30)), 1.0);
        }
        assert_eq!(
            backoff
                .next(Some(GOOD_STREAM - Duration::from_secs(1)), 1.0)
                .as_secs(),
            32
        );
        assert_eq!(backoff.next(Some(GOOD_STREAM), 1.0), FIRST_WAIT);
    }
}
