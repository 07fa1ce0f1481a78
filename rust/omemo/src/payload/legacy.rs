// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The payload of legacy OMEMO: the text of a body under AES-128-GCM, its tag beside the key in the ratchet.

use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::aes::Aes128;
use aes_gcm::{AesGcm, Nonce};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Length of the key, and of the tag, in bytes.
const LENGTH: usize = 16;
/// What the ratchet carries in an empty message: a key that encrypts nothing.
pub(crate) const EMPTY_KEY_MATERIAL: [u8; LENGTH] = [0; LENGTH];

/// An encrypted text.
pub struct Sealed {
    /// What the ratchets carry: key and tag.
    pub key_material: Zeroizing<Vec<u8>>,
    /// The content of `<iv/>`.
    pub iv: [u8; 12],
    /// The content of `<payload/>`.
    pub ciphertext: Vec<u8>,
}

/// Encrypts a text with a fresh key. `None` when it is longer than AES-GCM takes (64 GiB).
pub fn seal(plaintext: &[u8], rng: &mut impl CryptoRng) -> Option<Sealed> {
    let mut key = Zeroizing::new([0; LENGTH]);
    rng.fill_bytes(key.as_mut_slice());
    let iv = draw_iv(rng);
    let cipher = AesGcm::<Aes128, U12>::new((&*key).into());
    let mut ciphertext = cipher.encrypt(&Nonce::<U12>::from(iv), plaintext).ok()?;
    let tag = ciphertext.split_off(ciphertext.len().checked_sub(LENGTH)?);
    let mut key_material = Zeroizing::new(Vec::with_capacity(LENGTH.saturating_mul(2)));
    key_material.extend_from_slice(key.as_slice());
    key_material.extend_from_slice(&tag);
    Some(Sealed {
        key_material,
        iv,
        ciphertext,
    })
}

/// A fresh IV.
pub(crate) fn draw_iv(rng: &mut impl CryptoRng) -> [u8; 12] {
    let mut iv = [0; 12];
    rng.fill_bytes(&mut iv);
    iv
}

/// Decrypts a payload with what the ratchet carried; `None` when they do not belong together. Where the ratchet carried a
/// key alone, the tag is at the end of the payload, as the first clients had it; those drew IVs of 16 bytes, too.
#[must_use]
pub fn open(key_material: &[u8], iv: &[u8], payload: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (key, tag) = key_material.split_first_chunk::<LENGTH>()?;
    if !tag.is_empty() && tag.len() != LENGTH {
        return None;
    }
    let sealed = [payload, tag].concat();
    let opened = match iv.len() {
        12 => AesGcm::<Aes128, U12>::new(key.into())
            .decrypt(&Nonce::<U12>::try_from(iv).ok()?, sealed.as_slice()),
        16 => AesGcm::<Aes128, U16>::new(key.into())
            .decrypt(&Nonce::<U16>::try_from(iv).ok()?, sealed.as_slice()),
        _ => return None,
    };
    opened.ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_it_sealed_and_nothing_else() {
        let Sealed {
            key_material,
            iv,
            mut ciphertext,
        } = seal(b"text", &mut rand::rng()).unwrap();
        assert_eq!((key_material.len(), ciphertext.len()), (32, 4));
        assert_eq!(open(&key_material, &iv, &ciphertext).unwrap().as_slice(), b"text");
        let (key, tag) = key_material.split_at(LENGTH);
        let with_tag = [ciphertext.as_slice(), tag].concat();
        assert_eq!(open(key, &iv, &with_tag).unwrap().as_slice(), b"text");
        assert!(open(key, &iv, &ciphertext).is_none(), "no tag anywhere");
        assert!(
            open(&key_material[..31], &iv, &ciphertext).is_none(),
            "a shorter tag"
        );
        assert!(
            open(&key_material, &iv[..11], &ciphertext).is_none(),
            "a shorter IV"
        );
        assert!(open(&key_material[..15], &iv, &ciphertext).is_none(), "no key");
        ciphertext[0] ^= 1;
        assert!(open(&key_material, &iv, &ciphertext).is_none(), "damaged");
    }

    /// Test case 6 of the AES-GCM submission uses an IV that is not 12 bytes long; this one is made the same way.
    #[test]
    fn an_iv_of_16_bytes_is_read() {
        let (key, iv) = ([1; 16], [2; 16]);
        let cipher = AesGcm::<Aes128, U16>::new((&key).into());
        let sealed = cipher
            .encrypt(&Nonce::<U16>::from(iv), b"text".as_slice())
            .unwrap();
        assert_eq!(open(&key, &iv, &sealed).unwrap().as_slice(), b"text");
    }
}
