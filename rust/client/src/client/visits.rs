// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The browsing history: each device that shares it tells what its browser visited, and reads what the others tell.
//!
//! What changed lately is one small item in a node of its own, told anew twice a minute where much is visited. When it has grown, its pages move
//! into a segment, an item of another node that notifies nobody: whoever was on has read them already, and only who was away
//! fetches it.

use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;
use replica::visits::{HostPage, KEEP_MS};

use super::Client;
use super::link::{Fetch, Pending, Timer};
use super::state::OwnVisits;
use crate::pubsub::{self, Node};
use crate::stanza::{Request, StanzaError};
use crate::{Event, ns};

mod checking;
mod publishing;
mod reading;

pub(super) use publishing::VisitsNote;

const DAY_MS: u64 = 24 * 3_600_000;

/// How long after a failure a node is fetched or published to again, in milliseconds.
const RETRY_MS: u64 = 30_000;

/// How long a device that begins to share waits for what others tell and cannot be read, in milliseconds: its browser may hold visits
/// that came from there, and would tell them as its own.
const PATIENCE_MS: u64 = 5 * 60_000;

/// For how long all that a device told which is gone is to be read before its part is taken over as far as it is known, in milliseconds.
const HEIR_MS: u64 = 7 * DAY_MS;

/// Most items that the server is asked to delete at once.
const MAX_DELETING: usize = 10;

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
        if self.listing == Listing::Wanted && self.may_list(now) {
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

    fn may_list(&mut self, now: u64) -> bool {
        let shared_before = self.state.own_visits().is_some_and(|own| !own.is_nothing());
        if shared_before || self.link.visits != Fetch::Done {
            return shared_before;
        }
        if !std::mem::replace(&mut self.link.visits_awaited, true) {
            let end = now.saturating_add(PATIENCE_MS);
            self.link.set(Timer::VisitsListing, end);
        }
        self.visits_are_read(self.link.waits(&Timer::VisitsListing))
    }

    /// Reads what others tell, then tells what this device has to.
    pub(super) fn drive_visits(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if !self.config.shares_visits() {
            self.take_visits_back();
            return self.delete_visits_items(now);
        }
        self.delete_visits_items(now);
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
            self.take_parts_over(now);
            self.publish_visits(now, rng);
            self.check_own_segment(now, rng);
        }
    }

    fn forget_old_visits(&mut self, now: u64) {
        if now >= self.visits_forget_due {
            self.visits_forget_due = now.saturating_add(DAY_MS);
            self.visits.forget(now);
        }
    }

    /// The history is not shared here any more: what was told is deleted, and what was read forgotten.
    fn take_visits_back(&mut self) {
        if let Some(own) = self.state.own_visits().filter(|own| !own.is_nothing()) {
            // Those who miss this know what came before: the numbers go on.
            let nothing = OwnVisits {
                number: own.number,
                segment_number: own.segment_number,
                deleting: own.deleting.clone(),
                ..OwnVisits::new(own.device)
            };
            let segments: Vec<u32> = own.segments.keys().copied().collect();
            self.state.keep_own_visits(nothing);
            self.delete_visits_of(self.device.id(), &segments);
        }
        let read = self.state.visits_peers().iter();
        let read = read.filter(|(_, peer)| peer.number > 0 || !peer.segments.is_empty());
        for peer in read.map(|(device, _)| *device).collect::<Vec<_>>() {
            // The keys stay: what gave them is decrypted once, and serves when this device shares again.
            let peer = self.state.visits_peer_mut(peer);
            peer.number = 0;
            peer.segments.clear();
        }
        if !self.visits.is_untouched() {
            self.visits.erase();
        }
    }

    /// A device's items are to be deleted.
    fn delete_visits_of(&mut self, device: DeviceId, segments: &[u32]) {
        let items = segments.iter().map(|segment| segment_item(device, *segment));
        if let Some(own) = self.state.own_visits_mut() {
            own.deleting.extend(items.chain([recent_item(device)]));
        }
    }

    /// Has the server delete what is to be deleted.
    fn delete_visits_items(&mut self, now: u64) {
        let asked = &self.link.visits_deleting;
        let free = MAX_DELETING.saturating_sub(asked.len());
        let due = self.state.own_visits().into_iter().flat_map(|own| &own.deleting);
        let due: Vec<String> = due
            .filter(|item| !asked.contains(*item))
            .take(free)
            .cloned()
            .collect();
        for item in due {
            let is_recent = device_of(&item).is_some();
            let node = if is_recent {
                Node::Visits
            } else {
                Node::VisitsPages
            };
            let query = pubsub::retract(node, &item);
            self.link.visits_deleting.insert(item.clone());
            self.ask(Request::Set, None, query, Pending::VisitsGone(item), now);
        }
    }

    pub(super) fn visits_item_is_gone(&mut self, item: &str, answer: Result<Option<Element>, StanzaError>) {
        match answer {
            Err(error) if !error.is("item-not-found") => {
                // On the next stream once more.
                tracing::info!(%error, "an item of the history was not deleted");
            }
            _ => {
                self.link.visits_deleting.remove(item);
                if let Some(own) = self.state.own_visits_mut() {
                    own.deleting.remove(item);
                }
            }
        }
    }

    /// That device is gone. Once all that it told is read, this one tells its part, and its items are deleted.
    pub(super) fn inherit_visits_of(&mut self, device: DeviceId, now: u64) {
        if !self.config.shares_visits() {
            return;
        }
        let own = self.device.id();
        if self.state.own_visits().is_none_or(|known| known.device != own) {
            self.state.keep_own_visits(OwnVisits::new(own));
        }
        if let Some(own) = self.state.own_visits_mut()
            && !own.adopted.contains_key(&device)
        {
            own.heir_of.entry(device).or_insert(now);
        }
    }

    /// Takes the parts of devices over that are gone and of which all is read.
    fn take_parts_over(&mut self, now: u64) {
        let heir_of = self.state.own_visits().map(|own| own.heir_of.clone());
        for (device, since) in heir_of.into_iter().flatten() {
            let back = self.is_listed(device);
            let peer = self.state.visits_peers().get(&device);
            let unread = peer.is_some_and(|peer| peer.wanted().next().is_some())
                || self.link.visits_unread.contains(&device);
            if !back && unread && now.saturating_sub(since) < HEIR_MS {
                continue;
            }
            if !back {
                // With what it had taken over itself.
                let mut gone = self.visits.origins();
                gone.retain(|origin| !self.is_listed(*origin));
                for origin in gone.into_iter().chain([device]) {
                    self.visits.adopt(origin);
                }
            }
            let revision = self.visits.revision();
            if let Some(own) = self.state.own_visits_mut() {
                own.heir_of.remove(&device);
                if !back {
                    own.adopted.insert(device, revision);
                }
            }
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
