// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! How far a key is trusted, and by which rule that changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How far an identity key is trusted (the six levels of XEP-0434 and XEP-0450 as QXmpp names them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustLevel {
    /// Nobody has decided, neither a person nor a rule.
    Undecided,
    /// Refused by a rule: its owner has an authenticated key, and this is none.
    AutomaticallyDistrusted,
    /// Refused by the user.
    ManuallyDistrusted,
    /// Trusted by a rule: no key of its owner is authenticated yet.
    AutomaticallyTrusted,
    /// Trusted by the user without a comparison.
    ManuallyTrusted,
    /// Compared by the user (fingerprint, QR code, emoji), or vouched for by an authenticated key.
    Authenticated,
}

impl TrustLevel {
    /// Whether messages are encrypted to such a key, and its messages may be acted upon.
    #[must_use]
    pub fn is_trusted(self) -> bool {
        matches!(
            self,
            Self::AutomaticallyTrusted | Self::ManuallyTrusted | Self::Authenticated
        )
    }
}

/// The levels of all known keys, by owner, under the policy TOAKAFA ("trust only authenticated keys after first
/// authentication", XEP-0450): a new key is trusted until the first one of its owner is authenticated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TrustStore {
    levels: BTreeMap<(String, [u8; 32]), TrustLevel>,
}

impl TrustStore {
    /// The level of a key of `owner`; `None` when it was never met.
    pub(crate) fn level(&self, owner: &str, key: &[u8; 32]) -> Option<TrustLevel> {
        self.levels.get(&(owner.to_owned(), *key)).copied()
    }

    /// The level that a key has, or would get when it is met now.
    pub(crate) fn level_or_initial(&self, owner: &str, key: &[u8; 32]) -> TrustLevel {
        self.level(owner, key).unwrap_or_else(|| {
            if self
                .of(owner)
                .any(|(_, level)| level == TrustLevel::Authenticated)
            {
                TrustLevel::AutomaticallyDistrusted
            } else {
                TrustLevel::AutomaticallyTrusted
            }
        })
    }

    /// Enters a key that was met. True when it is new.
    pub(crate) fn meet(&mut self, owner: &str, key: &[u8; 32]) -> bool {
        let level = self.level_or_initial(owner, key);
        self.levels.insert((owner.to_owned(), *key), level).is_none()
    }

    /// Sets a level. The first authentication of an owner's key takes the automatic trust from all others of that
    /// owner. Gives all keys of `owner` whose level changed.
    pub(crate) fn set(
        &mut self,
        owner: &str,
        key: &[u8; 32],
        level: TrustLevel,
    ) -> Vec<([u8; 32], TrustLevel)> {
        let mut changed = Vec::new();
        if self.level(owner, key) != Some(level) {
            self.levels.insert((owner.to_owned(), *key), level);
            changed.push((*key, level));
        }
        if level == TrustLevel::Authenticated {
            for ((jid, other), held) in &mut self.levels {
                if jid == owner && *held == TrustLevel::AutomaticallyTrusted {
                    *held = TrustLevel::AutomaticallyDistrusted;
                    changed.push((*other, *held));
                }
            }
        }
        changed
    }

    /// A key turns out to be `to`, its other form of the same holder: what was decided of it holds for that.
    pub(crate) fn rename(&mut self, owner: &str, from: &[u8; 32], to: &[u8; 32]) {
        if let Some(level) = self.levels.remove(&(owner.to_owned(), *from)) {
            self.levels.entry((owner.to_owned(), *to)).or_insert(level);
        }
    }

    /// Puts a stored level back, without any rule.
    pub(crate) fn restore(&mut self, owner: String, key: [u8; 32], level: TrustLevel) {
        self.levels.insert((owner, key), level);
    }

    /// All keys of `owner` with their levels.
    pub(crate) fn of(&self, owner: &str) -> impl Iterator<Item = ([u8; 32], TrustLevel)> {
        self.levels
            .iter()
            .filter(move |((jid, _), _)| jid == owner)
            .map(|((_, key), level)| (*key, *level))
    }
}

#[cfg(test)]
mod tests;
