// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Sending tabs to another device of the account, where they are opened once.
//!
//! A parcel waits as an item of a node that only the account may read, encrypted for the receiver alone. The receiver opens it
//! once the server has deleted the item at its request: of two copies of the receiver's state only one is told that. Who sent it
//! sees by that, too, that it was taken.

use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;

use super::Client;
use super::link::{Fetch, Pending, Timer};
use crate::pubsub::{self, Item, Node, NodeEvent};
use crate::stanza::{Request, StanzaError};
use crate::{Event, ParcelState, SentTabs, ns};

mod sending;
mod takers;
mod taking;

pub(super) use takers::Saying;
use takers::{taker_of, takes_item};

const DAY_MS: u64 = 24 * 3_600_000;

/// For how long a parcel waits for its receiver, in milliseconds.
const LIFE_MS: u64 = 30 * DAY_MS;

/// After that and a day whoever sees a parcel deletes it, for its sender may be gone; and a parcel that was taken is remembered for
/// so long after that.
const GRACE_MS: u64 = DAY_MS;

/// How far ahead a parcel may be dated, in milliseconds: two clocks that are both about right differ by less. One further ahead, or
/// without a date, counts from when it was seen first.
const AHEAD_MS: u64 = 2 * DAY_MS;

/// Most such parcels that are remembered, and the longest id of one, in bytes.
const MAX_AHEAD: (usize, usize) = (64, 64);

/// How long after a failure something is tried again, in milliseconds.
const RETRY_MS: u64 = 30_000;

/// The node is fetched once more so long after the beginning of a stream, in milliseconds: what happens before the server knows what
/// this client is interested in (XEP-0115) is not told.
const SECOND_LOOK_MS: u64 = 15_000;

/// A parcel's item: who sent it to whom, and its name.
struct Address {
    sender: DeviceId,
    receiver: DeviceId,
    name: String,
}

impl Address {
    fn parse(item: &str) -> Option<Address> {
        let mut parts = item.splitn(3, '.');
        Some(Address {
            sender: parts.next()?.parse().ok()?,
            receiver: parts.next()?.parse().ok()?,
            name: parts.next()?.to_owned(),
        })
    }
}

impl Client {
    /// Fetches what waits and asks for it. The first thing on each stream, before it is known whether this state is a copy: of
    /// copies that start together each goes on as a new device, which can no longer read what was sent to the old one. Reading uses
    /// no key twice.
    pub(super) fn fetch_parcels(&mut self, now: u64) {
        if self.link.waits(&Timer::Parcels) {
            return;
        }
        if self.link.parcels == Fetch::Wanted {
            self.link.parcels = Fetch::Asked;
            let query = pubsub::items(ns::NODE_PARCELS, &[]);
            self.ask(Request::Get, None, query, Pending::Parcels, now);
        }
        self.claim_parcels(now);
    }

    /// Says whether this device takes tabs, and sends what is to be sent.
    pub(super) fn drive_parcels(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let ready = self.link.own_lists_came() && !self.link.fetches_bundles_of(self.config.account.as_str());
        if !ready {
            return;
        }
        self.drop_unlisted_takers();
        if self.link.parcels == Fetch::Done && self.parcels_are_wanted_again() {
            self.link.parcels = Fetch::Wanted;
            self.fetch_parcels(now);
        }
        if self.link.parcels == Fetch::Done && self.link.clock_told {
            self.date_parcels(now);
            self.judge_parcels(now);
            if self.trusts_clock() {
                self.expire_parcels(now);
                self.forget_came(now);
                self.publish_parcel(now, rng);
            }
        }
        if self.link.parcels == Fetch::Done {
            self.say_if_taking(now);
        }
    }

    /// Whether the node may hold something that was not read.
    fn parcels_are_wanted_again(&mut self) -> bool {
        let again = self.link.is_due(&Timer::ParcelsAgain);
        let skipped = std::mem::take(&mut self.link.parcels_skipped);
        let unlisted = &self.link.parcels_unlisted;
        let listed = !unlisted.is_empty() && self.listed().iter().any(|device| unlisted.contains(device));
        let left = &self.link.parcels_left;
        let room = left.iter().any(|device| !self.is_full(*device));
        // Where it is lost each time, looking for what else is lost has to wait as well.
        let lost = self.link.takes_lost && !self.link.waits(&Timer::Takes);
        self.link.takes_lost &= !lost;
        again || skipped || listed || room || lost
    }

    pub(super) fn parcels_came(
        &mut self,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let items = match answer {
            Ok(result) => pubsub::read_items(result.as_ref(), ns::NODE_PARCELS).unwrap_or_default(),
            Err(error) if error.is("item-not-found") => Vec::new(),
            Err(error) => {
                tracing::info!(%error, "the node of parcels was not fetched");
                self.link.parcels = Fetch::Wanted;
                self.link.set(Timer::Parcels, now.saturating_add(RETRY_MS));
                return;
            }
        };
        self.link.parcels = Fetch::Done;
        if !std::mem::replace(&mut self.link.parcels_read, true) {
            let again = now.saturating_add(SECOND_LOOK_MS);
            self.link.set(Timer::ParcelsAgain, again);
        }
        self.link.parcels_unlisted.clear();
        self.link.parcels_left.clear();
        self.link.parcel_items = items.iter().map(|item| item.id.clone()).collect();
        let own = self.device.id();
        // What this device says of itself stays there for ever. Without it the server has lost the node, and all that waited.
        let lost = !self.link.parcel_items.contains(&takes_item(own));
        if lost && self.state.takers().own.is_some() {
            self.state.takers_mut().own = None;
        }
        self.compare_sent(lost);
        let there = &self.link.parcel_items;
        if !self.state.takers().ahead.keys().all(|item| there.contains(item)) {
            let ahead = &mut self.state.takers_mut().ahead;
            ahead.retain(|item, _| self.link.parcel_items.contains(item));
        }
        let there = &self.link.parcel_items;
        let devices = self.state.takers().devices.iter().copied();
        let silent: Vec<DeviceId> = devices
            .filter(|device| !there.contains(&takes_item(*device)))
            .collect();
        for device in silent {
            self.note_taker(device, false);
        }
        for item in items {
            self.take_parcel_item(item, now, rng);
        }
    }

    pub(super) fn take_parcels_event(&mut self, event: NodeEvent, now: u64, rng: &mut impl CryptoRng) {
        if event.emptied {
            self.link.parcels = Fetch::Wanted;
        }
        let own = self.device.id();
        for item in &event.retracted {
            self.link.parcel_items.remove(item);
            if *item == takes_item(own) {
                self.link.takes_lost = true;
            } else if let Some(device) = taker_of(item) {
                self.note_taker(device, false);
            } else if let Some(address) = Address::parse(item).filter(|address| address.sender == own) {
                self.link.parcels_gone.insert(address.name);
            }
        }
        for item in event.items {
            self.link.parcel_items.insert(item.id.clone());
            self.take_parcel_item(item, now, rng);
        }
    }

    /// Takes one item.
    fn take_parcel_item(&mut self, item: Item, now: u64, rng: &mut impl CryptoRng) {
        let Some(payload) = item.payload else { return };
        if let Some(device) = taker_of(&item.id) {
            let takes = payload.is("takes", ns::NODE_PARCELS) && payload.attr("tabs") == Some("true");
            return self.note_taker(device, takes);
        }
        let Some(address) = Address::parse(&item.id) else {
            return tracing::debug!("an item of parcels that this release does not know");
        };
        let told = payload.attr("at").and_then(|at| at.parse::<u64>().ok());
        let at = self.date_of(&item.id, told.unwrap_or(u64::MAX), now);
        let age = now.saturating_sub(at);
        if age > LIFE_MS.saturating_add(GRACE_MS) && self.trusts_clock() {
            return self.retract(pubsub::retract(Node::Parcels, &item.id), now);
        }
        if address.receiver == self.device.id() && age <= LIFE_MS && self.config.take_tabs {
            self.take_parcel(item.id, &address, &payload, at, now, rng);
        }
    }

    /// Since when a parcel waits, of which its sender says `told`.
    fn date_of(&mut self, item: &str, told: u64, now: u64) -> u64 {
        if told <= now.saturating_add(AHEAD_MS) || !self.trusts_clock() {
            return told.min(now);
        }
        let ahead = &self.state.takers().ahead;
        if let Some(seen) = ahead.get(item) {
            return now.min(*seen);
        }
        let (most, longest) = MAX_AHEAD;
        if ahead.len() < most && item.len() <= longest {
            self.state.takers_mut().ahead.insert(item.to_owned(), now);
        }
        now
    }

    /// Tells the host what came and what has become of what was sent.
    pub(super) fn tell_parcels(&mut self) {
        self.tell_came();
        if std::mem::take(&mut self.sent_due) {
            let (id, sent) = (String::new(), self.sent_tabs());
            self.events.push(Event::SentTabs { id, sent });
        }
    }

    /// Deletes all that is from that device or for it, which has left the account or is being removed.
    pub(super) fn retract_parcels_of(&mut self, device: DeviceId, now: u64) {
        let concerns = |item: &String| match Address::parse(item) {
            Some(address) => address.sender == device || address.receiver == device,
            None => taker_of(item) == Some(device),
        };
        let items = self.link.parcel_items.iter().filter(|item| concerns(item));
        let items: Vec<String> = items.cloned().collect();
        let own = self.device.id();
        let waiting: Vec<String> = self
            .state
            .sent()
            .values()
            .filter(|sent| sent.tabs.device == device && sent.waits())
            .map(|sent| sent.tabs.name.clone())
            .collect();
        for name in waiting {
            self.end_parcel(&name, ParcelState::DeviceGone, now);
        }
        for item in items {
            self.link.parcel_items.remove(&item);
            self.retract(pubsub::retract(Node::Parcels, &item), now);
        }
        if device != own {
            self.note_taker(device, false);
        }
    }
}

fn item_of(sender: DeviceId, parcel: &SentTabs) -> String {
    format!("{sender}.{}.{}", parcel.device, parcel.name)
}

fn is_over(at: u64, life: u64, now: u64) -> bool {
    now.saturating_sub(at) > life
}
