// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Decisions of devices that are not authenticated yet (XEP-0450): they count once their sender is.

use std::collections::BTreeMap;

use super::TrustDecision;

/// Most decisions that are kept of one sender; the latest displace the oldest.
pub const MAX_POSTPONED: usize = 1_000;
/// Most senders whose decisions are kept: a few accounts' devices.
pub const MAX_POSTPONED_SENDERS: usize = 250;

/// A sender: owner and key.
pub(crate) type Sender = (String, [u8; 32]);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Postponed {
    senders: BTreeMap<Sender, BTreeMap<(String, [u8; 32]), TrustDecision>>,
}

impl Postponed {
    /// Keeps decisions; of two on one key the one that holds ([`TrustDecision::at`]). False when there is no room for
    /// another sender.
    pub(crate) fn keep(&mut self, sender: &Sender, decisions: &[TrustDecision]) -> bool {
        if !self.senders.contains_key(sender) && self.senders.len() >= MAX_POSTPONED_SENDERS {
            return false;
        }
        let kept = self.senders.entry(sender.clone()).or_default();
        for decision in decisions {
            let entry = (decision.jid.clone(), decision.key);
            let holds = kept.get(&entry).is_none_or(|held| decision.overrides(held));
            if holds {
                kept.insert(entry, decision.clone());
            }
        }
        while kept.len() > MAX_POSTPONED {
            let oldest = kept.iter().min_by_key(|(_, decision)| decision.at);
            let Some(oldest) = oldest.map(|(entry, _)| entry.clone()) else {
                break;
            };
            kept.remove(&oldest);
        }
        true
    }

    /// Takes all decisions of a sender.
    pub(crate) fn take(&mut self, sender: &Sender) -> Option<Vec<TrustDecision>> {
        Some(self.senders.remove(sender)?.into_values().collect())
    }

    /// All decisions of a sender.
    pub(crate) fn of(&self, sender: &Sender) -> Option<Vec<&TrustDecision>> {
        Some(self.senders.get(sender)?.values().collect())
    }
}

impl TrustDecision {
    /// Whether this one holds against another on the same key.
    pub(crate) fn overrides(&self, other: &TrustDecision) -> bool {
        (self.at, !self.trusted) > (other.at, !other.trusted)
    }
}
