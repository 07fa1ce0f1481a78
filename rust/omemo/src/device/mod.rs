// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! One OMEMO device of one account.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use minidom::Element;
use rand_core::CryptoRng;

use crate::bundle::Bundle;
use crate::identity::IdentityKeyPair;
use crate::store::RecordKey;
use crate::trust::TrustStore;
use crate::trust::postponed::Postponed;
use crate::{Change, DeviceId, Fingerprint, Namespace};

mod decrypt;
mod directed;
mod element;
mod encrypt;
mod error;
mod expiry;
mod info;
mod peer;
mod pre_keys;
mod records;
mod session;
mod trust;

pub use error::{BundleError, DecryptError, DeviceListError, EncryptError};
pub use expiry::PRESENCE_STEP;
pub use info::{Decrypted, DeviceInfo, DeviceListChange, Encrypted, Skipped};
pub use peer::{BUNDLE_RETRY_MAX, BUNDLE_RETRY_MIN, MAX_DEVICES, MAX_SESSIONS};
pub use pre_keys::{PRE_KEYS, SHARED_PRE_KEY_GRACE, SIGNED_PRE_KEY_PERIOD, USED_PRE_KEY_GRACE};
pub use trust::TrustOutcome;

use expiry::Awake;
use peer::Peer;
use pre_keys::{PreKeys, Touched};

/// One OMEMO device of one account. The crate's documentation states the order of calls.
///
/// Times are milliseconds since the Unix epoch, addresses are bare and normalised. On an error nothing has changed,
/// unless the method says otherwise.
pub struct Device {
    account: String,
    id: DeviceId,
    identity: IdentityKeyPair,
    pre_keys: PreKeys,
    bundle_is_due: bool,
    /// When this device itself was in use.
    awake: Awake,
    /// After how many ms of silence a device is stale.
    stale_after: Option<u64>,
    peers: BTreeMap<String, BTreeMap<DeviceId, Peer>>,
    /// Numbers in the own device lists that are no device ids, kept for when the list is written anew.
    foreign: BTreeMap<Namespace, BTreeSet<i64>>,
    trust: TrustStore,
    /// Trust decisions of devices that are not authenticated.
    postponed: Postponed,
    /// Records that differ from what was taken last.
    dirty: BTreeSet<RecordKey>,
    /// The latest `now` that was told.
    latest: u64,
}

impl Device {
    /// A new device of `account` (a bare address): a new identity, a signed pre key, 100 one-time pre keys.
    pub fn create(account: &str, now: u64, rng: &mut impl CryptoRng) -> Self {
        let identity = IdentityKeyPair::generate(rng);
        // 1 to 2³¹ − 1; zero is as likely as any other number, and the next draw settles it.
        let id = loop {
            let id = rng.next_u32() & 0x7fff_ffff;
            if id != 0 {
                break id;
            }
        };
        let (pre_keys, touched) = PreKeys::generate(now, rng);
        let mut device = Self {
            account: account.to_owned(),
            id,
            identity,
            pre_keys,
            bundle_is_due: true,
            awake: Awake::from(now),
            stale_after: None,
            peers: BTreeMap::new(),
            foreign: BTreeMap::new(),
            trust: TrustStore::default(),
            postponed: Postponed::default(),
            dirty: BTreeSet::from([RecordKey::Identity]),
            latest: now,
        };
        device.touch_pre_keys(touched);
        device
    }

    /// Goes on as a new device: with a new number, identity and pre keys, and without sessions. For a state that turns out to
    /// be an old backup or a copy, whose ratchets would use keys a second time. What is known of others and how far they are
    /// trusted stays.
    pub fn renew(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let others: Vec<(String, DeviceId)> = self
            .peers
            .iter()
            .flat_map(|(jid, peers)| peers.keys().map(|id| (jid.clone(), *id)))
            .collect();
        for (jid, id) in others {
            self.reset_session(&jid, id);
        }
        let old = Touched {
            signed: self.pre_keys.signed.keys().copied().collect(),
            one_time: self.pre_keys.one_time.keys().copied().collect(),
            bundle: true,
        };
        self.touch_pre_keys(old);
        let new = Self::create(&self.account, now, rng);
        self.dirty.extend(new.dirty);
        (self.id, self.identity, self.pre_keys) = (new.id, new.identity, new.pre_keys);
        self.bundle_is_due = true;
        self.advance(now);
    }

    /// The records that changed since the last call, to be stored in one transaction before anything is sent or shown.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let dirty = std::mem::take(&mut self.dirty);
        dirty
            .into_iter()
            .map(|record| Change {
                table: record.table(),
                key: record.key(),
                value: self.record(&record),
            })
            .collect()
    }

    /// The account's bare address.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// This device's number.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.id
    }

    /// This device's Ed25519 identity key.
    #[must_use]
    pub fn identity_key(&self) -> [u8; 32] {
        *self.identity.public().as_bytes()
    }

    /// This device's fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.identity.public().fingerprint()
    }

    /// `<bundle/>`, to be published where [`Namespace::bundle_node`] says (XEP-0384 §5.3.2). All wire forms share the keys.
    #[must_use]
    pub fn bundle(&self, namespace: Namespace) -> Element {
        let (id, key) = match self.pre_keys.current() {
            Some((id, key)) => (id, *key.secret.public()),
            None => {
                unreachable!("creating makes a signed pre key, loading demands one, rotating replaces it")
            }
        };
        Bundle::sign(namespace, &self.identity, id, key, self.pre_keys.published()).serialize()
    }

    /// Whether the bundles differ from those that were published last.
    #[must_use]
    pub fn bundle_is_due(&self) -> bool {
        self.bundle_is_due
    }

    /// The current bundle was published, in all wire forms that the account uses.
    pub fn bundle_published(&mut self) {
        if self.bundle_is_due {
            self.bundle_is_due = false;
            self.dirty.insert(RecordKey::Identity);
        }
    }

    /// Rotates the signed pre key, refills the one-time pre keys, deletes what has outlived its grace.
    pub fn handle_timeout(&mut self, now: u64, rng: &mut impl CryptoRng) {
        self.advance(now);
        let touched = self.pre_keys.handle_timeout(now, rng);
        self.touch_pre_keys(touched);
    }

    /// When [`Device::handle_timeout`] has something to do, or [`Device::missing_bundles`] may name more.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<u64> {
        let retries = self
            .peers
            .values()
            .flat_map(BTreeMap::values)
            .flat_map(Peer::retries);
        let retries = retries.filter(|at| *at > self.latest);
        self.pre_keys.poll_timeout().into_iter().chain(retries).min()
    }

    /// Catch-up is over (all stored messages were read): used one-time pre keys, hidden so far, are deleted
    /// [`SHARED_PRE_KEY_GRACE`] after their first use instead of [`USED_PRE_KEY_GRACE`].
    pub fn handle_caught_up(&mut self, now: u64) {
        let touched = self.pre_keys.handle_caught_up(now);
        self.touch_pre_keys(touched);
    }

    fn touch_pre_keys(&mut self, touched: Touched) {
        if touched.signed.is_empty() && touched.one_time.is_empty() {
            return;
        }
        self.bundle_is_due |= touched.bundle;
        self.dirty.insert(RecordKey::Identity);
        self.dirty
            .extend(touched.signed.into_iter().map(RecordKey::SignedPreKey));
        self.dirty
            .extend(touched.one_time.into_iter().map(RecordKey::PreKey));
    }

    fn advance(&mut self, now: u64) {
        self.latest = self.latest.max(now);
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("account", &self.account)
            .field("id", &self.id)
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
