// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Encrypting messages (XEP-0384 §5.5).

use std::collections::{BTreeMap, BTreeSet};

use minidom::Element;
use rand_core::CryptoRng;

use super::{Device, EncryptError, Encrypted, Skipped};
use crate::envelope::Envelope;
use crate::store::RecordKey;
use crate::wire::KeyContent;
use crate::xml;
use crate::{DeviceId, NS_OMEMO_2, payload};

/// The contents of the `<key/>` elements, by reader.
type Keys = BTreeMap<(String, DeviceId), KeyContent>;

impl Device {
    /// Encrypts `content` (the children of the SCE envelope's `<content/>`) to every active, trusted device of `jids` that
    /// there is a session with; to the own other devices where the own address is among `jids`.
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
        let (candidates, mut skipped) = self.readers(jids);
        if candidates.is_empty() {
            return Err(EncryptError::NoRecipients { skipped });
        }
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

        let mut keys = Keys::new();
        for (jid, id) in candidates {
            match self.encrypt_key(&jid, id, &key_material) {
                Ok(key) => {
                    keys.insert((jid, id), key);
                }
                Err(_) => skipped.push((jid, id, Skipped::ChainExhausted)),
            }
        }
        if keys.is_empty() {
            return Err(EncryptError::NoRecipients { skipped });
        }
        let recipients = keys.keys().cloned().collect();
        let element = self.encrypted_element(&keys, Some(&ciphertext));
        Ok(Encrypted {
            element,
            recipients,
            skipped,
        })
    }

    /// An empty message, which only moves the ratchet: the answer that [`super::Decrypted::answer_due`] asks for. It goes to
    /// the device whether it is trusted or not, for it says nothing.
    ///
    /// # Errors
    /// [`EncryptError::NoSession`], [`EncryptError::ChainExhausted`].
    pub fn encrypt_empty(
        &mut self,
        jid: &str,
        id: DeviceId,
        now: u64,
        _rng: &mut impl CryptoRng,
    ) -> Result<Element, EncryptError> {
        self.advance(now);
        let key = self.encrypt_key(jid, id, &payload::EMPTY_KEY_MATERIAL)?;
        Ok(self.encrypted_element(&Keys::from([((jid.to_owned(), id), key)]), None))
    }

    /// The devices to encrypt to, and those left out.
    #[expect(clippy::type_complexity, reason = "two lists that are taken apart at once")]
    fn readers(&self, jids: &[&str]) -> (Vec<(String, DeviceId)>, Vec<(String, DeviceId, Skipped)>) {
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
                .filter(|(_, peer)| peer.active);
            for (id, peer) in active {
                let trust = self.trust(jid, *id);
                match trust {
                    Some(level) if !level.is_trusted() => {
                        skipped.push(((*jid).to_owned(), *id, Skipped::NotTrusted(level)));
                    }
                    _ if peer.sessions.is_empty() => {
                        skipped.push(((*jid).to_owned(), *id, Skipped::NoSession))
                    }
                    _ => readers.push(((*jid).to_owned(), *id)),
                }
            }
        }
        (readers, skipped)
    }

    fn encrypt_key(
        &mut self,
        jid: &str,
        id: DeviceId,
        key_material: &[u8],
    ) -> Result<KeyContent, EncryptError> {
        let own = *self.identity.public();
        let session = self.peer_mut(jid, id).and_then(super::Peer::current_mut);
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

    fn encrypted_element(&self, keys: &Keys, ciphertext: Option<&[u8]>) -> Element {
        let mut header = Element::bare("header", NS_OMEMO_2);
        xml::set_attribute(&mut header, "sid", self.id);
        let mut by_owner: BTreeMap<&str, Element> = BTreeMap::new();
        for ((jid, id), content) in keys {
            let owner = by_owner.entry(jid).or_insert_with(|| {
                let mut keys = Element::bare("keys", NS_OMEMO_2);
                xml::set_attribute(&mut keys, "jid", jid);
                keys
            });
            let mut key = xml::base64_element("key", NS_OMEMO_2, &content.serialize());
            xml::set_attribute(&mut key, "rid", *id);
            if matches!(content, KeyContent::KeyExchange(_)) {
                xml::set_attribute(&mut key, "kex", "true");
            }
            owner.append_child(key);
        }
        for owner in by_owner.into_values() {
            header.append_child(owner);
        }
        Element::builder("encrypted", NS_OMEMO_2)
            .append(header)
            .append_all(ciphertext.map(|ciphertext| xml::base64_element("payload", NS_OMEMO_2, ciphertext)))
            .build()
    }
}
