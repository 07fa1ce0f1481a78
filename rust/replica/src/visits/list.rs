// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The history as it is shown.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::Visits;

/// A page that was visited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its address.
    pub url: String,
    /// Its title; empty when none is known.
    pub title: String,
    /// How often it was visited, on all devices.
    pub visits: u64,
    /// When it was visited last, in milliseconds since the Unix epoch, by this device's clock.
    pub last: u64,
}

impl Visits {
    /// The pages that were visited last, the latest first. It looks at all pages.
    pub fn list(&self, limit: usize) -> Vec<Seen> {
        let pages = self.pages.iter();
        let shown = pages.filter_map(|(url, page)| Some((page.shown(&self.scope)?, url, page)));
        let mut shown: Vec<_> = shown.collect();
        shown.sort_unstable_by_key(|(tally, url, _)| (Reverse(tally.last), *url));
        let latest = shown.into_iter().take(limit);
        let seen = latest.map(|(tally, url, page)| Seen {
            url: url.to_string(),
            title: page
                .title
                .as_ref()
                .map_or_else(String::new, |title| title.text.clone()),
            visits: tally.visits,
            last: tally.last,
        });
        seen.collect()
    }

    /// How many pages are shown.
    pub fn len(&self) -> usize {
        self.index.shown
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
