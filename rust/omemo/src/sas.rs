// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Short authentication strings: what two people, or one with two devices, compare as emoji.
//!
//! The computation is that of vodozemac's `sas` (which is Matrix's `hkdf-hmac-sha256`), and the tests hold it against
//! vodozemac's. It stands here because vodozemac draws its keys by itself, which this crate leaves to its caller.

use std::fmt;

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::primitives::{hkdf_sha256, hmac_sha256};
use crate::secret::{KeyPair, LowOrder, Secret};

/// How many emoji are compared: 42 bits.
pub const EMOJI: usize = 7;

/// One side's ephemeral key, before the other's is known.
pub struct Sas {
    key: KeyPair,
}

impl Sas {
    /// Draws a new one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self {
            key: KeyPair::generate(rng),
        }
    }

    /// The X25519 public key.
    #[must_use]
    pub fn public(&self) -> &[u8; 32] {
        self.key.public()
    }

    /// Agrees with the other side's public key. It is used up by that: a second try would let a guesser guess twice.
    ///
    /// # Errors
    /// [`LowOrder`] when the other key is of low order.
    pub fn agree(self, theirs: &[u8; 32]) -> Result<SharedSas, LowOrder> {
        Ok(SharedSas {
            secret: self.key.agree(theirs)?,
        })
    }
}

impl fmt::Debug for Sas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sas").finish_non_exhaustive()
    }
}

/// Both sides' shared secret.
pub struct SharedSas {
    secret: Secret,
}

impl SharedSas {
    /// The emoji to compare, as indices into [`emoji`]'s table. `info` names everything that both sides must agree on.
    #[must_use]
    pub fn emoji(&self, info: &str) -> [u8; EMOJI] {
        let bytes = hkdf_sha256::<6>(&[0; 32], self.secret.as_bytes(), info.as_bytes());
        let number = bytes
            .iter()
            .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        let mut shift = 48_u32;
        [(); EMOJI].map(|()| {
            shift = shift.saturating_sub(6);
            u8::try_from((number >> shift) & 63).unwrap_or(0)
        })
    }

    /// The proof that `input` is the sender's: HMAC-SHA-256 under a key that only `info`'s two sides know.
    #[must_use]
    pub fn mac(&self, input: &[u8], info: &str) -> [u8; 32] {
        let key = hkdf_sha256::<32>(&[0; 32], self.secret.as_bytes(), info.as_bytes());
        *hmac_sha256(&key, &[input])
    }

    /// Whether `mac` is [`SharedSas::mac`] of the same, in constant time.
    #[must_use]
    pub fn verify_mac(&self, input: &[u8], info: &str, mac: &[u8]) -> bool {
        self.mac(input, info).ct_eq(mac).into()
    }
}

impl fmt::Debug for SharedSas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedSas").finish_non_exhaustive()
    }
}

/// What binds the second side to its key before it has seen the first's: SHA-256 over the key and `context`.
#[must_use]
pub fn commitment(public: &[u8; 32], context: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update(public)
        .chain_update(context)
        .finalize()
        .into()
}

/// An emoji and its English name, by index: the table of the Matrix specification, in which other programs show them too.
#[must_use]
pub fn emoji(index: u8) -> (&'static str, &'static str) {
    TABLE.get(usize::from(index & 63)).copied().unwrap_or(("", ""))
}

const TABLE: [(&str, &str); 64] = [
    ("🐶", "Dog"),
    ("🐱", "Cat"),
    ("🦁", "Lion"),
    ("🐎", "Horse"),
    ("🦄", "Unicorn"),
    ("🐷", "Pig"),
    ("🐘", "Elephant"),
    ("🐰", "Rabbit"),
    ("🐼", "Panda"),
    ("🐓", "Rooster"),
    ("🐧", "Penguin"),
    ("🐢", "Turtle"),
    ("🐟", "Fish"),
    ("🐙", "Octopus"),
    ("🦋", "Butterfly"),
    ("🌷", "Flower"),
    ("🌳", "Tree"),
    ("🌵", "Cactus"),
    ("🍄", "Mushroom"),
    ("🌏", "Globe"),
    ("🌙", "Moon"),
    ("☁️", "Cloud"),
    ("🔥", "Fire"),
    ("🍌", "Banana"),
    ("🍎", "Apple"),
    ("🍓", "Strawberry"),
    ("🌽", "Corn"),
    ("🍕", "Pizza"),
    ("🎂", "Cake"),
    ("❤️", "Heart"),
    ("😀", "Smiley"),
    ("🤖", "Robot"),
    ("🎩", "Hat"),
    ("👓", "Glasses"),
    ("🔧", "Spanner"),
    ("🎅", "Santa"),
    ("👍", "Thumbs Up"),
    ("☂️", "Umbrella"),
    ("⌛", "Hourglass"),
    ("⏰", "Clock"),
    ("🎁", "Gift"),
    ("💡", "Light Bulb"),
    ("📕", "Book"),
    ("✏️", "Pencil"),
    ("📎", "Paperclip"),
    ("✂️", "Scissors"),
    ("🔒", "Lock"),
    ("🔑", "Key"),
    ("🔨", "Hammer"),
    ("☎️", "Telephone"),
    ("🏁", "Flag"),
    ("🚂", "Train"),
    ("🚲", "Bicycle"),
    ("✈️", "Aeroplane"),
    ("🚀", "Rocket"),
    ("🏆", "Trophy"),
    ("⚽", "Ball"),
    ("🎸", "Guitar"),
    ("🎺", "Trumpet"),
    ("🔔", "Bell"),
    ("⚓", "Anchor"),
    ("🎧", "Headphones"),
    ("📁", "Folder"),
    ("📌", "Pin"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    /// The peer is vodozemac, which draws its own key.
    #[test]
    fn it_computes_what_vodozemac_computes() {
        let mut rng = StdRng::seed_from_u64(1);
        for round in 0..50 {
            let (ours, theirs) = (Sas::generate(&mut rng), vodozemac::sas::Sas::new());
            let our_public = vodozemac::Curve25519PublicKey::from_bytes(*ours.public());
            let shared = ours.agree(&theirs.public_key().to_bytes()).unwrap();
            let theirs = theirs.diffie_hellman(our_public).unwrap();
            let info = format!("round {round}");
            assert_eq!(shared.emoji(&info), theirs.bytes(&info).emoji_indices());
            let mac = theirs.calculate_mac("an identity key", &info);
            assert!(shared.verify_mac(b"an identity key", &info, mac.as_bytes()));
            let ours = vodozemac::sas::Mac::from_slice(&shared.mac(b"mine", &info));
            theirs.verify_mac("mine", &info, &ours).unwrap();
        }
    }

    #[test]
    fn everything_that_differs_shows() {
        let mut rng = StdRng::seed_from_u64(2);
        let (one, other) = (Sas::generate(&mut rng), Sas::generate(&mut rng));
        let (first, second) = (*one.public(), *other.public());
        let (one, other) = (one.agree(&second).unwrap(), other.agree(&first).unwrap());
        assert_eq!(one.emoji("a"), other.emoji("a"));
        assert_ne!(one.emoji("a"), other.emoji("b"));
        let mac = one.mac(b"key", "a");
        assert!(other.verify_mac(b"key", "a", &mac));
        for (input, info) in [("kez", "a"), ("key", "b")] {
            assert!(!other.verify_mac(input.as_bytes(), info, &mac));
        }
        assert!(!other.verify_mac(b"key", "a", &mac[..31]));
        assert_ne!(commitment(&first, "a"), commitment(&first, "b"));
        assert_ne!(commitment(&first, "a"), commitment(&second, "a"));
    }

    #[test]
    fn keys_of_low_order_are_refused_and_nothing_is_shown() {
        let mut rng = StdRng::seed_from_u64(3);
        assert!(Sas::generate(&mut rng).agree(&[0; 32]).is_err());
        let sas = Sas::generate(&mut rng);
        assert_eq!(format!("{sas:?}"), "Sas { .. }");
        let shared = sas.agree(Sas::generate(&mut rng).public()).unwrap();
        assert_eq!(format!("{shared:?}"), "SharedSas { .. }");
    }

    #[test]
    fn no_two_emoji_are_alike() {
        let symbols: BTreeSet<_> = (0..64).map(|index| emoji(index).0).collect();
        let names: BTreeSet<_> = (0..64).map(|index| emoji(index).1).collect();
        assert_eq!((symbols.len(), names.len()), (64, 64));
    }
}
