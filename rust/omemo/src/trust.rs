// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! How far a key is trusted, and by which rule that changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) mod message;
pub(crate) mod postponed;
pub(crate) mod uri;

/// How far an identity key is trusted (the six levels of XEP-0434 and XEP-0450 as QXmpp names them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustLevel {
    /// Nobody has decided, neither a person nor a rule.
    Undecided,
    /// Refused by a rule: its owner has an authenticated key, and this is none.
    AutomaticallyDistrusted,
    /// Refused by the user, or by an authenticated key on the user's behalf.
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

    /// Whether a rule set it, and not a person.
    fn is_automatic(self) -> bool {
        matches!(
            self,
            Self::Undecided | Self::AutomaticallyDistrusted | Self::AutomaticallyTrusted
        )
    }
}

/// What happens to a key that nobody has decided about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustPolicy {
    /// "Trust only authenticated keys after first authentication" (XEP-0450): trusted until the first key of its owner
    /// is authenticated, then refused.
    #[default]
    Toakafa,
    /// Never trusted by itself: the user decides about each key, and no device decides for another.
    Manual,
    /// Always trusted, until the user refuses it.
    Blind,
}

/// A level that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustChange {
    /// The key's owner, a bare address.
    pub jid: String,
    /// The Ed25519 identity key.
    pub key: [u8; 32],
    /// Its level from now on.
    pub level: TrustLevel,
}

/// That a key is authentic, or that it is not: what a person decided, or what an authenticated device said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustDecision {
    /// The key's owner, a bare address.
    pub jid: String,
    /// The Ed25519 identity key.
    #[serde(with = "crate::secret::hex32")]
    pub key: [u8; 32],
    /// Authentic, or refused.
    pub trusted: bool,
    /// When it was decided, in milliseconds since the Unix epoch. Of two decisions on a key the later one holds; of two
    /// of the same time the refusal.
    pub at: u64,
}

/// One key's level, and when a person or an authenticated device decided it; 0 where only rules did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) level: TrustLevel,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) decided: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The levels of all known keys, by owner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TrustStore {
    policy: TrustPolicy,
    levels: BTreeMap<(String, [u8; 32]), Held>,
}

impl TrustStore {
    pub(crate) fn policy(&self) -> TrustPolicy {
        self.policy
    }

    /// What is stored of a key.
    pub(crate) fn held(&self, owner: &str, key: &[u8; 32]) -> Option<Held> {
        self.levels.get(&(owner.to_owned(), *key)).copied()
    }

    /// The level of a key of `owner`; `None` when it was never met.
    pub(crate) fn level(&self, owner: &str, key: &[u8; 32]) -> Option<TrustLevel> {
        self.held(owner, key).map(|held| held.level)
    }

    /// The level that a key has, or would get when it is met now.
    pub(crate) fn level_or_initial(&self, owner: &str, key: &[u8; 32]) -> TrustLevel {
        self.level(owner, key).unwrap_or_else(|| self.initial(owner))
    }

    /// Enters a key that was met. True when it is new.
    pub(crate) fn meet(&mut self, owner: &str, key: &[u8; 32]) -> bool {
        if self.level(owner, key).is_some() {
            return false;
        }
        let level = self.initial(owner);
        self.levels
            .insert((owner.to_owned(), *key), Held { level, decided: 0 });
        true
    }

    /// Sets a level, decided at a time. Under TOAKAFA an authentication takes the automatic trust from all other keys of
    /// that owner. Gives all keys whose level changed, and whether anything did, the time among it.
    pub(crate) fn set(
        &mut self,
        owner: &str,
        key: &[u8; 32],
        level: TrustLevel,
        decided: u64,
    ) -> Vec<TrustChange> {
        let mut changed = Vec::new();
        if self.level(owner, key) != Some(level) {
            changed.push(change(owner, *key, level));
        }
        self.levels
            .insert((owner.to_owned(), *key), Held { level, decided });
        if level == TrustLevel::Authenticated && self.policy == TrustPolicy::Toakafa {
            changed.extend(self.refuse_others(owner));
        }
        changed
    }

    /// Changes the policy; what nobody decided is decided anew by it. Gives all keys whose level changed.
    pub(crate) fn set_policy(&mut self, policy: TrustPolicy) -> Vec<TrustChange> {
        if policy == self.policy {
            return Vec::new();
        }
        self.policy = policy;
        let automatic: Vec<_> = self
            .levels
            .iter()
            .filter(|(_, held)| held.level.is_automatic() && held.decided == 0)
            .map(|(entry, held)| (entry.clone(), held.level))
            .collect();
        let mut changed = Vec::new();
        for ((owner, key), before) in automatic {
            let level = self.initial(&owner);
            if level != before {
                changed.push(change(&owner, key, level));
                self.levels.insert((owner, key), Held { level, decided: 0 });
            }
        }
        changed
    }

    /// A key turns out to be `to`, its other form of the same holder: what was decided of it holds for that.
    pub(crate) fn rename(&mut self, owner: &str, from: &[u8; 32], to: &[u8; 32]) {
        if let Some(held) = self.levels.remove(&(owner.to_owned(), *from)) {
            self.levels.entry((owner.to_owned(), *to)).or_insert(held);
        }
    }

    /// Puts a stored level back, without any rule.
    pub(crate) fn restore(&mut self, owner: String, key: [u8; 32], held: Held) {
        self.levels.insert((owner, key), held);
    }

    /// Puts the stored policy back, without any rule.
    pub(crate) fn restore_policy(&mut self, policy: TrustPolicy) {
        self.policy = policy;
    }

    /// All keys with what is held of them, by owner.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &[u8; 32], Held)> {
        self.levels
            .iter()
            .map(|((owner, key), held)| (owner.as_str(), key, *held))
    }

    /// All keys of `owner` with their levels.
    pub(crate) fn of(&self, owner: &str) -> impl Iterator<Item = ([u8; 32], TrustLevel)> {
        let (first, last) = ((owner.to_owned(), [0; 32]), (owner.to_owned(), [u8::MAX; 32]));
        self.levels
            .range(first..=last)
            .map(|((_, key), held)| (*key, held.level))
    }

    /// What the policy says of a key that nobody has decided about.
    fn initial(&self, owner: &str) -> TrustLevel {
        match self.policy {
            TrustPolicy::Manual => TrustLevel::Undecided,
            TrustPolicy::Blind => TrustLevel::AutomaticallyTrusted,
            TrustPolicy::Toakafa => {
                if self
                    .of(owner)
                    .any(|(_, level)| level == TrustLevel::Authenticated)
                {
                    TrustLevel::AutomaticallyDistrusted
                } else {
                    TrustLevel::AutomaticallyTrusted
                }
            }
        }
    }

    fn refuse_others(&mut self, owner: &str) -> Vec<TrustChange> {
        let (first, last) = ((owner.to_owned(), [0; 32]), (owner.to_owned(), [u8::MAX; 32]));
        let trusted = self
            .levels
            .range_mut(first..=last)
            .filter(|(_, held)| held.level == TrustLevel::AutomaticallyTrusted);
        trusted
            .map(|((_, key), held)| {
                held.level = TrustLevel::AutomaticallyDistrusted;
                change(owner, *key, held.level)
            })
            .collect()
    }
}

fn change(owner: &str, key: [u8; 32], level: TrustLevel) -> TrustChange {
    TrustChange {
        jid: owner.to_owned(),
        key,
        level,
    }
}

#[cfg(test)]
mod tests;
