// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Sending encrypted chat messages. Each is kept until the server is known to have taken it: a ping that was sent after it
//! and is answered tells so, since a server handles the stanzas of a stream in order (RFC 6120 §10.1).

use jid::BareJid;
use minidom::Element;
use omemo::{EncryptError, TrustMessage};
use rand_core::CryptoRng;

use super::Client;
use super::link::{Pending, Timer};
use super::state::Letter;
use crate::stanza::{self, Request, StanzaError};
use crate::{Event, ns};

/// Most messages that wait to be sent.
const MAX_OUTBOX: usize = 1_000;

/// Once so many bytes of messages are unconfirmed, no more are sent: an export of thousands of bookmarks must not keep
/// what is edited meanwhile waiting.
const WINDOW_BYTES: usize = 32 * 1024;

/// Longest text of one message, in bytes.
pub(super) const MAX_BODY_BYTES: usize = 128 * 1024;

/// How long the other side's devices and keys may take to be fetched, in milliseconds.
const PREPARE_MS: u64 = 60_000;

/// A device list older than this, in milliseconds, is fetched again before something is encrypted for it: who is no
/// contact of the account sends no notifications.
const LIST_AGE_MS: u64 = 10 * 60_000;

/// How many of the last sent messages are remembered for an error that comes late.
const MAX_DELIVERED: usize = 100;

impl Client {
    /// Puts a message into the outbox.
    pub(super) fn post(&mut self, id: Option<String>, to: BareJid, body: String, now: u64) {
        let refused = if body.len() > MAX_BODY_BYTES {
            Some(format!(
                "the text has {} bytes, at most {MAX_BODY_BYTES} can be sent at once",
                body.len()
            ))
        } else if self.state.outbox().len() >= MAX_OUTBOX {
            Some(format!("{MAX_OUTBOX} messages are waiting to be sent already"))
        } else if body.chars().any(is_forbidden) {
            Some("the text holds control characters that XMPP cannot carry".to_owned())
        } else {
            None
        };
        if let Some(reason) = refused {
            self.send_failed(id, reason);
            return;
        }
        let order = self.state.count();
        let stanza = format!("{:08x}-{order}", self.device.id());
        self.state.post(
            order,
            Letter {
                id,
                to,
                body,
                decisions: Vec::new(),
                written: now,
                stanza,
                encrypted: None,
            },
        );
    }

    /// Sends what can be sent.
    pub(super) fn drive_chat(&mut self, now: u64, rng: &mut impl CryptoRng) {
        self.link.clear(&Timer::Chat);
        let waiting: Vec<u64> = self
            .state
            .outbox()
            .keys()
            .filter(|order| !self.link.sent.contains(order))
            .copied()
            .collect();
        for order in waiting {
            if self.unconfirmed_bytes() >= WINDOW_BYTES {
                break;
            }
            self.drive_letter(order, now, rng);
        }
        self.drive_barrier(now);
    }

    /// Bytes of messages that were sent and that the server has not confirmed.
    fn unconfirmed_bytes(&self) -> usize {
        let sent = |(order, letter): (&u64, &Letter)| {
            let stanza = letter
                .encrypted
                .as_ref()
                .filter(|_| self.link.sent.contains(order))?;
            Some(stanza.len())
        };
        self.state.outbox().iter().filter_map(sent).sum()
    }

    fn drive_letter(&mut self, order: u64, now: u64, rng: &mut impl CryptoRng) {
        let Some(letter) = self.state.outbox().get(&order) else {
            return;
        };
        if let Some(stanza) = letter
            .encrypted
            .as_ref()
            .and_then(|xml| xml.parse::<Element>().ok())
        {
            self.sends.push(stanza);
            self.link.sent.insert(order);
            return;
        }
        let since = *self.link.tried.entry(order).or_insert(now);
        let to = letter.to.clone();
        if self.is_reachable(&to, now) {
            if let Err(reason) = self.encrypt_letter(order, now, rng) {
                self.letter_failed(order, reason);
            }
            return;
        }
        let deadline = since.saturating_add(PREPARE_MS);
        if deadline <= now {
            self.letter_failed(
                order,
                format!("the server of {to} did not tell the keys of {to} in time"),
            );
            return;
        }
        self.link.set(Timer::Chat, deadline);
    }

    /// Whether all is known that is needed to encrypt to somebody; asks for it where not.
    fn is_reachable(&mut self, to: &BareJid, now: u64) -> bool {
        if !self.link.own_lists_came() || self.link.fetches_bundles_of(self.config.account.as_str()) {
            return false;
        }
        if *to == self.config.account {
            return true;
        }
        if self.link.fetches_list_of(to.as_str()) {
            return false;
        }
        let lists = self.link.lists.iter().filter(|((owner, _), _)| owner == to);
        let oldest = lists.map(|(_, (_, at))| *at).min();
        if oldest.is_none_or(|at| at.saturating_add(LIST_AGE_MS) < now) {
            self.fetch_lists(to, now);
            return false;
        }
        self.fetch_bundles(now);
        !self.link.fetches_bundles_of(to.as_str())
    }

    fn encrypt_letter(&mut self, order: u64, now: u64, rng: &mut impl CryptoRng) -> Result<(), String> {
        let Some(letter) = self.state.outbox().get(&order).cloned() else {
            return Ok(());
        };
        if !letter.decisions.is_empty() {
            return self.encrypt_decisions(order, letter, now, rng);
        }
        self.check_readers(&letter.to)?;
        let account = self.account();
        let mut jids = vec![letter.to.as_str()];
        if letter.to != self.config.account {
            jids.push(&account);
        }
        let body = Element::builder("body", ns::CLIENT)
            .append(letter.body.as_str())
            .build();
        let encrypted = self
            .device
            .encrypt(vec![body], &jids, now, rng)
            .map_err(|error| match error {
                EncryptError::NoRecipients { .. } => {
                    format!("there is no device of {} to encrypt to", letter.to)
                }
                other => other.to_string(),
            })?;
        let stanza = stanza::encrypted_message(letter.to.as_str(), &letter.stanza, encrypted.elements);
        self.send_letter(order, letter, stanza)
    }

    /// A trust message, for authenticated devices alone; where there are none any more, there is nothing to say.
    fn encrypt_decisions(
        &mut self,
        order: u64,
        letter: Letter,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), String> {
        let readers = self.decision_readers(&letter.to);
        let content = vec![TrustMessage::of(&letter.decisions).serialize()];
        let encrypted = self.device.encrypt_for(content, &readers, now, rng);
        let encrypted = encrypted.map_err(|error| error.to_string())?;
        let stanza = stanza::silent_message(letter.to.as_str(), &letter.stanza, encrypted.elements);
        self.send_letter(order, letter, stanza)
    }

    /// Keeps the encrypted form and sends it.
    fn send_letter(&mut self, order: u64, letter: Letter, stanza: Element) -> Result<(), String> {
        let xml = String::from(&stanza);
        let limit = self.link.limits.max_stanza;
        if xml.len() > limit {
            return Err(format!(
                "encrypted it has {} bytes, the server takes at most {limit} at once",
                xml.len()
            ));
        }
        self.state.post(
            order,
            Letter {
                encrypted: Some(xml),
                ..letter
            },
        );
        self.sends.push(stanza);
        self.link.sent.insert(order);
        Ok(())
    }

    /// Whether anybody could read it, and in words why not.
    fn check_readers(&self, to: &BareJid) -> Result<(), String> {
        let own = self.device.id();
        let devices = self.device.device_list(to.as_str());
        let active: Vec<_> = devices
            .iter()
            .filter(|device| device.active && !(to == &self.config.account && device.id == own))
            .collect();
        if active.is_empty() {
            return Err(format!("{to} has no device that can read OMEMO messages"));
        }
        // A device whose key is not known yet has no session either.
        if active
            .iter()
            .all(|device| device.identity_key.is_some() && !device.trust.is_trusted())
        {
            return Err(format!("none of {to}'s devices is trusted"));
        }
        if !active
            .iter()
            .any(|device| device.trust.is_trusted() && device.has_session)
        {
            return Err(format!("the keys of {to}'s devices could not be fetched"));
        }
        Ok(())
    }

    fn drive_barrier(&mut self, now: u64) {
        let sent: Vec<u64> = self
            .state
            .outbox()
            .keys()
            .filter(|order| self.link.sent.contains(order))
            .copied()
            .collect();
        if sent.is_empty() || self.link.barrier || self.link.waits(&Timer::Barrier) {
            return;
        }
        self.link.barrier = true;
        let domain = self.config.account.domain().to_string();
        self.ask(
            Request::Get,
            Some(&domain),
            Element::bare("ping", ns::PING),
            Pending::Barrier(sent),
            now,
        );
    }

    /// Any answer will do, an error too: it came after the messages.
    pub(super) fn barrier_came(
        &mut self,
        orders: &[u64],
        answer: Result<Option<Element>, StanzaError>,
        now: u64,
    ) {
        self.link.barrier = false;
        if answer.is_err_and(|error| error.is(StanzaError::TIMEOUT)) {
            self.link.set(Timer::Barrier, now.saturating_add(PREPARE_MS));
            return;
        }
        for order in orders {
            self.link.sent.remove(order);
            self.link.tried.remove(order);
            let Some(letter) = self.state.outbox().get(order).cloned() else {
                continue;
            };
            self.state.take_letter(*order);
            if let Some(id) = letter.id {
                self.link.delivered.push((letter.stanza, id.clone()));
                let excess = self.link.delivered.len().saturating_sub(MAX_DELIVERED);
                self.link.delivered.drain(..excess);
                self.events.push(Event::Sent { id });
            }
        }
    }

    /// A message came back as an error (RFC 6121 §8.5).
    pub(super) fn chat_bounced(&mut self, message: &Element) {
        let Some(id) = message.attr("id") else { return };
        let reason = StanzaError::of(message).to_string();
        let order = self
            .state
            .outbox()
            .iter()
            .find(|(_, letter)| letter.stanza == id)
            .map(|(order, _)| *order);
        if let Some(order) = order {
            self.letter_failed(order, reason);
        } else if let Some(at) = self.link.delivered.iter().position(|(stanza, _)| stanza == id) {
            let (_, command) = self.link.delivered.remove(at);
            self.send_failed(Some(command), reason);
        }
    }

    fn letter_failed(&mut self, order: u64, reason: String) {
        self.link.sent.remove(&order);
        self.link.tried.remove(&order);
        if let Some(letter) = self.state.take_letter(order) {
            self.send_failed(letter.id, reason);
        }
    }

    fn send_failed(&mut self, id: Option<String>, reason: String) {
        match id {
            Some(id) => self.events.push(Event::SendFailed { id, reason }),
            None => tracing::warn!(reason, "an answer, or a trust message, was not sent"),
        }
    }
}

/// Whether XML has no way to carry a character (XML 1.0 §2.2).
pub(super) fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}
