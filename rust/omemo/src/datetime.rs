// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Date and time in text (XEP-0082), without a clock or a calendar library.

const MS_PER_DAY: u64 = 86_400_000;

/// Writes milliseconds since the Unix epoch as `2026-04-06T12:30:00.250Z`.
pub(crate) fn format(ms: u64) -> String {
    let (year, month, day) = civil_from_days(ms / MS_PER_DAY);
    let rest = ms % MS_PER_DAY;
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
        rest % 1000
    )
}

/// Reads a date and time with an offset; `None` when it is none, or before 1970.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let (date, time) = text.trim().split_once(['T', 't'])?;
    let [year, month, day] = numbers(date, '-')?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(1970..=9999).contains(&year) {
        return None;
    }
    let (time, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => {
            let at = time.rfind(['+', '-'])?;
            let (time, offset) = time.split_at_checked(at)?;
            let (sign, offset) = offset.split_at_checked(1)?;
            let (hours, minutes) = offset.split_once(':')?;
            let minutes = hours
                .parse::<i64>()
                .ok()?
                .checked_mul(60)?
                .checked_add(minutes.parse().ok()?)?;
            (
                time,
                if sign == "-" {
                    minutes.checked_neg()?
                } else {
                    minutes
                },
            )
        }
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let [hour, minute, second] = numbers(time, ':')?;
    // A leap second (60) counts as the second after it.
    if hour > 24 || minute > 59 || second > 60 || fraction.bytes().any(|digit| !digit.is_ascii_digit()) {
        return None;
    }
    let milliseconds: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let seconds = hour
        .checked_mul(3600)?
        .checked_add(minute.checked_mul(60)?)?
        .checked_add(second)?;
    days_from_civil(year, month, day)?
        .checked_mul(MS_PER_DAY)?
        .checked_add(seconds.checked_mul(1000)?)?
        .checked_add(milliseconds)?
        .checked_add_signed(offset.checked_mul(-60_000)?)
}

fn numbers(text: &str, separator: char) -> Option<[u64; 3]> {
    let mut parts = text.split(separator).map(|part| part.parse::<u64>().ok());
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, counted from a March so that leap days come last.
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    let (year, month) = if month > 2 {
        (year, month.checked_sub(3)?)
    } else {
        (year.checked_sub(1)?, month.checked_add(9)?)
    };
    let leap_days = (year / 4).checked_sub(year / 100)?.checked_add(year / 400)?;
    let day_of_year = month.checked_mul(153)?.checked_add(2)? / 5;
    // 719468 days lie between 0000-03-01 and 1970-01-01.
    year.checked_mul(365)?
        .checked_add(leap_days)?
        .checked_add(day_of_year)?
        .checked_add(day)?
        .checked_sub(719_469)
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "days of a u64 of milliseconds are far from any limit"
)]
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year_of_era + next_year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_and_reads_known_dates() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_775_478_600_250, "2026-04-06T12:30:00.250Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(format(ms), text);
            assert_eq!(parse(text), Some(ms));
        }
    }

    #[test]
    fn reads_offsets_and_fractions() {
        let noon = parse("2026-04-06T12:00:00Z").unwrap();
        assert_eq!(parse("2026-04-06T14:00:00+02:00"), Some(noon));
        assert_eq!(parse("2026-04-06T06:30:00-05:30"), Some(noon));
        assert_eq!(parse("2026-04-06T12:00:00.5Z"), Some(noon + 500));
        assert_eq!(parse("2026-04-06T12:00:00.123456Z"), Some(noon + 123));
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            "2026-04-06",
            "12:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-04-06T12:00Z",
            "2026-04-06T12:00:00",
            "1969-12-31T23:59:59Z",
            "2026-04-06T12:00:00.1x0Z",
            "2026-04-06T12:00:00+ab:00",
            "-1-1-1T0:0:0Z",
            "a-b-cTd:e:fZ",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reads_what_it_writes(ms in 0..253_402_300_800_000u64) {
            proptest::prop_assert_eq!(parse(&format(ms)), Some(ms));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            let _ = parse(&text);
        }
    }
}
