// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Whom this device trusts, and automatic trust management (XEP-0450): what authenticated devices say of other keys
//! counts as if the user had compared these here.

use super::Device;
use crate::store::RecordKey;
use crate::{DeviceId, TrustChange, TrustDecision, TrustLevel, TrustPolicy};

/// How far ahead of this device's clock another's may be, in ms; what was decided later than that is not believed.
const MAX_AHEAD: u64 = 24 * 3_600_000;

/// What became of another device's decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustOutcome {
    /// They hold, as far as nothing later contradicts them: these levels changed.
    Applied(Vec<TrustChange>),
    /// Their sender is not authenticated: they are kept until it is, and forgotten when it is refused.
    Postponed,
    /// The sender's key is distrusted, the policy is manual, there is no room, or nothing in them is the sender's to say:
    /// nothing has changed.
    Ignored,
}

impl Device {
    /// How far a device's key is trusted; `None` while its key is unknown.
    #[must_use]
    pub fn trust(&self, jid: &str, id: DeviceId) -> Option<TrustLevel> {
        let key = self.peer(jid, id)?.identity?;
        self.trust.level(jid, key.as_bytes())
    }

    /// How far an Ed25519 identity key is trusted; `None` when it was never met.
    #[must_use]
    pub fn key_trust(&self, jid: &str, key: &[u8; 32]) -> Option<TrustLevel> {
        self.trust.level(jid, key)
    }

    /// What happens to keys that nobody has decided about.
    #[must_use]
    pub fn trust_policy(&self) -> TrustPolicy {
        self.trust.policy()
    }

    /// Changes the policy. What a person decided stays; what a rule decided is decided anew. Gives all levels that changed.
    pub fn set_trust_policy(&mut self, policy: TrustPolicy) -> Vec<TrustChange> {
        if policy != self.trust.policy() {
            self.dirty.insert(RecordKey::Identity);
        }
        let changes = self.trust.set_policy(policy);
        self.touch_trust(&changes);
        changes
    }

    /// Sets how far a key of `jid` is trusted, by the user's hand; it may be one that was not met yet (from a QR code). Under
    /// TOAKAFA, authenticating a key takes the automatic trust from all others of its owner; what a newly authenticated
    /// device said of other keys holds from now on (XEP-0450). Gives all levels that changed, of any owner.
    pub fn set_trust(&mut self, jid: &str, key: &[u8; 32], level: TrustLevel, now: u64) -> Vec<TrustChange> {
        self.advance(now);
        // Whatever another device's clock said: this decision is the latest.
        let held = self.trust.held(jid, key).map_or(0, |held| held.decided);
        self.enter(jid, key, level, now.max(held.saturating_add(1)))
    }

    /// What a device of `from` with that Ed25519 key, which has encrypted it, says of other keys. A device of the own account
    /// may speak of anybody's keys, one of another account of its owner's alone.
    pub fn handle_trust_decisions(
        &mut self,
        from: &str,
        sender: &[u8; 32],
        decisions: &[TrustDecision],
        now: u64,
    ) -> TrustOutcome {
        self.advance(now);
        let level = self.trust.level_or_initial(from, sender);
        if self.trust_policy() == TrustPolicy::Manual || level == TrustLevel::ManuallyDistrusted {
            return TrustOutcome::Ignored;
        }
        let own = *self.identity.public().as_bytes();
        let latest = now.saturating_add(MAX_AHEAD);
        let allowed: Vec<TrustDecision> = decisions
            .iter()
            .filter(|decision| from == self.account || decision.jid == from)
            .filter(|decision| !(decision.jid == self.account && decision.key == own))
            .filter(|decision| decision.at <= latest)
            .cloned()
            .collect();
        if allowed.is_empty() {
            return TrustOutcome::Ignored;
        }
        if level == TrustLevel::Authenticated {
            return TrustOutcome::Applied(self.apply(allowed));
        }
        if !self.postponed.keep(&(from.to_owned(), *sender), &allowed) {
            return TrustOutcome::Ignored;
        }
        self.dirty.insert(RecordKey::Postponed(from.to_owned(), *sender));
        TrustOutcome::Postponed
    }

    /// All that was decided of keys, by the user here or by authenticated devices: what this device tells others.
    #[must_use]
    pub fn trust_decisions(&self) -> Vec<TrustDecision> {
        let decided = self.trust.all().filter_map(|(jid, key, held)| {
            let trusted = match held.level {
                TrustLevel::Authenticated => true,
                TrustLevel::ManuallyDistrusted => false,
                _ => return None,
            };
            Some(TrustDecision {
                jid: jid.to_owned(),
                key: *key,
                trusted,
                at: held.decided,
            })
        });
        decided.collect()
    }

    pub(super) fn meet(&mut self, jid: &str, key: &[u8; 32]) {
        if self.trust.meet(jid, key) {
            self.dirty.insert(RecordKey::Trust(jid.to_owned(), *key));
        }
    }

    /// Sets a level, and applies what that key's holder has said so far if it is authenticated by that.
    fn enter(&mut self, jid: &str, key: &[u8; 32], level: TrustLevel, decided: u64) -> Vec<TrustChange> {
        let mut changes = self.trust.set(jid, key, level, decided);
        self.dirty.insert(RecordKey::Trust(jid.to_owned(), *key));
        self.touch_trust(&changes);
        let sender = (jid.to_owned(), *key);
        let said = match level {
            TrustLevel::Authenticated | TrustLevel::ManuallyDistrusted => self.postponed.take(&sender),
            _ => None,
        };
        if let Some(said) = said {
            self.dirty.insert(RecordKey::Postponed(sender.0, sender.1));
            if level == TrustLevel::Authenticated {
                changes.extend(self.apply(said));
            }
        }
        changes
    }

    /// Applies decisions of authenticated devices. Each authentication may bring what that key's holder has said; the number
    /// of keys ends it, for a decision is applied once.
    fn apply(&mut self, decisions: Vec<TrustDecision>) -> Vec<TrustChange> {
        let mut changes = Vec::new();
        for decision in decisions {
            if !self.holds(&decision) {
                continue;
            }
            let level = if decision.trusted {
                TrustLevel::Authenticated
            } else {
                TrustLevel::ManuallyDistrusted
            };
            changes.extend(self.enter(&decision.jid, &decision.key, level, decision.at));
        }
        changes
    }

    /// Whether a decision holds against what is known of its key.
    fn holds(&self, decision: &TrustDecision) -> bool {
        let Some(held) = self.trust.held(&decision.jid, &decision.key) else {
            return true;
        };
        let known = TrustDecision {
            trusted: held.level != TrustLevel::ManuallyDistrusted,
            at: held.decided,
            ..decision.clone()
        };
        let undecided = held.decided == 0 && !matches!(held.level, TrustLevel::ManuallyDistrusted);
        let says_no_more = held.level == TrustLevel::Authenticated && decision.trusted;
        decision.overrides(&known) || undecided && !says_no_more
    }

    fn touch_trust(&mut self, changes: &[TrustChange]) {
        let records = changes
            .iter()
            .map(|change| RecordKey::Trust(change.jid.clone(), change.key));
        self.dirty.extend(records);
    }
}
