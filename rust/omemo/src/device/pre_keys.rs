// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The own pre keys: one signed, which rotates, and a stock of one-time ones.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::secret::KeyPair;

/// How many one-time pre keys are published (XEP-0384 §5.3.2 recommends about 100).
pub const PRE_KEYS: usize = 100;
/// How long a signed pre key is the current one, in ms; it is then kept as long again, for those who fetched it before
/// (XEP-0384 §5.3.2: a week to a month).
pub const SIGNED_PRE_KEY_PERIOD: u64 = 7 * 24 * 3_600_000;
/// How long a used one-time pre key is kept hidden, in ms: during catch-up a second key exchange with it may come.
pub const USED_PRE_KEY_GRACE: u64 = 24 * 3_600_000;
/// The same once catch-up is over, in ms: whoever fetched the bundle before this device took the key out of it may have
/// drawn the same one, and sends with it as soon as all other bundles are there.
pub const SHARED_PRE_KEY_GRACE: u64 = 10 * 60_000;
/// Pre key ids have the range of device ids.
const MAX_ID: u32 = 0x7fff_ffff;

/// What one `omemo_signed_pre_key` record holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SignedPreKey {
    pub(super) secret: KeyPair,
    /// When it became the current one, in ms since the Unix epoch.
    pub(super) created: u64,
    /// When it was replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) retired: Option<u64>,
}

/// What one `omemo_pre_key` record holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PreKey {
    pub(super) secret: KeyPair,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) used: Option<Use>,
}

/// When a one-time pre key was first used, and by which ephemeral keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Use {
    pub(super) at: u64,
    /// Hexadecimal digits of the ephemeral keys: each makes one session and no second.
    pub(super) by: Vec<String>,
    /// Whether a catch-up has ended since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) caught_up: bool,
}

impl Use {
    /// When the key is deleted, in ms since the Unix epoch.
    fn ends(&self) -> u64 {
        self.at.saturating_add(if self.caught_up {
            SHARED_PRE_KEY_GRACE
        } else {
            USED_PRE_KEY_GRACE
        })
    }
}

/// Ids of the pre keys that an operation changed.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) signed: Vec<u32>,
    pub(super) one_time: Vec<u32>,
    /// Whether the bundle is another one now.
    pub(super) bundle: bool,
}

/// All own pre keys.
#[derive(Clone, Debug)]
pub(super) struct PreKeys {
    pub(super) signed: BTreeMap<u32, SignedPreKey>,
    pub(super) one_time: BTreeMap<u32, PreKey>,
    /// Ids are never used again, so that a late key exchange meets no other key than the one it was made for.
    pub(super) next_signed_id: u32,
    pub(super) next_one_time_id: u32,
}

impl PreKeys {
    /// A current signed pre key and a full stock.
    pub(super) fn generate(now: u64, rng: &mut impl CryptoRng) -> (Self, Touched) {
        let mut keys = Self {
            signed: BTreeMap::new(),
            one_time: BTreeMap::new(),
            next_signed_id: 1,
            next_one_time_id: 1,
        };
        let mut touched = Touched::default();
        keys.rotate(now, rng, &mut touched);
        keys.refill(rng, &mut touched);
        (keys, touched)
    }

    /// The current signed pre key; `None` only before the first rotation.
    pub(super) fn current(&self) -> Option<(u32, &SignedPreKey)> {
        self.signed
            .iter()
            .find(|(_, key)| key.retired.is_none())
            .map(|(id, key)| (*id, key))
    }

    /// The public keys of the unused one-time pre keys.
    pub(super) fn published(&self) -> BTreeMap<u32, [u8; 32]> {
        let unused = self.one_time.iter().filter(|(_, key)| key.used.is_none());
        unused.map(|(id, key)| (*id, *key.secret.public())).collect()
    }

    /// A key exchange has used a one-time pre key: it is hidden, and another takes its place.
    pub(super) fn mark_used(
        &mut self,
        id: u32,
        ephemeral: &[u8; 32],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Touched {
        let mut touched = Touched::default();
        if let Some(key) = self.one_time.get_mut(&id) {
            let usage = key.used.get_or_insert_with(|| Use {
                at: now,
                by: Vec::new(),
                caught_up: false,
            });
            usage.by.push(hex::encode(ephemeral));
            touched.one_time.push(id);
            touched.bundle = true;
        }
        self.refill(rng, &mut touched);
        touched
    }

    /// Whether this ephemeral key has used that one-time pre key before.
    pub(super) fn was_used_by(&self, id: u32, ephemeral: &[u8; 32]) -> bool {
        let ephemeral = hex::encode(ephemeral);
        let usage = self.one_time.get(&id).and_then(|key| key.used.as_ref());
        usage.is_some_and(|usage| usage.by.contains(&ephemeral))
    }

    /// Rotates the signed pre key when it is time, and deletes what has outlived its grace.
    pub(super) fn handle_timeout(&mut self, now: u64, rng: &mut impl CryptoRng) -> Touched {
        let mut touched = Touched::default();
        let over = |key: &SignedPreKey| {
            key.retired
                .is_some_and(|retired| now >= retired.saturating_add(SIGNED_PRE_KEY_PERIOD))
        };
        let gone: Vec<_> = self
            .signed
            .iter()
            .filter(|(_, key)| over(key))
            .map(|(id, _)| *id)
            .collect();
        for id in gone {
            self.signed.remove(&id);
            touched.signed.push(id);
        }
        let due = |key: &SignedPreKey| now >= key.created.saturating_add(SIGNED_PRE_KEY_PERIOD);
        if self.current().is_none_or(|(_, key)| due(key)) {
            self.rotate(now, rng, &mut touched);
        }
        self.forget_used(&mut touched, now);
        self.refill(rng, &mut touched);
        touched
    }

    /// Shortens the grace of all used one-time pre keys to [`SHARED_PRE_KEY_GRACE`].
    pub(super) fn handle_caught_up(&mut self, now: u64) -> Touched {
        let mut touched = Touched::default();
        for (id, key) in &mut self.one_time {
            if let Some(used) = key.used.as_mut().filter(|used| !used.caught_up) {
                used.caught_up = true;
                touched.one_time.push(*id);
            }
        }
        self.forget_used(&mut touched, now);
        touched
    }

    /// When [`PreKeys::handle_timeout`] has something to do, in ms since the Unix epoch.
    pub(super) fn poll_timeout(&self) -> Option<u64> {
        let signed = self.signed.values().map(|key| {
            key.retired
                .unwrap_or(key.created)
                .saturating_add(SIGNED_PRE_KEY_PERIOD)
        });
        let used = self.one_time.values().filter_map(|key| key.used.as_ref());
        signed.chain(used.map(Use::ends)).min()
    }

    fn rotate(&mut self, now: u64, rng: &mut impl CryptoRng, touched: &mut Touched) {
        for (id, key) in self.signed.iter_mut().filter(|(_, key)| key.retired.is_none()) {
            key.retired = Some(now);
            touched.signed.push(*id);
        }
        touched.bundle = true;
        let id = self.next_signed_id;
        self.next_signed_id = following(id);
        self.signed.insert(
            id,
            SignedPreKey {
                secret: KeyPair::generate(rng),
                created: now,
                retired: None,
            },
        );
        touched.signed.push(id);
    }

    fn refill(&mut self, rng: &mut impl CryptoRng, touched: &mut Touched) {
        let unused = self.one_time.values().filter(|key| key.used.is_none()).count();
        for _ in unused..PRE_KEYS {
            let id = self.next_one_time_id;
            self.next_one_time_id = following(id);
            self.one_time.insert(
                id,
                PreKey {
                    secret: KeyPair::generate(rng),
                    used: None,
                },
            );
            touched.one_time.push(id);
            touched.bundle = true;
        }
    }

    fn forget_used(&mut self, touched: &mut Touched, now: u64) {
        self.one_time.retain(|id, key| {
            let keep = key.used.as_ref().is_none_or(|used| now < used.ends());
            if !keep {
                touched.one_time.push(*id);
            }
            keep
        });
    }
}

fn following(id: u32) -> u32 {
    if id >= MAX_ID { 1 } else { id.saturating_add(1) }
}
