// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Open tabs: each device that shares them keeps one item in a node that only the account may read, and replaces it as they
//! change.
//!
//! What is sealed changes often, the key that seals it once a day or with who may read it; so a device that was away for long has
//! no more messages of the ratchet to pass over than there were days, and an item needs no history to be read.

use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};

use super::Client;
use super::link::{Fetch, Pending, Purpose, Timer};
use super::state::{OwnTabs, TabsMark};
use crate::event::NotTaken;
use crate::pubsub::{self, Item, Node, NodeEvent};
use crate::sealed::{SealedItem, key_element};
use crate::stanza::{Request, StanzaError};
use crate::tabs::{DeviceTabs, OpenTabs, Tab, TabKey, tellable};
use crate::{DropReason, Event, Problem, ProblemKind, ns};

const DAY_MS: u64 = 24 * 3_600_000;

/// Two items of one device are at least this far apart, in milliseconds, and four times as far as the last one took to send.
const INTERVAL_MS: u64 = 10_000;

/// The same where nothing but titles has changed: some pages let theirs blink.
const TITLES_MS: u64 = 60_000;

/// How long one key serves, and after which time tabs that do not change are told again, in milliseconds.
const PERIOD_MS: u64 = DAY_MS;

/// For how long the tabs of a device that says nothing are shown, in milliseconds.
const LIFE_MS: u64 = 21 * DAY_MS;

/// How long after a failure the node is fetched or published to again, in milliseconds.
const RETRY_MS: u64 = 30_000;

const PROBLEM: &str = "tabs";

/// What is open in this browser, as far as it is told.
#[derive(Clone, Debug)]
pub(super) struct Here {
    name: String,
    tabs: Vec<Tab>,
    left_out: u64,
    mark: TabsMark,
}

impl Here {
    fn new(name: String, tabs: Vec<Tab>) -> Here {
        let (tabs, left_out) = tellable(tabs, 0);
        let digest = |json: Result<Vec<u8>, _>| hex::encode(Sha256::digest(json.unwrap_or_default()));
        let pages: Vec<&String> = tabs.iter().map(|tab| &tab.url).collect();
        let mark = TabsMark {
            pages: digest(serde_json::to_vec(&(&name, pages, left_out))),
            all: digest(serde_json::to_vec(&(&name, &tabs, left_out))),
        };
        Here {
            name,
            tabs,
            left_out,
            mark,
        }
    }
}

impl Client {
    /// What the account's other devices have open, the latest first.
    #[must_use]
    pub fn open_tabs(&self, now: u64) -> Vec<DeviceTabs> {
        let account = self.config.account.as_str();
        let trusted = |device| {
            self.device
                .trust(account, device)
                .is_some_and(|trust| trust.is_trusted())
        };
        let told = self.state.tabs_of().iter();
        let told = told.filter(|(device, peer)| {
            trusted(**device) && !peer.open.tabs.is_empty() && !is_old(peer.open.at, now)
        });
        let mut devices: Vec<DeviceTabs> = told
            .map(|(device, peer)| DeviceTabs {
                device: *device,
                label: peer.open.name.clone(),
                at: peer.open.at,
                tabs: peer.open.tabs.clone(),
                left_out: peer.open.left_out,
            })
            .collect();
        devices.sort_by_key(|device| (std::cmp::Reverse(device.at), device.device));
        devices
    }

    /// What the host has open now.
    pub(super) fn take_open_tabs(&mut self, tabs: Vec<Tab>) {
        let name = self.label().unwrap_or_default();
        self.here = self.config.share_tabs.then(|| Here::new(name, tabs));
    }

    /// Tells the host what others have open, where that has changed.
    pub(super) fn tell_tabs(&mut self, now: u64) {
        let peers = self.state.tabs_of().values();
        let fresh = peers.filter(|peer| !is_old(peer.open.at, now)).count();
        if fresh != self.fresh_tabs || self.tabs_due {
            self.fresh_tabs = fresh;
            self.tabs_due = false;
            let (id, devices) = (String::new(), self.open_tabs(now));
            self.events.push(Event::Tabs { id, devices });
        }
    }

    /// Fetches what others have open, then publishes what is open here.
    pub(super) fn drive_tabs(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let ready = self.link.own_lists_came() && !self.link.fetches_bundles_of(self.config.account.as_str());
        if !ready || self.link.waits(&Timer::Tabs) {
            return;
        }
        self.link.clear(&Timer::Tabs);
        if self.link.tabs == Fetch::Wanted {
            self.link.tabs = Fetch::Asked;
            let query = pubsub::items(ns::NODE_TABS, &[]);
            self.ask(Request::Get, None, query, Pending::Tabs, now);
        }
        if self.link.tabs == Fetch::Done && self.link.tabs_sent_at.is_none() {
            self.publish_tabs(now, rng);
        }
    }

    pub(super) fn tabs_came(
        &mut self,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let items = match answer {
            Ok(result) => pubsub::read_items(result.as_ref(), ns::NODE_TABS).unwrap_or_default(),
            Err(error) if error.is("item-not-found") => Vec::new(),
            Err(error) => {
                tracing::info!(%error, "the node of tabs was not fetched");
                self.link.tabs = Fetch::Wanted;
                self.link.set(Timer::Tabs, now.saturating_add(RETRY_MS));
                return;
            }
        };
        self.link.tabs = Fetch::Done;
        let there = |device: DeviceId| items.iter().any(|item| item.id == tabs_item(device));
        let own = self.device.id();
        if there(own) && !self.config.share_tabs {
            self.retract(pubsub::retract(Node::Tabs, &tabs_item(own)), now);
        }
        if !there(own) || !self.config.share_tabs {
            self.state.own_tabs_are_gone();
        }
        let gone: Vec<DeviceId> = self
            .state
            .tabs_of()
            .keys()
            .copied()
            .filter(|device| !there(*device))
            .collect();
        for device in gone {
            self.forget_tabs_of(device);
        }
        for item in items {
            match device_of(&item.id) {
                Some(device) if device != own && !self.is_listed(device) => {
                    self.forget_tabs_of(device);
                    self.retract(pubsub::retract(Node::Tabs, &item.id), now);
                }
                _ => self.take_tabs_item(item, now, rng),
            }
        }
    }

    pub(super) fn take_tabs_event(&mut self, event: NodeEvent, now: u64, rng: &mut impl CryptoRng) {
        for item in event.items {
            self.take_tabs_item(item, now, rng);
        }
        for device in event.retracted.iter().filter_map(|item| device_of(item)) {
            self.forget_tabs_of(device);
        }
        let own = tabs_item(self.device.id());
        if event.emptied || event.retracted.contains(&own) {
            self.link.tabs = Fetch::Wanted;
        }
    }

    /// Takes one item. It changes nothing unless its device is trusted, has encrypted the key for this one, and has not said
    /// anything later.
    fn take_tabs_item(&mut self, item: Item, now: u64, rng: &mut impl CryptoRng) {
        let Some(payload) = item.payload else { return };
        let Some(device) = device_of(&item.id) else {
            let detail = "an item of tabs of no device".to_owned();
            return self.drop_item(&item.id, &payload, DropReason::Malformed, None, detail);
        };
        if device == self.device.id() {
            return;
        }
        if !self.is_listed(device) {
            // New, or gone: that is seen with the whole node, which is read after the device list.
            if self.link.tabs == Fetch::Done {
                self.link.tabs = Fetch::Wanted;
            }
            return;
        }
        // What is not trusted is not even decrypted: should the user trust it one day, it still can be.
        if self.is_refused(device) {
            return;
        }
        match self.read_tabs(device, &payload, now, rng) {
            Ok(Some((key, mut open))) => {
                let known = self.state.tabs_of().get(&device);
                if known.is_some_and(|known| open.number <= known.open.number) {
                    return;
                }
                open.at = open.at.min(now);
                self.state.keep_tabs_of(device, key, open);
                self.tabs_due = true;
            }
            Ok(None) => {}
            Err((reason, detail)) => self.drop_item(&item.id, &payload, reason, Some(device), detail),
        }
    }

    /// What an item says, and the key that opens it; nothing if it is not for this device.
    fn read_tabs(
        &mut self,
        device: DeviceId,
        payload: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<(TabKey, OpenTabs)>, NotTaken> {
        let encrypted = key_element(payload, device)?;
        let item = SealedItem::parse(payload, "tabs", ns::NODE_TABS)?;
        let known = self.state.tabs_of().get(&device).map(|peer| &peer.key);
        let key = match known.filter(|key| key.id() == item.key) {
            Some(key) => key.clone(),
            None => match self.read_tab_key(encrypted, now, rng)? {
                Some(key) if key.id() == item.key => key,
                Some(_) => {
                    return Err((
                        DropReason::Malformed,
                        "tabs of another key than theirs".to_owned(),
                    ));
                }
                None => return Ok(None),
            },
        };
        let open = key
            .open(device, &item.sealed)
            .map_err(|error| self.refused(&error))?;
        Ok(Some((key, open)))
    }

    fn read_tab_key(
        &mut self,
        encrypted: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<TabKey>, NotTaken> {
        let Some(json) = self.decrypt_json(encrypted, now, rng)? else {
            return Ok(None);
        };
        TabKey::parse(&json)
            .map(Some)
            .map_err(|error| self.refused(&error))
    }

    pub(super) fn forget_tabs_of(&mut self, device: DeviceId) {
        self.tabs_due |= self.state.forget_tabs_of(device);
    }

    /// Publishes what is open here, if others do not know it.
    fn publish_tabs(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let Some(here) = &self.here else {
            return;
        };
        let readers = self
            .trusted_devices()
            .into_iter()
            .filter(|device| device.has_session);
        let readers: Vec<DeviceId> = readers.map(|device| device.id).collect();
        if readers.is_empty() {
            return;
        }
        let own = self.state.own_tabs();
        let own = own.filter(|own| own.device == self.device.id() && own.readers == readers);
        let rest = own.map_or(0, |own| match &own.told {
            told if *told == here.mark => PERIOD_MS,
            told if told.pages == here.mark.pages => TITLES_MS,
            _ => 0,
        });
        if let Some(own) = own.filter(|own| now.abs_diff(own.told_at) < rest) {
            let again = own.told_at.saturating_add(rest);
            return self.link.set(Timer::TabsAgain, again);
        }
        let here = here.clone();
        let number = self
            .state
            .own_tabs()
            .map_or(0, |own| own.number)
            .saturating_add(1);
        let drawn = match own.filter(|own| now.abs_diff(own.drawn) < PERIOD_MS) {
            Some(own) => Some(own.clone()),
            None => self.draw_tab_key(readers, now, rng),
        };
        let Some(mut own) = drawn else {
            return self.link.set(Timer::Tabs, now.saturating_add(RETRY_MS));
        };
        own.number = number;
        let open = OpenTabs::new(here.name, now, number, here.tabs, here.left_out);
        let sealed = own.key.seal(self.device.id(), open, rng);
        let (Ok(sealed), Ok(encrypted)) = (sealed, own.encrypted.parse::<Element>()) else {
            tracing::error!("the open tabs could not be sealed");
            return self.link.set(Timer::Tabs, now.saturating_add(RETRY_MS));
        };
        let payload = sealed.to_element("tabs", ns::NODE_TABS, Some(encrypted));
        self.state.keep_own_tabs(own);
        self.link.tabs_sent_at = Some(now);
        let item = tabs_item(self.device.id());
        self.publish(Node::Tabs, item, payload, Purpose::Tabs(here.mark), now);
    }

    fn draw_tab_key(
        &mut self,
        readers: Vec<DeviceId>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Option<OwnTabs> {
        let key = TabKey::random(rng);
        let account = self.account();
        let to: Vec<(String, DeviceId)> = readers.iter().map(|device| (account.clone(), *device)).collect();
        let content = key.to_content()?;
        let encrypted = match self.device.encrypt_for(vec![content], &to, now, rng) {
            Ok(encrypted) => encrypted,
            Err(error) => {
                tracing::warn!(%error, "the key of the open tabs could not be encrypted");
                return None;
            }
        };
        let element = encrypted.elements.first()?;
        Some(OwnTabs {
            device: self.device.id(),
            key,
            encrypted: String::from(element),
            readers,
            drawn: now,
            number: 0,
            told: TabsMark::default(),
            told_at: 0,
        })
    }

    pub(super) fn tabs_published(&mut self, mark: TabsMark, answer: Result<(), StanzaError>, now: u64) {
        let sent = self.link.tabs_sent_at.take().unwrap_or(now);
        match answer {
            Ok(()) => {
                self.problems.remove(PROBLEM);
                if let Some(own) = self.state.own_tabs_mut() {
                    own.told = mark;
                    own.told_at = sent;
                }
                let rest = now.saturating_sub(sent).saturating_mul(4);
                let next = now.saturating_add(rest).max(sent.saturating_add(INTERVAL_MS));
                self.link.set(Timer::Tabs, next);
            }
            Err(error) => {
                self.link.set(Timer::Tabs, now.saturating_add(RETRY_MS));
                let what = "This browser's open tabs could not be published";
                let problem = Problem::because(ProblemKind::TabsNotPublished, what, &error);
                self.problems.insert(PROBLEM, problem);
            }
        }
    }
}

/// The item of a device's open tabs.
pub(super) fn tabs_item(device: DeviceId) -> String {
    format!("{device}.open")
}

fn device_of(item: &str) -> Option<DeviceId> {
    item.strip_suffix(".open")?.parse().ok()
}

fn is_old(at: u64, now: u64) -> bool {
    now.saturating_sub(at) >= LIFE_MS
}
