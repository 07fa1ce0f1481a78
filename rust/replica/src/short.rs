// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Text that is nearly always short: ids and positions, of which a library has several for each bookmark.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Text of up to `N` bytes without memory of its own, and any longer one. Cheap to clone; ordered as text is.
#[derive(Clone)]
pub(crate) enum Short<const N: usize> {
    Inline { len: u8, bytes: [u8; N] },
    Long(Arc<Box<str>>),
}

impl<const N: usize> Short<N> {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            // It was text when it came in.
            Short::Inline { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Short::Long(text) => text,
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Short::Inline { len, bytes } => bytes.get(..usize::from(*len)).unwrap_or_default(),
            Short::Long(text) => text.as_bytes(),
        }
    }
}

impl<const N: usize> From<&str> for Short<N> {
    fn from(text: &str) -> Short<N> {
        let mut bytes = [0; N];
        match (u8::try_from(text.len()), bytes.get_mut(..text.len())) {
            (Ok(len), Some(place)) => {
                place.copy_from_slice(text.as_bytes());
                Short::Inline { len, bytes }
            }
            _ => Short::Long(Arc::new(text.into())),
        }
    }
}

impl<const N: usize> PartialEq for Short<N> {
    fn eq(&self, other: &Short<N>) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl<const N: usize> Eq for Short<N> {}

impl<const N: usize> PartialOrd for Short<N> {
    fn partial_cmp(&self, other: &Short<N>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<const N: usize> Ord for Short<N> {
    fn cmp(&self, other: &Short<N>) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl<const N: usize> Hash for Short<N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl<const N: usize> fmt::Debug for Short<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_texts_come_back_and_are_ordered_as_text() {
        let texts = ["", "a", "ab", "abcd", "abcde", "abcdefgh", "b", "ä", "äöü"];
        for a in texts {
            let short = Short::<4>::from(a);
            assert_eq!(short.as_str(), a);
            assert_eq!(matches!(short, Short::Inline { .. }), a.len() <= 4, "{a}");
            for b in texts {
                let other = Short::<4>::from(b);
                assert_eq!(short.cmp(&other), a.cmp(b), "{a} {b}");
                assert_eq!(short == other, a == b);
            }
        }
    }

    #[test]
    fn the_usual_ones_take_no_more_than_a_pointer_to_them_would() {
        assert_eq!(size_of::<Short<14>>(), 16);
        assert_eq!(size_of::<Short<22>>(), 24);
    }
}
