// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Automatic trust management (XEP-0450): the account's devices tell each other which keys the user has compared. Each
//! keeps an item with all its decisions in a node that only the account may read, for its authenticated devices; other
//! programs, and contacts, get trust messages (XEP-0434).

use std::collections::{BTreeMap, BTreeSet};

use jid::BareJid;
use minidom::Element;
use minidom::rxml::xml_ncname;
use omemo::{
    DecryptError, Decrypted, DeviceId, DeviceInfo, Namespace, TrustDecision, TrustLevel, TrustMessage,
    TrustOutcome,
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};

use super::Client;
use super::link::{Fetch, Pending, Purpose, Timer};
use super::state::Letter;
use crate::pubsub::{self, Item, Node};
use crate::refusal::{Refusal, RefusalKind};
use crate::stanza::{Request, StanzaError, encrypting_device};
use crate::{DropReason, ns};

/// Most decisions that are told, of which each takes some 300 bytes: the own account's first, then the latest.
const MAX_TOLD: usize = 100;

/// How long after a failure the node is fetched or published to again, in milliseconds.
const RETRY_MS: u64 = 30_000;

impl Client {
    /// Sets how far a key is trusted, by the user's hand.
    pub(super) fn set_trust(&mut self, jid: &BareJid, fingerprint: &str, trust: TrustLevel, now: u64) {
        let plain = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_hexdigit)
                .map(|digit| digit.to_ascii_lowercase())
                .collect()
        };
        let wanted = plain(fingerprint);
        let devices = self.device.device_list(jid.as_str());
        let matches = |device: &&DeviceInfo| {
            device
                .fingerprint
                .as_ref()
                .is_some_and(|known| plain(&known.to_string()) == wanted)
        };
        let device = devices.iter().find(matches);
        let Some(key) = device.and_then(|device| device.identity_key) else {
            let reason = format!("{jid} has no device with the fingerprint {fingerprint:?}");
            return self.refuse("set_trust", Refusal::new(RefusalKind::UnknownDevice, reason));
        };
        self.decide(jid, &key, trust, now);
    }

    /// Sets a key's level by the user's hand, and tells others of it.
    pub(super) fn decide(&mut self, jid: &BareJid, key: &[u8; 32], trust: TrustLevel, now: u64) {
        let changes = self.device.set_trust(jid.as_str(), key, trust, now);
        let about_self = changes.iter().any(|change| change.jid == self.account());
        self.trust_changed(about_self);
        let trusted = match trust {
            TrustLevel::Authenticated => true,
            TrustLevel::ManuallyDistrusted => false,
            _ => return,
        };
        self.tell_by_message(jid, key, trusted, now);
    }

    /// What was passed over while a key was not trusted is still in the nodes.
    fn trust_changed(&mut self, about_self: bool) {
        if about_self {
            self.refresh();
        }
        self.told_devices = None;
        self.tabs_due = true;
    }

    /// Fetches what the others have decided, then publishes what is decided here for those who do not know it.
    pub(super) fn drive_trust(&mut self, now: u64, rng: &mut impl CryptoRng) {
        if self.link.waits(&Timer::Trust) {
            return;
        }
        self.link.clear(&Timer::Trust);
        if self.link.trust == Fetch::Wanted && self.link.own_lists_came() {
            self.link.trust = Fetch::Asked;
            let query = pubsub::items(ns::NODE_TRUST, &[]);
            self.ask(Request::Get, None, query, Pending::Trust, now);
        }
        if self.link.trust == Fetch::Done && !self.link.decisions_publishing {
            self.publish_decisions(now, rng);
        }
    }

    pub(super) fn trust_came(
        &mut self,
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let items = match answer {
            Ok(result) => pubsub::read_items(result.as_ref(), ns::NODE_TRUST).unwrap_or_default(),
            Err(error) if error.is("item-not-found") => Vec::new(),
            Err(error) => {
                tracing::info!(%error, "the node of trust was not fetched");
                self.link.trust = Fetch::Wanted;
                self.link.set(Timer::Trust, now.saturating_add(RETRY_MS));
                return;
            }
        };
        self.link.trust = Fetch::Done;
        self.sweep_verifications(&items, now);
        let own = decisions_item(self.device.id());
        self.link.decisions_there = items.iter().any(|item| item.id == own);
        for item in items {
            self.take_trust_item(item, now, rng);
        }
    }

    /// Takes one item of the node of trust. What it says is believed as far as its sender's key is: here even of a device
    /// that is not trusted, whose decisions wait until it is authenticated.
    pub(super) fn take_trust_item(&mut self, item: Item, now: u64, rng: &mut impl CryptoRng) {
        let Some(payload) = item.payload else { return };
        let named = item.id.split_once('.').and_then(|(id, _)| id.parse().ok());
        let encrypted = Some(&payload).filter(|payload| payload.is("encrypted", omemo::NS_OMEMO_2));
        let Some(sender) = encrypted.and_then(encrypting_device) else {
            let detail = "an item on trust that is not encrypted".to_owned();
            return self.drop_trust(DropReason::Unencrypted, None, detail);
        };
        if sender == self.device.id() {
            return;
        }
        if named != Some(sender) {
            let detail = "an item on trust under another device's name".to_owned();
            return self.drop_trust(DropReason::WrongSender, Some(sender), detail);
        }
        let account = self.account();
        if self.device.trust(&account, sender) == Some(TrustLevel::ManuallyDistrusted) {
            return;
        }
        match self.device.decrypt(&account, &payload, now, rng) {
            Ok(decrypted) => {
                self.bundle_soon(now);
                self.take_trust_content(&account, &decrypted, now, rng);
            }
            Err(
                DecryptError::Duplicate { .. }
                | DecryptError::KeyGone { .. }
                | DecryptError::OwnMessage
                | DecryptError::NotForThisDevice { .. },
            ) => {}
            Err(error) => {
                self.drop_trust(DropReason::Undecryptable, Some(sender), error.to_string());
            }
        }
    }

    /// Takes what decrypted content says of trust: decisions with their times, or trust messages of the envelope's time.
    /// True when it says anything of it.
    pub(super) fn take_trust_content(
        &mut self,
        from: &str,
        decrypted: &Decrypted,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> bool {
        let Some(envelope) = &decrypted.envelope else {
            return false;
        };
        let mut decisions = Vec::new();
        let mut found = false;
        for child in &envelope.content {
            if child.is("verification", ns::NODE_TRUST) {
                found = true;
                let said = self.read_verification(child, decrypted.device);
                if let Some(said) = said.filter(|_| from == self.config.account.as_str()) {
                    self.take_verification(&said, decrypted, now, rng);
                }
                continue;
            }
            let read = if child.is("decisions", ns::NODE_TRUST) {
                read_decisions(child)
            } else if child.is("trust-message", omemo::NS_TRUST_MESSAGE) {
                // XEP-0434 §6 demands the time; one that says none is no later than anything.
                let message = TrustMessage::parse(child).map_err(|error| error.to_string());
                message.map(|message| message.decisions(envelope.time.unwrap_or(0)))
            } else {
                continue;
            };
            found = true;
            match read {
                Ok(read) => decisions.extend(read),
                Err(detail) => self.drop_trust(DropReason::Malformed, Some(decrypted.device), detail),
            }
        }
        decisions.retain_mut(|decision| match BareJid::new(&decision.jid) {
            Ok(jid) => {
                jid.as_str().clone_into(&mut decision.jid);
                true
            }
            Err(_) => false,
        });
        if decisions.is_empty() {
            return found;
        }
        let outcome = self
            .device
            .handle_trust_decisions(from, &decrypted.identity_key, &decisions, now);
        if let TrustOutcome::Applied(changes) = outcome
            && !changes.is_empty()
        {
            let account = self.account();
            for jid in changes
                .iter()
                .map(|change| &change.jid)
                .filter(|jid| **jid != account)
            {
                self.state.meet(jid);
            }
            let about_self = changes.iter().any(|change| change.jid == account);
            self.trust_changed(about_self);
        }
        found
    }

    /// Publishes all decisions for the account's authenticated devices, where they or the readers have changed.
    fn publish_decisions(&mut self, now: u64, rng: &mut impl CryptoRng) {
        let account = self.account();
        let mut decisions = self.device.trust_decisions();
        decisions.sort_by_key(|decision| (decision.jid != account, std::cmp::Reverse(decision.at)));
        decisions.truncate(MAX_TOLD);
        let readers: Vec<(String, DeviceId)> = self
            .trusted_devices()
            .into_iter()
            .filter(|device| device.trust == TrustLevel::Authenticated && device.has_session)
            .map(|device| (account.clone(), device.id))
            .collect();
        if readers.is_empty() {
            return;
        }
        let content = write_decisions(&decisions);
        let mut hash = Sha256::new_with_prefix(String::from(&content));
        for (_, reader) in &readers {
            hash.update(reader.to_be_bytes());
        }
        let digest = hex::encode(hash.finalize());
        if self.link.decisions_there && self.state.core().decisions == digest {
            return;
        }
        match self.device.encrypt_for(vec![content], &readers, now, rng) {
            Ok(mut encrypted) => {
                self.link.decisions_publishing = true;
                let item = decisions_item(self.device.id());
                let element = encrypted.elements.remove(0);
                self.publish(Node::Trust, item, element, Purpose::Decisions(digest), now);
            }
            Err(error) => {
                tracing::debug!(%error, "no decisions are published");
                self.link.set(Timer::Trust, now.saturating_add(RETRY_MS));
            }
        }
    }

    pub(super) fn decisions_published(&mut self, digest: String, answer: Result<(), StanzaError>, now: u64) {
        self.link.decisions_publishing = false;
        match answer {
            Ok(()) => {
                self.link.decisions_there = true;
                self.state.core_mut().decisions = digest;
            }
            Err(_) => self.link.set(Timer::Trust, now.saturating_add(RETRY_MS)),
        }
    }

    /// Sends trust messages to who does not read the node (XEP-0450 §4.3): own devices of other programs get what was
    /// decided, contacts get what was decided of this account, and what it vouches for once they are authenticated.
    fn tell_by_message(&mut self, jid: &BareJid, key: &[u8; 32], trusted: bool, now: u64) {
        let account = self.config.account.clone();
        let all = self.device.trust_decisions();
        let decided = TrustDecision {
            jid: jid.to_string(),
            key: *key,
            trusted,
            at: now,
        };
        let own: Vec<TrustDecision> = all
            .iter()
            .filter(|decision| decision.trusted && decision.jid == account.as_str())
            .cloned()
            .chain([self.vouch_for_self(now)])
            .collect();
        if *jid == account {
            // A device that is new among the authenticated ones knows nothing yet.
            let to_self = if trusted { all } else { vec![decided.clone()] };
            if self.other_programs().next().is_some() {
                self.post_decisions(account.clone(), to_self, now);
            }
            for contact in self.state.core().contacts.clone() {
                if let Ok(contact) = BareJid::new(&contact)
                    && self.has_authenticated(&contact)
                {
                    self.post_decisions(contact, vec![decided.clone()], now);
                }
            }
        } else {
            if self.other_programs().next().is_some() {
                self.post_decisions(account, vec![decided], now);
            }
            if trusted {
                self.post_decisions(jid.clone(), own, now);
            }
        }
    }

    fn vouch_for_self(&self, now: u64) -> TrustDecision {
        TrustDecision {
            jid: self.account(),
            key: self.device.identity_key(),
            trusted: true,
            at: now,
        }
    }

    /// The account's authenticated devices that share no bookmarks here.
    fn other_programs(&self) -> impl Iterator<Item = DeviceInfo> {
        let replicas: BTreeSet<DeviceId> = self.state.peers().values().map(|peer| peer.device).collect();
        self.trusted_devices()
            .into_iter()
            .filter(move |device| device.trust == TrustLevel::Authenticated && !replicas.contains(&device.id))
    }

    fn has_authenticated(&self, jid: &BareJid) -> bool {
        let devices = self.device.device_list(jid.as_str());
        devices
            .iter()
            .any(|device| device.trust == TrustLevel::Authenticated)
    }

    fn post_decisions(&mut self, to: BareJid, mut decisions: Vec<TrustDecision>, now: u64) {
        decisions.truncate(MAX_TOLD);
        let order = self.state.count();
        let stanza = format!("{:08x}-{order}", self.device.id());
        let letter = Letter {
            id: None,
            to,
            body: String::new(),
            decisions,
            written: now,
            stanza,
            encrypted: None,
        };
        self.state.post(order, letter);
    }

    /// Whom a trust message to `to` is encrypted for: authenticated devices alone (XEP-0450 §4.3), the own ones among them.
    pub(super) fn decision_readers(&self, to: &BareJid) -> Vec<(String, DeviceId)> {
        let own = self.device.id();
        let jids = BTreeSet::from([to.to_string(), self.account()]);
        let devices = jids.iter().flat_map(|jid| self.device.device_list(jid));
        devices
            .filter(|device| device.trust == TrustLevel::Authenticated && device.id != own)
            .filter(|device| device.sessions.contains(&Namespace::Omemo2))
            .map(|device| (device.jid, device.id))
            .collect()
    }

    fn drop_trust(&mut self, reason: DropReason, device: Option<DeviceId>, detail: String) {
        let account = self.account();
        self.drop_input(reason, &account, device, detail);
    }
}

/// The item of a device's decisions.
pub(super) fn decisions_item(device: DeviceId) -> String {
    format!("{device}.decisions")
}

/// `<decisions/>`: trust messages, each within the time at which its decisions were taken.
fn write_decisions(decisions: &[TrustDecision]) -> Element {
    let mut by_time: BTreeMap<u64, Vec<&TrustDecision>> = BTreeMap::new();
    for decision in decisions {
        by_time.entry(decision.at).or_default().push(decision);
    }
    let decided = by_time.into_iter().map(|(at, decisions)| {
        Element::builder("decided", ns::NODE_TRUST)
            .attr(xml_ncname!("at").to_owned(), at.to_string())
            .append(TrustMessage::of(decisions).serialize())
            .build()
    });
    Element::builder("decisions", ns::NODE_TRUST)
        .append_all(decided)
        .build()
}

fn read_decisions(element: &Element) -> Result<Vec<TrustDecision>, String> {
    let mut decisions = Vec::new();
    for decided in element
        .children()
        .filter(|child| child.is("decided", ns::NODE_TRUST))
    {
        let at = decided.attr("at").and_then(|at| at.parse().ok());
        let at = at.ok_or("decisions without a time")?;
        for child in decided.children() {
            let message = TrustMessage::parse(child).map_err(|error| error.to_string())?;
            decisions.extend(message.decisions(at));
        }
    }
    Ok(decisions)
}
