// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! A device as records, and back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Device;
use super::expiry::Awake;
use super::peer::Peer;
use super::pre_keys::{PreKey, PreKeys, SignedPreKey};
use super::session::{Session, SessionState};
use crate::device_list::Label;
use crate::identity::{IdentityKey, IdentityKeyPair};
use crate::namespace::Namespace;
use crate::ratchet::{PastChain, PastChains};
use crate::secret::{Secret, hex32};
use crate::store::{self, Record, RecordKey};
use crate::trust::postponed::Postponed;
use crate::trust::{Held, TrustDecision, TrustPolicy, TrustStore};
use crate::{DeviceId, LoadError};

/// The only record of `omemo_identity`.
#[derive(Serialize, Deserialize)]
struct IdentityRecord {
    account: String,
    device: DeviceId,
    seed: Secret,
    next_signed_pre_key: u32,
    next_pre_key: u32,
    bundle_is_due: bool,
    #[serde(default)]
    awake: Awake,
    #[serde(default, skip_serializing_if = "is_default")]
    trust_policy: TrustPolicy,
}

fn is_default(policy: &TrustPolicy) -> bool {
    *policy == TrustPolicy::default()
}

/// A record of `omemo_device`.
#[derive(Serialize, Deserialize)]
struct DeviceRecord {
    /// Whether it is in its owner's device list of omemo:2.
    active: bool,
    /// Whether it is in that of legacy OMEMO.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    legacy: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label_signature: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    identity: Option<KeyRecord>,
    #[serde(default)]
    since: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_seen: Option<u64>,
    next_serial: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct KeyRecord(#[serde(with = "hex32")] [u8; 32]);

/// A record of `omemo_postponed`.
#[derive(Serialize, Deserialize)]
struct PostponedRecord<D> {
    decisions: D,
}

impl Device {
    /// The device that `records`, all of [`crate::TABLES`] in any order, hold; `None` when there are none.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub fn load(
        account: &str,
        records: impl IntoIterator<Item = (String, String, Vec<u8>)>,
    ) -> Result<Option<Self>, LoadError> {
        let records = records
            .into_iter()
            .map(|(table, key, value)| Record::parse(&table, &key, value))
            .collect::<Result<Vec<_>, _>>()?;
        if records.is_empty() {
            return Ok(None);
        }
        let incomplete = |missing| LoadError::Incomplete {
            missing,
            records: records.len(),
        };
        let identity = records.iter().find(|record| record.key == RecordKey::Identity);
        let identity: IdentityRecord = identity.ok_or_else(|| incomplete("identity"))?.body()?;
        if identity.account != account {
            return Err(LoadError::OtherAccount {
                expected: account.to_owned(),
                found: identity.account,
            });
        }
        let mut device = Self {
            account: identity.account,
            id: identity.device,
            identity: IdentityKeyPair::from_seed(&identity.seed),
            pre_keys: PreKeys {
                signed: BTreeMap::new(),
                one_time: BTreeMap::new(),
                next_signed_id: identity.next_signed_pre_key,
                next_one_time_id: identity.next_pre_key,
            },
            bundle_is_due: identity.bundle_is_due,
            awake: identity.awake,
            stale_after: None,
            peers: BTreeMap::new(),
            foreign: BTreeMap::new(),
            trust: TrustStore::default(),
            postponed: Postponed::default(),
            dirty: BTreeSet::new(),
            latest: 0,
        };
        device.trust.restore_policy(identity.trust_policy);
        let mut sessions = Vec::new();
        let mut chains: BTreeMap<(String, DeviceId, u64), Vec<PastChain>> = BTreeMap::new();
        for record in &records {
            match record.key.clone() {
                RecordKey::Identity => {}
                RecordKey::SignedPreKey(id) => {
                    device.pre_keys.signed.insert(id, record.body::<SignedPreKey>()?);
                }
                RecordKey::PreKey(id) => {
                    device.pre_keys.one_time.insert(id, record.body::<PreKey>()?);
                }
                RecordKey::Device(jid, id) => {
                    let peer = peer_from(record, record.body()?)?;
                    device.peers.entry(jid).or_default().insert(id, peer);
                }
                RecordKey::Session(jid, id, serial) => {
                    let state: SessionState = record.body()?;
                    let session = Session::restore(device.identity.public(), serial, state)
                        .ok_or_else(|| record.damaged("not an identity key".to_owned()))?;
                    sessions.push((record, jid, id, session));
                }
                RecordKey::Skipped(jid, id, serial, _) => {
                    chains.entry((jid, id, serial)).or_default().push(record.body()?);
                }
                RecordKey::Trust(jid, key) => {
                    device.trust.restore(jid, key, record.body::<Held>()?);
                }
                RecordKey::Postponed(jid, key) => {
                    let PostponedRecord::<Vec<TrustDecision>> { decisions } = record.body()?;
                    device.postponed.keep(&(jid, key), &decisions);
                }
            }
        }
        for (record, jid, id, mut session) in sessions {
            session.past = PastChains::restore(
                chains
                    .remove(&(jid.clone(), id, session.serial))
                    .unwrap_or_default(),
            );
            let peer = device
                .peer_mut(&jid, id)
                .ok_or_else(|| record.damaged("its device is missing".to_owned()))?;
            peer.sessions.push(session);
        }
        if device.pre_keys.current().is_none() {
            return Err(incomplete("signed pre key"));
        }
        Ok(Some(device))
    }

    /// The value of a record now; `None` when there is none (any more).
    pub(super) fn record(&self, key: &RecordKey) -> Option<Vec<u8>> {
        match key {
            RecordKey::Identity => Some(store::serialize(IdentityRecord {
                account: self.account.clone(),
                device: self.id,
                seed: self.identity.seed(),
                next_signed_pre_key: self.pre_keys.next_signed_id,
                next_pre_key: self.pre_keys.next_one_time_id,
                bundle_is_due: self.bundle_is_due,
                awake: self.awake,
                trust_policy: self.trust.policy(),
            })),
            RecordKey::SignedPreKey(id) => self.pre_keys.signed.get(id).map(store::serialize),
            RecordKey::PreKey(id) => self.pre_keys.one_time.get(id).map(store::serialize),
            RecordKey::Device(jid, id) => self.peer(jid, *id).map(|peer| {
                store::serialize(DeviceRecord {
                    active: peer.announced.contains(&Namespace::Omemo2),
                    legacy: peer.announced.contains(&Namespace::Legacy),
                    label: peer.label.text.clone(),
                    label_signature: peer.label.signature.clone(),
                    identity: peer.identity.map(|key| KeyRecord(*key.as_bytes())),
                    since: peer.since,
                    last_seen: peer.last_seen,
                    next_serial: peer.next_serial,
                })
            }),
            RecordKey::Session(jid, id, serial) => self
                .session(jid, *id, *serial)
                .map(|session| store::serialize(&session.state)),
            RecordKey::Skipped(jid, id, serial, remote) => self
                .session(jid, *id, *serial)?
                .past
                .chain(remote)
                .map(store::serialize),
            RecordKey::Trust(jid, key) => self.trust.held(jid, key).map(store::serialize),
            RecordKey::Postponed(jid, key) => self
                .postponed
                .of(&(jid.clone(), *key))
                .map(|decisions| store::serialize(PostponedRecord { decisions })),
        }
    }

    fn session(&self, jid: &str, id: DeviceId, serial: u64) -> Option<&Session> {
        self.peer(jid, id)?
            .sessions
            .iter()
            .find(|session| session.serial == serial)
    }
}

fn peer_from(record: &Record, body: DeviceRecord) -> Result<Peer, LoadError> {
    let identity = body
        .identity
        .map(|KeyRecord(key)| IdentityKey::from_bytes(&key))
        .transpose()
        .map_err(|error| record.damaged(error.to_string()))?;
    let lists = [(Namespace::Omemo2, body.active), (Namespace::Legacy, body.legacy)];
    let announced = lists.into_iter().filter(|(_, listed)| *listed);
    let mut peer = Peer {
        label: Label {
            text: body.label,
            signature: body.label_signature,
        },
        announced: announced.map(|(namespace, _)| namespace).collect(),
        identity,
        since: body.since,
        last_seen: body.last_seen,
        next_serial: body.next_serial,
        ..Peer::default()
    };
    peer.check_label();
    Ok(peer)
}
