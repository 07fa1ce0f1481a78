// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Noticing that this state is an old backup, or a copy that lives elsewhere as well. Either would use a ratchet's key
//! twice, which tells both messages to whoever reads them (Signal's "double ratchet" §8.1).
//!
//! Each stream, and each hour of one, has a generation: a random number that is stored first and published then, in an item
//! that is named after the device. Nothing is encrypted on a stream before that item was read and written. A number in it that this
//! state never drew was drawn by another one with the same keys, which went on after this one was copied; this one then
//! goes on as a new device. What an hour's window misses is noticed by the replica, whose deltas others know.

use minidom::Element;
use minidom::rxml::xml_ncname;
use rand_core::CryptoRng;
use replica::ReplicaId;

use super::Client;
use super::link::{Fetch, Own, Pending, Purpose, Timer};
use crate::pubsub::{self, Node, NodeEvent};
use crate::ring::Ring;
use crate::stanza::{Request, StanzaError};
use crate::{Problem, ProblemKind, ns};

/// How many generations are remembered: a server that goes back to a backup of its own shows an old one.
pub(super) const MAX_GENERATIONS: usize = 64;

/// How long a generation lasts, in milliseconds.
const LIFETIME_MS: u64 = 3_600_000;

/// How long after a failure the item is fetched or published again, in milliseconds.
const RETRY_MS: u64 = 60_000;

impl Client {
    /// Whether this state is known to be the newest with its keys, so that they may be used.
    pub(super) fn may_encrypt(&self) -> bool {
        self.link.up && self.link.generation == Fetch::Done && self.link.leaving.is_none()
    }

    /// Reads the generation at the beginning of a stream, and draws a new one when it is time.
    pub(super) fn drive_generation(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if self.link.generation == Fetch::Wanted && !self.link.waits(&Timer::Generation) {
            self.link.generation = Fetch::Asked;
            let query = pubsub::items(ns::NODE_DEVICE, &[self.device.id().to_string()]);
            self.ask(Request::Get, None, query, Pending::Generation, now);
        }
        if self.may_encrypt() && !self.link.waits(&Timer::Generation) {
            self.draw_generation(now, rng);
        }
    }

    fn draw_generation(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let mut drawn = [0; 16];
        rng.fill_bytes(&mut drawn);
        let drawn = hex::encode(drawn);
        let generations = &mut self.state.core_mut().generations;
        generations.push(drawn.clone());
        let excess = generations.len().saturating_sub(MAX_GENERATIONS);
        generations.drain(..excess);
        self.link.set(Timer::Generation, now.saturating_add(LIFETIME_MS));
        let payload = Element::builder("generation", ns::NODE_DEVICE)
            .attr(xml_ncname!("value").to_owned(), drawn)
            .build();
        let item = self.device.id().to_string();
        self.publish(Node::Device, item, payload, Purpose::Generation, now);
    }

    pub(super) fn generation_came(
        &mut self,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let own = self.device.id().to_string();
        let found = match answer {
            Ok(result) => {
                let items = pubsub::read_items(result.as_ref(), ns::NODE_DEVICE).unwrap_or_default();
                items
                    .into_iter()
                    .rfind(|item| item.id == own)
                    .and_then(|item| item.payload)
            }
            Err(error) if error.is("item-not-found") => None,
            Err(error) => {
                self.link.generation = Fetch::Wanted;
                self.link.set(Timer::Generation, now.saturating_add(RETRY_MS));
                let what = "Whether this profile is a copy could not be checked, so nothing is sent";
                let problem = Problem::because(ProblemKind::CopyUnknown, what, &error);
                self.problems.insert("generation", problem);
                return;
            }
        };
        self.problems.remove("generation");
        match found {
            Some(found) if !self.is_own(&found) => self.become_new_device(now, rng),
            _ => self.draw_generation(now, rng),
        }
    }

    /// Another state with these keys may be in use at this moment.
    pub(super) fn take_generation_event(&mut self, event: NodeEvent, now: u64, rng: &mut impl CryptoRng) {
        let own = self.device.id().to_string();
        let items = event.items.into_iter().filter(|item| item.id == own);
        let payloads: Vec<Element> = items.filter_map(|item| item.payload).collect();
        if payloads.iter().any(|payload| !self.is_own(payload)) {
            self.become_new_device(now, rng);
        }
    }

    fn is_own(&self, payload: &Element) -> bool {
        let value = payload.attr("value").unwrap_or_default();
        self.state.core().generations.iter().any(|own| own == value)
    }

    /// Whoever else has these keys was told before the answer came. Where the server does not take the item, there is
    /// nothing to notice a copy by, and no reason to be silent for ever.
    pub(super) fn generation_published(&mut self, answer: &Result<(), StanzaError>, now: u64) {
        self.link.generation = Fetch::Done;
        if answer.is_err() {
            self.link.set(Timer::Generation, now.saturating_add(RETRY_MS));
        }
    }

    /// This state's keys are in use elsewhere, or were: it goes on with new ones, and its replica under a new name.
    pub(super) fn become_new_device(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let old = self.device.id();
        self.device.renew(now, rng);
        tracing::warn!(
            old,
            new = self.device.id(),
            "this state is a copy or a backup: it goes on as a new device"
        );
        let problem = format!(
            "This profile was a copy or an old backup: it goes on as a new device, {}, with new keys. Where you compare \
             fingerprints, do it once more.",
            self.device.id()
        );
        let problem = Problem::new(ProblemKind::Copied, problem);
        self.problems.insert("copy", problem);
        self.take_new_name(rng);
        self.state.drop_sent();
        self.rename_visits();
        let core = self.state.core_mut();
        core.generations.clear();
        core.welcomed.clear();
        // What was said of trust was said by the old keys.
        core.decisions.clear();
        core.verifying = None;
        self.verification = None;
        self.link.verifying.clear();
        self.link.decisions_there = false;
        for own in self.link.own.values_mut() {
            *own = Own::default();
        }
        self.link.clear(&Timer::Bundle);
        self.link.bundles.clear();
        self.told_devices = None;
        // Of the new device there is no item to read.
        self.link.generation = Fetch::Asked;
        self.draw_generation(now, rng);
    }

    /// The replica goes on under another name, or two different deltas would have the same number.
    pub(super) fn take_new_name(&mut self, rng: &mut impl CryptoRng) {
        let (old, name) = (*self.replica.id(), ReplicaId::random(rng));
        tracing::warn!(%old, new = %name, "this state is a copy or a backup: the replica goes on under a new name");
        self.replica.rename(name);
        let core = self.state.core_mut();
        core.ring = Ring::default();
        core.snapshot = None;
        core.chunks.clear();
        core.readers.clear();
        self.state.keep_only(|_| false);
        self.state.drop_outgoing();
        self.link.chunk = None;
        self.link.head_now();
        self.link.snapshot_due = true;
    }
}
