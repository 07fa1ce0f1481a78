// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Fractional base-62 keys that order siblings, so that an item is put between two others without renumbering any.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::short::Short;

/// Longest key, in digits. Where a new one would be longer, its neighbours get new keys as well.
pub const MAX_POSITION_DIGITS: usize = 64;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u64 = 62;

/// Digits that are counted up or down when something is added at an end of a folder: room for 7 million each way.
const COUNTED_DIGITS: usize = 4;

/// Digits that keep two runs apart that were added at the same spot at the same time.
const TAG_DIGITS: usize = 2;
/// Digits between two keys that are given anew.
const GAP_DIGITS: usize = 2;
/// Keys that are given anew have at most so many digits, so that hundreds of insertions fit before that is due again.
const ROOMY_DIGITS: usize = 24;

/// A fraction between 0 and 1 as base-62 digits, compared as text. Never empty, never ending in `0`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Position(Short<14>);

/// Text that is no position key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a position is 1 to 64 base-62 digits that do not end in 0, not {found:?}")]
pub struct PositionError {
    /// What was found instead, cut to 80 characters.
    pub found: String,
}

impl Position {
    /// Checks `text`.
    ///
    /// # Errors
    /// When it is empty, longer than [`MAX_POSITION_DIGITS`], ends in `0` or holds another character.
    pub fn new(text: &str) -> Result<Position, PositionError> {
        let fits = (1..=MAX_POSITION_DIGITS).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric())
            && !text.ends_with('0');
        if fits {
            Ok(Position(text.into()))
        } else {
            Err(PositionError {
                found: text.chars().take(80).collect(),
            })
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// `count` ascending keys between two others (`None`: the end of the folder on that side). `tag` is the same for the
    /// same content wherever it is added, and most likely another for other content.
    ///
    /// `None` when there is no room: the bounds are not ascending, or a key would be longer than
    /// [`MAX_POSITION_DIGITS`].
    pub(crate) fn spread(
        low: Option<&Position>,
        high: Option<&Position>,
        tag: u64,
        count: usize,
    ) -> Option<Vec<Position>> {
        Position::spaced(low, high, tag, count, 0)
    }

    /// New keys for items that stand too close: as `spread` gives them, but short, and with room between each two.
    ///
    /// `None` when there is no room for that.
    pub(crate) fn spread_anew(
        low: Option<&Position>,
        high: Option<&Position>,
        tag: u64,
        count: usize,
    ) -> Option<Vec<Position>> {
        let keys = Position::spaced(low, high, tag, count, GAP_DIGITS)?;
        let short = keys.iter().all(|key| key.as_str().len() <= ROOMY_DIGITS);
        short.then_some(keys)
    }

    /// `gap` digits are left free between each two.
    fn spaced(
        low: Option<&Position>,
        high: Option<&Position>,
        tag: u64,
        count: usize,
        gap: usize,
    ) -> Option<Vec<Position>> {
        let base = match (low, high) {
            (None, None) => vec![BASE / 2],
            (Some(low), None) => counted(low, true).or_else(|| middle(Some(low), None))?,
            (None, Some(high)) => counted(high, false).or_else(|| middle(None, Some(high)))?,
            (Some(_), Some(_)) => middle(low, high)?,
        };
        let count = u64::try_from(count).ok()?;
        let step = BASE.checked_pow(u32::try_from(gap).ok()?)?;
        let width = if count == 1 {
            0
        } else {
            width_of(count).saturating_add(gap)
        };
        if base.len().saturating_add(TAG_DIGITS).saturating_add(width) > MAX_POSITION_DIGITS {
            return None;
        }
        let base = if base.len() < COUNTED_DIGITS && (low.is_none() || high.is_none()) {
            [base, vec![0; COUNTED_DIGITS]]
                .concat()
                .into_iter()
                .take(COUNTED_DIGITS)
                .collect()
        } else {
            base
        };
        // The last digit of the tag is never 0, so no key ends before it.
        let tag = [(tag / 61) % BASE, (tag % 61).saturating_add(1)];
        let key = |number: u64| {
            let mut text = String::with_capacity(base.len().saturating_add(TAG_DIGITS).saturating_add(width));
            text.extend(base.iter().chain(&tag).map(|value| digit(*value)));
            text.extend(number_digits(number.saturating_mul(step), width));
            text.truncate(text.trim_end_matches('0').len());
            Position(text.as_str().into())
        };
        Some((1..=count).map(key).collect())
    }

    fn values(&self) -> impl Iterator<Item = u64> {
        self.as_str().bytes().map(|b| match b {
            b'0'..=b'9' => u64::from(b.wrapping_sub(b'0')),
            b'A'..=b'Z' => u64::from(b.wrapping_sub(b'A')).saturating_add(10),
            _ => u64::from(b.wrapping_sub(b'a')).saturating_add(36).min(61),
        })
    }
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Position({})", self.as_str())
    }
}

impl TryFrom<String> for Position {
    type Error = PositionError;

    fn try_from(text: String) -> Result<Position, PositionError> {
        Position::new(&text)
    }
}

impl From<Position> for String {
    fn from(position: Position) -> String {
        position.as_str().to_owned()
    }
}

fn digit(value: u64) -> char {
    usize::try_from(value)
        .ok()
        .and_then(|index| DIGITS.get(index))
        .map_or('z', |b| char::from(*b))
}

/// Digits that numbers up to `count` take.
fn width_of(count: u64) -> usize {
    let (mut width, mut reach) = (1_usize, BASE);
    while reach <= count {
        (width, reach) = (width.saturating_add(1), reach.saturating_mul(BASE));
    }
    width
}

fn number_digits(mut number: u64, width: usize) -> impl Iterator<Item = char> {
    let mut digits = vec!['0'; width];
    for place in digits.iter_mut().rev() {
        *place = digit(number % BASE);
        number /= BASE;
    }
    digits.into_iter()
}

/// The first digits of `from`, counted up or down by one; `None` when they are used up.
fn counted(from: &Position, up: bool) -> Option<Vec<u64>> {
    let head: Vec<u64> = from
        .values()
        .chain(std::iter::repeat(0))
        .take(COUNTED_DIGITS)
        .collect();
    let number = head.iter().fold(0_u64, |sum, value| {
        sum.saturating_mul(BASE).saturating_add(*value)
    });
    let limit = BASE.pow(4);
    let next = if up {
        number.checked_add(1)?
    } else {
        number.checked_sub(1)?
    };
    if next == 0 || next >= limit {
        return None;
    }
    let mut rest = next;
    let mut digits = vec![0; COUNTED_DIGITS];
    for place in digits.iter_mut().rev() {
        *place = rest % BASE;
        rest /= BASE;
    }
    Some(digits)
}

/// The shortest digits that lie between the bounds whatever is appended to them. A missing bound is 0 or 1.
fn middle(low: Option<&Position>, high: Option<&Position>) -> Option<Vec<u64>> {
    let mut lows = low
        .map(|p| p.values().collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter();
    let mut highs = high
        .map(|p| p.values().collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter();
    let mut digits = Vec::new();
    // How many units of the last digit the upper bound is above the lower one, as far as read.
    let mut room: i64 = i64::from(high.is_none());
    while digits.len() < MAX_POSITION_DIGITS {
        let (low, high) = (lows.next().unwrap_or(0), highs.next().unwrap_or(0));
        let step = i64::try_from(high).ok()?.checked_sub(i64::try_from(low).ok()?)?;
        room = room.checked_mul(62)?.checked_add(step)?;
        digits.push(low);
        if room < 0 {
            return None;
        }
        if room >= 2 {
            add(&mut digits, u64::try_from(room / 2).ok()?);
            return Some(digits);
        }
    }
    None
}

/// Adds to the last digit, with carry.
fn add(digits: &mut [u64], amount: u64) {
    let mut carry = amount;
    for place in digits.iter_mut().rev() {
        let sum = place.saturating_add(carry);
        *place = sum % BASE;
        carry = sum / BASE;
        if carry == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(low: Option<&Position>, high: Option<&Position>, tag: u64) -> Option<Position> {
        Position::spread(low, high, tag, 1).map(|keys| keys[0].clone())
    }

    fn assert_between(low: Option<&Position>, key: &Position, high: Option<&Position>) {
        assert!(Position::new(key.as_str()).is_ok(), "{key:?}");
        assert!(
            low.is_none_or(|low| low < key) && high.is_none_or(|high| key < high),
            "{low:?} {key:?} {high:?}"
        );
    }

    #[test]
    fn a_million_additions_at_either_end_stay_short() {
        let (mut first, mut last) = (one(None, None, 5).unwrap(), one(None, None, 5).unwrap());
        for step in 0..1_000_000_u64 {
            let front = one(None, Some(&first), step).unwrap();
            let back = one(Some(&last), None, step).unwrap();
            assert!(front < first && back > last);
            (first, last) = (front, back);
        }
        assert!(
            first.as_str().len() <= 6 && last.as_str().len() <= 6,
            "{first:?} {last:?}"
        );
    }

    #[test]
    fn hundreds_of_insertions_at_one_spot_fit_before_there_is_no_room() {
        let low = one(None, None, 1).unwrap();
        let mut high = one(Some(&low), None, 2).unwrap();
        let mut count = 0;
        while let Some(key) = one(Some(&low), Some(&high), count) {
            assert_between(Some(&low), &key, Some(&high));
            (high, count) = (key, count + 1);
        }
        assert!(count > 300, "{count}");
    }

    #[test]
    fn a_run_is_ascending_within_its_bounds_and_stays_together() {
        let low = one(None, None, 1).unwrap();
        let high = one(Some(&low), None, 2).unwrap();
        for count in [1, 2, 61, 62, 63, 4000] {
            for (low, high) in [
                (None, None),
                (Some(&low), None),
                (None, Some(&low)),
                (Some(&low), Some(&high)),
            ] {
                let mine = Position::spread(low, high, 77, count).unwrap();
                assert_eq!(mine.len(), count);
                assert!(mine.windows(2).all(|pair| pair[0] < pair[1]));
                mine.iter().for_each(|key| assert_between(low, key, high));
                let other = Position::spread(low, high, 78, count).unwrap();
                assert!(
                    mine.last() < other.first() || other.last() < mine.first(),
                    "{mine:?} {other:?}"
                );
            }
        }
    }

    #[test]
    fn odd_but_valid_bounds_have_room_and_equal_or_reversed_ones_have_none() {
        let key = |text: &str| Position::new(text).unwrap();
        for (low, high) in [
            ("1", "11"),
            ("z", "zzzz1"),
            ("001", "002"),
            ("V", "V0001"),
            ("0zzzzz", "1"),
        ] {
            let (low, high) = (key(low), key(high));
            assert_between(Some(&low), &one(Some(&low), Some(&high), 9).unwrap(), Some(&high));
            assert_eq!(one(Some(&high), Some(&low), 9), None);
            assert_eq!(one(Some(&low), Some(&low), 9), None);
        }
        let (first, last) = (key("0000001"), key("zzzzzzz"));
        assert_between(None, &one(None, Some(&first), 9).unwrap(), Some(&first));
        assert_between(Some(&last), &one(Some(&last), None, 9).unwrap(), None);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for bad in ["", "0", "10", "a-b", "ä", &"1".repeat(65)] {
            assert!(Position::new(bad).is_err(), "{bad}");
        }
    }
}
