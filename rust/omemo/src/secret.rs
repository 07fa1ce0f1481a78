// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Secret keys: wiped on drop, never shown.

use std::fmt;
use std::ops::{Deref, DerefMut};

use rand_core::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Secret bytes of a calculation, on the stack. `Zeroizing` would wipe an array byte by byte; as a slice it goes at once.
pub(crate) struct Wiped<const N: usize>(pub(crate) [u8; N]);

impl<const N: usize> Deref for Wiped<N> {
    type Target = [u8; N];

    fn deref(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> DerefMut for Wiped<N> {
    fn deref_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

impl<const N: usize> Drop for Wiped<N> {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

/// 32 secret bytes. Boxed, so that moving it leaves no copy behind.
#[derive(Clone)]
pub struct Secret(Box<[u8; 32]>);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl ZeroizeOnDrop for Secret {}

impl Secret {
    /// Takes secret bytes; the caller wipes its own copy.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Box::new(*bytes))
    }

    /// Draws a new secret.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut secret = Self(Box::new([0; 32]));
        rng.fill_bytes(secret.0.as_mut_slice());
        secret
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(hex::encode(self.as_bytes())))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut bytes = hex32::deserialize(deserializer)?;
        let secret = Self::from_bytes(&bytes);
        bytes.zeroize();
        Ok(secret)
    }
}

/// An X25519 key pair.
#[derive(Clone)]
pub struct KeyPair {
    secret: Secret,
    public: [u8; 32],
}

/// A Diffie-Hellman agreement gave zero: the other side's point is of low order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a public key is of low order")]
pub struct LowOrder;

impl KeyPair {
    /// Draws a new key pair.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self::from_secret(Secret::generate(rng))
    }

    /// The key pair of a secret, which is clamped in use (RFC 7748 §5).
    #[must_use]
    pub fn from_secret(secret: Secret) -> Self {
        let public = PublicKey::from(&StaticSecret::from(*secret.as_bytes())).to_bytes();
        Self { secret, public }
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The secret key.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// X25519 with another side's public key.
    ///
    /// # Errors
    /// [`LowOrder`] when the result does not depend on the secret (RFC 7748 §6.1).
    pub fn agree(&self, public: &[u8; 32]) -> Result<Secret, LowOrder> {
        let shared = StaticSecret::from(*self.secret.as_bytes()).diffie_hellman(&PublicKey::from(*public));
        if !shared.was_contributory() {
            return Err(LowOrder);
        }
        Ok(Secret::from_bytes(shared.as_bytes()))
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({})", hex::encode(self.public))
    }
}

impl Serialize for KeyPair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.secret.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for KeyPair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_secret(Secret::deserialize(deserializer)?))
    }
}

/// serde for 32 bytes as lowercase hexadecimal digits.
pub(crate) mod hex32 {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use zeroize::Zeroizing;

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let mut bytes = [0; 32];
        // The message names no content: it may be a secret.
        hex::decode_to_slice(text.as_bytes(), &mut bytes)
            .map_err(|_| D::Error::custom("expected 64 hexadecimal digits"))?;
        Ok(bytes)
    }
}
