// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Dates as the formats have them, from and to milliseconds since the Unix epoch.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat};

/// Microseconds in a millisecond.
const US_PER_MS: u64 = 1000;

/// From 1601, where Chrome's time starts, to 1970, in milliseconds.
const MS_FROM_1601_TO_1970: u64 = 11_644_473_600_000;

/// ISO 8601 in UTC, with milliseconds; `None` for what is beyond the calendar.
pub(super) fn to_iso(ms: u64) -> Option<String> {
    let time = DateTime::from_timestamp_millis(i64::try_from(ms).ok()?)?;
    Some(time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// ISO 8601 as bookmark files have it: with a zone, without one (UTC is taken), or a day alone.
pub(super) fn from_iso(text: &str) -> Option<u64> {
    let text = text.trim();
    let ms = DateTime::parse_from_rfc3339(text)
        .map(|time| time.timestamp_millis())
        .or_else(|_| {
            text.parse::<NaiveDateTime>()
                .map(|time| time.and_utc().timestamp_millis())
        })
        .or_else(|_| {
            let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN);
            text.parse::<NaiveDate>()
                .map(|day| midnight(day).and_utc().timestamp_millis())
        });
    u64::try_from(ms.ok()?).ok().filter(|ms| *ms > 0)
}

/// Firefox's microseconds.
pub(super) fn from_us(us: i64) -> Option<u64> {
    u64::try_from(us)
        .ok()?
        .checked_div(US_PER_MS)
        .filter(|ms| *ms > 0)
}

/// Chrome's microseconds since 1601, in digits.
pub(super) fn from_chrome(text: &str) -> Option<u64> {
    let us: u64 = text.parse().ok()?;
    us.checked_div(US_PER_MS)?
        .checked_sub(MS_FROM_1601_TO_1970)
        .filter(|ms| *ms > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_come_in_many_forms() {
        assert_eq!(to_iso(1_700_000_000_123).unwrap(), "2023-11-14T22:13:20.123Z");
        for (text, ms) in [
            ("2023-11-14T22:13:20.123Z", 1_700_000_000_123),
            ("2023-11-14T23:13:20+01:00", 1_700_000_000_000),
            ("2023-11-14T22:13:20", 1_700_000_000_000),
            (" 2023-11-14 ", 1_699_920_000_000),
        ] {
            assert_eq!(from_iso(text), Some(ms), "{text}");
        }
        for wrong in ["", "yesterday", "1970-01-01", "1200-01-01T00:00:00Z"] {
            assert_eq!(from_iso(wrong), None, "{wrong}");
        }
        assert_eq!(to_iso(u64::MAX), None);
    }

    #[test]
    fn browsers_count_microseconds() {
        assert_eq!(from_us(1_700_000_000_123_456), Some(1_700_000_000_123));
        assert_eq!(from_us(-5), None);
        assert_eq!(from_chrome("13344473600123456"), Some(1_700_000_000_123));
        assert_eq!(from_chrome("0"), None);
        assert_eq!(from_chrome("x"), None);
    }
}
