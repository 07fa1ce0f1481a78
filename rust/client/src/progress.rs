// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! How far a snapshot of all bookmarks is on its way.

use serde::{Deserialize, Serialize};

/// Which way a snapshot goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From another device to this one.
    Fetching,
    /// From this device to the server, for the others.
    Sending,
    /// From another device to the server, for this one.
    Awaiting,
}

/// How far a snapshot of all bookmarks is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Which way.
    pub direction: Direction,
    /// How many bookmarks, folders and separators are in it; 0 where its writer did not say.
    pub items: u64,
    /// Bytes that are there.
    pub done: u64,
    /// Bytes in all, never 0.
    pub size: u64,
    /// How long the rest takes if it goes on like this, in milliseconds; `None` before that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining_ms: Option<u64>,
}

impl Progress {
    /// About how many of the items are there.
    #[must_use]
    pub fn items_done(self) -> u64 {
        let done = u128::from(self.items).saturating_mul(u128::from(self.done.min(self.size)));
        let done = done.checked_div(u128::from(self.size)).unwrap_or(0);
        u64::try_from(done).unwrap_or(u64::MAX)
    }

    /// All that in a sentence.
    pub(crate) fn text(self) -> String {
        let what = match self.direction {
            Direction::Fetching => "Fetching the bookmarks",
            Direction::Sending => "Sharing the bookmarks",
            Direction::Awaiting => "Another device sends the bookmarks",
        };
        let far = if self.items == 0 {
            let percent = self.done.saturating_mul(100).checked_div(self.size).unwrap_or(0);
            format!("{percent} %")
        } else {
            format!("about {} of {}", self.items_done(), self.items)
        };
        match self.remaining_ms {
            Some(ms) => format!("{what}: {far}, {} s left …", ms.div_ceil(1_000)),
            None => format!("{what}: {far} …"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_the_time_are_told_where_they_are_known() {
        let mut progress = Progress {
            direction: Direction::Fetching,
            items: 20_000,
            done: 50_000,
            size: 500_000,
            remaining_ms: Some(8_200),
        };
        assert_eq!(
            progress.text(),
            "Fetching the bookmarks: about 2000 of 20000, 9 s left …"
        );
        progress.items = 0;
        progress.remaining_ms = None;
        assert_eq!(progress.text(), "Fetching the bookmarks: 10 % …");
        insta::assert_snapshot!(serde_json::to_string(&progress).unwrap(), @r#"{"direction":"fetching","items":0,"done":50000,"size":500000}"#);
    }
}
