// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! How far a snapshot is on its way, and how long the rest may take.

use std::collections::VecDeque;

use super::Client;
use super::state::Upload;
use crate::{Direction, Progress};

/// Smaller snapshots are there before anybody has read of them, in bytes.
const FROM: u64 = 32 * 1024;

/// The rate is measured over the last so many milliseconds: servers let a first burst through, and networks change.
const WINDOW_MS: u64 = 20_000;

/// Nothing is said of the time before so many milliseconds were measured.
const LEAST_MS: u64 = 1_000;

/// Watches one snapshot at a time.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    /// The snapshot and which way it goes.
    subject: Option<(String, Direction)>,
    /// When how many bytes were there, from the start of the window on.
    marks: VecDeque<(u64, u64)>,
    progress: Option<Progress>,
}

impl Gauge {
    /// What was noted last.
    pub(super) fn read(&self) -> Option<Progress> {
        self.progress
    }

    fn note(&mut self, of: Option<(String, Progress)>, now: u64) {
        let Some((id, mut progress)) = of else {
            *self = Gauge::default();
            return;
        };
        let subject = (id, progress.direction);
        if self.subject.as_ref() != Some(&subject) {
            *self = Gauge {
                subject: Some(subject),
                ..Gauge::default()
            };
        }
        if self.progress.is_some_and(|before| before.done == progress.done) {
            return;
        }
        self.marks.push_back((now, progress.done));
        while self
            .marks
            .get(1)
            .is_some_and(|(at, _)| at.saturating_add(WINDOW_MS) < now)
        {
            self.marks.pop_front();
        }
        progress.remaining_ms = self.remaining(progress.size);
        self.progress = Some(progress);
    }

    /// The time that the rest of `size` bytes takes, if it goes on like this.
    fn remaining(&self, size: u64) -> Option<u64> {
        let ((since, first), (now, done)) = (*self.marks.front()?, *self.marks.back()?);
        let (ms, moved) = (now.checked_sub(since)?, done.checked_sub(first)?);
        if ms < LEAST_MS {
            return None;
        }
        size.saturating_sub(done).saturating_mul(ms).checked_div(moved)
    }
}

impl Client {
    /// Looks how far the snapshot is that is fetched or published.
    pub(super) fn note_progress(&mut self, now: u64) {
        let moving = self.moving().filter(|(_, progress)| progress.size >= FROM);
        self.gauge.note(moving, now);
    }

    /// The snapshot that is on its way, what others have first.
    fn moving(&self) -> Option<(String, Progress)> {
        if !self.link.up || !self.config.sync_bookmarks {
            return None;
        }
        let bytes = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
        let (direction, info, done, size) = if let Some(incoming) = self.state.incoming() {
            let size = incoming.info.size;
            let done = match incoming.url {
                Some(_) => self.transfers.moved,
                None => bytes(self.state.fetched().1),
            };
            (Direction::Fetching, &incoming.info, done, size)
        } else {
            let outgoing = self.state.outgoing()?;
            let size = bytes(self.state.sealed().len());
            let chunks = bytes(outgoing.done);
            // As a file first, and then once more in chunks.
            let (file, size_of_both) = match outgoing.upload {
                Upload::Unwanted => (0, size),
                Upload::Wanted => (0, size.saturating_mul(2)),
                Upload::Begun => (self.transfers.moved.min(size), size.saturating_mul(2)),
                Upload::Done { .. } => (size, size.saturating_mul(2)),
            };
            (
                Direction::Sending,
                &outgoing.info,
                file.saturating_add(chunks),
                size_of_both,
            )
        };
        let progress = Progress {
            direction,
            items: info.items,
            done: done.min(size),
            size,
            remaining_ms: None,
        };
        Some((info.id.clone(), progress))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(done: u64) -> Option<(String, Progress)> {
        let progress = Progress {
            direction: Direction::Fetching,
            items: 1_000,
            done,
            size: 100_000,
            remaining_ms: None,
        };
        Some(("id".into(), progress))
    }

    fn remaining(gauge: &Gauge) -> Option<u64> {
        gauge.read().and_then(|progress| progress.remaining_ms)
    }

    #[test]
    fn the_rest_takes_as_long_as_the_rate_of_late_says() {
        let mut gauge = Gauge::default();
        gauge.note(at(0), 0);
        assert_eq!(remaining(&gauge), None);
        // A burst at first, too short to say anything.
        gauge.note(at(40_000), 500);
        assert_eq!(remaining(&gauge), None);
        gauge.note(at(50_000), 1_000);
        assert_eq!(remaining(&gauge), Some(1_000));
        // Then 1,000 bytes a second: the burst is forgotten after a while.
        for second in 2..=40 {
            gauge.note(at(49_000 + second * 1_000), second * 1_000);
        }
        assert_eq!(remaining(&gauge), Some(11_000));
        assert_eq!(gauge.read().map(Progress::items_done), Some(890));
    }

    #[test]
    fn another_snapshot_starts_anew() {
        let mut gauge = Gauge::default();
        gauge.note(at(0), 0);
        gauge.note(at(10_000), 2_000);
        assert_eq!(remaining(&gauge), Some(18_000));
        let other = at(10_000).map(|(_, progress)| ("other".to_owned(), progress));
        gauge.note(other, 4_000);
        assert_eq!(remaining(&gauge), None);
        gauge.note(None, 5_000);
        assert_eq!(gauge.read(), None);
    }
}
