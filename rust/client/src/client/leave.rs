// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A device that leaves the account for good: it takes itself out of the device lists, so that nobody encrypts to it any
//! more, and its keys off the server. What it published of the bookmarks stays for those who have yet to read it; the
//! others' own pruning removes that.

use omemo::Namespace;

use super::Client;
use super::announce::CURRENT;
use super::link::{Leaving, Pending, Purpose};
use crate::event::Event;
use crate::pubsub::{self, Node};
use crate::refusal::{Refusal, RefusalKind};
use crate::stanza::{Request, StanzaError};

impl Client {
    pub(super) fn leave(&mut self, id: String, now: u64) {
        let unpublished = self.status().unpublished;
        let obstacle = if !self.link.up || !self.link.own_lists_came() || !self.may_encrypt() {
            Some(Refusal::new(
                RefusalKind::NotConnected,
                "a device can only leave its account while there is a connection",
            ))
        } else if self.link.leaving.is_some() {
            Some(Refusal::new(
                RefusalKind::Leaving,
                "this device is leaving already",
            ))
        } else if unpublished > 0 {
            Some(Refusal::new(
                RefusalKind::Unpublished,
                format!(
                    "{unpublished} edits are not sent to the other devices yet; try again when all is up to date"
                ),
            ))
        } else {
            None
        };
        if let Some(refusal) = obstacle {
            return self.refuse(id, refusal);
        }
        let namespaces = self.config.namespaces();
        let lists = namespaces.iter().copied().collect();
        self.link.leaving = Some(Leaving { id, lists });
        for namespace in namespaces {
            let list = self.device.remaining_device_list(namespace);
            let node = Node::Devices(namespace);
            self.publish(node, CURRENT.to_owned(), list, Purpose::LastList(namespace), now);
        }
    }

    /// The server has taken a list without this device, or has not.
    pub(super) fn last_list_published(
        &mut self,
        namespace: Namespace,
        answer: Result<(), StanzaError>,
        now: u64,
    ) {
        let Some(leaving) = &mut self.link.leaving else {
            return;
        };
        if let Err(error) = answer {
            let reason = format!("the server did not take the account's new device list: {error}");
            return self.stay(Refusal::new(RefusalKind::ListNotTaken, reason));
        }
        leaving.lists.remove(&namespace);
        if !leaving.lists.is_empty() {
            return;
        }
        let id = leaving.id.clone();
        let device = self.device.id();
        for namespace in self.config.namespaces() {
            let (_, item) = namespace.bundle_node(device);
            self.retract(pubsub::retract(Node::Bundle(namespace, device), &item), now);
        }
        let decisions = super::trust::decisions_item(device);
        self.retract(pubsub::retract(Node::Trust, &decisions), now);
        self.retract(pubsub::retract(Node::Tabs, &super::tabs::tabs_item(device)), now);
        self.retract_parcels_of(device, now);
        self.retract(pubsub::retract(Node::Device, &device.to_string()), now);
        self.events.push(Event::Left { id });
    }

    /// It did not work: the device goes on, and announces itself again where it has to.
    pub(super) fn stay(&mut self, refusal: Refusal) {
        if let Some(Leaving { id, .. }) = self.link.leaving.take() {
            self.refuse(id, refusal);
        }
    }

    pub(super) fn retract(&mut self, query: minidom::Element, now: u64) {
        self.ask(Request::Set, None, query, Pending::Forget, now);
    }
}
