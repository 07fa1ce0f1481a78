// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The browsing history: each device that shares it tells what its browser visited, and reads what the others tell.
//!
//! What changed lately is one small item in a node of its own, told anew twice a minute where much is visited. When it has grown, its pages move
//! into a segment, an item of another node that notifies nobody: whoever was on has read them already, and only who was away
//! fetches it.

use std::collections::BTreeMap;

use omemo::DeviceId;
use rand_core::CryptoRng;
use replica::visits::{HostPage, KEEP_MS};

use super::Client;
use super::link::{Fetch, Pending, Timer};
use super::state::OwnVisits;
use crate::pubsub::{self, Node};
use crate::stanza::Request;
use crate::{Event, ns};

mod publishing;
mod reading;

pub(super) use publishing::VisitsNote;

const DAY_MS: u64 = 24 * 3_600_000;

/// How long after a failure a node is fetched or published to again, in milliseconds.
const RETRY_MS: u64 = 30_000;

/// Most edits that the host is given at once: it makes them in one transaction, for which its own queries wait.
const BATCH_EDITS: usize = 200;

/// How the host's history stands with this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Listing {
    /// It is asked for once what the others tell is known.
    #[default]
    Wanted,
    /// It is due.
    Asked,
    /// It came.
    Done,
}

impl Client {
    /// The pages that were visited last on all devices that share their history, the latest first.
    #[must_use]
    pub fn visits(&self, limit: usize) -> Vec<crate::Seen> {
        self.visits.list(limit)
    }

    /// Rows of the host's history; `all` of those that are recent enough to be kept, or those that changed.
    pub(super) fn take_visited_pages(&mut self, pages: Vec<HostPage>, all: bool, more: bool, now: u64) {
        if !self.config.shares_visits() {
            return;
        }
        if all {
            self.listed.extend(pages);
            if !more {
                self.visits.handle_host_all(std::mem::take(&mut self.listed), now);
                self.listing = Listing::Done;
            }
        } else if self.listing == Listing::Done {
            self.visits.handle_host_pages(pages, now);
        }
        // Else the listing that is to come has them.
    }

    pub(super) fn take_deleted_visits(&mut self, urls: Vec<String>, now: u64) {
        if self.config.shares_visits() {
            self.visits.handle_host_deleted(urls, now);
        }
    }

    pub(super) fn take_emptied_visits(&mut self) {
        if self.config.shares_visits() {
            self.visits.handle_host_emptied();
        }
    }

    pub(super) fn visits_applied(&mut self, number: u64, done: bool) {
        if done {
            self.visits.applied(number);
        } else {
            self.visits.not_applied(number);
        }
    }

    pub(super) fn clear_visits(&mut self, id: String, now: u64) {
        if self.config.shares_visits() {
            self.visits.clear_everywhere(now);
        }
        self.events.push(Event::VisitsCleared { id });
    }

    /// Tells the host what it is to list or to change.
    pub(super) fn tell_visits(&mut self, now: u64) {
        if !self.config.shares_visits() {
            return;
        }
        let own = self.state.own_visits();
        let shared_before = own.is_some_and(|own| !own.is_nothing());
        if self.listing == Listing::Wanted && (shared_before || self.visits_are_read()) {
            self.listing = Listing::Asked;
            let since = now.saturating_sub(KEEP_MS);
            self.events.push(Event::VisitsWanted { since });
        }
        if self.listing == Listing::Done
            && let Some(batch) = self.visits.next_batch(BATCH_EDITS)
        {
            let (number, edits) = (batch.number, batch.edits);
            self.events.push(Event::VisitEdits { number, edits });
        }
    }

    /// Reads what others tell, then tells what this device has to.
    pub(super) fn drive_visits(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if !self.config.shares_visits() {
            return self.take_visits_back(now);
        }
        let ready = self.link.own_lists_came() && !self.link.fetches_bundles_of(self.config.account.as_str());
        // By a wrong clock all would be too old, or too new.
        if !ready || !self.trusts_clock() {
            return;
        }
        self.forget_old_visits(now);
        if self.link.visits == Fetch::Wanted && !self.link.waits(&Timer::VisitsNode) {
            self.link.visits = Fetch::Asked;
            let query = pubsub::items(ns::NODE_VISITS, &[]);
            self.ask(Request::Get, None, query, Pending::Visits, now);
        }
        if self.link.visits == Fetch::Done {
            self.fetch_segment(now);
            self.publish_visits(now, rng);
        }
    }

    fn forget_old_visits(&mut self, now: u64) {
        if now >= self.visits_forget_due {
            self.visits_forget_due = now.saturating_add(DAY_MS);
            self.visits.forget(now);
        }
    }

    /// The history is not shared here any more: what was told is deleted, and what was read forgotten.
    fn take_visits_back(&mut self, now: u64) {
        let Some(own) = self.state.own_visits().filter(|own| !own.is_nothing()) else {
            return;
        };
        // Those who miss this know what came before: the numbers go on.
        let nothing = OwnVisits {
            number: own.number,
            segment_number: own.segment_number,
            ..OwnVisits::new(own.device)
        };
        let segments: Vec<u32> = own.segments.keys().copied().collect();
        self.delete_visits_of(nothing.device, &segments, now);
        self.state.keep_own_visits(nothing);
        let peers: Vec<DeviceId> = self.state.visits_peers().keys().copied().collect();
        for peer in peers {
            // The keys stay: what gave them is decrypted once, and serves when this device shares again.
            let peer = self.state.visits_peer_mut(peer);
            (peer.number, peer.segments) = (0, BTreeMap::new());
        }
        self.visits.erase();
    }

    /// Deletes a device's items.
    fn delete_visits_of(&mut self, device: DeviceId, segments: &[u32], now: u64) {
        self.retract(pubsub::retract(Node::Visits, &recent_item(device)), now);
        for segment in segments {
            let item = segment_item(device, *segment);
            self.retract(pubsub::retract(Node::VisitsPages, &item), now);
        }
    }

    /// That device is gone, and its items with it once this device tells what they told.
    pub(super) fn adopt_visits_of(&mut self, device: DeviceId) {
        if !self.config.shares_visits() || !self.state.visits_peers().contains_key(&device) {
            return;
        }
        self.visits.adopt(device);
        let revision = self.visits.revision();
        if let Some(own) = self.state.own_visits_mut() {
            own.adopted.entry(device).or_insert(revision);
        }
    }

    /// This state goes on as another device.
    pub(super) fn rename_visits(&mut self) {
        self.visits.rename(self.device.id());
        self.state.forget_own_visits();
        self.link.visits_sent_at = None;
    }
}

/// The item of what a device visited lately.
fn recent_item(device: DeviceId) -> String {
    format!("{device}.recent")
}

fn device_of(item: &str) -> Option<DeviceId> {
    item.strip_suffix(".recent")?.parse().ok()
}

fn segment_item(device: DeviceId, segment: u32) -> String {
    format!("{device}.{segment}")
}
