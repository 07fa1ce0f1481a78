// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Keeping this device in the account's device list, its bundle published, and others' bundles fetched (XEP-0384 §5.3).

use jid::BareJid;
use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;

use super::link::{Fetch, Pending, Purpose, Timer};
use super::{Client, between};
use crate::DropReason;
use crate::pubsub::{self, Node};
use crate::stanza::{Request, StanzaError};

/// The device list has one item of this name (XEP-0384 §5.3.1).
const CURRENT: &str = "current";

/// After publishing the device list it is looked at again within this time, in milliseconds: PubSub has no
/// compare-and-swap, and another device may have published at the same moment.
const SECOND_LOOK_MS: (u64, u64) = (2_000, 5_000);

/// The device list is published at most [`LIST_LIMIT`] times in this time, in milliseconds: two clients that each drop the
/// other would go on for ever.
const LIST_WINDOW_MS: u64 = 10 * 60_000;
const LIST_LIMIT: usize = 6;

/// How long after a failure something is tried again, in milliseconds.
const RETRY_MS: u64 = 60_000;

/// How long after a pre key was used the bundle is published again, in milliseconds: often several are used at once.
const BUNDLE_DELAY_MS: u64 = 3_000;

impl Client {
    /// Does what is needed for this device to be found: first the bundle, then the list, so that whoever sees the device in
    /// the list can fetch its bundle.
    pub(super) fn announce(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if self.link.is_due(&Timer::SecondLook) && self.link.own_list == Fetch::Done {
            self.link.own_list = Fetch::Wanted;
        }
        let retries = self.link.waits(&Timer::Own);
        if self.link.own_bundle == Fetch::Wanted && !retries {
            self.link.own_bundle = Fetch::Asked;
            let query = pubsub::items(omemo::NODE_BUNDLES, &[self.device.id().to_string()]);
            self.ask(Request::Get, None, query, Pending::OwnBundle, now);
        }
        if self.link.own_list == Fetch::Wanted && !retries {
            self.link.own_list = Fetch::Asked;
            self.ask(
                Request::Get,
                None,
                pubsub::items(omemo::NODE_DEVICES, &[]),
                Pending::OwnList,
                now,
            );
        }
        self.publish_bundle(now, rng);
        self.publish_list(now);
    }

    fn publish_bundle(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let due = self.link.bundle_missing || self.device.bundle_is_due();
        if self.link.own_bundle != Fetch::Done || !due || self.link.bundle_publishing {
            return;
        }
        if self.link.waits(&Timer::Bundle) {
            return;
        }
        self.device.handle_timeout(now, rng);
        self.link.bundle_publishing = true;
        self.link.bundle_missing = false;
        let item = self.device.id().to_string();
        self.publish(Node::Bundles, item, self.device.bundle(), Purpose::Bundle, now);
    }

    fn publish_list(&mut self, now: u64) {
        let ready = self.link.own_bundle == Fetch::Done
            && self.link.own_list == Fetch::Done
            && !self.link.bundle_publishing
            && !self.link.bundle_missing;
        if !ready || !self.link.own_missing || self.link.list_publishing || self.link.waits(&Timer::Announce)
        {
            return;
        }
        self.link
            .list_times
            .retain(|time| time.saturating_add(LIST_WINDOW_MS) > now);
        if self.link.list_times.len() >= LIST_LIMIT {
            let oldest = self.link.list_times.first().copied().unwrap_or(now);
            self.link
                .set(Timer::Announce, oldest.saturating_add(LIST_WINDOW_MS));
            let problem = "another program keeps removing this device from the account's device list";
            self.problems.insert("list", problem.to_owned());
            return;
        }
        self.link.list_times.push(now);
        self.link.list_publishing = true;
        let list = self.device.own_device_list(self.label().as_deref());
        self.publish(Node::Devices, CURRENT.to_owned(), list, Purpose::List, now);
    }

    pub(super) fn own_bundle_came(&mut self, answer: Result<Option<Element>, StanzaError>, now: u64) {
        match answer {
            Ok(result) => {
                let items = pubsub::read_items(result.as_ref(), omemo::NODE_BUNDLES).unwrap_or_default();
                let own = self.device.id().to_string();
                self.link.bundle_missing = !items.iter().any(|item| item.id == own && item.payload.is_some());
                self.link.own_bundle = Fetch::Done;
            }
            Err(error) if error.is("item-not-found") => {
                self.link.bundle_missing = true;
                self.link.own_bundle = Fetch::Done;
            }
            Err(error) => {
                self.link.own_bundle = Fetch::Wanted;
                self.own_fetch_failed(&error, now);
            }
        }
    }

    pub(super) fn own_list_came(&mut self, answer: Result<Option<Element>, StanzaError>, now: u64) {
        let list = match answer {
            Ok(result) => pubsub::read_items(result.as_ref(), omemo::NODE_DEVICES)
                .and_then(|items| items.into_iter().next_back())
                .and_then(|item| item.payload),
            Err(error) if error.is("item-not-found") => None,
            Err(error) => {
                self.link.own_list = Fetch::Wanted;
                self.own_fetch_failed(&error, now);
                return;
            }
        };
        self.link.own_list = Fetch::Done;
        self.problems.remove("own");
        let list = list.unwrap_or_else(|| Element::bare("devices", omemo::NS_OMEMO_2));
        self.take_device_list(&self.account(), &list, now);
    }

    fn own_fetch_failed(&mut self, error: &StanzaError, now: u64) {
        self.link.set(Timer::Own, now.saturating_add(RETRY_MS));
        self.problems.insert(
            "own",
            format!("The account's device list could not be fetched: {error}."),
        );
    }

    /// Takes a device list, fetched or notified.
    pub(super) fn take_device_list(&mut self, jid: &str, list: &Element, now: u64) {
        match self.device.handle_device_list(jid, list, now) {
            Ok(change) => {
                if jid == self.config.account.as_str() {
                    self.link.own_missing = change.own_missing;
                } else {
                    self.state.meet(jid);
                }
            }
            Err(error) => self.drop_input(DropReason::Malformed, jid, None, error.to_string()),
        }
    }

    pub(super) fn list_published(
        &mut self,
        answer: Result<(), StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        self.link.list_publishing = false;
        match answer {
            Ok(()) => {
                self.link.own_missing = false;
                self.problems.remove("list");
                let (low, high) = SECOND_LOOK_MS;
                self.link
                    .set(Timer::SecondLook, now.saturating_add(between(low, high, rng)));
            }
            Err(error) => {
                self.link.set(Timer::Announce, now.saturating_add(RETRY_MS));
                let problem =
                    format!("This device could not be entered into the account's device list: {error}.");
                self.problems.insert("list", problem);
            }
        }
    }

    pub(super) fn bundle_published(&mut self, bundle: &Element, answer: Result<(), StanzaError>, now: u64) {
        self.link.bundle_publishing = false;
        match answer {
            Ok(()) => {
                self.problems.remove("bundle");
                // A pre key that was used meanwhile makes another one due.
                if *bundle == self.device.bundle() {
                    self.device.bundle_published();
                } else {
                    self.link.set(Timer::Bundle, now.saturating_add(BUNDLE_DELAY_MS));
                }
            }
            Err(error) => {
                self.link.bundle_missing = true;
                self.link.set(Timer::Bundle, now.saturating_add(RETRY_MS));
                self.problems.insert(
                    "bundle",
                    format!("This device's public keys could not be published: {error}."),
                );
            }
        }
    }

    /// A pre key was used: the bundle is published again, but not at once.
    pub(super) fn bundle_soon(&mut self, now: u64) {
        if self.device.bundle_is_due() && !self.link.waits(&Timer::Bundle) {
            self.link.set(Timer::Bundle, now.saturating_add(BUNDLE_DELAY_MS));
        }
    }

    /// Fetches the bundles that are missing of the own devices and of those who are written to.
    pub(super) fn fetch_bundles(&mut self, now: u64) {
        if self.link.own_list != Fetch::Done {
            return;
        }
        let mut jids = vec![self.account()];
        jids.extend(
            self.link
                .lists
                .iter()
                .filter(|(_, (fetch, _))| *fetch == Fetch::Done)
                .map(|(jid, _)| jid.to_string()),
        );
        let jids: Vec<&str> = jids.iter().map(String::as_str).collect();
        for (jid, id) in self.device.missing_bundles(&jids) {
            if self.link.bundles.insert((jid.clone(), id)) {
                let query = pubsub::items(omemo::NODE_BUNDLES, &[id.to_string()]);
                self.ask(
                    Request::Get,
                    Some(&jid),
                    query,
                    Pending::Bundle(jid.clone(), id),
                    now,
                );
            }
        }
    }

    pub(super) fn bundle_came(
        &mut self,
        jid: &str,
        id: DeviceId,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        self.link.bundles.remove(&(jid.to_owned(), id));
        let name = id.to_string();
        let bundle = answer.ok().and_then(|result| {
            let items = pubsub::read_items(result.as_ref(), omemo::NODE_BUNDLES)?;
            items.into_iter().find(|item| item.id == name)?.payload
        });
        let handled = match bundle {
            Some(bundle) => self.device.handle_bundle(jid, id, &bundle, now, rng),
            None => {
                self.device.handle_bundle_failure(jid, id, now);
                Ok(())
            }
        };
        if let Err(error) = handled {
            self.device.handle_bundle_failure(jid, id, now);
            self.drop_input(DropReason::Malformed, jid, Some(id), error.to_string());
        }
    }

    /// Fetches the device list of somebody who is written to.
    pub(super) fn fetch_list(&mut self, jid: &BareJid, now: u64) {
        self.link.lists.insert(jid.clone(), (Fetch::Asked, now));
        let query = pubsub::items(omemo::NODE_DEVICES, &[]);
        self.ask(
            Request::Get,
            Some(jid.as_str()),
            query,
            Pending::List(jid.clone()),
            now,
        );
    }

    pub(super) fn list_came(&mut self, jid: BareJid, answer: Result<Option<Element>, StanzaError>, now: u64) {
        if let Ok(result) = &answer {
            let list = pubsub::read_items(result.as_ref(), omemo::NODE_DEVICES)
                .and_then(|items| items.into_iter().next_back())
                .and_then(|item| item.payload);
            if let Some(list) = list {
                self.take_device_list(jid.as_str(), &list, now);
            }
        }
        if let Err(error) = &answer {
            tracing::debug!(%error, "a device list could not be fetched");
        }
        // What is known from earlier is used where the list cannot be had now.
        self.link.lists.insert(jid, (Fetch::Done, now));
    }
}
