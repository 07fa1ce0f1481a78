// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Fetching a snapshot of another replica, chunk by chunk. What is there is kept: a lost stream or a restart goes on with
//! the chunk that is missing. Nothing of it is used before all is there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minidom::Element;

use super::Client;
use super::link::Pending;
use super::state::Incoming;
use crate::pubsub;
use crate::stanza::{Request, StanzaError};
use crate::{DropReason, ns, seal};

impl Client {
    /// Asks for what is next of the snapshot that is being fetched.
    pub(super) fn fetch_snapshot(&mut self, now: u64) {
        self.drop_stale_incoming();
        match self.state.incoming().and_then(|incoming| incoming.url.clone()) {
            Some(url) => self.fetch_file(url, now),
            None => self.fetch_chunk(now),
        }
    }

    fn fetch_chunk(&mut self, now: u64) {
        let Some(item) = self.next_chunk() else { return };
        if self.link.fetching {
            return;
        }
        self.link.fetching = true;
        let query = pubsub::items(ns::NODE_SNAPSHOTS, &[item]);
        self.ask(Request::Get, None, query, Pending::Chunk, now);
    }

    /// The item that is wanted next.
    fn next_chunk(&self) -> Option<String> {
        let incoming = self.state.incoming().filter(|incoming| incoming.url.is_none())?;
        let (number, _) = self.state.fetched();
        Some(format!("{}.{}{number}", incoming.replica, incoming.info.letter))
    }

    /// A snapshot that its replica has replaced, or that is no longer believed, is not fetched to its end.
    fn drop_stale_incoming(&mut self) {
        let Some(incoming) = self.state.incoming() else {
            return;
        };
        let account = self.config.account.as_str();
        let named = self.state.peers().get(&incoming.replica).is_some_and(|peer| {
            let trust = self.device.trust(account, peer.device);
            let file = peer.upload.as_ref().filter(|_| incoming.url.is_some());
            let named = peer.snapshot.iter().chain(file.map(|file| &file.snapshot));
            trust.is_some_and(omemo::TrustLevel::is_trusted)
                && named.into_iter().any(|info| info.id == incoming.info.id)
        });
        if !named {
            self.state.take_incoming();
            self.link.fetching = false;
            self.transfers.get = None;
        }
    }

    pub(super) fn chunk_came(&mut self, answer: Result<Option<Element>, StanzaError>, now: u64) {
        let asked = std::mem::take(&mut self.link.fetching);
        let (Some(item), Some(incoming), true) = (self.next_chunk(), self.state.incoming().cloned(), asked)
        else {
            return;
        };
        if answer.as_ref().is_err_and(|error| error.is(StanzaError::TIMEOUT)) {
            // Asked for again.
            return;
        }
        let chunk = answer.ok().and_then(|result| {
            let items = pubsub::read_items(result.as_ref(), ns::NODE_SNAPSHOTS)?;
            let payload = items.into_iter().find(|found| found.id == item)?.payload?;
            read_chunk(&payload, &incoming.info.id)
        });
        let Some(chunk) = chunk else {
            // Replaced meanwhile, or never there. Its replica's head says where the new one is.
            tracing::info!(replica = %incoming.replica, "a snapshot is not there, or not whole");
            self.link.failed_snapshots.insert(incoming.info.id);
            self.state.take_incoming();
            return;
        };
        self.state.add_chunk(chunk);
        let (chunks, bytes) = self.state.fetched();
        let more = u32::try_from(chunks).is_ok_and(|chunks| chunks < incoming.info.chunks);
        if more && u64::try_from(bytes).is_ok_and(|bytes| bytes <= incoming.info.size) {
            return;
        }
        let sealed = self.state.take_incoming();
        self.take_snapshot(&incoming, &sealed, now);
    }

    /// Merges a snapshot that is whole.
    pub(super) fn take_snapshot(&mut self, incoming: &Incoming, sealed: &[u8], now: u64) {
        let snapshot = seal::open(&incoming.info, incoming.replica, sealed);
        if let Ok(snapshot) = &snapshot {
            self.note_return(now);
            self.copy_before(snapshot.rows.len().abs_diff(self.replica.len()), now);
        }
        let merged = snapshot.map_err(|error| error.to_string()).and_then(|snapshot| {
            self.replica
                .merge_snapshot(incoming.replica, &snapshot, now)
                .map_err(|error| error.to_string())
        });
        match merged {
            Ok(merged) => {
                self.note_merged(&merged);
                if !self.knows_all_of(incoming.replica) {
                    // All that it has is here; it is of no more use.
                    let name = incoming.url.as_ref().unwrap_or(&incoming.info.id);
                    self.link.failed_snapshots.insert(name.clone());
                }
            }
            Err(detail) => self.snapshot_refused(incoming, &detail),
        }
    }

    fn snapshot_refused(&mut self, incoming: &Incoming, detail: &str) {
        self.link.failed_snapshots.insert(incoming.info.id.clone());
        let device = self.state.peers().get(&incoming.replica).map(|peer| peer.device);
        let from = self.account();
        self.drop_input(
            DropReason::Malformed,
            &from,
            device,
            format!("a snapshot of replica {}: {detail}", incoming.replica),
        );
    }
}

/// The bytes of a chunk, if it belongs to that snapshot.
fn read_chunk(payload: &Element, id: &str) -> Option<Vec<u8>> {
    if !payload.is("chunk", ns::NODE_SNAPSHOTS) || payload.attr("snapshot") != Some(id) {
        return None;
    }
    STANDARD.decode(payload.text().trim()).ok()
}
