// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Devices of which nothing was heard for long: most of them do not exist any more, and encrypting for them costs each
//! message a key.

use serde::{Deserialize, Serialize};

use super::Device;
use super::peer::Peer;
use crate::store::RecordKey;

/// While others can be heard, [`Device::handle_present`] is to be called at least this often, in ms. What it notes is exact
/// to as much, so that not every step rewrites the record.
pub const PRESENCE_STEP: u64 = 6 * 3_600_000;
/// After so many ms without hearing anybody, this device counts as having been away.
const AWAY: u64 = 48 * 3_600_000;

/// When this device itself could hear others, in ms since the Unix epoch. Two devices that were both away must not take
/// each other for dead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Awake {
    since: u64,
    until: u64,
}

impl From<u64> for Awake {
    fn from(now: u64) -> Self {
        Self {
            since: now,
            until: now,
        }
    }
}

impl Awake {
    /// Others can be heard now. True when that is to be stored.
    pub(super) fn advance(&mut self, now: u64) -> bool {
        if now >= self.until.saturating_add(AWAY) {
            *self = Self::from(now);
            return true;
        }
        let due = now >= self.until.saturating_add(PRESENCE_STEP);
        if due {
            self.until = now;
        }
        due
    }
}

impl Device {
    /// The stream is up, so that others can be heard: without this, no device becomes stale. Call it when the stream
    /// comes, and every [`PRESENCE_STEP`] while it is there.
    pub fn handle_present(&mut self, now: u64) {
        self.advance(now);
        if self.awake.advance(now) {
            self.dirty.insert(RecordKey::Identity);
        }
    }

    /// From now on a device of which nothing was heard for `ms` is stale: it is left out of encryptions, until it says
    /// something. Where all devices of another account are stale, none of them is left out: somebody who was not written to
    /// has had nothing to say. None (the beginning) lets no device become stale. It is not stored.
    pub fn set_stale_after(&mut self, ms: Option<u64>) {
        self.stale_after = ms;
    }

    /// Whether nothing was heard of a device for long, while this one was there to hear it.
    pub(super) fn is_stale(&self, peer: &Peer) -> bool {
        let Some(limit) = self.stale_after else {
            return false;
        };
        let heard = peer.last_seen.unwrap_or(0).max(peer.since).max(self.awake.since);
        self.awake.until >= heard.saturating_add(limit)
    }
}
