// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Publishing a snapshot, chunk by chunk. It is kept until the head that names it is there: a lost stream or a restart
//! goes on with the chunk that the server has not confirmed.

use std::fmt::Display;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minidom::Element;
use minidom::rxml::xml_ncname;
use rand_core::CryptoRng;

use super::Client;
use super::link::{ChunkUnderWay, Pending, Purpose, Timer};
use super::publish::MAX_ROWS;
use super::upload::upload_of;
use crate::body::SnapshotInfo;
use crate::config::MAX_STANZA_BYTES;
use crate::pubsub::{self, Node};
use crate::ring::Plan;
use crate::stanza::{Request, StanzaError};
use crate::{Problem, ProblemKind, ns, seal};

/// Two snapshots of one replica are at least this far apart, in milliseconds.
const SNAPSHOT_PAUSE_MS: u64 = 5_000;

/// How long after a failure a chunk is published again, in milliseconds.
const RETRY_MS: u64 = 30_000;

/// What a chunk's stanza has besides the base64 text, in bytes, generously.
const CHUNK_FRAME_BYTES: usize = 2_048;

/// Chunks of one snapshot, where they can be large enough: a node holds 256 items in all (Prosody), and for a moment both
/// a replica's new snapshot and the one before.
const CHUNKS: u32 = 96;

impl Client {
    /// Seals a snapshot where one is due, and publishes its next chunk.
    pub(super) fn publish_snapshot(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if self.state.outgoing().is_none() {
            self.seal_snapshot(now, rng);
        }
        // Both at once would share the uplink, and the file is what somebody waits for.
        if !self.upload_first(now) {
            self.publish_chunk(now);
        }
    }

    /// Whether all of the snapshot is on the server, and the head may name it.
    pub(super) fn snapshot_is_out(&self) -> bool {
        self.state
            .outgoing()
            .is_some_and(|outgoing| outgoing.done == self.state.sealed().len())
    }

    fn seal_snapshot(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if !self.link.snapshot_due || !self.replica.joined() || self.link.waits(&Timer::Snapshot) {
            return;
        }
        self.link.snapshot_due = false;
        self.link
            .set(Timer::Snapshot, now.saturating_add(SNAPSHOT_PAUSE_MS));
        let letter = match self.state.core().snapshot.as_ref().map(|info| info.letter) {
            Some('a') => 'b',
            _ => 'a',
        };
        // A few edits go out by themselves, whatever the snapshot takes; what is too much for that goes with it.
        let few = !self.replica.has_set_aside()
            && self.replica.due() <= MAX_ROWS
            && !matches!(self.plan(), Plan::Snapshot);
        let snapshot = if few {
            self.replica.snapshot()
        } else {
            self.replica.take_snapshot()
        };
        let sealed = seal::seal(&snapshot, *self.replica.id(), letter, rng)
            .and_then(|sealed| sealed.fits(self.largest_chunk()));
        match sealed {
            Ok(mut sealed) => {
                sealed.info.items = u64::try_from(self.replica.len()).unwrap_or(u64::MAX);
                let covered = sealed.info.cover.last(*self.replica.id());
                if !few {
                    self.state.core_mut().ring.snapshot_started(covered);
                }
                let upload = upload_of(sealed.bytes.len());
                self.state.start_outgoing(sealed.info, sealed.bytes, upload);
            }
            Err(error) => {
                tracing::error!(%error, "no snapshot");
                self.snapshot_problem(&error);
            }
        }
    }

    fn largest_chunk(&self) -> usize {
        self.link
            .limits
            .max_stanza
            .min(MAX_STANZA_BYTES)
            .saturating_sub(CHUNK_FRAME_BYTES)
            .saturating_div(4)
            .saturating_mul(3)
            .max(1)
    }

    fn publish_chunk(&mut self, now: u64) {
        let Some(outgoing) = self.state.outgoing() else {
            return;
        };
        if self.link.chunk.is_some() || self.link.waits(&Timer::Chunk) {
            return;
        }
        let (number, letter) = (outgoing.info.chunks, outgoing.info.letter);
        let rest = self.state.sealed().get(outgoing.done..).unwrap_or_default();
        if rest.is_empty() {
            return;
        }
        let largest = self.largest_chunk();
        let chunks_left = usize::try_from(CHUNKS.saturating_sub(number).max(1)).unwrap_or(1);
        let least = rest.len().div_ceil(chunks_left).min(largest);
        let bytes = self.link.pace.next().clamp(least, largest).min(rest.len());
        let chunk = rest.get(..bytes).unwrap_or(rest);
        let payload = Element::builder("chunk", ns::NODE_SNAPSHOTS)
            .attr(xml_ncname!("snapshot").to_owned(), outgoing.info.id.as_str())
            .append(STANDARD.encode(chunk))
            .build();
        let item = format!("{}.{letter}{number}", self.replica.id());
        // Noted before it is there, so that it is deleted one day whatever happens.
        let used = self.state.core().chunks.get(&letter).copied().unwrap_or(0);
        if used <= number {
            let chunks = &mut self.state.core_mut().chunks;
            chunks.insert(letter, number.saturating_add(1));
        }
        self.link.chunk = Some(ChunkUnderWay { bytes, since: now });
        self.publish(Node::Snapshots, item, payload, Purpose::Chunk, now);
    }

    pub(super) fn chunk_published(&mut self, answer: Result<(), StanzaError>, now: u64) {
        let Some(chunk) = self.link.chunk.take() else {
            return;
        };
        match answer {
            Ok(()) => {
                self.link.pace.took(chunk.bytes, now.saturating_sub(chunk.since));
                self.state.advance_outgoing(chunk.bytes);
                self.tell_progress(now);
                self.problems.remove("snapshot");
            }
            Err(error) => {
                self.link.pace.failed(chunk.bytes);
                self.link.set(Timer::Chunk, now.saturating_add(RETRY_MS));
                self.snapshot_problem(&error);
            }
        }
    }

    fn snapshot_problem(&mut self, error: &impl Display) {
        let what = "The bookmarks could not be given to new devices";
        let problem = Problem::because(ProblemKind::SnapshotNotPublished, what, error);
        self.problems.insert("snapshot", problem);
    }

    /// The head that names the new snapshot is there: the old one's chunks are deleted.
    pub(super) fn snapshot_named(&mut self, info: SnapshotInfo, now: u64) {
        let covered = info.cover.last(*self.replica.id());
        let core = self.state.core_mut();
        core.ring.snapshot_confirmed(covered);
        let ring = core.ring.clone();
        self.state.keep_only(|seq| ring.needs(seq));
        self.state.drop_outgoing();
        self.delete_old_chunks(&info, now);
        self.state.core_mut().snapshot = Some(info);
    }

    /// Deletes the chunks that the head no longer names.
    fn delete_old_chunks(&mut self, info: &SnapshotInfo, now: u64) {
        let replica = *self.replica.id();
        let chunks = std::mem::take(&mut self.state.core_mut().chunks);
        for (letter, count) in chunks {
            let first = if letter == info.letter { info.chunks } else { 0 };
            for number in first..count {
                let query = pubsub::retract(Node::Snapshots, &format!("{replica}.{letter}{number}"));
                self.ask(Request::Set, None, query, Pending::Forget, now);
            }
        }
        self.state.core_mut().chunks.insert(info.letter, info.chunks);
    }
}
