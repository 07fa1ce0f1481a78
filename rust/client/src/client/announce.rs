// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Keeping this device in the account's device lists and its bundles published (XEP-0384 §5.3), in each wire form of OMEMO
//! that is used.

use minidom::Element;
use omemo::{Bundle, Namespace};
use rand_core::CryptoRng;

use super::link::{Fetch, Pending, Purpose, Timer};
use super::{Client, between};
use crate::pubsub::{self, Node};
use crate::stanza::{Request, StanzaError};
use crate::{DropReason, Problem, ProblemKind};

/// A device list has one item of this name (XEP-0384 §5.3.1).
pub(super) const CURRENT: &str = "current";

/// After publishing a device list it is looked at again within this time, in milliseconds: PubSub has no
/// compare-and-swap, and another device may have published at the same moment.
const SECOND_LOOK_MS: (u64, u64) = (2_000, 5_000);

/// How long this device waits before it enters itself again, in milliseconds: the others that were dropped with it do the
/// same, and whoever comes a moment later takes them along.
const LIST_PAUSE_MS: (u64, u64) = (200, 1_500);
/// After [`LIST_LIMIT`] times within [`LIST_WINDOW_MS`] the pause is so long, and twice as long each time: two clients that
/// each drop the other would go on for ever. In milliseconds.
const LIST_BACKOFF_MS: u64 = 15_000;
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
        if self.link.is_due(&Timer::SecondLook) {
            for own in self.link.own.values_mut().filter(|own| own.list == Fetch::Done) {
                own.list = Fetch::Wanted;
            }
        }
        for namespace in self.config.namespaces() {
            self.fetch_own(namespace, now);
            if self.may_encrypt() {
                self.publish_bundle(namespace, now, rng);
                self.publish_list(namespace, now, rng);
            }
        }
    }

    fn fetch_own(&mut self, namespace: Namespace, now: u64) {
        if self.link.waits(&Timer::Own) {
            return;
        }
        if self.link.own(namespace).bundle == Fetch::Wanted {
            self.link.own_mut(namespace).bundle = Fetch::Asked;
            let (node, item) = namespace.bundle_node(self.device.id());
            let query = pubsub::items(&node, &[item]);
            self.ask(Request::Get, None, query, Pending::OwnBundle(namespace), now);
        }
        if self.link.own(namespace).list == Fetch::Wanted {
            self.link.own_mut(namespace).list = Fetch::Asked;
            let query = pubsub::items(namespace.devices_node(), &[]);
            self.ask(Request::Get, None, query, Pending::OwnList(namespace), now);
        }
    }

    fn publish_bundle(&mut self, namespace: Namespace, now: u64, rng: &mut impl CryptoRng) {
        let own = self.link.own(namespace);
        if own.bundle != Fetch::Done || own.bundle_publishing || self.link.waits(&Timer::Bundle) {
            return;
        }
        let due = own.bundle_missing || self.device.bundle_is_due();
        if !due || !own.bundle_missing && self.is_published(namespace) {
            return;
        }
        self.device.handle_timeout(now, rng);
        let own = self.link.own_mut(namespace);
        own.bundle_publishing = true;
        own.bundle_missing = false;
        let (_, item) = namespace.bundle_node(self.device.id());
        let (node, bundle) = (
            Node::Bundle(namespace, self.device.id()),
            self.device.bundle(namespace),
        );
        self.publish(node, item, bundle, Purpose::Bundle(namespace), now);
    }

    /// Whether the bundle that was published on this stream is the current one.
    fn is_published(&self, namespace: Namespace) -> bool {
        self.link.own(namespace).published.as_ref() == Some(&self.device.bundle(namespace))
    }

    fn publish_list(&mut self, namespace: Namespace, now: u64, rng: &mut impl CryptoRng) {
        let own = self.link.own(namespace);
        let ready = own.bundle == Fetch::Done
            && own.list == Fetch::Done
            && !own.bundle_publishing
            && !own.bundle_missing;
        let timer = Timer::Announce(namespace);
        if !ready || !own.missing || own.list_publishing || self.link.waits(&timer) {
            return;
        }
        let own = self.link.own_mut(namespace);
        own.list_times
            .retain(|time| time.saturating_add(LIST_WINDOW_MS) > now);
        let times = own.list_times.len();
        if times > 0 && !self.link.is_due(&timer) {
            let (low, high) = LIST_PAUSE_MS;
            let pause = match times.checked_sub(LIST_LIMIT) {
                None => between(low, high, rng),
                Some(over) => LIST_BACKOFF_MS
                    .saturating_mul(1 << over.min(8))
                    .min(LIST_WINDOW_MS),
            };
            self.link.set(timer, now.saturating_add(pause));
            if times >= LIST_LIMIT {
                let problem = "Another program keeps removing this device from the account's device list.";
                let problem = Problem::new(ProblemKind::ListFought, problem);
                self.problems.insert(list_problem(namespace), problem);
            }
            return;
        }
        self.link.own_mut(namespace).list_times.push(now);
        self.publish_own_list(namespace, now);
    }

    pub(super) fn publish_own_list(&mut self, namespace: Namespace, now: u64) {
        self.link.own_mut(namespace).list_publishing = true;
        let list = self.device.own_device_list(namespace, self.label().as_deref());
        let node = Node::Devices(namespace);
        self.publish(node, CURRENT.to_owned(), list, Purpose::List(namespace), now);
    }

    pub(super) fn own_bundle_came(
        &mut self,
        namespace: Namespace,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
    ) {
        let own = match answer {
            Ok(result) => {
                let (node, id) = namespace.bundle_node(self.device.id());
                let items = pubsub::read_items(result.as_ref(), &node).unwrap_or_default();
                let item = items.into_iter().rfind(|item| item.id == id);
                item.and_then(|item| Bundle::parse(&item.payload?).ok())
            }
            Err(error) if error.is("item-not-found") => None,
            Err(error) => {
                self.link.own_mut(namespace).bundle = Fetch::Wanted;
                return self.own_fetch_failed(&error, now);
            }
        };
        // Another one than this device has is as good as none: nobody could make a session from it.
        let current = Bundle::parse(&self.device.bundle(namespace)).ok();
        let missing = own.is_none() || own != current;
        let own = self.link.own_mut(namespace);
        own.bundle_missing = missing;
        own.bundle = Fetch::Done;
    }

    pub(super) fn own_list_came(
        &mut self,
        namespace: Namespace,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
    ) {
        let list = match answer {
            Ok(result) => pubsub::read_items(result.as_ref(), namespace.devices_node())
                .and_then(|items| items.into_iter().next_back())
                .and_then(|item| item.payload),
            Err(error) if error.is("item-not-found") => None,
            Err(error) => {
                self.link.own_mut(namespace).list = Fetch::Wanted;
                return self.own_fetch_failed(&error, now);
            }
        };
        self.link.own_mut(namespace).list = Fetch::Done;
        self.problems.remove("own");
        let list = list.unwrap_or_else(|| omemo::empty_device_list(namespace));
        self.take_device_list(&self.account(), namespace, &list, now);
    }

    fn own_fetch_failed(&mut self, error: &StanzaError, now: u64) {
        self.link.set(Timer::Own, now.saturating_add(RETRY_MS));
        let what = "The account's device list could not be fetched";
        let problem = Problem::because(ProblemKind::ListNotFetched, what, error);
        self.problems.insert("own", problem);
    }

    /// Takes a device list, fetched or notified.
    pub(super) fn take_device_list(&mut self, jid: &str, namespace: Namespace, list: &Element, now: u64) {
        if list.ns() != namespace.uri() {
            let detail = "a device list of another wire form than its node's".to_owned();
            return self.drop_input(DropReason::Malformed, jid, None, detail);
        }
        match self.device.handle_device_list(jid, list, now) {
            Ok(change) => {
                if jid == self.config.account.as_str() {
                    self.link.own_mut(namespace).missing = change.own_missing;
                    self.link.announced |= namespace == Namespace::Omemo2 && !change.own_missing;
                } else {
                    self.state.meet(jid);
                }
            }
            Err(error) => self.drop_input(DropReason::Malformed, jid, None, error.to_string()),
        }
    }

    pub(super) fn list_published(
        &mut self,
        namespace: Namespace,
        answer: Result<(), StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        self.link.own_mut(namespace).list_publishing = false;
        match answer {
            Ok(()) => {
                self.link.own_mut(namespace).missing = false;
                self.link.announced |= namespace == Namespace::Omemo2;
                self.problems.remove(list_problem(namespace));
                let (low, high) = SECOND_LOOK_MS;
                self.link
                    .set(Timer::SecondLook, now.saturating_add(between(low, high, rng)));
            }
            Err(error) => {
                self.link
                    .set(Timer::Announce(namespace), now.saturating_add(RETRY_MS));
                let what = "This device could not be entered into the account's device list";
                let problem = Problem::because(ProblemKind::ListNotPublished, what, &error);
                self.problems.insert(list_problem(namespace), problem);
            }
        }
    }

    pub(super) fn bundle_published(
        &mut self,
        namespace: Namespace,
        bundle: Element,
        answer: Result<(), StanzaError>,
        now: u64,
    ) {
        let own = self.link.own_mut(namespace);
        own.bundle_publishing = false;
        match answer {
            Ok(()) => {
                own.published = Some(bundle);
                self.problems.remove("bundle");
                if !self.is_published(namespace) {
                    // A pre key that was used meanwhile makes another one due.
                    self.link.set(Timer::Bundle, now.saturating_add(BUNDLE_DELAY_MS));
                } else if self
                    .config
                    .namespaces()
                    .into_iter()
                    .all(|namespace| self.is_published(namespace))
                {
                    self.device.bundle_published();
                }
            }
            Err(error) => {
                own.bundle_missing = true;
                self.link.set(Timer::Bundle, now.saturating_add(RETRY_MS));
                let what = "This device's public keys could not be published";
                let problem = Problem::because(ProblemKind::KeysNotPublished, what, &error);
                self.problems.insert("bundle", problem);
            }
        }
    }

    /// A pre key was used: the bundle is published again, but not at once.
    pub(super) fn bundle_soon(&mut self, now: u64) {
        if self.device.bundle_is_due() && !self.link.waits(&Timer::Bundle) {
            self.link.set(Timer::Bundle, now.saturating_add(BUNDLE_DELAY_MS));
        }
    }
}

/// Names the problem that a device list could not be published.
fn list_problem(namespace: Namespace) -> &'static str {
    match namespace {
        Namespace::Omemo2 => "list",
        _ => "older list",
    }
}
