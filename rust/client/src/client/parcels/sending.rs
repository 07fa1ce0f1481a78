// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What this device sends to others.

use minidom::Element;
use minidom::rxml::xml_ncname;
use omemo::DeviceId;
use rand_core::CryptoRng;

use super::{GRACE_MS, LIFE_MS, RETRY_MS, is_over, item_of};
use crate::client::Client;
use crate::client::link::{Pending, Purpose, Timer};
use crate::client::state::{Asked, Sent};
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
        let waiting = self.state.sent().values().filter(|sent| sent.waits());
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
        self.state.keep_sent(&name, Sent::new(tabs));
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
        let unsent = sent.filter(|sent| !sent.published && sent.waits() && sent.asked != Some(Asked::Delete));
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
        let sent = self.state.sent_mut(&tabs.name);
        let asked_before = sent.is_some_and(|sent| sent.asked.replace(Asked::Take).is_some());
        self.link.parcel_sending = true;
        // What was deleted before will be there once more.
        self.link.parcels_gone.remove(&tabs.name);
        let item = item_of(self.device.id(), tabs);
        let purpose = Purpose::Parcel(tabs.name.clone(), asked_before);
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
        asked_before: bool,
        answer: Result<(), StanzaError>,
        now: u64,
    ) {
        self.link.parcel_sending = false;
        let sent = self.state.sent_mut(name);
        // It may be asked to delete it by now.
        let still_asked = |sent: &Sent| sent.asked.filter(|asked| *asked == Asked::Delete);
        match answer {
            Ok(()) => {
                self.problems.remove(PROBLEM);
                if let Some(sent) = sent {
                    (sent.published, sent.asked) = (true, still_asked(sent));
                }
                self.sent_due = true;
            }
            Err(error) => {
                if let Some(sent) = sent.filter(|_| !asked_before && !error.is(StanzaError::TIMEOUT)) {
                    sent.asked = still_asked(sent);
                }
                self.link.set(Timer::ParcelsOut, now.saturating_add(RETRY_MS));
                let refused = self.link.parcels_refused.entry(name.to_owned()).or_default();
                *refused = refused.saturating_add(1);
                let what = "Tabs could not be sent to another device";
                let problem = Problem::because(ProblemKind::TabsNotSent, what, &error);
                self.problems.insert(PROBLEM, problem);
            }
        }
    }

    /// Compares what this device has sent with what the server has, which has `lost` the whole node or has not.
    pub(in crate::client) fn compare_sent(&mut self, lost: bool) {
        let own = self.device.id();
        let sent = self.state.sent().values().filter(|sent| sent.waits());
        let sent: Vec<(String, bool)> = sent
            .map(|sent| (sent.tabs.name.clone(), item_of(own, &sent.tabs)))
            .map(|(name, item)| (name, self.link.parcel_items.contains(&item)))
            .collect();
        for (name, is_there) in sent {
            let known = self.state.sent().get(&name);
            let Some((published, asked)) = known.map(|sent| (sent.published, sent.asked)) else {
                continue;
            };
            let unanswered = asked == Some(Asked::Delete) && !self.link.expiring.contains(&name);
            if is_there && unanswered {
                // The server has not heard that it is to delete it.
                if let Some(sent) = self.state.sent_mut(&name) {
                    (sent.published, sent.asked) = (true, None);
                }
            } else if !is_there && published && lost {
                self.link.parcels_gone.remove(&name);
                if let Some(sent) = self.state.sent_mut(&name) {
                    (sent.published, sent.asked) = (false, None);
                }
                self.sent_due = true;
            } else if !is_there && (published || unanswered) {
                self.link.parcels_gone.insert(name);
            }
        }
    }

    /// Says what has become of parcels that the server has no more. It is known only with the device list, and the right time.
    pub(in crate::client) fn judge_parcels(&mut self, now: u64) {
        for name in std::mem::take(&mut self.link.parcels_gone) {
            let sent = self.state.sent().get(&name).filter(|sent| sent.waits());
            // At this device's own request the answer tells.
            let Some(sent) = sent.filter(|_| !self.link.expiring.contains(&name)) else {
                continue;
            };
            if sent.published || sent.asked == Some(Asked::Delete) {
                let deleted = sent.asked == Some(Asked::Delete);
                self.end_parcel(&name, self.outcome(sent, deleted, now), now);
            } else {
                // Taken before the server has confirmed to have it.
                self.link.parcels_gone.insert(name);
            }
        }
    }

    /// What has become of a parcel that the server has no more, and that this device has `deleted` itself or has not. So may do
    /// others once it is too old.
    fn outcome(&self, sent: &Sent, deleted: bool, now: u64) -> ParcelState {
        let too_old = is_over(sent.tabs.at, LIFE_MS.saturating_add(GRACE_MS), now) && self.trusts_clock();
        if deleted || too_old {
            ParcelState::Expired
        } else if self.is_listed(sent.tabs.device) {
            ParcelState::Opened
        } else {
            ParcelState::DeviceGone
        }
    }

    pub(in crate::client) fn end_parcel(&mut self, name: &str, state: ParcelState, now: u64) {
        if let Some(sent) = self.state.sent_mut(name) {
            (sent.tabs.state, sent.ended) = (state, now);
        }
        self.sent_due = true;
    }

    /// Dates what was not sent since the clock was wrong, once it is right: it would be too old, or never grow old.
    pub(in crate::client) fn date_parcels(&mut self, now: u64) {
        let right = self.trusts_clock();
        let sent = self.state.sent().values().filter(|sent| sent.waits());
        let due = sent.filter(|sent| match right {
            true => sent.undated || sent.tabs.at > now,
            false => !sent.undated && !sent.published && sent.asked.is_none(),
        });
        let due: Vec<String> = due.map(|sent| sent.tabs.name.clone()).collect();
        for name in due {
            if let Some(sent) = self.state.sent_mut(&name) {
                sent.undated = !right;
                if right {
                    sent.tabs.at = now;
                    self.sent_due = true;
                }
            }
        }
    }

    /// Takes back what has waited for too long.
    pub(in crate::client) fn expire_parcels(&mut self, now: u64) {
        let own = self.device.id();
        let sent = self.state.sent().values().filter(|sent| sent.waits());
        let due = sent.filter(|sent| is_over(sent.tabs.at, LIFE_MS, now));
        let due: Vec<(String, String)> = due
            .map(|sent| (sent.tabs.name.clone(), item_of(own, &sent.tabs)))
            .collect();
        for (name, item) in due {
            if self.link.waits(&Timer::Parcel(name.clone())) || self.link.expiring.contains(&name) {
                continue;
            }
            let Some(sent) = self.state.sent_mut(&name) else {
                continue;
            };
            if !sent.published && sent.asked.is_none() {
                self.end_parcel(&name, ParcelState::Expired, now);
                continue;
            }
            let asked_before = sent.asked.replace(Asked::Delete) == Some(Asked::Delete);
            self.link.expiring.insert(name.clone());
            let retract = pubsub::retract(Node::Parcels, &item);
            let pending = Pending::Expire(name, asked_before);
            self.ask(Request::Set, None, retract, pending, now);
        }
        self.forget_sent(now);
    }

    pub(in crate::client) fn expiry_answered(
        &mut self,
        name: &str,
        asked_before: bool,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
    ) {
        self.link.expiring.remove(name);
        let Some(sent) = self.state.sent().get(name).filter(|sent| sent.waits()) else {
            return;
        };
        match answer {
            Ok(_) => self.end_parcel(name, ParcelState::Expired, now),
            // It was taken just before, or this device has deleted it with an earlier request.
            Err(error) if error.is("item-not-found") => {
                self.end_parcel(name, self.outcome(sent, asked_before, now), now);
            }
            Err(_) => {
                let again = now.saturating_add(RETRY_MS);
                self.link.set(Timer::Parcel(name.to_owned()), again);
            }
        }
    }

    /// Forgets what has ended long ago, or is too much to list.
    fn forget_sent(&mut self, now: u64) {
        let sent = self.state.sent().iter();
        let ended = sent.filter(|(_, sent)| !sent.waits());
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
