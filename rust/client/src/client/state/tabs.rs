// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What other devices have open, and what this one has told of its own.

use std::collections::BTreeMap;

use omemo::DeviceId;
use serde::{Deserialize, Serialize};

use super::State;
use crate::body::describe;
use crate::tabs::{OpenTabs, TabKey};

pub(super) const TABS: &str = "client_tabs";
/// The record of what this device has told. The others are named by their devices.
const OWN: &str = "own";

/// What this device has told of its tabs, or is about to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct OwnTabs {
    /// This device, unless it has become another one since.
    pub(in crate::client) device: DeviceId,
    pub(in crate::client) key: TabKey,
    /// The OMEMO element that gives the readers the key: the same with every item, so that each has to decrypt it once.
    pub(in crate::client) encrypted: String,
    pub(in crate::client) readers: Vec<DeviceId>,
    /// When the key was drawn, in milliseconds since the Unix epoch.
    pub(in crate::client) drawn: u64,
    /// Of the last item.
    pub(in crate::client) number: u64,
    /// What the server has taken, and when it was sent.
    pub(in crate::client) told: TabsMark,
    pub(in crate::client) told_at: u64,
}

/// Tells whether tabs are those that were told before, by their SHA-256.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct TabsMark {
    /// Of the addresses.
    pub(in crate::client) pages: String,
    /// Of the titles as well.
    pub(in crate::client) all: String,
}

/// What another device has open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct PeerTabs {
    pub(in crate::client) key: TabKey,
    pub(in crate::client) open: OpenTabs,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tabs {
    own: Option<OwnTabs>,
    peers: BTreeMap<DeviceId, PeerTabs>,
}

impl State {
    pub(in crate::client) fn tabs_of(&self) -> &BTreeMap<DeviceId, PeerTabs> {
        &self.tabs.peers
    }

    pub(in crate::client) fn keep_tabs_of(&mut self, device: DeviceId, key: TabKey, open: OpenTabs) {
        self.dirty.insert((TABS, device.to_string()));
        self.tabs.peers.insert(device, PeerTabs { key, open });
    }

    /// True if there were any.
    pub(in crate::client) fn forget_tabs_of(&mut self, device: DeviceId) -> bool {
        let known = self.tabs.peers.remove(&device).is_some();
        if known {
            self.dirty.insert((TABS, device.to_string()));
        }
        known
    }

    pub(in crate::client) fn own_tabs(&self) -> Option<&OwnTabs> {
        self.tabs.own.as_ref()
    }

    pub(in crate::client) fn own_tabs_mut(&mut self) -> Option<&mut OwnTabs> {
        self.mark_own_tabs();
        self.tabs.own.as_mut()
    }

    pub(in crate::client) fn keep_own_tabs(&mut self, own: OwnTabs) {
        self.tabs.own = Some(own);
        self.mark_own_tabs();
    }

    /// The server holds no item of this device. Others have forgotten the key with it, but perhaps not all of them: the number goes on.
    pub(in crate::client) fn own_tabs_are_gone(&mut self) {
        if let Some(own) = self.own_tabs_mut() {
            own.told = TabsMark::default();
            own.readers.clear();
        }
    }

    fn mark_own_tabs(&mut self) {
        if self.tabs.own.is_some() {
            self.dirty.insert((TABS, OWN.to_owned()));
        }
    }

    pub(super) fn tabs_record(&self, key: &str) -> Option<Vec<u8>> {
        if key == OWN {
            return serde_json::to_vec(self.tabs.own.as_ref()?).ok();
        }
        serde_json::to_vec(self.tabs.peers.get(&key.parse().ok()?)?).ok()
    }

    pub(super) fn restore_tabs(&mut self, key: &str, value: &[u8]) -> Result<(), String> {
        let json = |error: serde_json::Error| describe(&error);
        if key == OWN {
            self.tabs.own = Some(serde_json::from_slice(value).map_err(json)?);
            return Ok(());
        }
        let device = key.parse().map_err(|_| "the key is no device".to_owned())?;
        let peer = serde_json::from_slice(value).map_err(json)?;
        self.tabs.peers.insert(device, peer);
        Ok(())
    }
}
