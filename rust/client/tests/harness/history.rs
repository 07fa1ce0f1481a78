// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A browser's history: a table with one row for each address, and what reads and writes it for the client.

use std::collections::{BTreeMap, VecDeque};

use client::{Command, HostPage, VisitEdit};

/// What the reader of the table has to do, one after the other.
enum Task {
    /// The whole listing, of what was visited since.
    List(u64),
    /// Rows that have changed.
    Read(String),
    Apply(u64, Vec<VisitEdit>),
    Tell(Command),
}

#[derive(Default)]
pub struct History {
    rows: BTreeMap<String, (String, u64, u64)>,
    tasks: VecDeque<Task>,
}

impl History {
    pub fn visit(&mut self, url: &str, now: u64) {
        let row = self.rows.entry(url.to_owned()).or_default();
        *row = (format!("Title of {url}"), row.1 + 1, now);
        self.tasks.push_back(Task::Read(url.to_owned()));
    }

    /// The user deletes a row.
    pub fn delete(&mut self, url: &str) {
        self.rows.remove(url);
        let urls = vec![url.to_owned()];
        self.tasks.push_back(Task::Tell(Command::VisitsDeleted { urls }));
    }

    /// The user empties the table, here alone.
    pub fn empty(&mut self) {
        self.rows.clear();
        self.tasks.push_back(Task::Tell(Command::VisitsEmptied));
    }

    /// Addresses and counts.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        let counts = self.rows.iter();
        counts.map(|(url, (_, count, _))| (url.clone(), *count)).collect()
    }

    pub fn count(&self, url: &str) -> u64 {
        self.rows.get(url).map_or(0, |(_, count, _)| *count)
    }

    pub(super) fn list(&mut self, since: u64) {
        self.tasks.push_back(Task::List(since));
    }

    pub(super) fn edit(&mut self, number: u64, edits: Vec<VisitEdit>) {
        self.tasks.push_back(Task::Apply(number, edits));
    }

    pub(super) fn is_busy(&self) -> bool {
        !self.tasks.is_empty()
    }

    /// The process ends; the table is on the disk.
    pub(super) fn crash(&mut self) {
        self.tasks.clear();
    }

    /// Does the next task; what is told of it.
    pub(super) fn work(&mut self) -> Vec<Command> {
        match self.tasks.pop_front() {
            None => Vec::new(),
            Some(Task::Tell(command)) => vec![command],
            Some(Task::Read(url)) => vec![self.read([url].iter())],
            Some(Task::List(since)) => {
                let urls: Vec<String> = self.rows.keys().cloned().collect();
                let Command::Visited { mut pages, .. } = self.read(urls.iter()) else {
                    unreachable!()
                };
                pages.retain(|page| page.last >= since);
                let rest = pages.split_off(pages.len() / 2);
                let part = |pages, more| Command::Visited {
                    pages,
                    all: true,
                    more,
                };
                vec![part(pages, true), part(rest, false)]
            }
            Some(Task::Apply(number, edits)) => {
                let urls = edits.iter().map(|edit| match edit {
                    VisitEdit::Set { url, .. } | VisitEdit::Delete { url } => url,
                });
                let before = self.read(urls);
                for edit in edits {
                    self.apply(edit);
                }
                vec![before, Command::VisitsApplied { number, done: true }]
            }
        }
    }

    fn read<'a>(&self, urls: impl Iterator<Item = &'a String>) -> Command {
        let row = |url: &String| {
            let (title, count, last) = self.rows.get(url)?.clone();
            let url = url.clone();
            Some(HostPage {
                url,
                title,
                count,
                last,
            })
        };
        let pages = urls.filter_map(row).collect();
        Command::Visited {
            pages,
            all: false,
            more: false,
        }
    }

    fn apply(&mut self, edit: VisitEdit) {
        match edit {
            VisitEdit::Delete { url } => drop(self.rows.remove(&url)),
            VisitEdit::Set {
                url,
                title,
                add,
                last,
            } => {
                if add == 0 && !self.rows.contains_key(&url) {
                    return;
                }
                let row = self.rows.entry(url).or_default();
                if !title.is_empty() {
                    row.0 = title;
                }
                row.1 += add;
                row.2 = row.2.max(last);
            }
        }
    }
}
