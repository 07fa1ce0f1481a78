// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `history`: the dated copies of the bookmarks.

use std::fmt::Write;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta};
use engine::client::{self, Copy, Difference, Event, Occasion};

use super::{carry, new_id, print, print_json};
use crate::cli::History;
use crate::failure::{Code, Failure};
use crate::settings::Settings;
use crate::words;

pub(super) async fn execute(settings: &Settings, what: Option<History>) -> Result<(), Failure> {
    let copies = copies(settings).await?;
    match what.unwrap_or(History::List { json: false }) {
        History::List { json: true } => print_json(&copies),
        History::List { json: false } => print(&list(&copies)),
        History::Diff { when, json } => diff(settings, find(&copies, &when)?, json).await,
        History::Restore { when } => restore(settings, find(&copies, &when)?).await,
    }
}

async fn copies(settings: &Settings) -> Result<Vec<Copy>, Failure> {
    match carry(settings, client::Command::History { id: new_id() }).await? {
        Event::History { copies, .. } => Ok(copies),
        event => Err(unexpected(&event)),
    }
}

fn unexpected(event: &Event) -> Failure {
    Failure::new(Code::Failure, format!("an unexpected answer: {event:?}"))
}

fn list(copies: &[Copy]) -> String {
    let mut text = String::from(
        "Times are UTC. `xmppsync-bot history diff TIME` compares, `… restore TIME` goes back.\n",
    );
    for copy in copies {
        let occasion = match copy.occasion {
            Occasion::Daily => "daily",
            Occasion::JoinMine => "this device's, before it joined",
            Occasion::JoinTheirs => "the account's, before this device joined",
            Occasion::Bulk => "before a large change",
            Occasion::Restore => "before an older copy was restored",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}  {:>7}  {occasion}", time(copy.at), copy.items);
    }
    if copies.is_empty() {
        text = "There are no copies yet: the first is made when the bookmarks have been read.\n".to_owned();
    }
    text
}

/// As `find` reads it, to the second.
fn time(at: u64) -> String {
    let time = i64::try_from(at).ok().and_then(DateTime::from_timestamp_millis);
    time.map_or_else(
        || at.to_string(),
        |time| time.format("%Y-%m-%dT%H:%M:%S").to_string(),
    )
}

/// The newest copy that is not later than `when`: a day, a minute or a second in UTC, or milliseconds since the Unix epoch.
pub(super) fn find(copies: &[Copy], when: &str) -> Result<Copy, Failure> {
    let end = end_of(when.trim()).ok_or_else(|| {
        Failure::usage(format!(
            "{when:?} is no time: write 2026-04-06, 2026-04-06T12:30 or 2026-04-06T12:30:05 (UTC)"
        ))
    })?;
    let found = copies
        .iter()
        .filter(|copy| copy.at < end)
        .max_by_key(|copy| copy.at);
    found.cloned().ok_or_else(|| {
        let oldest = copies.iter().map(|copy| copy.at).min();
        let oldest = oldest.map_or_else(
            || "there is none".to_owned(),
            |at| format!("the oldest is of {}", time(at)),
        );
        Failure::new(
            Code::Failure,
            format!("there is no copy as old as that: {oldest}"),
        )
    })
}

/// The first millisecond after a time.
fn end_of(when: &str) -> Option<u64> {
    let plain = when.strip_suffix('Z').unwrap_or(when).replace(' ', "T");
    let parse = |format: &str, span: TimeDelta| {
        let time = NaiveDateTime::parse_from_str(&plain, format).ok()?;
        time.checked_add_signed(span)
    };
    let day = || {
        let day = NaiveDate::parse_from_str(&plain, "%Y-%m-%d").ok()?;
        day.checked_add_days(Days::new(1))?.and_hms_opt(0, 0, 0)
    };
    let end = parse("%Y-%m-%dT%H:%M:%S", TimeDelta::seconds(1))
        .or_else(|| parse("%Y-%m-%dT%H:%M", TimeDelta::minutes(1)))
        .or_else(day);
    match end {
        Some(end) => u64::try_from(end.and_utc().timestamp_millis()).ok(),
        None => when.parse::<u64>().ok()?.checked_add(1),
    }
}

async fn diff(settings: &Settings, copy: Copy, json: bool) -> Result<(), Failure> {
    let id = new_id();
    let event = carry(settings, client::Command::HistoryDiff { id, at: copy.at }).await?;
    let Event::HistoryDiff {
        total, differences, ..
    } = &event
    else {
        return Err(unexpected(&event));
    };
    if json {
        return print_json(&event);
    }
    let mut text = format!(
        "Since {} (UTC), {} changed:\n",
        time(copy.at),
        words::count(*total, "item")
    );
    for line in differences {
        let sign = match line.difference {
            Difference::Added => '+',
            Difference::Removed => '-',
            Difference::Changed => '~',
            Difference::Moved => '>',
        };
        let (folder, title) = (words::visible(&line.folder), words::visible(&line.title));
        let url = words::visible(&line.url);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", format!("{sign} {folder}/{title} {url}").trim_end());
    }
    let told = u64::try_from(differences.len()).unwrap_or(u64::MAX);
    if told < *total {
        let _ = writeln!(text, "… and {} more", total.saturating_sub(told));
    }
    print(&text)
}

async fn restore(settings: &Settings, copy: Copy) -> Result<(), Failure> {
    let id = new_id();
    match carry(settings, client::Command::Restore { id, at: copy.at }).await? {
        Event::Restored {
            added,
            changed,
            removed,
            ..
        } => print(&format!(
            "The bookmarks are as they were at {} (UTC): {added} put back, {changed} changed, {removed} removed.\n",
            time(copy.at)
        )),
        event => Err(unexpected(&event)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(at: u64) -> Copy {
        Copy {
            at,
            occasion: Occasion::Daily,
            items: 3,
        }
    }

    #[test]
    fn a_copy_is_found_by_day_minute_second_or_name() {
        // 2026-09-21T14:13:20 and .5, the day before, and the hour after.
        let copies = [
            1_790_003_600_000,
            1_790_000_000_500,
            1_790_000_000_000,
            1_789_913_600_000,
        ]
        .map(copy);
        let found = |when: &str| {
            find(&copies, when)
                .map(|copy| copy.at)
                .map_err(|failure| failure.text)
        };
        assert_eq!(found("2026-09-21"), Ok(1_790_003_600_000));
        assert_eq!(found("2026-09-21T14:13"), Ok(1_790_000_000_500));
        assert_eq!(found("2026-09-21 14:13:20"), Ok(1_790_000_000_500));
        assert_eq!(found("2026-09-21T14:13:19Z"), Ok(1_789_913_600_000));
        assert_eq!(found("1790000000000"), Ok(1_790_000_000_000));
        assert_eq!(time(1_790_000_000_500), "2026-09-21T14:13:20");
        assert!(
            found("2026-09-19")
                .unwrap_err()
                .contains("the oldest is of 2026-09-20T14:13:20")
        );
        assert!(found("yesterday").unwrap_err().contains("is no time"));
    }

    #[test]
    fn the_list_is_for_people() {
        insta::assert_snapshot!(list(&[copy(1_790_000_000_000)]), @r"
        Times are UTC. `xmppsync-bot history diff TIME` compares, `… restore TIME` goes back.
        2026-09-21T14:13:20        3  daily
        ");
        assert!(list(&[]).starts_with("There are no copies yet"));
    }
}
