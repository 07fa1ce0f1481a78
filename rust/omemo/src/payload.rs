// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The payload of a message, encrypted once for all its readers (XEP-0384 §4.4); that of legacy OMEMO is [`legacy`].

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::primitives::{CipherKeys, MAC_LENGTH};
use crate::secret::Secret;

pub mod legacy;

/// Length of what the ratchet carries to each reader of a payload: key and authentication code, in bytes.
pub const KEY_MATERIAL_LENGTH: usize = 32 + MAC_LENGTH;
/// What the ratchet carries in an empty message, which has no payload (XEP-0384 §4.4).
pub const EMPTY_KEY_MATERIAL: [u8; 32] = [0; 32];

const INFO: &[u8] = b"OMEMO Payload";

/// Encrypts a payload with a fresh key: gives what the ratchets carry, and the ciphertext.
pub fn seal(plaintext: &[u8], rng: &mut impl CryptoRng) -> (Zeroizing<Vec<u8>>, Vec<u8>) {
    seal_with(&Secret::generate(rng), plaintext)
}

fn seal_with(key: &Secret, plaintext: &[u8]) -> (Zeroizing<Vec<u8>>, Vec<u8>) {
    let keys = CipherKeys::derive(key.as_bytes(), INFO);
    let ciphertext = keys.encrypt(plaintext);
    let mut material = Zeroizing::new(Vec::with_capacity(KEY_MATERIAL_LENGTH));
    material.extend_from_slice(key.as_bytes());
    material.extend_from_slice(&keys.authenticate(&[&ciphertext]));
    (material, ciphertext)
}

/// Decrypts a payload with what the ratchet carried; `None` when they do not belong together.
#[must_use]
pub fn open(key_material: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if key_material.len() != KEY_MATERIAL_LENGTH {
        return None;
    }
    let (key, mac) = key_material.split_first_chunk::<32>()?;
    let keys = CipherKeys::derive(key, INFO);
    if !keys.verify(mac, MAC_LENGTH, &[ciphertext]) {
        return None;
    }
    keys.decrypt(ciphertext)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_it_sealed_and_nothing_else() {
        let (material, ciphertext) = seal(b"content", &mut rand::rng());
        assert_eq!(material.len(), KEY_MATERIAL_LENGTH);
        assert_eq!(open(&material, &ciphertext).unwrap().as_slice(), b"content");
        for index in 0..ciphertext.len() {
            let mut damaged = ciphertext.clone();
            damaged[index] ^= 1;
            assert!(open(&material, &damaged).is_none(), "byte {index}");
        }
        assert!(open(&material[..47], &ciphertext).is_none(), "a shorter code");
        assert!(open(&EMPTY_KEY_MATERIAL, &ciphertext).is_none(), "no code at all");
    }
}
