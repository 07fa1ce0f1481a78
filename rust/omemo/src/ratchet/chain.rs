// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! One sending or receiving chain.

use serde::{Deserialize, Serialize};

use super::{MAX_FORWARD, MAX_SKIP, RatchetDecryptError};
use crate::primitives::HmacKey;
use crate::secret::Secret;

/// A chain key and the number of the message that it makes next.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Chain {
    pub(super) key: Secret,
    pub(super) next: u32,
}

/// Keys of messages that were passed by.
#[derive(Debug, Default)]
pub(super) struct SkippedKeys {
    /// By the message's number, ascending.
    pub(super) keys: Vec<(u32, Secret)>,
    /// Messages below this number were passed by without storing their keys.
    pub(super) gone_below: u32,
}

impl Chain {
    /// The next message key; `None` (and no change) when the counter is at its end.
    pub(super) fn step(&mut self) -> Option<Secret> {
        let next = self.next.checked_add(1)?;
        let key = HmacKey::new(self.key.as_bytes());
        self.key = next_key(&key);
        self.next = next;
        Some(message_key(&key))
    }

    /// The key of message `counter`, not below `next`, the chain behind it, and the keys between.
    pub(super) fn forward(&self, counter: u32) -> Result<(Secret, Self, SkippedKeys), RatchetDecryptError> {
        let skip = counter.saturating_sub(self.next);
        if skip > MAX_FORWARD {
            return Err(RatchetDecryptError::TooFarAhead { counter, skip });
        }
        let mut chain = self.clone();
        let skipped = chain.skip_to(counter);
        // The last number has no successor, so it can never be used: `TooFarAhead` by one.
        let message_key = chain
            .step()
            .ok_or(RatchetDecryptError::TooFarAhead { counter, skip })?;
        Ok((message_key, chain, skipped))
    }

    /// The keys up to the chain's end, which the next chain's messages tell. None when they are too many to derive: the
    /// new chain is worth more than the loss in the old one.
    pub(super) fn skip_to_end(&self, length: u32) -> SkippedKeys {
        if length.saturating_sub(self.next) > MAX_FORWARD {
            return SkippedKeys {
                keys: Vec::new(),
                gone_below: length,
            };
        }
        self.clone().skip_to(length)
    }

    /// Moves on to message `counter`; keeps the newest [`MAX_SKIP`] keys.
    fn skip_to(&mut self, counter: u32) -> SkippedKeys {
        let first_stored = counter.saturating_sub(MAX_SKIP).max(self.next);
        let gone_below = if first_stored > self.next { first_stored } else { 0 };
        let mut keys = Vec::new();
        while self.next < counter {
            let n = self.next;
            let key = HmacKey::new(self.key.as_bytes());
            if n >= first_stored {
                keys.push((n, message_key(&key)));
            }
            self.key = next_key(&key);
            self.next = n.saturating_add(1);
        }
        SkippedKeys { keys, gone_below }
    }
}

/// KDF_CK (XEP-0384 §4.3).
fn message_key(key: &HmacKey) -> Secret {
    Secret::from_bytes(&key.authenticate(&[&[0x01]]))
}

fn next_key(key: &HmacKey) -> Secret {
    Secret::from_bytes(&key.authenticate(&[&[0x02]]))
}
