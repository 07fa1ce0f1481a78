// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Pages as devices tell them to each other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::page::{Count, Page, Scope};
use super::{Origin, Visits};

/// What one device tells of a page. Merging takes the later of each register, so rows may come in any order and any number of
/// times.
///
/// In JSON: `{"u": url, "t": title, "ta": when the title was given, "c": {"origin": [visits, last, since], …},
/// "x": deleted up to}`. A title that was given by the latest visit of the row has no `ta`, and a count that goes back to no
/// deletion no `since`. Any other JSON reads as a row of no page, and fields that are not known are passed over, so that one
/// bad row does not spoil the others: it is refused when it is merged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "Wire", from = "Value")]
pub struct PageRow {
    /// The page's address.
    pub url: String,
    /// Its title, and the time of the visit that gave it.
    pub title: Option<(String, u64)>,
    /// How often the devices visited it that the row tells of.
    pub counts: BTreeMap<Origin, RowCount>,
    /// Visits up to then are deleted.
    pub dead: Option<u64>,
}

/// How often a device visited a page. Times are milliseconds since the Unix epoch by the clock of whoever wrote them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<u64>", try_from = "Vec<u64>")]
pub struct RowCount {
    /// How many visits.
    pub visits: u64,
    /// The time of the last one.
    pub last: u64,
    /// All are later than the deletion of this time; 0 if there was none.
    pub since: u64,
}

/// The JSON.
#[derive(Serialize, Deserialize)]
struct Wire {
    #[serde(rename = "u")]
    url: String,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(rename = "ta", default, skip_serializing_if = "Option::is_none")]
    title_at: Option<u64>,
    #[serde(rename = "c", default, skip_serializing_if = "BTreeMap::is_empty")]
    counts: BTreeMap<Origin, RowCount>,
    #[serde(rename = "x", default, skip_serializing_if = "Option::is_none")]
    dead: Option<u64>,
}

impl Visits {
    /// The own part of a page; `None` where there is none.
    pub(super) fn row(&self, url: &str) -> Option<PageRow> {
        let page = self.pages.get(url)?;
        page.row(url, &self.scope)
    }
}

impl Page {
    fn row(&self, url: &str, scope: &Scope) -> Option<PageRow> {
        let (counts, dead) = self.own_part(scope);
        if counts.is_empty() && dead.is_none() {
            return None;
        }
        Some(PageRow {
            url: url.to_owned(),
            title: self
                .title
                .as_ref()
                .map(|title| (title.text.clone(), title.at.raw())),
            counts,
            dead,
        })
    }
}

fn latest(counts: &BTreeMap<Origin, RowCount>) -> u64 {
    counts.values().map(|count| count.last).max().unwrap_or(0)
}

impl From<PageRow> for Wire {
    fn from(row: PageRow) -> Wire {
        let latest = latest(&row.counts);
        let (title, title_at) = row.title.unzip();
        Wire {
            url: row.url,
            title,
            title_at: title_at.filter(|at| *at != latest),
            counts: row.counts,
            dead: row.dead,
        }
    }
}

impl From<Wire> for PageRow {
    fn from(wire: Wire) -> PageRow {
        let at = wire.title_at.unwrap_or_else(|| latest(&wire.counts));
        PageRow {
            url: wire.url,
            title: wire.title.map(|text| (text, at)),
            counts: wire.counts,
            dead: wire.dead,
        }
    }
}

impl From<Value> for PageRow {
    fn from(value: Value) -> PageRow {
        serde_json::from_value::<Wire>(value).map_or_else(|_| PageRow::default(), PageRow::from)
    }
}

impl From<Count> for RowCount {
    fn from(count: Count) -> RowCount {
        RowCount {
            visits: count.visits,
            last: count.last.raw(),
            since: count.since,
        }
    }
}

impl From<RowCount> for Vec<u64> {
    fn from(count: RowCount) -> Vec<u64> {
        let mut list = vec![count.visits, count.last];
        list.extend((count.since > 0).then_some(count.since));
        list
    }
}

impl TryFrom<Vec<u64>> for RowCount {
    type Error = &'static str;

    fn try_from(list: Vec<u64>) -> Result<RowCount, &'static str> {
        // A newer version may say more.
        let (visits, last, since) = match list.as_slice() {
            [visits, last] => (*visits, *last, 0),
            [visits, last, since, ..] => (*visits, *last, *since),
            _ => return Err("a count is [visits, last] or [visits, last, since]"),
        };
        Ok(RowCount { visits, last, since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_a_row_is_stable() {
        let count = |visits, last, since| RowCount { visits, last, since };
        let whole = PageRow {
            url: "https://a.example/".to_owned(),
            title: Some(("A".to_owned(), 900)),
            counts: BTreeMap::from([(7, count(3, 1000, 0)), (12, count(1, 950, 940))]),
            dead: Some(940),
        };
        let usual = PageRow {
            url: "https://a.example/".to_owned(),
            title: Some(("A".to_owned(), 1000)),
            counts: BTreeMap::from([(7, count(3, 1000, 0))]),
            dead: None,
        };
        let dead = PageRow {
            url: "https://a.example/".to_owned(),
            dead: Some(940),
            ..PageRow::default()
        };
        let json = |row: &PageRow| serde_json::to_string(row).unwrap();
        insta::assert_snapshot!(json(&whole), @r#"{"u":"https://a.example/","t":"A","ta":900,"c":{"7":[3,1000],"12":[1,950,940]},"x":940}"#);
        insta::assert_snapshot!(json(&usual), @r#"{"u":"https://a.example/","t":"A","c":{"7":[3,1000]}}"#);
        insta::assert_snapshot!(json(&dead), @r#"{"u":"https://a.example/","x":940}"#);
        for row in [whole, usual, dead] {
            assert_eq!(serde_json::from_str::<PageRow>(&json(&row)).unwrap(), row);
        }
    }

    #[test]
    fn one_bad_row_does_not_spoil_the_others() {
        let json = r#"[
            5, null, "x", [], {}, {"u":7},
            {"u":"https://a.example/","c":{"seven":[1,2]}},
            {"u":"https://a.example/","c":{"7":[1]}},
            {"u":"https://a.example/","c":{"7":[1,-2]}},
            {"u":"https://a.example/","c":{"4294967296":[1,2]}},
            {"u":"https://a.example/","x":"now"},
            {"u":"https://a.example/","c":{"7":[1,2,3,"x"]}},
            {"u":"https://b.example/","c":{"7":[1,2,0,4]},"new":{"deep":[1]}}
        ]"#;
        let rows: Vec<PageRow> = serde_json::from_str(json).unwrap();
        let (good, bad) = rows.split_last().unwrap();
        assert!(bad.iter().all(|row| *row == PageRow::default()));
        assert_eq!(
            (good.url.as_str(), good.counts[&7].visits),
            ("https://b.example/", 1)
        );
    }
}
