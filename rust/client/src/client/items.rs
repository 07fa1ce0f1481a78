// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Reading the bookmarks node: whose item it is, whether it may be believed, and what it says.

use std::collections::BTreeSet;

use minidom::Element;
use omemo::{DecryptError, Decrypted, DeviceId};
use rand_core::CryptoRng;
use replica::{Delta, Merged, ReplicaId};
use sha2::{Digest, Sha256};

use super::link::{Fetch, Pending, Timer};
use super::{Client, between};
use crate::body::{Body, BodyError, Gaps, Head, Update};
use crate::pubsub::{self, Item};
use crate::ring::SLOTS;
use crate::stanza::{Request, StanzaError, encrypting_device};
use crate::{DropReason, Event, Kind, Problem, ProblemKind, ns};

/// How long after a failure the node is fetched again, in milliseconds.
const RETRY_MS: u64 = 30_000;

/// Who is not a bot answers after a random time, in milliseconds, and only if nobody else did.
pub(super) const ANSWER_MS: (u64, u64) = (2_000, 6_000);

/// An answer to a long chain or a new session is due within this time, in milliseconds; it is the own head, and mostly
/// something else has to be published before.
const RATCHET_ANSWER_MS: (u64, u64) = (2_000, 8_000);

/// Most dropped items that are remembered so as to be told once.
const MAX_TOLD: usize = 4096;

impl Client {
    /// Fetches the whole node where that is wanted.
    pub(super) fn fetch_items(&mut self, now: u64) {
        if self.link.node != Fetch::Wanted || self.link.waits(&Timer::Node) {
            return;
        }
        self.link.node = Fetch::Asked;
        self.link.node_asked_at = now;
        self.ask(
            Request::Get,
            None,
            pubsub::items(ns::NODE_BOOKMARKS, &[]),
            Pending::Items,
            now,
        );
    }

    pub(super) fn items_came(
        &mut self,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let items = match answer {
            Ok(result) => pubsub::read_items(result.as_ref(), ns::NODE_BOOKMARKS).unwrap_or_default(),
            Err(error) if error.is("item-not-found") => Vec::new(),
            Err(error) => {
                self.link.node = Fetch::Wanted;
                self.link.set(Timer::Node, now.saturating_add(RETRY_MS));
                let what = "The bookmarks could not be fetched";
                let problem = Problem::because(ProblemKind::BookmarksNotFetched, what, &error);
                self.problems.insert("node", problem);
                return;
            }
        };
        self.problems.remove("node");
        self.link.node = Fetch::Done;
        self.link.items.clear();
        for item in items {
            self.take_item(item, now, rng);
        }
        self.forget_the_removed(now);
        if !self.link.node_read {
            self.link.node_read = true;
            self.check_own_items();
            let replicas: Vec<ReplicaId> = self.state.peers().keys().copied().collect();
            self.tell_what_is_lacked(&replicas);
        }
    }

    /// What the server no longer holds of this replica is published again.
    fn check_own_items(&mut self) {
        let own = *self.replica.id();
        let holds = |suffix: &str| self.link.items.contains_key(&format!("{own}.{suffix}"));
        let head = holds("head");
        let slots: BTreeSet<u8> = (0..SLOTS).filter(|slot| holds(&slot.to_string())).collect();
        let snapshot = head && self.state.core().snapshot.is_some();
        let mut ring = self.state.core().ring.clone();
        ring.found(|slot| slots.contains(&slot), snapshot);
        if ring != self.state.core().ring {
            self.state.core_mut().ring = ring;
        }
        if !head {
            if self.state.core().snapshot.is_some() || !self.state.core().readers.is_empty() {
                let core = self.state.core_mut();
                core.snapshot = None;
                core.readers.clear();
                core.welcomed.clear();
            }
            self.link.head_now();
        }
    }

    /// Takes one item, fetched or notified. It changes nothing unless a trusted device of this account encrypted it for this
    /// one, and speaks for its own replica.
    pub(super) fn take_item(&mut self, item: Item, now: u64, rng: &mut impl CryptoRng) {
        let Some(payload) = item.payload else {
            if self.link.node == Fetch::Done {
                self.link.node = Fetch::Wanted;
            }
            return;
        };
        let Some((replica, _)) = item
            .id
            .split_once('.')
            .and_then(|(id, part)| Some((id.parse::<ReplicaId>().ok()?, part)))
        else {
            self.drop_item(
                &item.id,
                &payload,
                DropReason::Malformed,
                None,
                "an item of no replica".to_owned(),
            );
            return;
        };
        let encrypted = Some(&payload).filter(|payload| payload.is("encrypted", omemo::NS_OMEMO_2));
        let Some(sender) = encrypted.and_then(encrypting_device) else {
            let detail = "an item of the bookmarks that is not encrypted".to_owned();
            self.drop_item(&item.id, &payload, DropReason::Unencrypted, None, detail);
            return;
        };
        self.link.items.insert(item.id.clone(), sender);
        if sender == self.device.id() {
            return;
        }
        if replica == *self.replica.id() {
            let detail = "another device wrote to an item of this one".to_owned();
            self.drop_item(&item.id, &payload, DropReason::WrongSender, Some(sender), detail);
            return;
        }
        let account = self.account();
        // A message of a key that is not trusted is not even decrypted: should the user trust it one day, it still can be.
        if let Some(trust) = self
            .device
            .trust(&account, sender)
            .filter(|trust| !trust.is_trusted())
        {
            let detail = format!("its key is {trust:?}");
            self.drop_item(&item.id, &payload, DropReason::Untrusted, Some(sender), detail);
            return;
        }
        match self.device.decrypt(&account, &payload, now, rng) {
            Ok(decrypted) => {
                self.link.heard.insert(sender);
                self.bundle_soon(now);
                if decrypted.answer_due {
                    self.answer_ratchet(now, rng);
                }
                let readers = readers(&payload, &account);
                self.take_decrypted(&item.id, replica, &payload, decrypted, &readers, now, rng);
            }
            // Of a key that is gone nobody knows whether it was used; what is missing then shows in the version vectors.
            Err(DecryptError::Duplicate { .. } | DecryptError::KeyGone { .. } | DecryptError::OwnMessage) => {
            }
            // Whoever leaves this device out may have heard nothing of it for long.
            Err(DecryptError::NotForThisDevice { .. }) => {
                if self.link.left_out_by.insert(sender) {
                    self.answer_ratchet(now, rng);
                }
            }
            Err(error) => {
                if matches!(error, DecryptError::NoSession { .. }) {
                    // It has a session that this device has not; a head that carries a new key exchange gives it one.
                    self.answer_ratchet(now, rng);
                }
                self.drop_item(
                    &item.id,
                    &payload,
                    DropReason::Undecryptable,
                    Some(sender),
                    error.to_string(),
                );
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn take_decrypted(
        &mut self,
        item: &str,
        replica: ReplicaId,
        payload: &Element,
        decrypted: Decrypted,
        readers: &BTreeSet<DeviceId>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let device = decrypted.device;
        if !decrypted.trust.is_trusted() {
            let detail = format!("its key is {:?}", decrypted.trust);
            self.drop_item(item, payload, DropReason::Untrusted, Some(device), detail);
            return;
        }
        let Some(envelope) = decrypted.envelope else {
            return;
        };
        let json = envelope
            .content
            .iter()
            .find(|element| element.is("json", ns::JSON))
            .map(Element::text);
        let body = match json.as_deref().map(Body::parse) {
            Some(Ok(body)) => body,
            Some(Err(BodyError::UnknownType { found })) => {
                tracing::debug!(found, "an item of a type that this release does not know");
                return;
            }
            Some(Err(error @ BodyError::UnknownVersion { .. })) => {
                self.note_newer_version();
                self.drop_item(
                    item,
                    payload,
                    DropReason::UnknownVersion,
                    Some(device),
                    error.to_string(),
                );
                return;
            }
            Some(Err(error)) => {
                self.drop_item(
                    item,
                    payload,
                    DropReason::Malformed,
                    Some(device),
                    error.to_string(),
                );
                return;
            }
            None => {
                let detail = "an item without JSON".to_owned();
                self.drop_item(item, payload, DropReason::Malformed, Some(device), detail);
                return;
            }
        };
        let bound = self.state.peers().get(&replica).map(|peer| peer.device);
        if body.replica() != replica || bound.is_some_and(|bound| bound != device) {
            let detail = format!("device {device} does not speak for replica {replica}");
            self.drop_item(item, payload, DropReason::WrongSender, Some(device), detail);
            return;
        }
        match body {
            Body::Update(update) => self.take_update(replica, device, update, now),
            Body::Head(head) => self.take_head(replica, device, *head, readers, now, rng),
        }
    }

    pub(super) fn note_newer_version(&mut self) {
        let problem = "Another device runs a newer XmppSync: update this one.";
        let problem = Problem::new(ProblemKind::NewerVersion, problem);
        self.problems.insert("version", problem);
    }

    fn take_update(&mut self, replica: ReplicaId, device: DeviceId, update: Update, now: u64) {
        self.note_have(replica, device, &update.have, update.rest);
        self.state.peer_entry(replica, device).joined = true;
        self.note_return(now);
        self.copy_before(update.deltas.iter().map(|delta| delta.rows.len()).sum(), now);
        for delta in update.deltas {
            let delta = Delta {
                replica,
                seq: delta.seq,
                rows: delta.rows,
            };
            match self.replica.merge(&delta, now) {
                Ok(merged) => self.note_merged(&merged),
                Err(error) => {
                    let from = self.account();
                    self.drop_input(DropReason::Malformed, &from, Some(device), error.to_string());
                }
            }
        }
    }

    fn take_head(
        &mut self,
        replica: ReplicaId,
        device: DeviceId,
        head: Head,
        readers: &BTreeSet<DeviceId>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        self.note_have(replica, device, &head.have, head.rest);
        let peer = self.state.peer_entry(replica, device);
        peer.name = head.name;
        peer.kind = head.kind;
        peer.joined = head.joined;
        peer.snapshot = head.snapshot;
        peer.upload = head.upload;
        self.note_sending(replica, head.sending, now);
        if head.joined {
            self.others_were_answered(replica, readers);
        }
        match head.request {
            Some(request) => self.note_request(device, &request.missing, now, rng),
            None => {
                self.link.answers.remove(&device);
                self.link.clear(&Timer::Answer(device));
            }
        }
        // A replica that has not joined cannot have read a head of this one, unless this one says that it can.
        if !head.joined
            && !self.state.core().readers.contains(&device)
            && self.state.core().welcomed.contains(&device)
        {
            self.state.core_mut().welcomed.remove(&device);
        }
        self.tell_what_is_lacked(&[replica]);
    }

    /// Notes that another replica lacks something. A bot answers at once.
    fn note_request(&mut self, device: DeviceId, missing: &Gaps, now: u64, rng: &mut impl CryptoRng) {
        let have = self.replica.version_vector();
        if !self.replica.joined() || !touches(missing, |replica| have.ranges(replica)) {
            return;
        }
        let delay = match self.config.kind {
            Kind::Bot => 0,
            Kind::Desktop => between(ANSWER_MS.0, ANSWER_MS.1, rng),
        };
        self.link.answers.insert(device, missing.clone());
        self.link.set(Timer::Answer(device), now.saturating_add(delay));
    }

    /// Another replica's head with a snapshot was published for these devices: this one need not do it as well.
    fn others_were_answered(&mut self, replica: ReplicaId, readers: &BTreeSet<DeviceId>) {
        let Some(peer) = self.state.peers().get(&replica) else {
            return;
        };
        // The chunks of an upload follow.
        let newest = peer.upload.as_ref().map(|upload| &upload.snapshot);
        let Some(cover) = newest.or(peer.snapshot.as_ref()).map(|info| &info.cover) else {
            return;
        };
        let answered: Vec<DeviceId> = self
            .link
            .answers
            .iter()
            .filter(|(device, missing)| readers.contains(device) && touches(missing, |id| cover.ranges(id)))
            .map(|(device, _)| *device)
            .collect();
        for device in answered {
            self.link.answers.remove(&device);
            self.link.clear(&Timer::Answer(device));
        }
        let new: Vec<DeviceId> = readers.difference(&self.state.core().welcomed).copied().collect();
        if !new.is_empty() {
            self.state.core_mut().welcomed.extend(new.iter().copied());
            for device in new {
                self.link.clear(&Timer::Welcome(device));
            }
        }
    }

    /// Notes what a merge changed, for the host and its user.
    pub(super) fn note_merged(&mut self, merged: &Merged) {
        if !merged.refused.is_empty() {
            tracing::warn!(count = merged.refused.len(), "rows were refused");
        }
        let (added, changed, removed) = (merged.added, merged.changed, merged.removed);
        if added.saturating_add(changed).saturating_add(removed) > 0 {
            self.host_due = true;
            self.renew_join_question();
            self.events.push(Event::BookmarksChanged {
                added,
                changed,
                removed,
                remote: true,
            });
        }
    }

    /// The ratchet with another own device has to turn: the next head does it. The session may be a new one, in which the keys of the
    /// history are given as well.
    pub(super) fn answer_ratchet(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if !self.link.head_due {
            self.state.renew_visit_keys();
            self.link.head_due = true;
            let (low, high) = RATCHET_ANSWER_MS;
            self.link
                .set(Timer::Head, now.saturating_add(between(low, high, rng)));
        }
    }

    /// Drops an item. It stays where it is and comes again with each fetch, but is told once.
    pub(super) fn drop_item(
        &mut self,
        item: &str,
        payload: &Element,
        reason: DropReason,
        device: Option<DeviceId>,
        detail: String,
    ) {
        let digest = Sha256::new()
            .chain_update(item)
            .chain_update(String::from(payload))
            .finalize();
        let mut mark = [0; 8];
        mark.iter_mut()
            .zip(digest.iter())
            .for_each(|(to, from)| *to = *from);
        if self.link.told_dropped.len() < MAX_TOLD && self.link.told_dropped.insert(mark) {
            let from = self.account();
            self.drop_input(reason, &from, device, detail);
        }
    }
}

/// Whether any of `missing` is among what `held` gives.
pub(super) fn touches<'a>(missing: &Gaps, held: impl Fn(ReplicaId) -> &'a [(u64, u64)]) -> bool {
    missing.iter().any(|(replica, ranges)| {
        let held = held(*replica);
        ranges
            .iter()
            .any(|(first, last)| held.iter().any(|(from, to)| from <= last && first <= to))
    })
}

/// The devices of the account that an OMEMO element has keys for.
fn readers(encrypted: &Element, account: &str) -> BTreeSet<DeviceId> {
    let keys = encrypted
        .get_child("header", omemo::NS_OMEMO_2)
        .into_iter()
        .flat_map(Element::children)
        .filter(|keys| keys.name() == "keys" && keys.attr("jid") == Some(account));
    keys.flat_map(Element::children)
        .filter_map(|key| key.attr("rid")?.parse().ok())
        .collect()
}
