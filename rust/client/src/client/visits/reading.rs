// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What others tell of their history.

use std::collections::BTreeMap;

use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;

use super::{RETRY_MS, device_of, recent_item, segment_item};
use crate::client::Client;
use crate::client::link::{Fetch, Pending, Timer};
use crate::event::NotTaken;
use crate::pubsub::{self, Item, NodeEvent};
use crate::sealed::{SealedItem, key_element};
use crate::stanza::{Request, StanzaError};
use crate::visits::{Recent, Segment, VisitKeys};
use crate::{DropReason, ns};

/// When segments that could not be read are fetched once more, in milliseconds.
const FAILED_MS: u64 = 10 * 60_000;

impl Client {
    pub(in crate::client) fn visits_came(
        &mut self,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let items = match answer {
            Ok(result) => pubsub::read_items(result.as_ref(), ns::NODE_VISITS).unwrap_or_default(),
            Err(error) if error.is("item-not-found") => Vec::new(),
            Err(error) => {
                tracing::info!(%error, "the node of the history was not fetched");
                self.link.visits = Fetch::Wanted;
                self.link.set(Timer::VisitsNode, now.saturating_add(RETRY_MS));
                return;
            }
        };
        if !self.trusts_clock() {
            self.link.visits = Fetch::Wanted;
            return;
        }
        self.link.visits = Fetch::Done;
        self.look_at_segments_soon(now);
        let item_of = |device| items.iter().find(|item| item.id == recent_item(device));
        let own = self.device.id();
        self.compare_own_visits(item_of(own).and_then(|item| item.payload.as_ref()));
        let peers = self.state.visits_peers().keys().copied();
        let gone: Vec<DeviceId> = peers.filter(|device| item_of(*device).is_none()).collect();
        for device in gone {
            self.visits_peer_is_gone(device);
        }
        let sharing = items.iter().filter_map(|item| device_of(&item.id));
        // One does it, if it is ever on.
        let heir = sharing
            .filter(|device| self.is_listed(*device))
            .chain([own])
            .min();
        for item in items {
            let gone = device_of(&item.id).filter(|device| *device != own && !self.is_listed(*device));
            if let Some(device) = gone.filter(|device| heir == Some(own) && self.knows_visits_of(*device)) {
                self.inherit_visits_of(device, now);
            }
            if gone.is_none_or(|device| self.reads_visits_of(device)) {
                self.take_visits_item(item, now, rng);
            }
        }
    }

    /// Whether that device was ever read, or could be: anybody may have put an item there that looks like one.
    fn knows_visits_of(&self, device: DeviceId) -> bool {
        let trust = self.device.trust(self.config.account.as_str(), device);
        trust.is_some() || self.state.visits_peers().contains_key(&device)
    }

    pub(in crate::client) fn take_visits_event(
        &mut self,
        event: NodeEvent,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        if !self.trusts_clock() {
            // By this clock all would be too old, or too new.
            return self.want_visits();
        }
        for item in event.items {
            self.take_visits_item(item, now, rng);
        }
        for device in event.retracted.iter().filter_map(|item| device_of(item)) {
            if device == self.device.id() {
                self.want_visits();
            } else {
                self.visits_peer_is_gone(device);
            }
        }
        if event.emptied {
            self.want_visits();
        }
    }

    /// The node is to be read once more.
    fn want_visits(&mut self) {
        if self.link.visits == Fetch::Done {
            self.link.visits = Fetch::Wanted;
        }
    }

    fn visits_peer_is_gone(&mut self, device: DeviceId) {
        if self.is_listed(device) {
            self.state.visits_peer_is_gone(device);
        } else {
            self.state.forget_visits_peer(device);
        }
    }

    /// Takes one item. It changes nothing unless its device is trusted, has encrypted the keys for this one, and has not said
    /// anything later.
    fn take_visits_item(&mut self, item: Item, now: u64, rng: &mut impl CryptoRng) {
        let Some(payload) = item.payload else { return };
        let Some(device) = device_of(&item.id) else {
            return tracing::debug!("an item of the history that this release does not know");
        };
        if device == self.device.id() {
            return;
        }
        if !self.reads_visits_of(device) {
            if !self.is_listed(device) && self.link.visits_unlisted.insert(device) {
                // New, or gone: that is seen with the whole node, which is read after the device list.
                self.want_visits();
            }
            return;
        }
        let read = self.read_recent(device, &payload, now, rng);
        if matches!(read, Ok(Some(_))) {
            self.link.visits_unread.remove(&device);
        } else {
            self.link.visits_unread.insert(device);
        }
        match read {
            Ok(Some(recent)) => self.take_recent(device, recent, now),
            Ok(None) => {}
            Err((reason, detail)) => self.drop_item(&item.id, &payload, reason, Some(device), detail),
        }
    }

    /// Of the account's trusted devices, and of those that are gone and whose heir this one is.
    fn reads_visits_of(&self, device: DeviceId) -> bool {
        let heir = || {
            let own = self.state.own_visits();
            own.is_some_and(|own| own.heir_of.contains_key(&device))
        };
        !self.is_refused(device) && (self.is_listed(device) || heir())
    }

    /// What an item says, if it is for this device.
    fn read_recent(
        &mut self,
        device: DeviceId,
        payload: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Recent>, NotTaken> {
        let encrypted = key_element(payload, device)?;
        let item = SealedItem::parse(payload, "visits", ns::NODE_VISITS)?;
        // Also where its key is known: the element may bring keys of segments that are not.
        let decrypted = match self.decrypt_json(encrypted, now, rng) {
            Ok(Some(json)) => {
                let brought = VisitKeys::parse(&json).map_err(|error| self.refused(&error))?;
                self.state.visits_peer_mut(device).learn(brought.keys);
                Ok(())
            }
            Err(refused) if refused.0 == DropReason::Untrusted => return Err(refused),
            other => other.map(drop),
        };
        let known = self.state.visits_peers().get(&device);
        let Some(key) = known.and_then(|peer| peer.key(&item.key)).cloned() else {
            return decrypted.map(|()| None);
        };
        let recent = Recent::open(device, &key, &item);
        recent.map(Some).map_err(|error| self.refused(&error))
    }

    fn take_recent(&mut self, device: DeviceId, recent: Recent, now: u64) {
        let peer = self.state.visits_peer_mut(device);
        let before = peer.number;
        if recent.number <= before {
            return;
        }
        peer.number = recent.number;
        let segments = recent.segments.iter().map(|(segment, listed)| {
            let (named, read) = peer.segments.get(segment).copied().unwrap_or_default();
            let nothing_new =
                listed.known > 0 && before >= listed.known && read == listed.before && read == named;
            let read = if nothing_new { listed.number } else { read };
            (*segment, (listed.number, read))
        });
        peer.segments = segments.collect::<BTreeMap<_, _>>();
        self.link.failed_segments.retain(|(failed, _)| *failed != device);
        let merged = self.visits.merge(recent.pages, recent.cleared, now);
        if merged.refused > 0 {
            tracing::debug!(refused = merged.refused, "rows of the history were refused");
        }
    }

    /// Whether all is here that the others tell; or as much of it as could be read while there was patience.
    pub(super) fn visits_are_read(&self, patient: bool) -> bool {
        let come = self.link.visits == Fetch::Done && !self.link.fetching_segment;
        let missing = || {
            let mut unread = self.link.visits_unread.iter();
            unread.any(|device| self.reads_visits_of(*device)) || self.wanted_segments().next().is_some()
        };
        come && self.next_segment().is_none() && !(patient && missing())
    }

    fn wanted_segments(&self) -> impl Iterator<Item = (DeviceId, u32)> {
        let peers = self.state.visits_peers().iter();
        let peers = peers.filter(|(device, _)| self.reads_visits_of(**device));
        peers.flat_map(|(device, peer)| peer.wanted().map(|segment| (*device, segment)))
    }

    fn next_segment(&self) -> Option<(DeviceId, u32)> {
        self.wanted_segments()
            .find(|wanted| !self.link.failed_segments.contains(wanted))
    }

    /// Fetches the next segment that is not read yet, one after the other.
    pub(super) fn fetch_segment(&mut self, now: u64) {
        if self.link.fetching_segment {
            return;
        }
        if !self.link.waits(&Timer::VisitsFailed) {
            self.link.failed_segments.clear();
        }
        if let Some((device, segment)) = self.next_segment() {
            self.link.fetching_segment = true;
            let query = pubsub::items(ns::NODE_VISITS_PAGES, &[segment_item(device, segment)]);
            self.ask(
                Request::Get,
                None,
                query,
                Pending::VisitsSegment(device, segment),
                now,
            );
        }
    }

    pub(in crate::client) fn segment_came(
        &mut self,
        device: DeviceId,
        segment: u32,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
    ) {
        self.link.fetching_segment = false;
        let items = answer
            .ok()
            .and_then(|result| pubsub::read_items(result.as_ref(), ns::NODE_VISITS_PAGES));
        let id = segment_item(device, segment);
        let item = items.into_iter().flatten().find(|item| item.id == id);
        let payload = item.and_then(|item| item.payload);
        let read = payload.map(|payload| (self.read_segment(device, segment, &payload), payload));
        match read {
            Some((Ok(Some(read)), _)) => {
                let peer = self.state.visits_peer_mut(device);
                let listed = peer.segments.get_mut(&segment);
                // An older one than is named: the server holds something back.
                if let Some((_, done)) = listed.filter(|(listed, _)| *listed <= read.number) {
                    *done = read.number;
                    self.visits.merge(read.pages, 0, now);
                    return;
                }
            }
            Some((Err((reason, detail)), payload)) => {
                self.drop_item(&id, &payload, reason, Some(device), detail);
            }
            Some((Ok(None), _)) | None => {}
        }
        // Until its device says something new, or after a while.
        self.link.failed_segments.insert((device, segment));
        self.link.set(Timer::VisitsFailed, now.saturating_add(FAILED_MS));
    }

    fn read_segment(
        &mut self,
        device: DeviceId,
        segment: u32,
        payload: &Element,
    ) -> Result<Option<Segment>, NotTaken> {
        let item = SealedItem::parse(payload, "pages", ns::NODE_VISITS_PAGES)?;
        let known = self.state.visits_peers().get(&device);
        let Some(key) = known.and_then(|peer| peer.key(&item.key)).cloned() else {
            return Ok(None);
        };
        let read = Segment::open((device, segment), &key, &item);
        read.map(Some).map_err(|error| self.refused(&error))
    }
}
