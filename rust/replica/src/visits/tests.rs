// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The rules one by one. What users see is in `tests/visits.rs`.

use std::collections::BTreeMap;

use super::*;
use crate::{Change, MAX_STAMP_MS};

mod host;
mod keeping;
mod records;
mod registers;

const DAY: u64 = 24 * 3_600_000;
const START: u64 = 20_000 * DAY;
const A: &str = "https://a.example/";
const B: &str = "https://b.example/";

fn host_page(url: &str, title: &str, count: u64, last: u64) -> HostPage {
    HostPage {
        url: url.to_owned(),
        title: title.to_owned(),
        count,
        last,
    }
}

/// Says that the table has this row, and gives what is known of the page then: visits and the last.
fn report(visits: &mut Visits, count: u64, last: u64, now: u64) -> (u64, u64) {
    visits.handle_host_pages(vec![host_page(A, "A", count, last)], now);
    known(visits, A)
}

fn known(visits: &Visits, url: &str) -> (u64, u64) {
    let seen = visits.list(usize::MAX).into_iter().find(|seen| seen.url == url);
    seen.map_or((0, 0), |seen| (seen.visits, seen.last))
}

fn title(visits: &Visits) -> String {
    visits.list(1)[0].title.clone()
}

fn row(url: &str, origin: Origin, visits: u64, last: u64) -> PageRow {
    let count = RowCount {
        visits,
        last,
        since: 0,
    };
    PageRow {
        url: url.to_owned(),
        counts: BTreeMap::from([(origin, count)]),
        ..PageRow::default()
    }
}

fn named(mut row: PageRow, title: &str, at: u64) -> PageRow {
    row.title = Some((title.to_owned(), at));
    row
}

fn dead(url: &str, at: u64) -> PageRow {
    PageRow {
        url: url.to_owned(),
        dead: Some(at),
        ..PageRow::default()
    }
}

fn set(url: &str, title: &str, add: u64, last: u64) -> VisitEdit {
    let (url, title) = (url.to_owned(), title.to_owned());
    VisitEdit::Set {
        url,
        title,
        add,
        last,
    }
}

fn urls(rows: &[PageRow]) -> Vec<&str> {
    rows.iter().map(|row| row.url.as_str()).collect()
}

fn stored(changes: Vec<Change>) -> Vec<(String, String, String)> {
    let text = |value: Option<Vec<u8>>| String::from_utf8(value.unwrap()).unwrap();
    let record = |change: Change| (change.table.to_owned(), change.key, text(change.value));
    changes.into_iter().map(record).collect()
}
