// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Encrypting messages (XEP-0384 §5.5).

use std::collections::BTreeSet;

use minidom::Element;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::element::{self, Keys, Payload};
use super::{Device, EncryptError, Encrypted, Peer, Skipped};
use crate::envelope::Envelope;
use crate::namespace::Namespace;
use crate::payload::{self, legacy};
use crate::store::RecordKey;
use crate::wire::KeyContent;
use crate::{DeviceId, NS_CLIENT};

/// A device to encrypt to, and how.
type Reader = (String, DeviceId, Namespace);

impl Device {
    /// Encrypts `content` (the children of the SCE envelope's `<content/>`) to every active, trusted device of `jids` that
    /// there is a session with; to the own other devices where the own address is among `jids`. Each device gets the newest
    /// wire form that it announces. Legacy OMEMO carries no more than a text: the `<body/>` in `content`, if there is one.
    ///
    /// # Errors
    /// [`EncryptError::NoRecipients`] when no device is left, [`EncryptError::Content`] when the content is no XML.
    pub fn encrypt(
        &mut self,
        content: Vec<Element>,
        jids: &[&str],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Encrypted, EncryptError> {
        self.advance(now);
        let body = content.iter().find(|child| child.is("body", NS_CLIENT));
        let body = body.map(|body| Zeroizing::new(body.text()));
        let (readers, mut skipped) = self.readers(jids, body.is_some());
        if readers.is_empty() {
            return Err(EncryptError::NoRecipients { skipped });
        }
        // All that can fail as a whole comes before the first ratchet moves.
        let mut sealed = Vec::new();
        for namespace in Namespace::ALL {
            if !readers.iter().any(|(_, _, spoken)| *spoken == namespace) {
                continue;
            }
            sealed.push(match namespace {
                Namespace::Omemo2 => self.seal_content(content.clone(), jids, now, rng)?,
                Namespace::Legacy => seal_text(body.as_deref().map_or("", String::as_str), rng)?,
            });
        }
        let mut elements = Vec::new();
        let mut recipients = Vec::new();
        for (key_material, payload) in sealed {
            let namespace = payload.namespace();
            let mut keys = Keys::new();
            for (jid, id, _) in readers.iter().filter(|(_, _, spoken)| *spoken == namespace) {
                match self.encrypt_key(jid, *id, namespace, &key_material) {
                    Ok(key) => {
                        keys.insert((jid.clone(), *id), key);
                    }
                    Err(_) => skipped.push((jid.clone(), *id, Skipped::ChainExhausted)),
                }
            }
            if !keys.is_empty() {
                elements.push(element::write(self.id, &keys, &payload));
                recipients.extend(keys.into_keys());
            }
        }
        if elements.is_empty() {
            return Err(EncryptError::NoRecipients { skipped });
        }
        Ok(Encrypted {
            elements,
            recipients,
            skipped,
        })
    }

    /// An empty message, which only moves the ratchet: the answer that [`super::Decrypted::answer_due`] asks for, in the wire
    /// form of what it answers. It goes to the device whether it is trusted or not, for it says nothing.
    ///
    /// # Errors
    /// [`EncryptError::NoSession`], [`EncryptError::ChainExhausted`].
    pub fn encrypt_empty(
        &mut self,
        jid: &str,
        id: DeviceId,
        namespace: Namespace,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Element, EncryptError> {
        self.advance(now);
        let (key_material, payload): (&[u8], _) = match namespace {
            Namespace::Omemo2 => (&payload::EMPTY_KEY_MATERIAL, Payload::Omemo2 { ciphertext: None }),
            Namespace::Legacy => (
                &legacy::EMPTY_KEY_MATERIAL,
                Payload::Legacy {
                    iv: legacy::draw_iv(rng).to_vec(),
                    ciphertext: None,
                },
            ),
        };
        let key = self.encrypt_key(jid, id, namespace, key_material)?;
        let keys = Keys::from([((jid.to_owned(), id), key)]);
        Ok(element::write(self.id, &keys, &payload))
    }

    /// The content in an envelope, encrypted for omemo:2.
    pub(super) fn seal_content(
        &self,
        content: Vec<Element>,
        jids: &[&str],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(Zeroizing<Vec<u8>>, Payload), EncryptError> {
        let others: BTreeSet<_> = jids.iter().filter(|jid| **jid != self.account).collect();
        let to = others
            .first()
            .filter(|_| others.len() == 1)
            .map(|jid| (**jid).to_owned());
        let envelope = Envelope {
            content,
            from: Some(self.account.clone()),
            to,
            time: Some(now),
        };
        let plaintext = envelope
            .serialize(rng)
            .map_err(|error| EncryptError::Content(error.to_string()))?;
        let (key_material, ciphertext) = payload::seal(&plaintext, rng);
        let ciphertext = Some(ciphertext);
        Ok((key_material, Payload::Omemo2 { ciphertext }))
    }

    /// The devices to encrypt to, and those left out.
    fn readers(&self, jids: &[&str], has_body: bool) -> (Vec<Reader>, Vec<(String, DeviceId, Skipped)>) {
        let mut readers = Vec::new();
        let mut skipped = Vec::new();
        for (index, jid) in jids.iter().enumerate() {
            if jids.iter().take(index).any(|earlier| earlier == jid) {
                continue;
            }
            let active = self
                .peers
                .get(*jid)
                .into_iter()
                .flatten()
                .filter(|(_, peer)| !peer.announced.is_empty());
            let fresh = active.clone().any(|(_, peer)| !self.is_stale(peer));
            let expires = fresh || **jid == self.account;
            for (id, peer) in active {
                let entry = ((*jid).to_owned(), *id);
                let reason = match (self.trust(jid, *id), peer.spoken()) {
                    (Some(level), _) if !level.is_trusted() => Skipped::NotTrusted(level),
                    _ if expires && self.is_stale(peer) => Skipped::Stale,
                    (_, None) => Skipped::NoSession,
                    (_, Some(Namespace::Legacy)) if !has_body => Skipped::NoBody,
                    (_, Some(namespace)) => {
                        readers.push((entry.0, entry.1, namespace));
                        continue;
                    }
                };
                skipped.push((entry.0, entry.1, reason));
            }
        }
        (readers, skipped)
    }

    pub(super) fn encrypt_key(
        &mut self,
        jid: &str,
        id: DeviceId,
        namespace: Namespace,
        key_material: &[u8],
    ) -> Result<KeyContent, EncryptError> {
        let own = *self.identity.public();
        let session = self
            .peer_mut(jid, id)
            .and_then(|peer: &mut Peer| peer.current_mut(namespace));
        let session = session.ok_or_else(|| EncryptError::NoSession {
            jid: jid.to_owned(),
            device: id,
        })?;
        let key = session
            .encrypt(&own, key_material)
            .map_err(|_| EncryptError::ChainExhausted {
                jid: jid.to_owned(),
                device: id,
            })?;
        let serial = session.serial;
        self.dirty.insert(RecordKey::Session(jid.to_owned(), id, serial));
        Ok(key)
    }
}

/// A text, encrypted for legacy OMEMO.
fn seal_text(text: &str, rng: &mut impl CryptoRng) -> Result<(Zeroizing<Vec<u8>>, Payload), EncryptError> {
    let sealed = legacy::seal(text.as_bytes(), rng)
        .ok_or_else(|| EncryptError::Content("it is too long".to_owned()))?;
    let payload = Payload::Legacy {
        iv: sealed.iv.to_vec(),
        ciphertext: Some(sealed.ciphertext),
    };
    Ok((sealed.key_material, payload))
}
