// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What this device sends to others.

use minidom::Element;
use minidom::rxml::xml_ncname;
use omemo::DeviceId;
use rand_core::CryptoRng;

use super::{LIFE_MS, RETRY_MS, is_over, item_of};
use crate::client::Client;
use crate::client::link::{Pending, Purpose, Timer};
use crate::client::state::Sent;
use crate::parcel::{Content, random_name};
use crate::pubsub::{self, Node};
use crate::refusal::{Refusal, RefusalKind};
use crate::stanza::{Request, StanzaError};
use crate::{Event, ParcelState, Problem, ProblemKind, SentTabs, Tab, ns};

/// Most parcels of a device that wait: servers keep some 250 items of a node, for all devices.
const MAX_WAITING: usize = 20;

/// Most parcels that ended and are still listed.
const MAX_ENDED: usize = 50;

const PROBLEM: &str = "parcels";

impl Client {
    /// What this device has sent to others, the latest first.
    #[must_use]
    pub fn sent_tabs(&self) -> Vec<SentTabs> {
        let mut sent: Vec<SentTabs> = self.state.sent().values().map(Sent::told).collect();
        sent.sort_by(|one, other| (other.at, &other.name).cmp(&(one.at, &one.name)));
        sent
    }

    pub(in crate::client) fn send_tabs(
        &mut self,
        id: String,
        device: DeviceId,
        tabs: Vec<Tab>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        match self.make_parcel(device, tabs, now, rng) {
            Ok(()) => {
                let sent = self.sent_tabs();
                self.events.push(Event::SentTabs { id, sent });
            }
            Err(refusal) => self.refuse(id, refusal),
        }
    }

    fn make_parcel(
        &mut self,
        device: DeviceId,
        tabs: Vec<Tab>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Refusal> {
        let refusal = |kind, reason: &str| Err(Refusal::new(kind, reason));
        if device == self.device.id() {
            return refusal(RefusalKind::ThisDevice, "this is the device itself");
        }
        let known = self.device.device_list(self.config.account.as_str());
        let Some(known) = known.into_iter().find(|known| known.id == device && known.active) else {
            let reason = format!("the account has no device {device}");
            return Err(Refusal::new(RefusalKind::UnknownDevice, reason));
        };
        if !known.trust.is_trusted() {
            return refusal(RefusalKind::Distrusted, "the device is not trusted");
        }
        if !known.has_session {
            return refusal(RefusalKind::NoKeys, "the device's keys have not been fetched yet");
        }
        if !self.state.takers().devices.contains(&device) {
            return refusal(
                RefusalKind::TakesNoTabs,
                "the device does not open what is sent to it",
            );
        }
        let waiting = self
            .state
            .sent()
            .values()
            .filter(|sent| sent.tabs.state == ParcelState::Waiting);
        if waiting.count() >= MAX_WAITING {
            let reason = format!("{MAX_WAITING} times tabs wait to be opened elsewhere already");
            return Err(Refusal::new(RefusalKind::TooMany, reason));
        }
        let content = Content::new(random_name(rng), tabs)?;
        let name = content.name;
        let tabs = SentTabs {
            name: name.clone(),
            device,
            label: known.label.unwrap_or_default(),
            at: now,
            tabs: content.tabs,
            state: ParcelState::Waiting,
        };
        let sent = Sent {
            tabs,
            published: false,
            ended: 0,
        };
        self.state.keep_sent(&name, sent);
        self.forget_sent(now);
        Ok(())
    }

    /// Publishes the oldest parcel that the server has not got and that can be encrypted; the next one after its answer. One that the
    /// server has refused comes after the others.
    pub(in crate::client) fn publish_parcel(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if self.link.parcel_sending || self.link.waits(&Timer::ParcelsOut) {
            return;
        }
        let sent = self.state.sent().values();
        let unsent = sent.filter(|sent| !sent.published && sent.tabs.state == ParcelState::Waiting);
        let refused = |name| self.link.parcels_refused.get(name).copied();
        let mut unsent: Vec<(u32, u64, String)> = unsent
            .map(|sent| &sent.tabs)
            .map(|tabs| (refused(&tabs.name).unwrap_or(0), tabs.at, tabs.name.clone()))
            .collect();
        unsent.sort_unstable();
        for (_, _, name) in unsent {
            if self.link.waits(&Timer::Parcel(name.clone())) {
                continue;
            }
            let Some(tabs) = self.state.sent().get(&name).map(|sent| sent.tabs.clone()) else {
                continue;
            };
            if !self.is_listed(tabs.device) {
                self.end_parcel(&name, ParcelState::DeviceGone, now);
            } else if let Some(encrypted) = self.encrypt_parcel(&tabs, now, rng) {
                return self.send_parcel(&tabs, encrypted, now);
            } else {
                // Not trusted any more, or its keys are gone: that may change again.
                self.link.set(Timer::Parcel(name), now.saturating_add(RETRY_MS));
            }
        }
    }

    fn send_parcel(&mut self, tabs: &SentTabs, encrypted: Element, now: u64) {
        let payload = Element::builder("parcel", ns::NODE_PARCELS)
            .attr(xml_ncname!("at").to_owned(), tabs.at)
            .append(encrypted)
            .build();
        self.link.parcel_sending = true;
        let item = item_of(self.device.id(), tabs);
        let purpose = Purpose::Parcel(tabs.name.clone());
        self.publish(Node::Parcels, item, payload, purpose, now);
    }

    fn encrypt_parcel(&mut self, parcel: &SentTabs, now: u64, rng: &mut impl CryptoRng) -> Option<Element> {
        let account = self.account();
        let trust = self.device.trust(&account, parcel.device)?;
        if !trust.is_trusted() {
            return None;
        }
        let content = Content::new(parcel.name.clone(), parcel.tabs.clone()).ok()?;
        let content = vec![content.to_element()?];
        let encrypted = self
            .device
            .encrypt_for(content, &[(account, parcel.device)], now, rng);
        encrypted.ok()?.elements.into_iter().next()
    }

    pub(in crate::client) fn parcel_published(
        &mut self,
        name: &str,
        answer: Result<(), StanzaError>,
        now: u64,
    ) {
        self.link.parcel_sending = false;
        match answer {
            Ok(()) => {
                self.problems.remove(PROBLEM);
                self.state.sent_is_published(name, true);
                self.sent_due = true;
                if self.link.parcels_gone.remove(name) {
                    self.parcel_is_gone(name, now);
                }
            }
            Err(error) => {
                self.link.set(Timer::ParcelsOut, now.saturating_add(RETRY_MS));
                let refused = self.link.parcels_refused.entry(name.to_owned()).or_default();
                *refused = refused.saturating_add(1);
                let what = "Tabs could not be sent to another device";
                let problem = Problem::because(ProblemKind::TabsNotSent, what, &error);
                self.problems.insert(PROBLEM, problem);
            }
        }
    }

    /// This device's parcels that the server was given and that wait.
    pub(in crate::client) fn waiting_at_server(&self) -> impl Iterator<Item = &SentTabs> {
        let sent = self.state.sent().values();
        sent.filter(|sent| sent.published && sent.tabs.state == ParcelState::Waiting)
            .map(|sent| &sent.tabs)
    }

    /// The server has a parcel of this device no more.
    pub(in crate::client) fn parcel_is_gone(&mut self, name: &str, now: u64) {
        let sent = self.state.sent().get(name);
        let sent = sent.filter(|sent| sent.tabs.state == ParcelState::Waiting);
        // At this device's own request the answer tells.
        let Some(sent) = sent.filter(|_| !self.link.expiring.contains(name)) else {
            return;
        };
        if !sent.published {
            // Taken before the server has confirmed to have it.
            self.link.parcels_gone.insert(name.to_owned());
            return;
        }
        let state = match self.is_listed(sent.tabs.device) {
            true => ParcelState::Opened,
            false => ParcelState::DeviceGone,
        };
        self.end_parcel(name, state, now);
    }

    pub(in crate::client) fn end_parcel(&mut self, name: &str, state: ParcelState, now: u64) {
        self.state.sent_ended(name, state, now);
        self.sent_due = true;
    }

    /// Takes back what has waited for too long.
    pub(in crate::client) fn expire_parcels(&mut self, now: u64) {
        let own = self.device.id();
        let sent = self.state.sent().values();
        let due = sent
            .filter(|sent| sent.tabs.state == ParcelState::Waiting && is_over(sent.tabs.at, LIFE_MS, now));
        let due: Vec<(String, String, bool)> = due
            .map(|sent| (sent.tabs.name.clone(), item_of(own, &sent.tabs), sent.published))
            .collect();
        for (name, item, published) in due {
            if self.link.waits(&Timer::Parcel(name.clone())) {
                continue;
            }
            if !published {
                self.end_parcel(&name, ParcelState::Expired, now);
            } else if self.link.expiring.insert(name.clone()) {
                let retract = pubsub::retract(Node::Parcels, &item);
                self.ask(Request::Set, None, retract, Pending::Expire(name), now);
            }
        }
        self.forget_sent(now);
    }

    pub(in crate::client) fn expiry_answered(
        &mut self,
        name: String,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
    ) {
        self.link.expiring.remove(&name);
        match answer {
            Ok(_) => self.end_parcel(&name, ParcelState::Expired, now),
            // It was taken just before.
            Err(error) if error.is("item-not-found") => self.end_parcel(&name, ParcelState::Opened, now),
            Err(_) => self.link.set(Timer::Parcel(name), now.saturating_add(RETRY_MS)),
        }
    }

    /// Forgets what has ended long ago, or is too much to list.
    fn forget_sent(&mut self, now: u64) {
        let sent = self.state.sent().iter();
        let ended = sent.filter(|(_, sent)| sent.tabs.state != ParcelState::Waiting);
        let mut ended: Vec<(u64, String)> = ended.map(|(name, sent)| (sent.ended, name.clone())).collect();
        ended.sort_unstable_by(|one, other| other.cmp(one));
        for (index, (at, name)) in ended.into_iter().enumerate() {
            if index >= MAX_ENDED || is_over(at, LIFE_MS, now) {
                self.state.forget_sent(&name);
                self.sent_due = true;
            }
        }
    }
}
