// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! One OMEMO device of one account.

use minidom::Element;
use rand_core::CryptoRng;

use crate::{Change, DeviceId, Fingerprint, LoadError, TrustLevel};

mod error;
mod info;

pub use error::{BundleError, DecryptError, DeviceListError, EncryptError};
pub use info::{Decrypted, DeviceInfo, DeviceListChange, Encrypted, Skipped};

/// One OMEMO device of one account. The crate's documentation states the order of calls.
pub struct Device {}

#[allow(unused_variables, missing_docs)]
impl Device {
    pub fn create(account: &str, now: u64, rng: &mut impl CryptoRng) -> Self {
        unimplemented!()
    }
    pub fn load(
        account: &str,
        records: impl IntoIterator<Item = (String, String, Vec<u8>)>,
    ) -> Result<Option<Self>, LoadError> {
        unimplemented!()
    }
    pub fn take_changes(&mut self) -> Vec<Change> {
        unimplemented!()
    }
    pub fn account(&self) -> &str {
        unimplemented!()
    }
    pub fn id(&self) -> DeviceId {
        unimplemented!()
    }
    pub fn identity_key(&self) -> [u8; 32] {
        unimplemented!()
    }
    pub fn fingerprint(&self) -> Fingerprint {
        unimplemented!()
    }
    pub fn bundle(&self) -> Element {
        unimplemented!()
    }
    pub fn bundle_is_due(&self) -> bool {
        unimplemented!()
    }
    pub fn bundle_published(&mut self) {
        unimplemented!()
    }
    pub fn handle_timeout(&mut self, now: u64, rng: &mut impl CryptoRng) {
        unimplemented!()
    }
    /// When [`Device::handle_timeout`] has something to do.
    pub fn poll_timeout(&self) -> Option<u64> {
        unimplemented!()
    }
    /// Archive catch-up is over: used one-time pre keys, kept hidden so far, are deleted.
    pub fn handle_caught_up(&mut self) {
        unimplemented!()
    }
    pub fn own_device_list(&self, label: Option<&str>) -> Element {
        unimplemented!()
    }
    pub fn device_list(&self, jid: &str) -> Vec<DeviceInfo> {
        unimplemented!()
    }
    pub fn handle_device_list(
        &mut self,
        jid: &str,
        list: &Element,
        now: u64,
    ) -> Result<DeviceListChange, DeviceListError> {
        unimplemented!()
    }
    pub fn missing_bundles(&self, jids: &[&str]) -> Vec<(String, DeviceId)> {
        unimplemented!()
    }
    pub fn handle_bundle(
        &mut self,
        jid: &str,
        id: DeviceId,
        bundle: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), BundleError> {
        unimplemented!()
    }
    pub fn handle_bundle_failure(&mut self, jid: &str, id: DeviceId, now: u64) {
        unimplemented!()
    }
    pub fn encrypt(
        &mut self,
        content: Vec<Element>,
        jids: &[&str],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Encrypted, EncryptError> {
        unimplemented!()
    }
    pub fn encrypt_empty(
        &mut self,
        jid: &str,
        id: DeviceId,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Element, EncryptError> {
        unimplemented!()
    }
    pub fn decrypt(
        &mut self,
        from: &str,
        encrypted: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Decrypted, DecryptError> {
        unimplemented!()
    }
    pub fn trust(&self, jid: &str, id: DeviceId) -> Option<TrustLevel> {
        unimplemented!()
    }
    /// Gives every key of `jid` whose level changed.
    pub fn set_trust(&mut self, jid: &str, key: &[u8; 32], level: TrustLevel) -> Vec<([u8; 32], TrustLevel)> {
        unimplemented!()
    }
    /// Forgets the sessions with a device, so that its bundle is wanted again. True when there was one.
    pub fn reset_session(&mut self, jid: &str, id: DeviceId) -> bool {
        unimplemented!()
    }
    /// Forgets a device with its sessions (its key's trust stays). True when it was known.
    pub fn remove_device(&mut self, jid: &str, id: DeviceId) -> bool {
        unimplemented!()
    }
}
