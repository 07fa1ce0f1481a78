// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Other devices: their lists, bundles and sessions.

use std::collections::{BTreeMap, BTreeSet};

use minidom::Element;
use rand_core::CryptoRng;

use super::session::{Session, Unanswered};
use super::{BundleError, Device, DeviceInfo, DeviceListChange, DeviceListError};
use crate::bundle::{Bundle, BundleParseError};
use crate::device_list::{self, DeviceList, Label};
use crate::identity::{IdentityKey, InvalidIdentityKey};
use crate::namespace::Namespace;
use crate::secret::KeyPair;
use crate::store::RecordKey;
use crate::{DeviceId, TrustLevel, x3dh};

/// Most devices that are taken from one device list, or kept of one account.
pub const MAX_DEVICES: usize = 250;
/// Most sessions with one device in one wire form: the current one, and older ones for messages that cross on their way.
pub const MAX_SESSIONS: usize = 5;
/// After a bundle could not be had, it is not wanted again for this long, in ms: a new device may announce itself before
/// its bundle is there. Each further failure doubles the time.
pub const BUNDLE_RETRY_MIN: u64 = 5_000;
/// The most that a wait for a bundle grows to, in ms.
pub const BUNDLE_RETRY_MAX: u64 = 3_600_000;
/// `last_seen` is exact to this many ms, so that not every message rewrites the device's record.
const LAST_SEEN_STEP: u64 = 60_000;

/// What is known of another device.
#[derive(Clone, Debug, Default)]
pub(super) struct Peer {
    pub(super) label: Label,
    /// In which of its owner's device lists it is now.
    pub(super) announced: BTreeSet<Namespace>,
    pub(super) identity: Option<IdentityKey>,
    /// Its label's signature is wrong.
    pub(super) label_refused: bool,
    /// Since when it is known, in ms since the Unix epoch; 0 where that was not noted.
    pub(super) since: u64,
    pub(super) last_seen: Option<u64>,
    pub(super) sessions: Vec<Session>,
    pub(super) next_serial: u64,
    /// Where its bundle could not be had.
    pub(super) retries: BTreeMap<Namespace, Retry>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    after: u64,
    wait: u64,
}

impl Peer {
    /// The session of a wire form to encrypt with.
    pub(super) fn current(&self, namespace: Namespace) -> Option<&Session> {
        self.of(namespace).max_by_key(|session| session.state.rank)
    }

    /// The session of a wire form to encrypt with.
    pub(super) fn current_mut(&mut self, namespace: Namespace) -> Option<&mut Session> {
        self.sessions
            .iter_mut()
            .filter(|session| session.namespace() == namespace)
            .max_by_key(|session| session.state.rank)
    }

    /// The sessions of a wire form, the current one first.
    pub(super) fn by_rank(&self, namespace: Namespace) -> Vec<&Session> {
        let mut sessions: Vec<_> = self.of(namespace).collect();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.state.rank));
        sessions
    }

    /// A rank above all others.
    pub(super) fn next_rank(&self) -> u64 {
        let ranks = self.sessions.iter().map(|session| session.state.rank);
        ranks.max().map_or(1, |rank| rank.saturating_add(1))
    }

    /// The wire form to encrypt in: the newest that it announces and that there is a session in.
    pub(super) fn spoken(&self) -> Option<Namespace> {
        let mut announced = self.announced.iter().rev().copied();
        announced.find(|namespace| self.current(*namespace).is_some())
    }

    /// The wire form in which its bundle is to be fetched: the newest that it announces; one that is older only where that
    /// bundle could not be had lately. None while there is a session, or while all of them wait.
    fn wanted(&self, now: u64) -> Option<Namespace> {
        for namespace in self.announced.iter().rev().copied() {
            if self.current(namespace).is_some() {
                return None;
            }
            if self
                .retries
                .get(&namespace)
                .is_none_or(|retry| retry.after <= now)
            {
                return Some(namespace);
            }
        }
        None
    }

    /// When its bundles may be asked for again.
    pub(super) fn retries(&self) -> impl Iterator<Item = u64> {
        self.retries.values().map(|retry| retry.after)
    }

    /// Checks the label's signature (XEP-0384 0.9), as far as it has one and the key is known.
    pub(super) fn check_label(&mut self) {
        let refused = self
            .identity
            .is_some_and(|identity| self.label.is_forged(&identity));
        self.label_refused = refused;
    }

    /// The label to show.
    fn shown_label(&self) -> Option<String> {
        self.label.text.clone().filter(|_| !self.label_refused)
    }

    fn bundle_failed(&mut self, namespace: Namespace, now: u64) {
        let wait = self.retries.get(&namespace).map_or(BUNDLE_RETRY_MIN, |retry| {
            retry.wait.saturating_mul(2).min(BUNDLE_RETRY_MAX)
        });
        let after = now.saturating_add(wait);
        self.retries.insert(namespace, Retry { after, wait });
    }

    fn of(&self, namespace: Namespace) -> impl Iterator<Item = &Session> {
        self.sessions
            .iter()
            .filter(move |session| session.namespace() == namespace)
    }
}

impl Device {
    /// The known devices of the own account and this one, to be published in [`Namespace::devices_node`] as the item
    /// `current`. `label` names this device to people, in omemo:2 alone.
    #[must_use]
    pub fn own_device_list(&self, namespace: Namespace, label: Option<&str>) -> Element {
        let own = label.filter(|_| namespace == Namespace::Omemo2);
        let own = own.map_or_else(Label::default, |label| Label::sign(label, &self.identity));
        self.serialize_list(namespace, Some(own))
    }

    /// The same without this device, for when it leaves the account.
    #[must_use]
    pub fn remaining_device_list(&self, namespace: Namespace) -> Element {
        self.serialize_list(namespace, None)
    }

    fn serialize_list(&self, namespace: Namespace, own: Option<Label>) -> Element {
        let others = self.peers.get(&self.account).into_iter().flatten();
        let labelled = namespace == Namespace::Omemo2;
        let mut devices: BTreeMap<DeviceId, Label> = others
            .filter(|(_, peer)| peer.announced.contains(&namespace))
            .map(|(id, peer)| {
                let label = labelled.then(|| peer.label.clone());
                (*id, label.unwrap_or_default())
            })
            .collect();
        devices.extend(own.map(|own| (self.id, own)));
        DeviceList {
            namespace,
            devices,
            foreign: self.foreign.get(&namespace).cloned().unwrap_or_default(),
        }
        .serialize()
    }

    /// What is known of the devices of `jid`, without this one, by id.
    #[must_use]
    pub fn device_list(&self, jid: &str) -> Vec<DeviceInfo> {
        let peers = self.peers.get(jid).into_iter().flatten();
        peers
            .map(|(id, peer)| DeviceInfo {
                jid: jid.to_owned(),
                id: *id,
                label: peer.shown_label(),
                fingerprint: peer.identity.map(|key| key.fingerprint()),
                identity_key: peer.identity.map(|key| *key.as_bytes()),
                trust: self.trust(jid, *id).unwrap_or(TrustLevel::Undecided),
                active: !peer.announced.is_empty(),
                has_session: !peer.sessions.is_empty(),
                announced: peer.announced.iter().rev().copied().collect(),
                sessions: Namespace::ALL
                    .into_iter()
                    .filter(|namespace| peer.current(*namespace).is_some())
                    .collect(),
                last_seen: peer.last_seen,
                stale: self.is_stale(peer),
            })
            .collect()
    }

    /// The device list of `jid` as its PEP node of that wire form has it now.
    ///
    /// # Errors
    /// See [`DeviceListError`].
    pub fn handle_device_list(
        &mut self,
        jid: &str,
        list: &Element,
        now: u64,
    ) -> Result<DeviceListChange, DeviceListError> {
        let DeviceList {
            namespace,
            devices: mut listed,
            foreign,
        } = device_list::parse(list)?;
        self.advance(now);
        let own = jid == self.account;
        let own_missing = own && listed.remove(&self.id).is_none();
        if own {
            self.foreign.insert(namespace, foreign);
        }
        let mut change = DeviceListChange {
            own_missing,
            ..DeviceListChange::default()
        };
        let peers = self.peers.entry(jid.to_owned()).or_default();
        for (id, peer) in peers.iter_mut().filter(|(id, _)| !listed.contains_key(id)) {
            if peer.announced.remove(&namespace) {
                change.removed.push(*id);
                self.dirty.insert(RecordKey::Device(jid.to_owned(), *id));
            }
        }
        for (id, label) in listed {
            let peer = peers.entry(id).or_insert_with(|| Peer {
                since: now,
                ..Peer::default()
            });
            let added = peer.announced.insert(namespace);
            let renamed = namespace == Namespace::Omemo2 && peer.label != label;
            if added {
                change.added.push(id);
            }
            if renamed {
                peer.label = label;
                peer.check_label();
            }
            if added || renamed {
                self.dirty.insert(RecordKey::Device(jid.to_owned(), id));
            }
        }
        // Nothing is lost with a device that has gone before its key was known.
        peers.retain(|_, peer| !peer.announced.is_empty() || peer.identity.is_some());
        Ok(change)
    }

    /// The active devices of `jids` whose bundles are to be fetched now, and in which wire form: the newest that a device
    /// announces, where there is no session in it; an older one while the newer one's bundle cannot be had. Not those of
    /// keys that the user refused, nor those that failed lately ([`Device::poll_timeout`] tells when they come back).
    #[must_use]
    pub fn missing_bundles(&self, jids: &[&str]) -> Vec<(String, DeviceId, Namespace)> {
        let mut missing = Vec::new();
        for jid in jids {
            for (id, peer) in self.peers.get(*jid).into_iter().flatten() {
                let refused = self.trust(jid, *id) == Some(TrustLevel::ManuallyDistrusted);
                let wanted = peer.wanted(self.latest).filter(|_| !refused);
                let entry = wanted.map(|namespace| ((*jid).to_owned(), *id, namespace));
                missing.extend(entry.filter(|entry| !missing.contains(entry)));
            }
        }
        missing
    }

    /// A bundle that was fetched: makes a session (X3DH) in its wire form. Where there is one by now, nothing changes.
    ///
    /// # Errors
    /// See [`BundleError`]. The bundle is then not wanted again for a while; nothing else has changed.
    pub fn handle_bundle(
        &mut self,
        jid: &str,
        id: DeviceId,
        bundle: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), BundleError> {
        self.advance(now);
        let namespace = Namespace::from_uri(&bundle.ns()).unwrap_or(Namespace::Omemo2);
        let met = self.peer(jid, id).and_then(|peer| peer.current(namespace));
        if met.is_some() {
            return Ok(());
        }
        match self.session_from_bundle(jid, id, bundle, rng) {
            Ok(session) => {
                self.identify(jid, id, session.peer, true);
                self.add_session(jid, id, session);
                Ok(())
            }
            Err(error) => {
                self.handle_bundle_failure(jid, id, namespace, now);
                Err(error)
            }
        }
    }

    /// A bundle could not be had (`item-not-found`, for one): it is not wanted again for a while.
    pub fn handle_bundle_failure(&mut self, jid: &str, id: DeviceId, namespace: Namespace, now: u64) {
        self.advance(now);
        if let Some(peer) = self.peer_mut(jid, id) {
            peer.bundle_failed(namespace, now);
        }
    }

    /// Forgets the sessions with a device, so that its bundle is wanted again. For the user's own decision alone: a
    /// failure is never a reason (XEP-0384 0.9). True when there was a session.
    pub fn reset_session(&mut self, jid: &str, id: DeviceId) -> bool {
        let Some(peer) = self.peer_mut(jid, id) else {
            return false;
        };
        peer.retries.clear();
        let sessions = std::mem::take(&mut peer.sessions);
        for session in &sessions {
            self.forget_session(jid, id, session);
        }
        !sessions.is_empty()
    }

    /// Forgets a device with its sessions; its key's trust stays. Publish the own device list afterwards where the
    /// device is one's own. True when it was known.
    pub fn remove_device(&mut self, jid: &str, id: DeviceId) -> bool {
        self.reset_session(jid, id);
        let removed = self
            .peers
            .get_mut(jid)
            .and_then(|peers| peers.remove(&id))
            .is_some();
        if removed {
            self.dirty.insert(RecordKey::Device(jid.to_owned(), id));
        }
        removed
    }

    pub(super) fn peer(&self, jid: &str, id: DeviceId) -> Option<&Peer> {
        self.peers.get(jid)?.get(&id)
    }

    pub(super) fn peer_mut(&mut self, jid: &str, id: DeviceId) -> Option<&mut Peer> {
        self.peers.get_mut(jid)?.get_mut(&id)
    }

    /// The identity of a device that shows the Curve25519 form of its key alone, as legacy key exchanges do. A sign that is
    /// not known yet is taken as zero, until a bundle tells it ([`Device::identify`]).
    pub(super) fn identity_of(
        &self,
        jid: &str,
        id: DeviceId,
        montgomery: &[u8; 32],
    ) -> Result<IdentityKey, InvalidIdentityKey> {
        let known = self.peer(jid, id).and_then(|peer| peer.identity);
        if let Some(known) = known.filter(|known| known.montgomery() == montgomery) {
            return Ok(known);
        }
        let positive = IdentityKey::from_montgomery(montgomery, false)?;
        let negative = IdentityKey::from_montgomery(montgomery, true)?;
        let met = self.trust.level(jid, negative.as_bytes()).is_some();
        Ok(if met { negative } else { positive })
    }

    /// A device has shown its identity key. `signed` tells whether its sign is known as well, not its Curve25519 form
    /// alone; what was decided of the key under the other sign then holds for it, for they have one holder.
    pub(super) fn identify(&mut self, jid: &str, id: DeviceId, key: IdentityKey, signed: bool) {
        let peer = self
            .peers
            .entry(jid.to_owned())
            .or_default()
            .entry(id)
            .or_default();
        let before = peer.identity;
        if before.is_none() || signed {
            peer.identity = Some(key);
        }
        let kept = peer.identity.unwrap_or(key);
        if before != Some(kept) {
            self.dirty.insert(RecordKey::Device(jid.to_owned(), id));
        }
        if let Some(before) = before.filter(|before| *before != kept) {
            self.trust.rename(jid, before.as_bytes(), kept.as_bytes());
            for key in [before, kept] {
                self.dirty
                    .insert(RecordKey::Trust(jid.to_owned(), *key.as_bytes()));
            }
        }
        self.meet(jid, kept.as_bytes());
    }

    /// Enters a new session as the current one of its wire form with its device, which may be new as well. Gives its
    /// serial.
    pub(super) fn add_session(&mut self, jid: &str, id: DeviceId, mut session: Session) -> u64 {
        let namespace = session.namespace();
        let peer = self
            .peers
            .entry(jid.to_owned())
            .or_default()
            .entry(id)
            .or_default();
        let serial = peer.next_serial;
        session.serial = serial;
        session.state.rank = peer.next_rank();
        peer.next_serial = serial.saturating_add(1);
        peer.retries.remove(&namespace);
        peer.sessions.push(session);
        let of_form = peer.by_rank(namespace);
        let surplus = of_form.get(MAX_SESSIONS).map(|session| session.serial);
        let dropped = surplus.and_then(|serial| {
            let index = peer
                .sessions
                .iter()
                .position(|session| session.serial == serial)?;
            Some(peer.sessions.swap_remove(index))
        });
        if let Some(session) = dropped {
            self.forget_session(jid, id, &session);
        }
        self.dirty.insert(RecordKey::Device(jid.to_owned(), id));
        self.dirty.insert(RecordKey::Session(jid.to_owned(), id, serial));
        serial
    }

    /// A message of a device was decrypted.
    pub(super) fn saw(&mut self, jid: &str, id: DeviceId, now: u64) {
        let Some(peer) = self.peer_mut(jid, id) else {
            return;
        };
        if peer
            .last_seen
            .is_none_or(|seen| now >= seen.saturating_add(LAST_SEEN_STEP))
        {
            peer.last_seen = Some(now);
            self.dirty.insert(RecordKey::Device(jid.to_owned(), id));
        }
    }

    /// Marks the records of a session that is gone.
    fn forget_session(&mut self, jid: &str, id: DeviceId, session: &Session) {
        self.dirty
            .insert(RecordKey::Session(jid.to_owned(), id, session.serial));
        let chains = session.past.iter().map(|chain| chain.remote);
        self.dirty
            .extend(chains.map(|remote| RecordKey::Skipped(jid.to_owned(), id, session.serial, remote)));
    }

    fn session_from_bundle(
        &self,
        jid: &str,
        id: DeviceId,
        bundle: &Element,
        rng: &mut impl CryptoRng,
    ) -> Result<Session, BundleError> {
        if jid == self.account && id == self.id {
            return Err(BundleError::OwnBundle);
        }
        let bundle = Bundle::parse(bundle)?;
        let known = self.peer(jid, id).and_then(|peer| peer.identity);
        if known.is_some_and(|known| !known.is_same_holder(&bundle.identity_key)) {
            return Err(BundleError::IdentityChanged {
                jid: jid.to_owned(),
                device: id,
            });
        }
        // A random one, so that two devices that fetched the same bundle seldom take the same.
        let index = (rng.next_u32() as usize)
            .checked_rem(bundle.pre_keys.len())
            .unwrap_or(0);
        let (pre_key_id, pre_key) = bundle
            .pre_keys
            .iter()
            .nth(index)
            .ok_or(BundleError::Malformed("no one-time pre key".to_owned()))?;
        let ephemeral = KeyPair::generate(rng);
        let low_order = |_| BundleError::InvalidKey("pre key of low order");
        let shared = x3dh::initiate(
            bundle.namespace,
            &self.identity,
            &ephemeral,
            &bundle.identity_key,
            &bundle.signed_pre_key,
            pre_key,
        )
        .map_err(low_order)?;
        let unanswered = Unanswered {
            pre_key: *pre_key_id,
            signed_pre_key: bundle.signed_pre_key_id,
        };
        Session::initiate(
            bundle.namespace,
            &self.identity,
            bundle.identity_key,
            &shared,
            &bundle.signed_pre_key,
            *ephemeral.public(),
            unanswered,
            rng,
        )
        .map_err(low_order)
    }
}

impl From<BundleParseError> for BundleError {
    fn from(error: BundleParseError) -> Self {
        match error {
            BundleParseError::BadSignature { signed_pre_key_id } => Self::BadSignature {
                signed_pre_key: signed_pre_key_id,
            },
            BundleParseError::InvalidIdentityKey => Self::InvalidKey("identity key"),
            error => Self::Malformed(error.to_string()),
        }
    }
}
