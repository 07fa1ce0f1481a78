// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Encrypting for chosen devices: what is said to authenticated ones alone, or to one that is just being compared.

use minidom::Element;
use rand_core::CryptoRng;

use super::element::{self, Keys};
use super::{Device, EncryptError, Encrypted, Skipped};
use crate::DeviceId;
use crate::namespace::Namespace;

impl Device {
    /// Encrypts `content` for exactly these devices, whether their keys are trusted or not: the caller has decided. Only
    /// `urn:xmpp:omemo:2`, whose envelope carries any content.
    ///
    /// # Errors
    /// [`EncryptError::NoRecipients`] when there is a session with none of them, [`EncryptError::Content`] when the
    /// content is no XML.
    pub fn encrypt_for(
        &mut self,
        content: Vec<Element>,
        readers: &[(String, DeviceId)],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Encrypted, EncryptError> {
        self.advance(now);
        let (able, unable): (Vec<_>, Vec<_>) = readers.iter().cloned().partition(|(jid, id)| {
            self.peer(jid, *id)
                .is_some_and(|peer| peer.current(Namespace::Omemo2).is_some())
        });
        let mut skipped: Vec<_> = unable
            .into_iter()
            .map(|(jid, id)| (jid, id, Skipped::NoSession))
            .collect();
        if able.is_empty() {
            return Err(EncryptError::NoRecipients { skipped });
        }
        let jids: Vec<&str> = able.iter().map(|(jid, _)| jid.as_str()).collect();
        let (key_material, payload) = self.seal_content(content, &jids, now, rng)?;
        let mut keys = Keys::new();
        for (jid, id) in &able {
            match self.encrypt_key(jid, *id, Namespace::Omemo2, &key_material) {
                Ok(key) => {
                    keys.insert((jid.clone(), *id), key);
                }
                Err(_) => skipped.push((jid.clone(), *id, Skipped::ChainExhausted)),
            }
        }
        if keys.is_empty() {
            return Err(EncryptError::NoRecipients { skipped });
        }
        let elements = vec![element::write(self.id, &keys, &payload)];
        let recipients = keys.into_keys().collect();
        Ok(Encrypted {
            elements,
            recipients,
            skipped,
        })
    }
}
