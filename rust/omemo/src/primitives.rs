// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The symmetric primitives in the forms that OMEMO uses.

use std::sync::OnceLock;

use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::secret::Wiped;

/// Length of the authentication codes of omemo:2 in bytes (XEP-0384 §4.3).
pub(crate) const MAC_LENGTH: usize = 16;

/// HMAC-SHA-256 that has taken its key. Several codes under one key start from it: the key costs two of the four or more
/// compressions of each.
#[derive(Clone)]
pub(crate) struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    /// A key of 32 bytes.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        match <Hmac<Sha256> as KeyInit>::new_from_slice(key) {
            Ok(keyed) => Self(keyed),
            Err(_) => unreachable!("HMAC takes keys of any length"),
        }
    }

    /// The code over the parts in a row.
    pub(crate) fn authenticate(&self, parts: &[&[u8]]) -> Wiped<32> {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        Wiped(mac.finalize().into_bytes().into())
    }
}

/// HMAC-SHA-256 over the parts in a row, by a key of 32 bytes.
pub(crate) fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> Wiped<32> {
    HmacKey::new(key).authenticate(parts)
}

/// HKDF-SHA-256 (RFC 5869) with a salt of 32 bytes, expanded to `N` bytes.
pub(crate) fn hkdf_sha256<const N: usize>(salt: &[u8; 32], material: &[u8], info: &[u8]) -> Wiped<N> {
    expand(&HmacKey::new(salt).authenticate(&[material]), info)
}

/// HKDF-SHA-256 with a salt of zeros, which most of OMEMO's derivations have: it is taken as a key only once.
pub(crate) fn hkdf_sha256_unsalted<const N: usize>(material: &[u8], info: &[u8]) -> Wiped<N> {
    static UNSALTED: OnceLock<HmacKey> = OnceLock::new();
    let salt = UNSALTED.get_or_init(|| HmacKey::new(&[0; 32]));
    expand(&salt.authenticate(&[material]), info)
}

/// HKDF's second half (RFC 5869 §2.3).
fn expand<const N: usize>(key: &[u8; 32], info: &[u8]) -> Wiped<N> {
    const {
        assert!(N <= 255 * 32, "the most that HKDF-SHA-256 expands to");
    }
    let key = HmacKey::new(key);
    let mut output = Wiped([0; N]);
    let mut previous: Option<Wiped<32>> = None;
    for (block, number) in output.chunks_mut(32).zip(1_u8..) {
        let before: &[u8] = previous.as_ref().map_or(&[], |previous| previous.as_slice());
        let next = key.authenticate(&[before, info, &[number]]);
        if let Some(part) = next.get(..block.len()) {
            block.copy_from_slice(part);
        }
        previous = Some(next);
    }
    output
}

/// Encryption key, authentication key and IV in a row, as XEP-0384 derives them for messages and payloads alike.
pub(crate) struct CipherKeys(Wiped<80>);

impl CipherKeys {
    /// Expands 32 key bytes by HKDF with a salt of zeros (XEP-0384 §4.3 and §4.4).
    pub(crate) fn derive(key: &[u8; 32], info: &[u8]) -> Self {
        Self(hkdf_sha256_unsalted(key, info))
    }

    fn parts(&self) -> (&[u8; 32], &[u8; 32], &[u8; 16]) {
        let parts = self.0.split_first_chunk::<32>().and_then(|(encryption, rest)| {
            let (authentication, iv) = rest.split_first_chunk::<32>()?;
            Some((encryption, authentication, iv.first_chunk::<16>()?))
        });
        match parts {
            Some(parts) => parts,
            None => unreachable!("80 bytes are 32, 32 and 16"),
        }
    }

    /// AES-256-CBC with PKCS #7 padding.
    pub(crate) fn encrypt(&self, plaintext: &[u8]) -> Vec<u8> {
        let (key, _, iv) = self.parts();
        cbc::Encryptor::<Aes256>::new(key.into(), iv.into()).encrypt_padded_vec::<Pkcs7>(plaintext)
    }

    /// The reverse of [`CipherKeys::encrypt`]; `None` when length or padding are wrong. Check the code first.
    pub(crate) fn decrypt(&self, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (key, _, iv) = self.parts();
        cbc::Decryptor::<Aes256>::new(key.into(), iv.into())
            .decrypt_padded_vec::<Pkcs7>(ciphertext)
            .ok()
            .map(Zeroizing::new)
    }

    /// The truncated authentication code over the parts in a row.
    pub(crate) fn authenticate(&self, parts: &[&[u8]]) -> [u8; MAC_LENGTH] {
        let (_, key, _) = self.parts();
        let code = HmacKey::new(key).authenticate(parts);
        match code.first_chunk() {
            Some(mac) => *mac,
            None => unreachable!("32 bytes hold 16"),
        }
    }

    /// Whether `mac` is the authentication code over the parts, truncated to `length` bytes, in constant time.
    pub(crate) fn verify(&self, mac: &[u8], length: usize, parts: &[&[u8]]) -> bool {
        let expected = self.authenticate(parts);
        expected
            .get(..length)
            .is_some_and(|expected| expected.ct_eq(mac).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231 §4.2 uses a key of 20 bytes, which HMAC fills with zeros as it does for 32.
    #[test]
    fn hmac_matches_rfc_4231() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        assert_eq!(
            hex::encode(HmacKey::new(&key).authenticate(&[b"Hi ", b"There"]).as_slice()),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }

    /// The crate `hkdf` is another hand's.
    #[test]
    fn hkdf_matches_another_implementation() {
        for salt in [[0; 32], [3; 32]] {
            let mut expected = [0; 80];
            hkdf::Hkdf::<Sha256>::new(Some(&salt), b"material")
                .expand(b"info", &mut expected)
                .unwrap();
            assert_eq!(*hkdf_sha256::<80>(&salt, b"material", b"info"), expected);
        }
        let unsalted = hkdf_sha256_unsalted::<64>(b"material", b"info");
        assert_eq!(*unsalted, *hkdf_sha256::<64>(&[0; 32], b"material", b"info"));
    }

    #[test]
    fn wrong_length_and_wrong_code_do_not_verify() {
        let keys = CipherKeys::derive(&[7; 32], b"info");
        let mac = keys.authenticate(&[b"data"]);
        assert!(keys.verify(&mac, 16, &[b"da", b"ta"]));
        assert!(!keys.verify(&mac[..15], 16, &[b"data"]), "shorter");
        assert!(!keys.verify(&[], 16, &[b"data"]), "empty");
        assert!(!keys.verify(&mac, 16, &[b"date"]), "other data");
        assert!(keys.verify(&mac[..8], 8, &[b"data"]), "as short as was asked for");
    }

    #[test]
    fn padding_is_checked() {
        let keys = CipherKeys::derive(&[7; 32], b"info");
        let ciphertext = keys.encrypt(b"sixteen bytes !!");
        assert_eq!(ciphertext.len(), 32);
        assert_eq!(keys.decrypt(&ciphertext).unwrap().as_slice(), b"sixteen bytes !!");
        assert!(
            keys.decrypt(&ciphertext[..16]).is_none(),
            "without the block of padding"
        );
        assert!(keys.decrypt(&ciphertext[..20]).is_none(), "no whole block");
        assert!(keys.decrypt(&[]).is_none(), "empty");
    }
}
