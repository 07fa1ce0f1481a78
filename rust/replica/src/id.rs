// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Names of replicas and items, and the kinds of items.

use std::fmt;
use std::str::FromStr;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::short::Short;

/// Longest item id that is accepted from outside, in bytes.
pub const MAX_ID_BYTES: usize = 64;

/// Characters of an id that this crate makes: 64 of them, so one carries six bits.
const ID_ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes of hash or randomness in an id that this crate makes: 96 bits become 16 characters.
const ID_ENTROPY_BYTES: usize = 12;

/// Names one replica: 16 lowercase hex digits, drawn at random when it is created.
///
/// A profile that was cloned must be given a new one: two replicas of one name would publish different deltas under
/// the same sequence number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicaId(u64);

/// Text that is no replica id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a replica id is 16 lowercase hex digits, not {found:?}")]
pub struct ReplicaIdError {
    /// What was found instead.
    pub found: String,
}

impl ReplicaId {
    /// Draws a new name.
    pub fn random(rng: &mut impl CryptoRng) -> ReplicaId {
        ReplicaId(rng.next_u64())
    }

    /// The name as a number; its order is the order of the text.
    pub fn as_u64(self) -> u64 {
        self.0
    }
}

impl From<u64> for ReplicaId {
    fn from(number: u64) -> ReplicaId {
        ReplicaId(number)
    }
}

impl fmt::Display for ReplicaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for ReplicaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReplicaId({self})")
    }
}

impl FromStr for ReplicaId {
    type Err = ReplicaIdError;

    fn from_str(text: &str) -> Result<ReplicaId, ReplicaIdError> {
        let fits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match u64::from_str_radix(text, 16) {
            Ok(number) if fits => Ok(ReplicaId(number)),
            _ => Err(ReplicaIdError {
                found: text.chars().take(80).collect(),
            }),
        }
    }
}

impl Serialize for ReplicaId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ReplicaId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<ReplicaId, D::Error> {
        // Every stamp carries one: no text is kept.
        deserializer.deserialize_str(ReplicaIdVisitor)
    }
}

struct ReplicaIdVisitor;

impl serde::de::Visitor<'_> for ReplicaIdVisitor {
    type Value = ReplicaId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("16 lowercase hex digits")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ReplicaId, E> {
        text.parse().map_err(E::custom)
    }
}

/// Names one item of the tree: 1 to 64 of `A-Z a-z 0-9 _ -`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ItemId(Short<22>);

/// Text that is no item id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an item id is 1 to 64 of A-Z a-z 0-9 _ -, not {found:?}")]
pub struct ItemIdError {
    /// What was found instead, cut to 80 characters.
    pub found: String,
}

impl ItemId {
    /// Checks `text`.
    ///
    /// # Errors
    /// When it is empty, longer than [`MAX_ID_BYTES`], or has another character.
    pub fn new(text: &str) -> Result<ItemId, ItemIdError> {
        let fits = (1..=MAX_ID_BYTES).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if fits {
            Ok(ItemId(text.into()))
        } else {
            Err(ItemIdError {
                found: text.chars().take(80).collect(),
            })
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it is this text.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.0.as_bytes() == text.as_bytes()
    }

    /// The id of a root.
    pub fn root(root: Root) -> ItemId {
        ItemId(root.as_str().into())
    }

    /// Which root this names, if any.
    pub fn as_root(&self) -> Option<Root> {
        Root::ALL.into_iter().find(|root| root.as_str() == self.as_str())
    }

    /// A new name that nobody else has.
    pub(crate) fn random(rng: &mut impl CryptoRng) -> ItemId {
        let mut bytes = [0; ID_ENTROPY_BYTES];
        rng.fill_bytes(&mut bytes);
        ItemId::from_bytes(&bytes)
    }

    /// The name that every replica gives to the same content at the same place, so that adding or importing the same
    /// thing on two replicas apart makes one item. `occurrence` counts equal siblings.
    pub(crate) fn derived(parent: &ItemId, kind: Kind, title: &str, url: &str, occurrence: u64) -> ItemId {
        let mut hash = Sha256::new();
        hash.update(b"xmppsync item 1");
        for part in [parent.as_str(), kind.as_str(), title, url] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.update(occurrence.to_be_bytes());
        let digest = hash.finalize();
        ItemId::from_bytes(digest.as_slice().get(..ID_ENTROPY_BYTES).unwrap_or(&[]))
    }

    fn from_bytes(bytes: &[u8]) -> ItemId {
        let mut text = String::with_capacity(16);
        let (mut held, mut bits) = (0_u32, 0_u32);
        for byte in bytes {
            held = (held << 8) | u32::from(*byte);
            bits = bits.saturating_add(8);
            while bits >= 6 {
                bits = bits.saturating_sub(6);
                let index = usize::try_from((held >> bits) & 63).unwrap_or(0);
                text.push(char::from(ID_ALPHABET.get(index).copied().unwrap_or(b'A')));
            }
        }
        ItemId(text.as_str().into())
    }
}

impl std::borrow::Borrow<str> for ItemId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ItemId({self})")
    }
}

impl TryFrom<String> for ItemId {
    type Error = ItemIdError;

    fn try_from(text: String) -> Result<ItemId, ItemIdError> {
        ItemId::new(&text)
    }
}

impl From<ItemId> for String {
    fn from(id: ItemId) -> String {
        id.as_str().to_owned()
    }
}

/// The three folders that exist in every replica, and can be neither moved, renamed nor deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Root {
    /// The bookmarks toolbar.
    Toolbar,
    /// The bookmarks menu.
    Menu,
    /// Everything that was filed nowhere; what has no place of its own is shown here.
    Other,
}

impl Root {
    /// All roots in their order.
    pub const ALL: [Root; 3] = [Root::Toolbar, Root::Menu, Root::Other];

    /// The root's item id.
    pub fn as_str(self) -> &'static str {
        match self {
            Root::Toolbar => "toolbar",
            Root::Menu => "menu",
            Root::Other => "other",
        }
    }

    /// The root's token in a host tree.
    pub fn token(self) -> u64 {
        match self {
            Root::Toolbar => 1,
            Root::Menu => 2,
            Root::Other => 3,
        }
    }
}

/// What an item is. It never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Holds other items.
    #[serde(rename = "folder")]
    Folder,
    /// A bookmark.
    #[serde(rename = "link")]
    Link,
    /// A line between items.
    #[serde(rename = "sep")]
    Separator,
}

impl Kind {
    /// Reads a kind's name in a row.
    pub fn parse(name: &str) -> Option<Kind> {
        [Kind::Folder, Kind::Link, Kind::Separator]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }

    /// The kind's name in a row.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Folder => "folder",
            Kind::Link => "link",
            Kind::Separator => "sep",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replica_id_is_sixteen_lowercase_hex_digits() {
        assert_eq!("00000000000000ff".parse(), Ok(ReplicaId(255)));
        assert_eq!(ReplicaId(255).to_string(), "00000000000000ff");
        for bad in [
            "",
            "ff",
            "00000000000000FF",
            "+0000000000000ff",
            "00000000000000ff0",
        ] {
            assert!(bad.parse::<ReplicaId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_item_id_has_a_bounded_alphabet_and_length() {
        assert!(ItemId::new(&"x".repeat(64)).is_ok());
        for bad in ["", "a b", "ä", "a/b", &"x".repeat(65), &"x".repeat(5000)] {
            assert!(ItemId::new(bad).is_err());
        }
    }

    #[test]
    fn a_derived_id_depends_on_every_part() {
        let parent = ItemId::root(Root::Menu);
        let id = |title: &str, url: &str, n| ItemId::derived(&parent, Kind::Link, title, url, n);
        assert_eq!(id("a", "b", 0), id("a", "b", 0));
        assert_ne!(id("a", "b", 0), id("a", "b", 1));
        assert_ne!(id("ab", "", 0), id("a", "b", 0));
        assert_eq!(id("a", "b", 0).as_str().len(), 16);
        // Two devices of different versions must agree for ever.
        insta::assert_snapshot!(id("News", "https://news.example/", 0), @"SZzf4Dklx9D6SHYR");
    }
}
