// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Identity keys: Ed25519 on the wire, Curve25519 in the key agreement and in fingerprints.

use std::fmt;

use curve25519_dalek::MontgomeryPoint;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::secret::{KeyPair, Secret};

/// Where the sign of an Edwards point is in the last byte of its encoding. The same bit of an Ed25519 signature is zero.
const SIGN_BIT: u8 = 0x80;

/// Another device's identity key. Its Ed25519 bytes are kept as they came: a trip over Montgomery would lose the sign.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IdentityKey {
    key: VerifyingKey,
    montgomery: [u8; 32],
}

/// Not an Ed25519 public key, or one of low order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid Ed25519 identity key")]
pub struct InvalidIdentityKey;

impl IdentityKey {
    /// Parses the 32 bytes of an Ed25519 public key.
    ///
    /// # Errors
    /// [`InvalidIdentityKey`] when it is no point of the curve, or one of low order.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidIdentityKey> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| InvalidIdentityKey)?;
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| InvalidIdentityKey)?;
        if key.is_weak() {
            return Err(InvalidIdentityKey);
        }
        Ok(Self {
            key,
            montgomery: key.to_montgomery().to_bytes(),
        })
    }

    /// The key of a Curve25519 public key, as legacy OMEMO has it on the wire, and the sign that it lacks: the top bit of
    /// the Ed25519 form's last byte.
    ///
    /// # Errors
    /// [`InvalidIdentityKey`] when it is no point of the curve, or one of low order.
    pub fn from_montgomery(bytes: &[u8; 32], sign: bool) -> Result<Self, InvalidIdentityKey> {
        let point = MontgomeryPoint(*bytes)
            .to_edwards(sign.into())
            .ok_or(InvalidIdentityKey)?;
        Self::from_bytes(point.compress().as_bytes())
    }

    /// Whether the other key has the same Curve25519 form: both are of whoever holds one of them.
    #[must_use]
    pub fn is_same_holder(&self, other: &Self) -> bool {
        self.montgomery == other.montgomery
    }

    /// The Ed25519 bytes, as received.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The Curve25519 form, for X25519.
    #[must_use]
    pub fn montgomery(&self) -> &[u8; 32] {
        &self.montgomery
    }

    /// What people compare.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(self.montgomery)
    }

    /// The key that made a signature of legacy OMEMO over `message`: its Curve25519 form is `montgomery`, its sign is in
    /// the signature's last bit. `None` when the signature does not hold.
    #[must_use]
    pub fn verify_legacy(montgomery: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Option<Self> {
        let mut signature = *signature;
        let last = signature.last_mut()?;
        let sign = *last & SIGN_BIT != 0;
        *last &= !SIGN_BIT;
        Self::from_montgomery(montgomery, sign)
            .ok()
            .filter(|key| key.verify(message, &signature))
    }

    /// Whether `signature` is this key's Ed25519 signature over `message`.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityKey({})", hex::encode(self.as_bytes()))
    }
}

/// The own identity, from an Ed25519 seed: signs as Ed25519 and agrees as X25519.
#[derive(Clone)]
pub struct IdentityKeyPair {
    signing: SigningKey,
    agreement: KeyPair,
    public: IdentityKey,
}

impl IdentityKeyPair {
    /// The key pair of a seed of 32 bytes (RFC 8032 §5.1.5).
    #[must_use]
    pub fn from_seed(seed: &Secret) -> Self {
        let signing = SigningKey::from_bytes(seed.as_bytes());
        let scalar = Zeroizing::new(signing.to_scalar_bytes());
        let agreement = KeyPair::from_secret(Secret::from_bytes(&scalar));
        let key = signing.verifying_key();
        let public = IdentityKey {
            key,
            montgomery: key.to_montgomery().to_bytes(),
        };
        Self {
            signing,
            agreement,
            public,
        }
    }

    /// Draws a new identity.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self::from_seed(&Secret::generate(rng))
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> Secret {
        Secret::from_bytes(self.signing.as_bytes())
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> &IdentityKey {
        &self.public
    }

    /// The X25519 form of the key pair.
    #[must_use]
    pub fn agreement(&self) -> &KeyPair {
        &self.agreement
    }

    /// Signs as Ed25519.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).to_bytes()
    }

    /// Signs as legacy OMEMO has it: the public key's sign, which its Curve25519 form lacks, in the signature's last bit.
    #[must_use]
    pub fn sign_legacy(&self, message: &[u8]) -> [u8; 64] {
        let mut signature = self.sign(message);
        if let (Some(to), Some(from)) = (signature.last_mut(), self.public.as_bytes().last()) {
            *to |= from & SIGN_BIT;
        }
        signature
    }
}

impl fmt::Debug for IdentityKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityKeyPair")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

/// What people compare: the Curve25519 form of an identity key (XEP-0384 §8).
///
/// `Display` writes eight groups of eight lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint that these bytes are.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the Curve25519 public key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, group) in self.0.chunks(4).enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(&hex::encode(group))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}
