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
use crate::ns;
use crate::pubsub::{self, Item, NodeEvent};
use crate::sealed::{SealedItem, key_element};
use crate::stanza::{Request, StanzaError};
use crate::visits::{Recent, Segment, VisitKeys};

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
        self.link.visits = Fetch::Done;
        let there = |device: DeviceId| items.iter().any(|item| item.id == recent_item(device));
        let own = self.device.id();
        if !there(own)
            && let Some(own) = self.state.own_visits_mut()
        {
            own.is_lost();
        }
        let peers = self.state.visits_peers().keys().copied();
        let gone: Vec<DeviceId> = peers.filter(|device| !there(*device)).collect();
        for device in gone {
            self.state.forget_visits_peer(device);
        }
        let sharing: Vec<DeviceId> = items.iter().filter_map(|item| device_of(&item.id)).collect();
        for item in items {
            match device_of(&item.id) {
                Some(device) if device != own && !self.is_listed(device) => {
                    // One does it, if it is ever on.
                    let heirs = sharing.iter().filter(|device| self.is_listed(**device));
                    if heirs.min() == Some(&own) {
                        self.adopt_visits_of(device);
                    }
                }
                _ => self.take_visits_item(item, now, rng),
            }
        }
    }

    pub(in crate::client) fn take_visits_event(
        &mut self,
        event: NodeEvent,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        for item in event.items {
            self.take_visits_item(item, now, rng);
        }
        for device in event.retracted.iter().filter_map(|item| device_of(item)) {
            if device == self.device.id() {
                self.link.visits = Fetch::Wanted;
            } else {
                self.state.forget_visits_peer(device);
            }
        }
        if event.emptied {
            self.link.visits = Fetch::Wanted;
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
        if !self.is_listed(device) {
            // New, or gone: that is seen with the whole node, which is read after the device list.
            if self.link.visits == Fetch::Done {
                self.link.visits = Fetch::Wanted;
            }
            return;
        }
        if self.is_refused(device) {
            return;
        }
        match self.read_recent(device, &payload, now, rng) {
            Ok(Some(recent)) => self.take_recent(device, recent, now),
            Ok(None) => {}
            Err((reason, detail)) => self.drop_item(&item.id, &payload, reason, Some(device), detail),
        }
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
        if let Some(json) = self.decrypt_json(encrypted, now, rng)? {
            let brought = VisitKeys::parse(&json).map_err(|error| self.refused(&error))?;
            self.state.visits_peer_mut(device).learn(brought.keys);
        }
        let known = self.state.visits_peers().get(&device);
        let Some(key) = known.and_then(|peer| peer.key(&item.key)).cloned() else {
            return Ok(None);
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
        let read = |segment: &u32| peer.segments.get(segment).map_or(0, |(_, read)| *read);
        let segments = recent.segments.iter().map(|(segment, listed)| {
            let read = read(segment);
            let nothing_new = listed.known > 0 && before >= listed.known && read == listed.before;
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

    /// Whether all is here that the others tell and that can be read.
    pub(super) fn visits_are_read(&self) -> bool {
        self.link.visits == Fetch::Done && !self.link.fetching_segment && self.next_segment().is_none()
    }

    fn next_segment(&self) -> Option<(DeviceId, u32, u64)> {
        let peers = self.state.visits_peers().iter();
        let peers = peers.filter(|(device, _)| self.is_listed(**device) && !self.is_refused(**device));
        let mut wanted = peers
            .flat_map(|(device, peer)| peer.wanted().map(|(segment, number)| (*device, segment, number)));
        wanted.find(|(device, segment, _)| !self.link.failed_segments.contains(&(*device, *segment)))
    }

    /// Fetches the next segment that is not read yet, one after the other.
    pub(super) fn fetch_segment(&mut self, now: u64) {
        if self.link.fetching_segment {
            return;
        }
        if let Some((device, segment, _)) = self.next_segment() {
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
        // Until its device says something new.
        self.link.failed_segments.insert((device, segment));
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
