// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Which devices open what is sent to them: each says so of itself.

use std::collections::BTreeSet;

use minidom::Element;
use minidom::rxml::xml_ncname;
use omemo::{DeviceId, Namespace};

use super::is_over;
use crate::client::Client;
use crate::client::link::{Purpose, Timer};
use crate::ns;
use crate::pubsub::Node;
use crate::stanza::StanzaError;

/// How long a device that has said that it takes tabs says nothing of it on the same stream, in milliseconds: so long at first, and
/// twice as long each time that it is soon lost again, as by a server that keeps one item of the node.
const TAKES_PAUSE_MS: (u64, u64) = (30_000, 3_600_000);

/// Most devices that are not in the list whose items are remembered until they are: far more than an account has.
const MAX_UNLISTED: usize = 64;

/// What this device has said last on a stream of whether it takes tabs.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct Saying {
    device: DeviceId,
    /// When, and how long it then says nothing of it, in milliseconds.
    at: u64,
    pause: u64,
}

impl Client {
    /// Tells the others whether tabs can be sent to this device.
    pub(super) fn say_if_taking(&mut self, now: u64) {
        let (own, takes) = (self.device.id(), self.config.take_tabs);
        let told = self.state.takers().own == Some((own, takes));
        // First the device itself has to be known.
        let listed = !self.link.own(Namespace::Omemo2).missing;
        if told || !listed || self.link.saying_if_taking {
            return;
        }
        let last = self.link.takes_said.filter(|last| last.device == own);
        if last.is_some() && self.link.waits(&Timer::Takes) {
            return;
        }
        let (first, longest) = TAKES_PAUSE_MS;
        let pause = match last {
            Some(last) if !is_over(last.at, last.pause.saturating_mul(2), now) => {
                last.pause.saturating_mul(2).min(longest)
            }
            _ => first,
        };
        self.link.takes_said = Some(Saying {
            device: own,
            at: now,
            pause,
        });
        self.link.set(Timer::Takes, now.saturating_add(pause));
        self.link.saying_if_taking = true;
        let payload = Element::builder("takes", ns::NODE_PARCELS)
            .attr(xml_ncname!("tabs").to_owned(), takes.to_string())
            .build();
        self.publish(
            Node::Parcels,
            takes_item(own),
            payload,
            Purpose::Takes(takes),
            now,
        );
    }

    /// Where it failed, it is said again after the pause.
    pub(in crate::client) fn taking_published(&mut self, takes: bool, answer: &Result<(), StanzaError>) {
        self.link.saying_if_taking = false;
        // This state may be another device by now.
        let own = self.device.id();
        let said = self.link.takes_said.is_some_and(|said| said.device == own);
        if said && answer.is_ok() {
            self.link.parcel_items.insert(takes_item(own));
            self.state.takers_mut().own = Some((own, takes));
        }
    }

    /// Notes whether tabs can be sent to another device of the account.
    pub(super) fn note_taker(&mut self, device: DeviceId, takes: bool) {
        if device == self.device.id() {
            return;
        }
        if takes && !self.is_listed(device) {
            return self.skip_unlisted(device);
        }
        let changes = self.state.takers().devices.contains(&device) != takes;
        if changes && takes {
            self.state.takers_mut().devices.insert(device);
        } else if changes {
            self.state.takers_mut().devices.remove(&device);
        }
    }

    /// What that device says is passed over while it is not known to be one of the account's, and fetched again when it is.
    pub(super) fn skip_unlisted(&mut self, device: DeviceId) {
        if !self.link.own_lists_came() {
            self.link.parcels_skipped = true;
        } else if self.link.parcels_unlisted.len() < MAX_UNLISTED {
            self.link.parcels_unlisted.insert(device);
        }
    }

    /// Forgets of devices that are not in the list any more that tabs could be sent to them.
    pub(super) fn drop_unlisted_takers(&mut self) {
        let listed = self.listed();
        let takers = self.state.takers().devices.iter().copied();
        let gone: Vec<DeviceId> = takers.filter(|device| !listed.contains(device)).collect();
        for device in gone {
            self.note_taker(device, false);
            // It may have been dropped by mistake, and enter itself again.
            self.skip_unlisted(device);
        }
    }

    /// The account's other devices.
    pub(super) fn listed(&self) -> BTreeSet<DeviceId> {
        let known = self.device.device_list(self.config.account.as_str()).into_iter();
        known
            .filter(|device| device.active)
            .map(|device| device.id)
            .collect()
    }
}

/// The item in which a device says whether tabs can be sent to it.
pub(super) fn takes_item(device: DeviceId) -> String {
    format!("{device}.takes")
}

pub(super) fn taker_of(item: &str) -> Option<DeviceId> {
    item.strip_suffix(".takes")?.parse().ok()
}
