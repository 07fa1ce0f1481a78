// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Other devices: their lists, bundles and sessions.

use std::collections::BTreeMap;

use minidom::Element;
use rand_core::CryptoRng;

use super::session::{Session, Unanswered};
use super::{BundleError, Device, DeviceInfo, DeviceListChange, DeviceListError};
use crate::bundle::{Bundle, BundleParseError};
use crate::device_list::{self, Label};
use crate::identity::IdentityKey;
use crate::namespace::Namespace;
use crate::secret::KeyPair;
use crate::store::RecordKey;
use crate::{DeviceId, TrustLevel, x3dh};

/// Most devices that are taken from one device list, or kept of one account.
pub const MAX_DEVICES: usize = 250;
/// Most sessions with one device: the current one, and older ones for messages that cross on their way.
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
    /// Whether it is in its owner's list now.
    pub(super) active: bool,
    pub(super) identity: Option<IdentityKey>,
    pub(super) last_seen: Option<u64>,
    pub(super) sessions: Vec<Session>,
    pub(super) next_serial: u64,
    pub(super) retry: Option<Retry>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    after: u64,
    wait: u64,
}

impl Peer {
    /// The session to encrypt with.
    pub(super) fn current(&self) -> Option<&Session> {
        self.sessions.iter().max_by_key(|session| session.state.rank)
    }

    /// The session to encrypt with.
    pub(super) fn current_mut(&mut self) -> Option<&mut Session> {
        self.sessions.iter_mut().max_by_key(|session| session.state.rank)
    }

    /// The sessions, the current one first.
    pub(super) fn by_rank(&self) -> Vec<&Session> {
        let mut sessions: Vec<_> = self.sessions.iter().collect();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.state.rank));
        sessions
    }

    /// A rank above all others.
    pub(super) fn next_rank(&self) -> u64 {
        self.current()
            .map_or(1, |session| session.state.rank.saturating_add(1))
    }

    /// When its bundle may be asked for again.
    pub(super) fn retry_after(&self) -> Option<u64> {
        self.retry.map(|retry| retry.after)
    }

    fn bundle_failed(&mut self, now: u64) {
        let wait = self.retry.map_or(BUNDLE_RETRY_MIN, |retry| {
            retry.wait.saturating_mul(2).min(BUNDLE_RETRY_MAX)
        });
        self.retry = Some(Retry {
            after: now.saturating_add(wait),
            wait,
        });
    }
}

impl Device {
    /// `<devices/>`: the known active devices of the own account and this one, to be published in
    /// [`crate::NODE_DEVICES`] as the item `current`. `label` names this device to people.
    #[must_use]
    pub fn own_device_list(&self, label: Option<&str>) -> Element {
        let mut devices: BTreeMap<DeviceId, Label> = self
            .peers
            .get(&self.account)
            .into_iter()
            .flatten()
            .filter(|(_, peer)| peer.active)
            .map(|(id, peer)| (*id, peer.label.clone()))
            .collect();
        let own = label.map_or_else(Label::default, |label| Label::sign(label, &self.identity));
        devices.insert(self.id, own);
        device_list::serialize(&devices)
    }

    /// What is known of the devices of `jid`, without this one, by id.
    #[must_use]
    pub fn device_list(&self, jid: &str) -> Vec<DeviceInfo> {
        let peers = self.peers.get(jid).into_iter().flatten();
        peers
            .map(|(id, peer)| DeviceInfo {
                jid: jid.to_owned(),
                id: *id,
                label: peer.label.text.clone(),
                fingerprint: peer.identity.map(|key| key.fingerprint()),
                identity_key: peer.identity.map(|key| *key.as_bytes()),
                trust: self.trust(jid, *id).unwrap_or(TrustLevel::Undecided),
                active: peer.active,
                has_session: !peer.sessions.is_empty(),
                last_seen: peer.last_seen,
            })
            .collect()
    }

    /// The device list of `jid` as its PEP node has it now.
    ///
    /// # Errors
    /// See [`DeviceListError`].
    pub fn handle_device_list(
        &mut self,
        jid: &str,
        list: &Element,
        now: u64,
    ) -> Result<DeviceListChange, DeviceListError> {
        let mut listed = device_list::parse(list)?;
        self.advance(now);
        let own_missing = jid == self.account && listed.remove(&self.id).is_none();
        let mut change = DeviceListChange {
            own_missing,
            ..DeviceListChange::default()
        };
        let peers = self.peers.entry(jid.to_owned()).or_default();
        for (id, peer) in peers
            .iter_mut()
            .filter(|(id, peer)| peer.active && !listed.contains_key(id))
        {
            peer.active = false;
            change.removed.push(*id);
            self.dirty.insert(RecordKey::Device(jid.to_owned(), *id));
        }
        for (id, label) in listed {
            let peer = peers.entry(id).or_default();
            if !peer.active {
                change.added.push(id);
            }
            if !peer.active || peer.label != label {
                peer.active = true;
                peer.label = label;
                self.dirty.insert(RecordKey::Device(jid.to_owned(), id));
            }
        }
        // Nothing is lost with a device that has gone before its key was known.
        peers.retain(|_, peer| peer.active || peer.identity.is_some());
        Ok(change)
    }

    /// The active devices of `jids` without a session whose bundles are to be fetched now: not those of keys that the
    /// user refused, nor those that failed lately ([`Device::poll_timeout`] tells when they come back).
    #[must_use]
    pub fn missing_bundles(&self, jids: &[&str]) -> Vec<(String, DeviceId)> {
        let mut missing = Vec::new();
        for jid in jids {
            for (id, peer) in self.peers.get(*jid).into_iter().flatten() {
                let waits = peer.retry.is_some_and(|retry| retry.after > self.latest);
                let refused = self.trust(jid, *id) == Some(TrustLevel::ManuallyDistrusted);
                let entry = ((*jid).to_owned(), *id);
                if peer.active && peer.sessions.is_empty() && !waits && !refused && !missing.contains(&entry)
                {
                    missing.push(entry);
                }
            }
        }
        missing
    }

    /// A bundle that was fetched: makes a session (X3DH). Where there is a session by now, nothing changes.
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
        if self.peer(jid, id).is_some_and(|peer| !peer.sessions.is_empty()) {
            return Ok(());
        }
        match self.session_from_bundle(jid, id, bundle, rng) {
            Ok(session) => {
                let key = session.peer;
                self.meet(jid, key.as_bytes());
                self.add_session(jid, id, session);
                Ok(())
            }
            Err(error) => {
                self.handle_bundle_failure(jid, id, now);
                Err(error)
            }
        }
    }

    /// A bundle could not be had (`item-not-found`, for one): it is not wanted again for a while.
    pub fn handle_bundle_failure(&mut self, jid: &str, id: DeviceId, now: u64) {
        self.advance(now);
        if let Some(peer) = self.peer_mut(jid, id) {
            peer.bundle_failed(now);
        }
    }

    /// Forgets the sessions with a device, so that its bundle is wanted again. For the user's own decision alone: a
    /// failure is never a reason (XEP-0384 0.9). True when there was a session.
    pub fn reset_session(&mut self, jid: &str, id: DeviceId) -> bool {
        let Some(peer) = self.peer_mut(jid, id) else {
            return false;
        };
        peer.retry = None;
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

    /// Enters a new session as the current one with its device, which may be new as well. Gives its serial.
    pub(super) fn add_session(&mut self, jid: &str, id: DeviceId, mut session: Session) -> u64 {
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
        peer.retry = None;
        peer.identity = Some(session.peer);
        peer.sessions.push(session);
        let oldest = peer
            .sessions
            .iter()
            .min_by_key(|session| session.state.rank)
            .map(|session| session.serial);
        let surplus = (peer.sessions.len() > MAX_SESSIONS).then_some(oldest).flatten();
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
        if known.is_some_and(|known| known != bundle.identity_key) {
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
            Namespace::Omemo2,
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
