// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! How far a snapshot is on its way, and how long the rest may take.

use std::collections::VecDeque;

use replica::ReplicaId;

use super::Client;
use super::state::Upload;
use crate::body::Sending;
use crate::{Direction, Progress};

/// Smaller snapshots are there before anybody has read of them, in bytes.
const FROM: u64 = 32 * 1024;

/// The rate is measured over the last so many milliseconds: servers let a first burst through, and networks change.
const WINDOW_MS: u64 = 20_000;

/// Nothing is said of the time before so many milliseconds were measured.
const LEAST_MS: u64 = 1_000;

/// Those who wait for this device's snapshot are told so often how far it is, in milliseconds: it costs a head.
const TELL_MS: u64 = 10_000;

/// What another device has told of its own counts so long, in milliseconds: it may have ended.
const TOLD_MS: u64 = 120_000;

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
    /// Looks how far the snapshot is that is fetched, awaited or published.
    pub(super) fn note_progress(&mut self, now: u64) {
        let moving = if self.link.up && self.config.sync_bookmarks {
            let coming = self.fetched_so_far().or_else(|| self.awaited_so_far(now));
            coming.or_else(|| self.sent_so_far())
        } else {
            None
        };
        let moving = moving.filter(|(_, progress)| progress.size >= FROM);
        self.gauge.note(moving, now);
    }

    fn fetched_so_far(&self) -> Option<(String, Progress)> {
        let incoming = self.state.incoming()?;
        let size = incoming.info.size;
        let done = match incoming.url {
            Some(_) => self.transfers.moved,
            None => bytes(self.state.fetched().1),
        };
        let progress = progress(Direction::Fetching, incoming.info.items, done, size);
        Some((incoming.info.id.clone(), progress))
    }

    /// The snapshot of another device that is to bring what is missing here.
    fn awaited_so_far(&self, now: u64) -> Option<(String, Progress)> {
        let told = self.link.sendings.iter();
        let lately = told.filter(|(_, (_, at))| at.saturating_add(TOLD_MS) > now);
        let (replica, (sending, _)) = lately.max_by_key(|(_, (sending, _))| sending.items)?;
        if self.replica.joined() && self.missing().is_empty() {
            return None;
        }
        let progress = progress(Direction::Awaiting, sending.items, sending.done, sending.size);
        Some((replica.to_string(), progress))
    }

    fn sent_so_far(&self) -> Option<(String, Progress)> {
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
        let done = file.saturating_add(chunks);
        let progress = progress(Direction::Sending, outgoing.info.items, done, size_of_both);
        Some((outgoing.info.id.clone(), progress))
    }

    /// What the head tells those who wait for this device's snapshot: nothing once all is there, or while there is a file of it,
    /// which they fetch themselves.
    pub(super) fn sending(&self) -> Option<Sending> {
        let outgoing = self.state.outgoing()?;
        let size = bytes(self.state.sealed().len());
        let chunks_alone = outgoing.upload == Upload::Unwanted && size >= FROM;
        (chunks_alone && !self.snapshot_is_out() && self.has_newcomers()).then(|| Sending {
            items: outgoing.info.items,
            done: bytes(outgoing.done),
            size,
        })
    }

    /// A chunk is there: tells those who wait for the rest how far it is, now and then.
    pub(super) fn tell_progress(&mut self, now: u64) {
        let due = self.link.told_progress.saturating_add(TELL_MS) <= now;
        if due && self.sending().is_some() {
            self.link.told_progress = now;
            self.link.head_now();
        }
    }

    /// Notes what another device's head tells of its snapshot.
    pub(super) fn note_sending(&mut self, replica: ReplicaId, sending: Option<Sending>, now: u64) {
        match sending {
            Some(sending) => self.link.sendings.insert(replica, (sending, now)),
            None => self.link.sendings.remove(&replica),
        };
    }
}

fn bytes(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn progress(direction: Direction, items: u64, done: u64, size: u64) -> Progress {
    Progress {
        direction,
        items,
        done: done.min(size),
        size,
        remaining_ms: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(done: u64) -> Option<(String, Progress)> {
        Some(("id".into(), progress(Direction::Fetching, 1_000, done, 100_000)))
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
