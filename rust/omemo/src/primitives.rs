// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The symmetric primitives in the forms that OMEMO uses.

use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use hkdf::Hkdf;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::secret::Secret;

/// Block size of SHA-256 in bytes, and so the length to which HMAC fills its key with zeros (RFC 2104 §2).
const HMAC_BLOCK: usize = 64;

/// Length of the authentication codes of omemo:2 in bytes (XEP-0384 §4.3).
pub(crate) const MAC_LENGTH: usize = 16;

/// HMAC-SHA-256 over the parts in a row, by a key of 32 bytes.
pub(crate) fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut block = [0; HMAC_BLOCK];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&block).into());
    block.zeroize();
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// HKDF-SHA-256 (RFC 5869) with a salt of 32 bytes, expanded to `N` bytes.
pub(crate) fn hkdf_sha256<const N: usize>(
    salt: &[u8; 32],
    material: &[u8],
    info: &[u8],
) -> Zeroizing<[u8; N]> {
    const {
        assert!(N <= 255 * 32, "the most that HKDF-SHA-256 expands to");
    }
    let mut output = Zeroizing::new([0; N]);
    if Hkdf::<Sha256>::new(Some(salt), material)
        .expand(info, output.as_mut_slice())
        .is_err()
    {
        unreachable!("HKDF refuses nothing but a length that was checked at compile time");
    }
    output
}

/// Encryption key, authentication key and IV, as XEP-0384 derives them for messages and payloads alike.
pub(crate) struct CipherKeys {
    encryption: Secret,
    authentication: Secret,
    iv: [u8; 16],
}

impl CipherKeys {
    /// Expands 32 key bytes by HKDF with a salt of zeros (XEP-0384 §4.3 and §4.4).
    pub(crate) fn derive(key: &[u8; 32], info: &[u8]) -> Self {
        let output: Zeroizing<[u8; 80]> = hkdf_sha256(&[0; 32], key, info);
        let mut encryption = Zeroizing::new([0; 32]);
        let mut authentication = Zeroizing::new([0; 32]);
        let mut iv = [0; 16];
        let parts = encryption
            .iter_mut()
            .chain(authentication.iter_mut())
            .chain(iv.iter_mut());
        for (to, from) in parts.zip(output.iter()) {
            *to = *from;
        }
        Self {
            encryption: Secret::from_bytes(&encryption),
            authentication: Secret::from_bytes(&authentication),
            iv,
        }
    }

    /// AES-256-CBC with PKCS #7 padding.
    pub(crate) fn encrypt(&self, plaintext: &[u8]) -> Vec<u8> {
        cbc::Encryptor::<Aes256>::new(self.encryption.as_bytes().into(), (&self.iv).into())
            .encrypt_padded_vec::<Pkcs7>(plaintext)
    }

    /// The reverse of [`CipherKeys::encrypt`]; `None` when length or padding are wrong. Check the code first.
    pub(crate) fn decrypt(&self, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        cbc::Decryptor::<Aes256>::new(self.encryption.as_bytes().into(), (&self.iv).into())
            .decrypt_padded_vec::<Pkcs7>(ciphertext)
            .ok()
            .map(Zeroizing::new)
    }

    /// The truncated authentication code over the parts in a row.
    pub(crate) fn authenticate(&self, parts: &[&[u8]]) -> [u8; MAC_LENGTH] {
        let mut mac = [0; MAC_LENGTH];
        for (to, from) in mac
            .iter_mut()
            .zip(hmac_sha256(self.authentication.as_bytes(), parts).iter())
        {
            *to = *from;
        }
        mac
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
            hex::encode(hmac_sha256(&key, &[b"Hi ", b"There"]).as_slice()),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
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
