// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Devices with a browser's history each, that tell each other.

use std::collections::{BTreeMap, BTreeSet};

use replica::visits::{HostPage, KEEP_MS, PageRow, Seen, VisitBatch, VisitEdit, Visits};

/// What a browser's table holds: by address the title, the count and the last visit.
#[derive(Default)]
pub struct Host {
    pub rows: BTreeMap<String, (String, u64, u64)>,
    /// Rows that the user visited and the plugin has not told of yet.
    pub untold: BTreeSet<String>,
}

impl Host {
    pub fn visit(&mut self, url: &str, title: &str, now: u64) {
        let row = self.rows.entry(url.to_owned()).or_default();
        *row = (title.to_owned(), row.1 + 1, now);
        self.untold.insert(url.to_owned());
    }

    pub fn apply(&mut self, batch: &VisitBatch) {
        for edit in &batch.edits {
            match edit {
                VisitEdit::Set {
                    url,
                    title,
                    add,
                    last,
                } => {
                    if *add == 0 && !self.rows.contains_key(url) {
                        continue;
                    }
                    let row = self.rows.entry(url.clone()).or_default();
                    let title = if title.is_empty() {
                        row.0.clone()
                    } else {
                        title.clone()
                    };
                    *row = (title, row.1 + add, row.2.max(*last));
                }
                VisitEdit::Delete { url } => drop(self.rows.remove(url)),
            }
        }
    }

    /// Whether it has something to do for every edit.
    pub fn needs(&self, batch: &VisitBatch) -> bool {
        batch.edits.iter().all(|edit| match edit {
            VisitEdit::Set { url, add, last, .. } => {
                let row = self.rows.get(url);
                *add > 0 || row.is_some_and(|row| row.2 < *last)
            }
            VisitEdit::Delete { url } => self.rows.contains_key(url),
        })
    }

    pub fn page(&self, url: &str) -> Option<HostPage> {
        let (title, count, last) = self.rows.get(url)?.clone();
        let url = url.to_owned();
        Some(HostPage {
            url,
            title,
            count,
            last,
        })
    }

    pub fn untold(&mut self) -> Vec<HostPage> {
        let urls = std::mem::take(&mut self.untold);
        urls.iter().filter_map(|url| self.page(url)).collect()
    }

    pub fn listing(&mut self, now: u64) -> Vec<HostPage> {
        self.untold.clear();
        let pages = self.rows.keys().filter_map(|url| self.page(url));
        pages.filter(|page| page.last >= now - KEEP_MS).collect()
    }
}

/// A history, the browser that it belongs to, and the records that outlive a crash. All times that it is given are right, and its
/// clock need not be.
pub struct Device {
    pub visits: Visits,
    pub disk: BTreeMap<(String, String), Vec<u8>>,
    pub host: Host,
    /// How far its clock is ahead, in milliseconds.
    pub ahead: i64,
    /// What the browser was given and has not answered to.
    pub given: Option<VisitBatch>,
    /// The segments as they were last told, which is not whenever something in them changes.
    segments: BTreeMap<u32, String>,
    /// What it was called before.
    pub names: Vec<u32>,
}

/// What one device tells: its recent pages and all its segments, as JSON; and what was cleared.
pub type Told = (Vec<String>, u64);

impl Device {
    pub fn new(own: u32) -> Device {
        Device {
            visits: Visits::new(own),
            disk: BTreeMap::new(),
            host: Host::default(),
            ahead: 0,
            given: None,
            segments: BTreeMap::new(),
            names: Vec::new(),
        }
    }

    /// What its clock says.
    pub fn clock(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.ahead)
    }

    pub fn visit(&mut self, url: &str, times: u64, now: u64) {
        let clock = self.clock(now);
        (0..times).for_each(|_| self.host.visit(url, "Title", clock));
        self.report(now);
    }

    pub fn report(&mut self, now: u64) {
        let pages = self.host.untold();
        self.visits.handle_host_pages(pages, self.clock(now));
    }

    pub fn delete(&mut self, url: &str, now: u64) {
        self.report(now);
        self.host.rows.remove(url);
        self.visits
            .handle_host_deleted(vec![url.to_owned()], self.clock(now));
    }

    /// The browser does all that is to be done.
    pub fn apply(&mut self, now: u64) {
        self.report(now);
        while let Some(batch) = self.visits.next_batch(3) {
            self.host.apply(&batch);
            self.visits.applied(batch.number);
        }
    }

    pub fn save(&mut self) {
        for change in self.visits.take_changes() {
            let key = (change.table.to_owned(), change.key);
            match change.value {
                Some(value) => drop(self.disk.insert(key, value)),
                None => drop(self.disk.remove(&key)),
            }
        }
    }

    /// The program ends without saving, and starts again.
    pub fn restart(&mut self, now: u64) {
        let records = self.disk.iter().map(|((table, key), value)| (table, key, value));
        let loaded = Visits::load(records).unwrap();
        self.visits = loaded.unwrap_or_else(|| Visits::new(self.visits.own()));
        self.given = None;
        self.list_host(now);
        // It is decided now what became of the last batch.
        self.save();
    }

    pub fn list_host(&mut self, now: u64) {
        let clock = self.clock(now);
        let listing = self.host.listing(clock);
        self.visits.handle_host_all(listing, clock);
    }

    pub fn move_recent(&mut self, limit: usize, to: u32) {
        if self.visits.recent_len() > 0 {
            self.visits.move_recent(limit, to);
            self.segments.remove(&to);
        }
    }

    pub fn tells(&mut self) -> Told {
        self.save();
        let json = |rows: Vec<PageRow>| serde_json::to_string(&rows).unwrap();
        let there = self.visits.segments();
        self.segments.retain(|number, _| there.contains_key(number));
        for number in there.into_keys() {
            let segment = self.segments.entry(number);
            segment.or_insert_with(|| json(self.visits.segment(number)));
        }
        let segments = self.segments.values().cloned();
        let all = segments.chain([json(self.visits.recent())]);
        (all.collect(), self.visits.cleared())
    }

    pub fn hears(&mut self, (parts, cleared): &Told, now: u64) {
        for json in parts {
            let rows: Vec<PageRow> = serde_json::from_str(json).unwrap();
            self.visits.merge(rows, *cleared, self.clock(now));
        }
    }

    /// Its history is not shared any more, or from the beginning again.
    pub fn erase(&mut self) {
        self.visits.erase();
        self.segments.clear();
        self.given = None;
        self.save();
    }

    pub fn list(&self) -> Vec<Seen> {
        let list = self.visits.list(usize::MAX);
        assert_eq!(list.len(), self.visits.len());
        list
    }

    /// How often the page is said to have been visited, and how often the browser says so.
    pub fn knows(&self, url: &str) -> (u64, u64) {
        let seen = self.list().into_iter().find(|seen| seen.url == url);
        let row = self.host.rows.get(url);
        (seen.map_or(0, |seen| seen.visits), row.map_or(0, |row| row.1))
    }
}

/// A row as another device tells it.
pub fn row(json: &str) -> PageRow {
    serde_json::from_str(json).unwrap()
}
