// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Sets of items: one bit for each, for after a start all of them are in one. And what tables of items hash with.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;

use crate::state::Slot;

/// For tables that are never walked through: what it gives means nothing, and only own devices choose what is hashed.
pub(crate) fn hash(value: impl Hash) -> u64 {
    FixedState::default().hash_one(value)
}

/// A set of slots, in their order.
#[derive(Debug, Default)]
pub(crate) struct SlotSet {
    words: Vec<u64>,
    len: usize,
}

impl SlotSet {
    /// Whether it was not in it.
    pub(crate) fn insert(&mut self, slot: Slot) -> bool {
        let (word, bit) = place(slot);
        if self.words.len() <= word {
            self.words.resize(word.saturating_add(1), 0);
        }
        let Some(bits) = self.words.get_mut(word).filter(|bits| **bits & bit == 0) else {
            return false;
        };
        *bits |= bit;
        self.len = self.len.saturating_add(1);
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(crate) fn clear(&mut self) {
        *self = SlotSet::default();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Slot> + '_ {
        let words = self.words.iter().enumerate();
        words.flat_map(|(word, bits)| {
            let set = (0..u64::BITS).filter(move |bit| bits >> bit & 1 == 1);
            set.filter_map(move |bit| {
                let first = word.saturating_mul(WORD_BITS);
                Slot::at(first.saturating_add(usize::try_from(bit).ok()?))
            })
        })
    }
}

impl Extend<Slot> for SlotSet {
    fn extend<T: IntoIterator<Item = Slot>>(&mut self, slots: T) {
        for slot in slots {
            self.insert(slot);
        }
    }
}

const WORD_BITS: usize = 64;

fn place(slot: Slot) -> (usize, u64) {
    let index = slot.index();
    (index / WORD_BITS, 1 << (index % WORD_BITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_was_put_in_once_and_in_order() {
        let slot = |index| Slot::at(index).unwrap();
        let mut set = SlotSet::default();
        assert!(set.is_empty());
        set.extend([130, 64, 63, 0, 64].map(slot));
        assert!(!set.insert(slot(63)) && set.insert(slot(65)));
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 63, 64, 65, 130].map(slot));
        assert!(!set.is_empty());
        set.clear();
        assert!(set.is_empty() && set.iter().next().is_none());
    }
}
