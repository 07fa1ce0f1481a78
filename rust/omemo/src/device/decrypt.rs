// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Decrypting messages (XEP-0384 §5.6).
//!
//! First everything is found out without changing anything: which session, the ratchet's step, the payload, the
//! envelope. Only when all of it holds, the state moves.

use minidom::Element;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::element::{self, Incoming, Payload};
use super::session::Session;
use super::{DecryptError, Decrypted, Device, MAX_DEVICES};
use crate::envelope::Envelope;
use crate::identity::IdentityKey;
use crate::namespace::Namespace;
use crate::ratchet::{ANSWER_AT, MAX_FORWARD, RatchetDecryptError, Step};
use crate::store::RecordKey;
use crate::wire::{self, KeyContent, KeyExchange};
use crate::{DeviceId, payload, x3dh};

/// A message whose ratchet key was right.
struct Opened {
    key_material: Zeroizing<Vec<u8>>,
    step: Step,
    session: Found,
}

enum Found {
    Known {
        serial: u64,
    },
    New {
        session: Box<Session>,
        pre_key: u32,
        ephemeral: [u8; 32],
    },
}

impl Device {
    /// Decrypts an `<encrypted/>` element of a stanza that came from `from` (a bare address). Trust is reported, not
    /// enforced: the caller drops what is not trusted.
    ///
    /// # Errors
    /// See [`DecryptError`]; nothing has changed then. [`DecryptError::Duplicate`] is no reason for a report.
    pub fn decrypt(
        &mut self,
        from: &str,
        encrypted: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Decrypted, DecryptError> {
        let Incoming {
            sender: device,
            namespace,
            key,
            payload,
        } = element::read(encrypted, from, &self.account, self.id)?;
        let opened = match &key {
            KeyContent::KeyExchange(exchange) => {
                self.open_key_exchange(from, device, namespace, exchange, rng)?
            }
            KeyContent::Authenticated(message) => {
                let peer = self.peer(from, device);
                let sessions = peer.map(|peer| peer.by_rank(namespace)).unwrap_or_default();
                open_with(device, &sessions, message, rng)?
            }
        };
        let envelope = open_payload(from, device, &opened.key_material, &payload)?;
        let is_key_exchange = matches!(key, KeyContent::KeyExchange(_));
        Ok(self.commit(from, device, opened, envelope, is_key_exchange, now, rng))
    }

    /// Whether an `<encrypted/>` element of either wire form has a key for this device. A stanza may carry one of each.
    #[must_use]
    pub fn is_for_this(&self, encrypted: &Element) -> bool {
        element::find_key(encrypted, &self.account, self.id).is_some()
    }

    /// A key exchange makes a session, unless it made one before: then it is one of that session's messages.
    fn open_key_exchange(
        &self,
        from: &str,
        device: DeviceId,
        namespace: Namespace,
        exchange: &KeyExchange,
        rng: &mut impl CryptoRng,
    ) -> Result<Opened, DecryptError> {
        let invalid = |_| DecryptError::InvalidKey("identity key");
        let peer = match (namespace, exchange.ik.as_slice().try_into()) {
            (Namespace::Legacy, Ok(montgomery)) => {
                self.identity_of(from, device, montgomery).map_err(invalid)?
            }
            _ => IdentityKey::from_bytes(&exchange.ik).map_err(invalid)?,
        };
        let ephemeral: [u8; 32] = exchange
            .ek
            .as_slice()
            .try_into()
            .map_err(|_| DecryptError::InvalidKey("ephemeral key"))?;
        let known = self.peer(from, device);
        if known
            .and_then(|known| known.identity)
            .is_some_and(|known| !known.is_same_holder(&peer))
        {
            return Err(DecryptError::IdentityChanged { device });
        }
        let made: Vec<_> = known
            .map(|known| known.by_rank(namespace))
            .unwrap_or_default()
            .into_iter()
            .filter(|session| session.was_made_by(&ephemeral))
            .collect();
        if !made.is_empty() {
            return open_with(device, &made, &exchange.message, rng);
        }
        if self.pre_keys.was_used_by(exchange.pk_id, &ephemeral) {
            // Its session was replaced since. A second one from the same key exchange would play old messages again.
            let message = wire::decode_message(namespace, &exchange.message.message).unwrap_or_default();
            return Err(DecryptError::Duplicate {
                device,
                counter: message.n,
            });
        }
        let others = self.peers.get(from).map_or(0, |peers| peers.len());
        if known.is_none() && others >= MAX_DEVICES {
            return Err(DecryptError::TooManyDevices {
                device,
                limit: MAX_DEVICES,
            });
        }
        let signed_pre_key =
            self.pre_keys
                .signed
                .get(&exchange.spk_id)
                .ok_or(DecryptError::UnknownSignedPreKey {
                    device,
                    signed_pre_key: exchange.spk_id,
                })?;
        let pre_key = self
            .pre_keys
            .one_time
            .get(&exchange.pk_id)
            .ok_or(DecryptError::UnknownPreKey {
                device,
                pre_key: exchange.pk_id,
            })?;
        let shared = x3dh::respond(
            namespace,
            &self.identity,
            &signed_pre_key.secret,
            &pre_key.secret,
            &peer,
            &ephemeral,
        )
        .map_err(|_| DecryptError::InvalidKey("ephemeral key of low order"))?;
        let signed_pre_key = &signed_pre_key.secret;
        let session = Session::respond(
            namespace,
            &self.identity,
            peer,
            &shared,
            signed_pre_key,
            ephemeral,
        );
        let (key_material, step) = session
            .decrypt(&exchange.message, rng)
            .map_err(|error| ratchet_error(device, error))?;
        let session = Found::New {
            session: Box::new(session),
            pre_key: exchange.pk_id,
            ephemeral,
        };
        Ok(Opened {
            key_material,
            step,
            session,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "all that one message has told")]
    fn commit(
        &mut self,
        from: &str,
        device: DeviceId,
        opened: Opened,
        envelope: Option<Envelope>,
        is_key_exchange: bool,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Decrypted {
        self.advance(now);
        let Opened { step, session, .. } = opened;
        let (counter, moved) = (step.counter, step.moves());
        let serial = match session {
            Found::Known { serial } => serial,
            Found::New {
                session,
                pre_key,
                ephemeral,
            } => {
                let touched = self.pre_keys.mark_used(pre_key, &ephemeral, now, rng);
                self.touch_pre_keys(touched);
                let signed = session.namespace() == Namespace::Omemo2;
                self.identify(from, device, session.peer, signed);
                self.add_session(from, device, *session)
            }
        };
        let mut answer_due = false;
        let mut known = None;
        if let Some(peer) = self.peers.get_mut(from).and_then(|peers| peers.get_mut(&device)) {
            // What the other side uses is what it can read.
            let top = peer.next_rank();
            let identity = peer.identity;
            let of = |namespace| peer.current(namespace).map(|session| session.serial);
            let current = Namespace::ALL.map(of);
            if let Some(session) = peer.sessions.iter_mut().find(|session| session.serial == serial) {
                session.apply(step);
                if moved && !current.contains(&Some(serial)) {
                    session.state.rank = top;
                }
                // Not for each of many messages in a row: when nothing was sent yet, and now and then after.
                let unanswered = session.sent() == 0 || counter.is_multiple_of(ANSWER_AT);
                answer_due = moved && unanswered && (is_key_exchange || counter >= ANSWER_AT);
                known = Some((identity.unwrap_or(session.peer), session.namespace()));
                let chains = session.past.take_dirty();
                self.dirty
                    .insert(RecordKey::Session(from.to_owned(), device, serial));
                self.dirty.extend(
                    chains
                        .into_iter()
                        .map(|remote| RecordKey::Skipped(from.to_owned(), device, serial, remote)),
                );
            }
        }
        let Some((identity, namespace)) = known else {
            unreachable!("the session was found or added above")
        };
        self.meet(from, identity.as_bytes());
        self.saw(from, device, now);
        Decrypted {
            device,
            fingerprint: identity.fingerprint(),
            identity_key: *identity.as_bytes(),
            trust: self.trust.level_or_initial(from, identity.as_bytes()),
            namespace,
            envelope,
            answer_due,
        }
    }
}

/// Tries sessions in turn. When none opens the message, the most telling error is given: that it was opened before,
/// else what the current session says.
fn open_with(
    device: DeviceId,
    sessions: &[&Session],
    message: &crate::wire::AuthenticatedMessage,
    rng: &mut impl CryptoRng,
) -> Result<Opened, DecryptError> {
    let mut first = None;
    for session in sessions {
        match session.decrypt(message, rng) {
            Ok((key_material, step)) => {
                return Ok(Opened {
                    key_material,
                    step,
                    session: Found::Known {
                        serial: session.serial,
                    },
                });
            }
            Err(error @ (RatchetDecryptError::Duplicate { .. } | RatchetDecryptError::KeyGone { .. })) => {
                return Err(ratchet_error(device, error));
            }
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    Err(first.map_or(DecryptError::NoSession { device }, |error| {
        ratchet_error(device, error)
    }))
}

/// The content of a message; `None` for an empty one.
fn open_payload(
    from: &str,
    device: DeviceId,
    key_material: &[u8],
    payload: &Payload,
) -> Result<Option<Envelope>, DecryptError> {
    let bad_envelope = |reason: String| DecryptError::BadEnvelope { device, reason };
    let envelope = match payload {
        Payload::Omemo2 { ciphertext: None } | Payload::Legacy { ciphertext: None, .. } => return Ok(None),
        Payload::Omemo2 {
            ciphertext: Some(ciphertext),
        } => {
            let plaintext =
                payload::open(key_material, ciphertext).ok_or(DecryptError::BadPayload { device })?;
            Envelope::parse(&plaintext).map_err(|error| bad_envelope(error.to_string()))?
        }
        Payload::Legacy {
            iv,
            ciphertext: Some(ciphertext),
        } => {
            let plaintext = payload::legacy::open(key_material, iv, ciphertext)
                .ok_or(DecryptError::BadPayload { device })?;
            let text = std::str::from_utf8(&plaintext)
                .map_err(|_| bad_envelope("the text is not UTF-8".to_owned()))?;
            Envelope::of_text(text)
        }
    };
    if let Some(found) = &envelope.from {
        // Some write the full address; the resource says nothing about who wrote it.
        let bare = found.split_once('/').map_or(found.as_str(), |(bare, _)| bare);
        if bare != from {
            return Err(DecryptError::WrongSender {
                expected: from.to_owned(),
                found: found.clone(),
            });
        }
    }
    Ok(Some(envelope))
}

fn ratchet_error(device: DeviceId, error: RatchetDecryptError) -> DecryptError {
    match error {
        RatchetDecryptError::Malformed(what) => DecryptError::Malformed(what.to_owned()),
        RatchetDecryptError::Duplicate { counter } => DecryptError::Duplicate { device, counter },
        RatchetDecryptError::KeyGone { counter } => DecryptError::KeyGone { device, counter },
        RatchetDecryptError::TooFarAhead { counter, skip } => DecryptError::TooFarAhead {
            device,
            counter,
            skip,
            limit: MAX_FORWARD,
        },
        RatchetDecryptError::BadMac | RatchetDecryptError::BadPadding => DecryptError::BadMac { device },
        RatchetDecryptError::LowOrder => DecryptError::InvalidKey("ratchet key of low order"),
    }
}
