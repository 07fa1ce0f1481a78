// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What of the browsing history this device has told, and how far it has read what others tell.

use std::collections::{BTreeMap, BTreeSet};

use omemo::DeviceId;
use serde::{Deserialize, Serialize};

use super::State;
use crate::body::describe;
use crate::sealed::ItemKey;
use crate::visits::Listed;

pub(super) const VISITS: &str = "client_visits";
/// The record of what this device has told. The others are named by their devices.
const OWN: &str = "own";

/// Most keys of another device that are kept, the newest: its segments are sealed with those of 90 days, of which each serves for a
/// week or until a reader goes.
const MAX_KEYS: usize = 256;

/// What this device has told, or is about to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct OwnVisits {
    /// This device, unless it has become another one since.
    pub(in crate::client) device: DeviceId,
    /// The keys in use, the newest last, and when that was drawn, in milliseconds since the Unix epoch.
    pub(in crate::client) keys: Vec<ItemKey>,
    pub(in crate::client) drawn: u64,
    /// The OMEMO element that gives them to the readers, until one of both changes.
    pub(in crate::client) encrypted: String,
    pub(in crate::client) readers: Vec<DeviceId>,
    /// Of the last recent item.
    pub(in crate::client) number: u64,
    /// Of the last segment.
    pub(in crate::client) segment_number: u64,
    pub(in crate::client) segments: BTreeMap<u32, OwnSegment>,
    /// The revision that the server has, and the readers that can read it; `None` while it has nothing.
    pub(in crate::client) told: Option<(u64, Vec<DeviceId>)>,
    /// The last recent item that the server has, where it told all that it should; or else 0.
    pub(in crate::client) told_number: u64,
    /// How large that was before it was sealed, in bytes.
    pub(in crate::client) told_bytes: usize,
    /// Devices that are gone, whose part this one takes over once it has read all of it, and since when it tries, in milliseconds
    /// since the Unix epoch.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::client) heir_of: BTreeMap<DeviceId, u64>,
    /// Those whose part this one tells from that revision on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::client) adopted: BTreeMap<DeviceId, u64>,
    /// Items that are to be deleted, until the server says that they are.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(in crate::client) deleting: BTreeSet<String>,
}

/// A segment of this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct OwnSegment {
    pub(in crate::client) listed: Listed,
    /// The key that the server's copy is sealed with.
    pub(in crate::client) key: String,
    /// How many pages it then told of, in how many bytes.
    #[serde(default)]
    pub(in crate::client) size: (usize, usize),
    /// The server has it as it is.
    pub(in crate::client) published: bool,
    /// A recent item that the server has names it as it is.
    pub(in crate::client) told: bool,
}

impl OwnVisits {
    pub(in crate::client) fn new(device: DeviceId) -> OwnVisits {
        OwnVisits {
            device,
            keys: Vec::new(),
            drawn: 0,
            encrypted: String::new(),
            readers: Vec::new(),
            number: 0,
            segment_number: 0,
            segments: BTreeMap::new(),
            told: None,
            told_number: 0,
            told_bytes: 0,
            heir_of: BTreeMap::new(),
            adopted: BTreeMap::new(),
            deleting: BTreeSet::new(),
        }
    }

    pub(in crate::client) fn key(&self, id: &str) -> Option<&ItemKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Nothing was told, or all of it was taken back.
    pub(in crate::client) fn is_nothing(&self) -> bool {
        self.keys.is_empty()
    }

    /// The server has lost what was told, and perhaps all of it.
    pub(in crate::client) fn is_lost(&mut self) {
        self.told = None;
        // Who has not read it is given the keys anew; the same element cannot be decrypted twice.
        self.encrypted.clear();
        for segment in self.segments.values_mut() {
            segment.published = false;
        }
    }
}

/// How far what another device tells was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct PeerVisits {
    pub(in crate::client) keys: Vec<ItemKey>,
    /// Of the last recent item.
    pub(in crate::client) number: u64,
    /// The segments that it names, and the number up to which each was read.
    pub(in crate::client) segments: BTreeMap<u32, (u64, u64)>,
}

impl PeerVisits {
    pub(in crate::client) fn key(&self, id: &str) -> Option<&ItemKey> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Takes on the keys that an element has brought, which may be older than those that are known.
    pub(in crate::client) fn learn(&mut self, keys: Vec<ItemKey>) {
        self.keys
            .retain(|known| keys.iter().all(|key| key.id != known.id));
        self.keys.extend(keys);
        let surplus = self.keys.len().saturating_sub(MAX_KEYS);
        self.keys.drain(..surplus);
    }

    /// The segments that are still to be fetched.
    pub(in crate::client) fn wanted(&self) -> impl Iterator<Item = u32> {
        let unread = self.segments.iter().filter(|(_, (listed, read))| read < listed);
        unread.map(|(segment, _)| *segment)
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct VisitsState {
    own: Option<OwnVisits>,
    peers: BTreeMap<DeviceId, PeerVisits>,
}

impl State {
    pub(in crate::client) fn own_visits(&self) -> Option<&OwnVisits> {
        self.visits.own.as_ref()
    }

    pub(in crate::client) fn own_visits_mut(&mut self) -> Option<&mut OwnVisits> {
        if self.visits.own.is_some() {
            self.dirty.insert((VISITS, OWN.to_owned()));
        }
        self.visits.own.as_mut()
    }

    pub(in crate::client) fn keep_own_visits(&mut self, own: OwnVisits) {
        self.visits.own = Some(own);
        self.dirty.insert((VISITS, OWN.to_owned()));
    }

    pub(in crate::client) fn visits_peers(&self) -> &BTreeMap<DeviceId, PeerVisits> {
        &self.visits.peers
    }

    pub(in crate::client) fn visits_peer_mut(&mut self, device: DeviceId) -> &mut PeerVisits {
        self.dirty.insert((VISITS, device.to_string()));
        self.visits.peers.entry(device).or_default()
    }

    /// Gives the readers the keys once more.
    pub(in crate::client) fn renew_visit_keys(&mut self) {
        let own = self.visits.own.as_mut();
        if let Some(own) = own.filter(|own| !own.encrypted.is_empty()) {
            own.encrypted.clear();
            own.told = None;
            self.dirty.insert((VISITS, OWN.to_owned()));
        }
    }

    /// The server has nothing of that device. The keys stay, for what gave them is decrypted once.
    pub(in crate::client) fn visits_peer_is_gone(&mut self, device: DeviceId) {
        let peer = self.visits.peers.get_mut(&device);
        if let Some(peer) = peer.filter(|peer| !peer.segments.is_empty()) {
            peer.segments.clear();
            self.dirty.insert((VISITS, device.to_string()));
        }
    }

    pub(in crate::client) fn forget_visits_peer(&mut self, device: DeviceId) {
        if self.visits.peers.remove(&device).is_some() {
            self.dirty.insert((VISITS, device.to_string()));
        }
    }

    /// This device is another one now, which has told nothing.
    pub(in crate::client) fn forget_own_visits(&mut self) {
        if self.visits.own.take().is_some() {
            self.dirty.insert((VISITS, OWN.to_owned()));
        }
    }

    pub(super) fn visits_record(&self, key: &str) -> Option<Vec<u8>> {
        if key == OWN {
            return serde_json::to_vec(self.visits.own.as_ref()?).ok();
        }
        serde_json::to_vec(self.visits.peers.get(&key.parse().ok()?)?).ok()
    }

    pub(super) fn restore_visits(&mut self, key: &str, value: &[u8]) -> Result<(), String> {
        let json = |error: serde_json::Error| describe(&error);
        if key == OWN {
            self.visits.own = Some(serde_json::from_slice(value).map_err(json)?);
            return Ok(());
        }
        let device = key.parse().map_err(|_| "the key is no device".to_owned())?;
        let peer = serde_json::from_slice(value).map_err(json)?;
        self.visits.peers.insert(device, peer);
        Ok(())
    }
}
