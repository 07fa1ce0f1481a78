// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What others send to this device.

use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;

use super::{Address, GRACE_MS, LIFE_MS, RETRY_MS, is_over};
use crate::client::Client;
use crate::client::link::{Pending, Timer};
use crate::client::state::Came;
use crate::event::NotTaken;
use crate::parcel::Content;
use crate::pubsub::{self, Node};
use crate::sealed::key_element;
use crate::stanza::{Request, StanzaError};
use crate::{DropReason, Event, Tab, ns};

/// Most parcels of one device that are kept here until they are opened: an honest one has 20 that wait, and as many again where
/// answers were lost. What is more stays at the server until there is room.
const MAX_CAME: usize = 50;

/// Longest name of a parcel, in bytes; an honest one has 16.
const MAX_NAME_BYTES: usize = 64;

/// Most parcels that are remembered to be done with: months of tabs, as people send them. The oldest are forgotten first.
const MAX_DONE: usize = 4_096;

impl Client {
    /// Keeps a parcel for this device if one of the account's trusted devices has sent it.
    pub(super) fn take_parcel(
        &mut self,
        item: String,
        address: &Address,
        payload: &Element,
        at: u64,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        if self.state.done().contains_key(&address.name) {
            // Its sender has not heard that it was taken.
            return self.retract(pubsub::retract(Node::Parcels, &item), now);
        }
        if self.state.came().contains_key(&address.name) {
            return;
        }
        if address.name.len() > MAX_NAME_BYTES {
            let detail = "a parcel with too long a name".to_owned();
            let device = Some(address.sender);
            return self.drop_item(&item, payload, DropReason::Malformed, device, detail);
        }
        // What is not trusted is not even decrypted: should the user trust it one day, it still can be.
        if !self.is_listed(address.sender) {
            return self.skip_unlisted(address.sender);
        }
        if self.is_refused(address.sender) {
            self.link.parcels_skipped |= !self.link.own_lists_came();
            return;
        }
        if self.is_full(address.sender) {
            self.link.parcels_left.insert(address.sender);
            return;
        }
        match self.read_parcel(address, payload, now, rng) {
            Ok(Some(tabs)) => {
                let came = Came {
                    item,
                    device: address.sender,
                    label: self.label_of(address.sender),
                    at,
                    tabs,
                    asked: false,
                    claimed: false,
                };
                self.state.keep_came(&address.name, came);
            }
            Ok(None) => {}
            Err((reason, detail)) => {
                self.drop_item(&item, payload, reason, Some(address.sender), detail);
            }
        }
    }

    /// Whether as much of that device is kept here as may be.
    pub(in crate::client) fn is_full(&self, device: DeviceId) -> bool {
        let came = self.state.came().values();
        came.filter(|came| came.device == device).count() >= MAX_CAME
    }

    fn read_parcel(
        &mut self,
        address: &Address,
        payload: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Vec<Tab>>, NotTaken> {
        if !payload.is("parcel", ns::NODE_PARCELS) {
            return Err((DropReason::Malformed, "an item that is no parcel".to_owned()));
        }
        let encrypted = key_element(payload, address.sender)?;
        let Some(json) = self.decrypt_json(encrypted, now, rng)? else {
            return Ok(None);
        };
        match Content::parse(&json, &address.name) {
            Ok(content) => Ok(Some(content.tabs)),
            Err(error) => Err(self.refused(&error)),
        }
    }

    fn label_of(&self, device: DeviceId) -> String {
        let known = self.device.device_list(self.config.account.as_str());
        let known = known.into_iter().find(|known| known.id == device);
        known.and_then(|known| known.label).unwrap_or_default()
    }

    /// Asks the server for what came: who is told that an item was deleted at its request, has it for itself.
    pub(in crate::client) fn claim_parcels(&mut self, now: u64) {
        let due: Vec<(String, Came)> = self
            .state
            .came()
            .iter()
            .filter(|(name, came)| !came.claimed && !self.link.claiming.contains(*name))
            .map(|(name, came)| (name.clone(), came.clone()))
            .collect();
        for (name, came) in due {
            let pending = Pending::Claim(name.clone(), came.asked);
            let retract = pubsub::retract(Node::Parcels, &came.item);
            self.ask(Request::Set, None, retract, pending, now);
            self.link.claiming.insert(name.clone());
            self.state.keep_came(&name, Came { asked: true, ..came });
        }
    }

    pub(in crate::client) fn claim_answered(
        &mut self,
        name: &str,
        asked_before: bool,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
    ) {
        self.link.claiming.remove(name);
        let Some(came) = self.state.came().get(name).cloned() else {
            return;
        };
        match answer {
            Err(error) if error.is("item-not-found") && !asked_before => {
                tracing::info!("tabs that were sent to this device were opened by a copy of it");
                self.state.came_is_done(name, now);
            }
            // Where it was asked before, its deletion was this device's, and the answer was lost.
            Err(error) if !error.is("item-not-found") => {
                tracing::info!(%error, "sent tabs could not be taken");
                self.link.set(Timer::Parcels, now.saturating_add(RETRY_MS));
            }
            Ok(_) | Err(_) => {
                self.state.keep_came(
                    name,
                    Came {
                        claimed: true,
                        ..came
                    },
                );
                self.untold.insert(name.to_owned());
            }
        }
    }

    pub(in crate::client) fn tell_came(&mut self) {
        for name in std::mem::take(&mut self.untold) {
            if let Some(came) = self.state.came().get(&name) {
                self.events.push(Event::TabsCame {
                    name,
                    device: came.device,
                    label: came.label.clone(),
                    at: came.at,
                    tabs: came.tabs.clone(),
                });
            }
        }
    }

    /// The host has opened what was in the parcel.
    pub(in crate::client) fn tabs_opened(&mut self, name: &str, now: u64) {
        self.untold.remove(name);
        self.state.came_is_done(name, now);
    }

    /// Forgets what will not be opened any more, and that it was there.
    pub(in crate::client) fn forget_came(&mut self, now: u64) {
        let unopened: Vec<String> = self
            .state
            .came()
            .iter()
            .filter(|(_, came)| !came.claimed && is_over(came.at, LIFE_MS, now))
            .map(|(name, _)| name.clone())
            .collect();
        for name in unopened {
            self.state.came_is_done(&name, now);
        }
        let remembered = LIFE_MS.saturating_add(GRACE_MS).saturating_mul(2);
        let done = self.state.done().iter();
        let done = done.filter(|(_, at)| is_over(**at, remembered, now));
        let done: Vec<String> = done.map(|(name, _)| name.clone()).collect();
        for name in done {
            self.state.forget_done(&name);
        }
        while self.state.done().len() > MAX_DONE {
            let oldest = self.state.done().iter().min_by_key(|(_, at)| **at);
            let Some(oldest) = oldest.map(|(name, _)| name.clone()) else {
                return;
            };
            self.state.forget_done(&oldest);
        }
    }
}
