// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Comparing keys: by emoji with another device of the account, through the node of trust, and by `xmpp:` URIs.

use jid::BareJid;
use omemo::{Decrypted, DeviceId, Fingerprint, TrustLevel, TrustUri};
use rand_core::CryptoRng;

use super::Client;
use super::link::{Purpose, Timer};
use crate::pubsub::{self, Item, Node};
use crate::refusal::{Refusal, RefusalKind};
use crate::stanza::{Request, StanzaError};
use crate::verify::{EndKind, Outcome, Party, Said, Step, TIMEOUT_MS, Verification};
use crate::{DropReason, Event, VerificationState};

/// What refused commands of a comparison go by.
const VERIFY: &str = "verify";

/// How long after a failure a step is published again, in milliseconds.
const RETRY_MS: u64 = 10_000;

impl Client {
    /// Asks a device for a comparison, or agrees to the one that it asks for.
    pub(super) fn verify(&mut self, device: DeviceId, now: u64, rng: &mut impl CryptoRng) {
        if let Some(running) = self.verification.as_mut() {
            if running.peer != device {
                let other = running.peer;
                let reason = format!("device {other} is being compared: finish or cancel that first");
                return self.refuse(VERIFY, Refusal::new(RefusalKind::Comparing, reason));
            }
            let outcome = running.accept(now, rng);
            return self.carry_on(outcome, now);
        }
        let account = self.account();
        let devices = self.device.device_list(&account);
        let Some(known) = devices.iter().find(|known| known.id == device) else {
            let reason = format!("the account has no other device {device}");
            return self.refuse(VERIFY, Refusal::new(RefusalKind::UnknownDevice, reason));
        };
        if known.trust == TrustLevel::ManuallyDistrusted {
            let reason =
                format!("device {device} is distrusted: trust it by its fingerprint first, if it is yours");
            return self.refuse(VERIFY, Refusal::new(RefusalKind::Distrusted, reason));
        }
        if !known.sessions.contains(&omemo::Namespace::Omemo2) {
            let reason = format!(
                "the keys of device {device} have not been fetched: connect, and try again in a moment"
            );
            return self.refuse(VERIFY, Refusal::new(RefusalKind::NoKeys, reason));
        }
        let verification = Verification::ask(&account, self.party(), device, now, rng);
        self.begin_verification(verification);
        let outcome = Outcome {
            say: true,
            state: Some(VerificationState::Waiting),
            ..Outcome::default()
        };
        self.carry_on(outcome, now);
    }

    /// The user has compared the emoji.
    pub(super) fn confirm_emoji(&mut self, device: DeviceId, matches: bool, now: u64) {
        match self.running(device) {
            Some(verification) => {
                let outcome = verification.confirm(matches, now);
                self.carry_on(outcome, now);
            }
            None => self.refuse_not_comparing(device),
        }
    }

    /// The user does not want to go on.
    pub(super) fn cancel_verification(&mut self, device: DeviceId, now: u64) {
        match self.running(device) {
            Some(verification) => {
                let outcome = verification.cancel(EndKind::Declined, now);
                self.carry_on(outcome, now);
            }
            None => self.refuse_not_comparing(device),
        }
    }

    /// What another own device says in a comparison.
    pub(super) fn take_verification(
        &mut self,
        said: &Said,
        decrypted: &Decrypted,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let peer = Party {
            device: decrypted.device,
            key: decrypted.identity_key,
        };
        let running = self.running(peer.device);
        if let Some(verification) = running.filter(|running| running.said.id == said.id) {
            let outcome = verification.hear(said, &peer.key, now);
            return self.carry_on(outcome, now);
        }
        let time = decrypted.envelope.as_ref().and_then(|envelope| envelope.time);
        let fresh = time.is_some_and(|time| time.abs_diff(now) < TIMEOUT_MS);
        if said.steps != [Step::Request] || !fresh {
            return;
        }
        let own = self.device.id();
        let offered = Verification::offered(&self.account(), self.party(), peer, &said.id, now);
        match &mut self.verification {
            None => {}
            // Both have asked at once: the request of the device with the smaller number stands.
            Some(running) if running.peer == peer.device && running.is_unanswered() => {
                if own < peer.device {
                    return;
                }
                self.begin_verification(offered);
                if let Some(running) = &mut self.verification {
                    let outcome = running.accept(now, rng);
                    self.carry_on(outcome, now);
                }
                return;
            }
            // It has begun anew.
            Some(running) if running.peer == peer.device => {
                let mut outcome = running.cancel(EndKind::Restarted, now);
                outcome.say = false;
                self.carry_on(outcome, now);
            }
            Some(_) => {
                let busy = Said {
                    id: said.id.clone(),
                    steps: vec![Step::Cancel {
                        reason: EndKind::Busy,
                    }],
                };
                self.unsaid.insert(peer.device, busy);
                return;
            }
        }
        self.begin_verification(offered);
        let outcome = Outcome {
            state: Some(VerificationState::Requested),
            ..Outcome::default()
        };
        self.carry_on(outcome, now);
    }

    /// What is left from before a restart cannot go on: its secrets are gone with the process.
    pub(super) fn end_left_verification(&mut self) {
        if self.verification.is_some() {
            return;
        }
        if let Some((id, peer)) = self.state.core().verifying.clone() {
            let said = Said {
                id,
                steps: vec![Step::Cancel {
                    reason: EndKind::Restarted,
                }],
            };
            self.unsaid.insert(peer, said);
            self.state.core_mut().verifying = None;
        }
    }

    /// Gives up what has taken too long.
    pub(super) fn expire_verification(&mut self, now: u64) {
        if let Some(verification) = &mut self.verification
            && verification.deadline <= now
        {
            let outcome = verification.cancel(EndKind::Timeout, now);
            self.carry_on(outcome, now);
        }
    }

    /// Publishes what is to be said.
    pub(super) fn drive_verification(&mut self, now: u64, rng: &mut impl CryptoRng) {
        self.end_left_verification();
        let due: Vec<(DeviceId, Said)> = self
            .unsaid
            .iter()
            .filter(|(peer, _)| !self.link.verifying.contains(peer))
            .map(|(peer, said)| (*peer, said.clone()))
            .collect();
        for (peer, said) in due {
            let reader = [(self.account(), peer)];
            match self.device.encrypt_for(vec![said.serialize()], &reader, now, rng) {
                Ok(encrypted) => {
                    let item = format!("{}.verify.{peer}", self.device.id());
                    self.link.verifying.insert(peer);
                    for element in encrypted.elements {
                        let purpose = Purpose::Verification(peer, said.clone());
                        self.publish(Node::Trust, item.clone(), element, purpose, now);
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "nothing can be said to the device");
                    self.unsaid.remove(&peer);
                }
            }
        }
    }

    pub(super) fn verification_published(
        &mut self,
        peer: DeviceId,
        said: &Said,
        answer: &Result<(), StanzaError>,
        now: u64,
    ) {
        self.link.verifying.remove(&peer);
        if answer.is_err() {
            // Not at once: what is being published holds back what is due.
            self.link.verifying.insert(peer);
            self.link.set(Timer::Verify(peer), now.saturating_add(RETRY_MS));
        } else if self.unsaid.get(&peer) == Some(said) {
            self.unsaid.remove(&peer);
        }
    }

    /// What failed lately may be published again.
    pub(super) fn retry_verification(&mut self) {
        let peers: Vec<DeviceId> = self.link.verifying.iter().copied().collect();
        for peer in peers {
            if self.link.is_due(&Timer::Verify(peer)) {
                self.link.verifying.remove(&peer);
            }
        }
    }

    /// Deletes what this device said in comparisons that are over.
    pub(super) fn sweep_verifications(&mut self, items: &[Item], now: u64) {
        let prefix = format!("{}.verify.", self.device.id());
        let running = self.verification.as_ref().map(|running| running.peer);
        for item in items {
            let Some(peer) = item.id.strip_prefix(&prefix) else {
                continue;
            };
            let peer = peer.parse::<DeviceId>().ok();
            if peer.is_none() || peer != running && peer.is_none_or(|peer| !self.unsaid.contains_key(&peer)) {
                let retract = pubsub::retract(Node::Trust, &item.id);
                self.ask(Request::Set, None, retract, super::Pending::Forget, now);
            }
        }
    }

    /// Does what a step of the comparison asks for.
    fn carry_on(&mut self, outcome: Outcome, now: u64) {
        let Some(running) = &self.verification else { return };
        let (peer, key) = (running.peer, running.peer_key());
        if outcome.say {
            self.unsaid.insert(peer, running.said.clone());
        }
        if outcome.over {
            self.verification = None;
            self.state.core_mut().verifying = None;
        }
        if let (Some(authentic), Some(key)) = (outcome.verdict, key) {
            let account = self.config.account.clone();
            let level = if authentic {
                TrustLevel::Authenticated
            } else {
                TrustLevel::ManuallyDistrusted
            };
            self.decide(&account, &key, level, now);
        }
        if let Some(state) = outcome.state {
            let devices = self.device.device_list(self.config.account.as_str());
            let label = devices
                .into_iter()
                .find(|device| device.id == peer)
                .and_then(|device| device.label);
            self.events.push(Event::Verification {
                device: peer,
                label,
                verification: state,
            });
        }
    }

    fn begin_verification(&mut self, verification: Verification) {
        let mark = (verification.said.id.clone(), verification.peer);
        self.state.core_mut().verifying = Some(mark);
        self.verification = Some(verification);
    }

    fn running(&mut self, device: DeviceId) -> Option<&mut Verification> {
        self.verification
            .as_mut()
            .filter(|running| running.peer == device)
    }

    fn party(&self) -> Party {
        Party {
            device: self.device.id(),
            key: self.device.identity_key(),
        }
    }

    fn refuse_not_comparing(&mut self, device: DeviceId) {
        let reason = format!("device {device} is not being compared");
        self.refuse(VERIFY, Refusal::new(RefusalKind::NotComparing, reason));
    }

    /// This device's key and those of the account's authenticated ones, to be shown as a link or a QR code: as a trust
    /// message URI (XEP-0434 §5), or in the older form that more programs read.
    #[must_use]
    pub fn trust_uri(&self, older: bool) -> String {
        let account = self.account();
        let mut uri = TrustUri {
            jid: account.clone(),
            ..TrustUri::default()
        };
        uri.keys.insert(self.device.identity_key(), true);
        uri.fingerprints
            .insert(self.device.id(), self.device.fingerprint());
        for device in self.device.device_list(&account) {
            if device.trust == TrustLevel::Authenticated && device.id != self.device.id() {
                uri.keys.extend(device.identity_key.map(|key| (key, true)));
                let fingerprint = device.fingerprint.map(|fingerprint| (device.id, fingerprint));
                uri.fingerprints.extend(fingerprint);
            }
        }
        if older {
            uri.omemo_sid()
        } else {
            uri.trust_message()
        }
    }

    /// Takes what an `xmpp:` URI says of keys, which the user got from a source to be trusted.
    pub(super) fn take_trust_uri(&mut self, text: &str, now: u64) {
        match self.read_trust_uri(text, now) {
            Ok((jid, trusted, distrusted)) => self.events.push(Event::UriTaken {
                uri: text.to_owned(),
                jid,
                trusted,
                distrusted,
            }),
            Err(refusal) => self.refuse("trust_uri", refusal),
        }
    }

    fn read_trust_uri(&mut self, text: &str, now: u64) -> Result<(String, u64, u64), Refusal> {
        let no_link = |reason| Refusal::new(RefusalKind::NotALink, reason);
        let uri =
            TrustUri::parse(text).map_err(|error| no_link(format!("this is no URI with keys: {error}")))?;
        let jid = BareJid::new(&uri.jid)
            .map_err(|error| no_link(format!("the URI's address {:?} is none: {error}", uri.jid)))?;
        let own = self.device.identity_key();
        let devices = self.device.device_list(jid.as_str());
        let key_of = |fingerprint: &Fingerprint| {
            let known = devices
                .iter()
                .find(|device| device.fingerprint.as_ref() == Some(fingerprint));
            known.and_then(|device| device.identity_key)
        };
        let mut keys = uri.keys;
        let is_own = |fingerprint: &Fingerprint| *fingerprint == self.device.fingerprint();
        let named: Vec<_> = uri
            .fingerprints
            .values()
            .filter(|fingerprint| !is_own(fingerprint))
            .collect();
        let found: Vec<_> = named
            .iter()
            .filter_map(|fingerprint| key_of(fingerprint))
            .collect();
        if keys.is_empty() && found.is_empty() && !named.is_empty() {
            let reason = format!(
                "none of these devices of {jid} is known here: a device is met once it or its owner was written to, or wrote"
            );
            return Err(Refusal::new(RefusalKind::LinkOfStrangers, reason));
        }
        keys.extend(found.into_iter().map(|key| (key, true)));
        keys.remove(&own);
        if keys.is_empty() {
            let reason = "it names this very device alone: read the one of the other device";
            return Err(Refusal::new(RefusalKind::LinkOfThisDevice, reason));
        }
        let (mut trusted, mut distrusted) = (0_u64, 0_u64);
        for (key, authentic) in keys {
            let (level, count) = if authentic {
                (TrustLevel::Authenticated, &mut trusted)
            } else {
                (TrustLevel::ManuallyDistrusted, &mut distrusted)
            };
            *count = count.saturating_add(1);
            self.decide(&jid, &key, level, now);
        }
        if jid != self.config.account {
            self.state.meet(jid.as_str());
        }
        Ok((jid.to_string(), trusted, distrusted))
    }

    /// Reads a comparison's element out of decrypted content.
    pub(super) fn read_verification(&mut self, element: &minidom::Element, device: DeviceId) -> Option<Said> {
        let said = Said::parse(element);
        if said.is_none() {
            let account = self.account();
            let detail = "a comparison by emoji in another form".to_owned();
            self.drop_input(DropReason::Malformed, &account, Some(device), detail);
        }
        said
    }
}
