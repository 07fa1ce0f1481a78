// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Fetching others' device lists, and the bundles that are missing (XEP-0384 §5.3).

use std::collections::BTreeSet;

use jid::BareJid;
use minidom::Element;
use omemo::{DeviceId, Namespace};
use rand_core::CryptoRng;

use super::Client;
use super::link::{Fetch, Pending};
use crate::DropReason;
use crate::pubsub;
use crate::stanza::{self, Request, StanzaError};

impl Client {
    /// Fetches the bundles that are missing of the own devices and of those who are written to.
    pub(super) fn fetch_bundles(&mut self, now: u64) {
        if !self.link.own_lists_came() {
            return;
        }
        let mut jids = BTreeSet::from([self.account()]);
        let fetched = self.link.lists.iter();
        jids.extend(
            fetched
                .filter(|(_, (fetch, _))| *fetch == Fetch::Done)
                .map(|((jid, _), _)| jid.to_string()),
        );
        jids.retain(|jid| !self.link.fetches_list_of(jid));
        let jids: Vec<&str> = jids.iter().map(String::as_str).collect();
        for (jid, id, namespace) in self.device.missing_bundles(&jids) {
            if self.link.bundles.insert((jid.clone(), id)) {
                let (node, item) = namespace.bundle_node(id);
                let query = match namespace {
                    Namespace::Omemo2 => pubsub::items(&node, &[item]),
                    // Not all call the only item by its name.
                    _ => pubsub::items(&node, &[]),
                };
                let pending = Pending::Bundle(jid.clone(), id, namespace);
                self.ask(Request::Get, Some(&jid), query, pending, now);
            }
        }
    }

    pub(super) fn bundle_came(
        &mut self,
        (jid, id, namespace): (&str, DeviceId, Namespace),
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        self.link.bundles.remove(&(jid.to_owned(), id));
        let (node, name) = namespace.bundle_node(id);
        let bundle = answer.ok().and_then(|result| {
            let items = pubsub::read_items(result.as_ref(), &node)?;
            let any = namespace != Namespace::Omemo2;
            let bundle = items.into_iter().rfind(|item| any || item.id == name)?.payload;
            bundle.filter(|bundle| bundle.ns() == namespace.uri())
        });
        let Some(bundle) = bundle else {
            return self.device.handle_bundle_failure(jid, id, namespace, now);
        };
        match self.device.handle_bundle(jid, id, &bundle, now, rng) {
            Ok(()) if self.link.greet.remove(&(jid.to_owned(), id)) => {
                self.greet(jid, id, namespace, now, rng);
            }
            Ok(()) => {}
            Err(error) => self.drop_input(DropReason::Malformed, jid, Some(id), error.to_string()),
        }
    }

    /// Tells a device of the session that took the place of one that the user has reset: until it hears of it, it goes on
    /// with the old one. Own devices learn it from the next head, others from an empty message.
    fn greet(&mut self, jid: &str, id: DeviceId, namespace: Namespace, now: u64, rng: &mut impl CryptoRng) {
        if jid == self.config.account.as_str() {
            return self.answer_ratchet(now, rng);
        }
        match self.device.encrypt_empty(jid, id, namespace, now, rng) {
            Ok(element) => {
                let stanza = format!("greeting-{}", self.state.count());
                self.sends
                    .push(stanza::encrypted_message(jid, &stanza, vec![element]));
            }
            Err(error) => tracing::debug!(%error, "no greeting"),
        }
    }

    /// Fetches the device lists of somebody who is written to.
    pub(super) fn fetch_lists(&mut self, jid: &BareJid, now: u64) {
        for namespace in self.config.namespaces() {
            self.link
                .lists
                .insert((jid.clone(), namespace), (Fetch::Asked, now));
            let query = pubsub::items(namespace.devices_node(), &[]);
            let pending = Pending::List(jid.clone(), namespace);
            self.ask(Request::Get, Some(jid.as_str()), query, pending, now);
        }
    }

    pub(super) fn list_came(
        &mut self,
        jid: BareJid,
        namespace: Namespace,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
    ) {
        match answer {
            Ok(result) => {
                let list = pubsub::read_items(result.as_ref(), namespace.devices_node())
                    .and_then(|items| items.into_iter().next_back())
                    .and_then(|item| item.payload);
                if let Some(list) = list {
                    self.take_device_list(jid.as_str(), namespace, &list, now);
                }
            }
            Err(error) => tracing::debug!(%error, "a device list could not be fetched"),
        }
        // What is known from earlier is used where the list cannot be had now.
        self.link.lists.insert((jid, namespace), (Fetch::Done, now));
    }
}
