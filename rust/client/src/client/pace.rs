// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! How large the next chunk of a snapshot may be. Whatever is edited meanwhile waits until the chunk that is under way is
//! through: on a slow uplink (3 kB/s with ejabberd's default shaper, 10 kB/s with Debian's Prosody) chunks stay small.

/// How long one chunk may keep the stream busy, in milliseconds.
const TARGET_MS: u64 = 3_000;

/// The smallest chunk, and the first one, in bytes.
const LEAST: usize = 8 * 1024;

/// What is known of the uplink.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pace {
    /// What the next chunk should have.
    next: Option<usize>,
}

impl Pace {
    /// Bytes of the next chunk.
    pub(super) fn next(self) -> usize {
        self.next.unwrap_or(LEAST)
    }

    /// The server took a chunk of that size in that time. The next one is at most twice as large: servers let a first
    /// burst through.
    pub(super) fn took(&mut self, bytes: usize, ms: u64) {
        let scaled = u64::try_from(bytes)
            .unwrap_or(u64::MAX)
            .saturating_mul(TARGET_MS)
            .checked_div(ms.max(1))
            .unwrap_or(u64::MAX);
        let scaled = usize::try_from(scaled).unwrap_or(usize::MAX);
        self.next = Some(scaled.min(bytes.saturating_mul(2)).max(LEAST));
    }

    /// The server did not take a chunk of that size.
    pub(super) fn failed(&mut self, bytes: usize) {
        self.next = Some(bytes.saturating_div(2).max(LEAST));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes of the first chunks over an uplink of `rate` bytes a second with a burst before.
    fn sizes(rate: u64, mut burst: u64) -> Vec<usize> {
        let mut pace = Pace::default();
        (0..8)
            .map(|_| {
                let bytes = pace.next();
                let slow = (bytes as u64).saturating_sub(burst);
                burst = burst.saturating_sub(bytes as u64);
                pace.took(bytes, 20 + slow * 1_000 / rate);
                bytes
            })
            .collect()
    }

    #[test]
    fn chunks_grow_with_the_uplink() {
        assert_eq!(sizes(1_000_000, 0)[..4], [8_192, 16_384, 32_768, 65_536]);
        let slow = sizes(3_000, 20_000);
        assert!(
            slow.iter().all(|bytes| *bytes <= 32_768) && slow[4..].iter().all(|bytes| *bytes <= 9_000),
            "{slow:?}"
        );
        let medium = sizes(10_000, 0);
        assert!(
            medium[4..].iter().all(|bytes| (20_000..40_000).contains(bytes)),
            "{medium:?}"
        );
    }

    #[test]
    fn a_chunk_that_is_refused_is_halved() {
        let mut pace = Pace::default();
        pace.failed(100_000);
        assert_eq!(pace.next(), 50_000);
        pace.failed(100);
        assert_eq!(pace.next(), LEAST);
    }
}
