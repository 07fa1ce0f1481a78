// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Keys of skipped messages, and the chains that there were.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::chain::SkippedKeys;
use super::{MAX_SKIP, RatchetDecryptError};
use crate::secret::{Secret, hex32};

/// Most message keys that are stored of one session, over all its chains. Older ones go first.
pub const MAX_STORED: usize = 2 * MAX_SKIP as usize;
/// Most chains of one session that are remembered, so that a message that comes twice is told from a forged one.
pub const MAX_PAST_CHAINS: usize = 32;

/// The receiving chains that were, oldest first; the current one is among them only while keys of it are stored.
#[derive(Clone, Debug, Default)]
pub struct PastChains {
    chains: VecDeque<PastChain>,
    /// Ratchet keys of the chains that changed since [`PastChains::take_dirty`].
    dirty: Vec<[u8; 32]>,
    next_order: u64,
}

/// One chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PastChain {
    #[serde(with = "hex32")]
    pub(crate) remote: [u8; 32],
    /// Rises from chain to chain.
    pub(crate) order: u64,
    /// How many messages it had, once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length: Option<u32>,
    /// Keys below this number were dropped or never stored.
    gone_below: u32,
    keys: BTreeMap<u32, Secret>,
}

impl PastChains {
    /// Puts stored chains back, in any order.
    pub(crate) fn restore(mut chains: Vec<PastChain>) -> Self {
        chains.sort_by_key(|chain| chain.order);
        let next_order = chains.last().map_or(0, |chain| chain.order.saturating_add(1));
        Self {
            chains: chains.into(),
            dirty: Vec::new(),
            next_order,
        }
    }

    /// The chains, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &PastChain> {
        self.chains.iter()
    }

    /// The chain of a ratchet key.
    pub(crate) fn chain(&self, remote: &[u8; 32]) -> Option<&PastChain> {
        self.chains.iter().find(|chain| chain.remote == *remote)
    }

    /// Which chains changed or went since the last call.
    pub(crate) fn take_dirty(&mut self) -> Vec<[u8; 32]> {
        std::mem::take(&mut self.dirty)
    }

    /// How many keys are stored.
    #[must_use]
    pub fn stored(&self) -> usize {
        self.chains.iter().map(|chain| chain.keys.len()).sum()
    }

    /// A stored message key.
    pub(super) fn key(&self, remote: &[u8; 32], counter: u32) -> Option<&Secret> {
        self.chain(remote)?.keys.get(&counter)
    }

    /// Whether that chain is known to have ended, so that its ratchet key begins no new one.
    pub(super) fn ended(&self, remote: &[u8; 32]) -> bool {
        self.chain(remote).is_some_and(|chain| chain.length.is_some())
    }

    /// Why there is no key for a message that was passed.
    pub(super) fn missing(&self, remote: &[u8; 32], counter: u32) -> RatchetDecryptError {
        match self.chain(remote) {
            Some(chain) if counter < chain.gone_below => RatchetDecryptError::KeyGone { counter },
            // Nobody who knows the chain's end sends beyond it.
            Some(chain) if chain.length.is_some_and(|length| counter >= length) => {
                RatchetDecryptError::BadMac
            }
            _ => RatchetDecryptError::Duplicate { counter },
        }
    }

    /// A stored key was used.
    pub(super) fn take(&mut self, remote: &[u8; 32], counter: u32) {
        if let Some(chain) = self.chains.iter_mut().find(|chain| chain.remote == *remote) {
            chain.keys.remove(&counter);
            self.mark(remote);
        }
    }

    /// A chain has ended.
    pub(super) fn retire(&mut self, remote: &[u8; 32], length: u32, skipped: SkippedKeys) {
        let chain = self.chain_mut(remote);
        chain.length = Some(length);
        chain.add(skipped);
        self.mark(remote);
        self.bound();
    }

    /// Messages of the current chain were skipped.
    pub(super) fn store(&mut self, remote: &[u8; 32], skipped: SkippedKeys) {
        if skipped.keys.is_empty() && skipped.gone_below == 0 {
            return;
        }
        self.chain_mut(remote).add(skipped);
        self.mark(remote);
        self.bound();
    }

    fn chain_mut(&mut self, remote: &[u8; 32]) -> &mut PastChain {
        let index = self.chains.iter().position(|chain| chain.remote == *remote);
        let index = index.unwrap_or_else(|| {
            let order = self.next_order;
            self.next_order = order.saturating_add(1);
            self.chains.push_back(PastChain {
                remote: *remote,
                order,
                length: None,
                gone_below: 0,
                keys: BTreeMap::new(),
            });
            self.chains.len().saturating_sub(1)
        });
        #[expect(clippy::indexing_slicing, reason = "found or just pushed")]
        &mut self.chains[index]
    }

    fn mark(&mut self, remote: &[u8; 32]) {
        if !self.dirty.contains(remote) {
            self.dirty.push(*remote);
        }
    }

    /// Drops the oldest chains and the oldest keys above the limits.
    fn bound(&mut self) {
        while self.chains.len() > MAX_PAST_CHAINS {
            if let Some(chain) = self.chains.pop_front() {
                self.mark(&chain.remote);
            }
        }
        let mut surplus = self.stored().saturating_sub(MAX_STORED);
        let mut changed = Vec::new();
        for chain in &mut self.chains {
            if surplus == 0 {
                break;
            }
            let before = chain.keys.len();
            chain.drop_oldest(surplus);
            if chain.keys.len() < before {
                surplus = surplus.saturating_sub(before.saturating_sub(chain.keys.len()));
                changed.push(chain.remote);
            }
        }
        for remote in changed {
            self.mark(&remote);
        }
    }
}

impl PastChain {
    fn add(&mut self, skipped: SkippedKeys) {
        self.gone_below = self.gone_below.max(skipped.gone_below);
        self.keys.extend(skipped.keys);
        let surplus = self.keys.len().saturating_sub(MAX_SKIP as usize);
        self.drop_oldest(surplus);
    }

    fn drop_oldest(&mut self, count: usize) {
        for _ in 0..count {
            let Some((counter, _)) = self.keys.pop_first() else {
                return;
            };
            self.gone_below = self.gone_below.max(counter.saturating_add(1));
        }
    }
}
