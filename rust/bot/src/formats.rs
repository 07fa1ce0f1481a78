// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Bookmark files: Falkon's JSON, Netscape's HTML and XBEL both ways; Chrome's and Firefox's JSON to be read.

mod dates;
mod decode;
mod firefox;
mod html_reader;
mod html_writer;
mod json;
mod markup;
mod xbel_reader;
mod xbel_writer;

use std::collections::BTreeMap;

use engine::client::{PlainTree, Root};

pub(crate) use html_writer::write_html;
pub(crate) use json::write_json;
pub(crate) use xbel_writer::write_xbel;

/// Deepest nesting of folders that is read: what the shared tree shows at most.
const MAX_FOLDER_DEPTH: usize = 200;

/// What a bookmark file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    /// The bookmarks.
    pub(crate) tree: PlainTree,
    /// What was left out: the reason, and how often.
    pub(crate) skipped: BTreeMap<String, u64>,
}

/// Why a bookmark file could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ParseError {
    #[error("it is empty")]
    Empty,
    #[error(
        "its text is not UTF-8 (byte {offset}), and it does not say what else it is; save it as UTF-8 and try again"
    )]
    NotUtf8 { offset: usize },
    #[error("it says that its text is {encoding}, which it is not; save it as UTF-8 and try again")]
    WrongEncoding { encoding: &'static str },
    #[error(
        "it is one of Firefox's own compressed backups; in Firefox choose Manage Bookmarks, Import and Backup, Backup …, and \
         import that file"
    )]
    Compressed,
    #[error(
        "it is neither a JSON file of Falkon, Chrome or Firefox, nor XBEL, nor an HTML file as browsers export it (it starts \
         with {start:?})"
    )]
    UnknownFormat { start: String },
    #[error("it is not proper JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("it is not proper XML: {what} (line {line})")]
    Xml { line: usize, what: String },
    #[error("its outermost element is not <xbel>")]
    NoXbel,
    #[error(
        "it has neither \"roots\" with bookmarks, as Falkon's and Chrome's files have, nor is it a backup of Firefox"
    )]
    NoRoots,
    #[error("it has version {found}, and this program knows only version {known}")]
    Version { found: u64, known: u64 },
    #[error("its folders are nested deeper than {limit} levels")]
    TooDeep { limit: usize },
}

/// Reads a bookmark file of any known format. `rest` takes what an HTML or XBEL file puts into none of the roots.
///
/// # Errors
/// When it is no bookmark file; nothing of it is used then.
pub(crate) fn read(bytes: &[u8], rest: Root) -> Result<Parsed, ParseError> {
    let text = decode::decode(bytes)?;
    match text.trim_start().chars().next() {
        None => Err(ParseError::Empty),
        Some('{') => json::read_json(&text),
        Some('<') if is_xml(&text) => xbel_reader::read_xbel(text.trim_start(), rest),
        Some('<') => html_reader::read_html(&text, rest),
        Some(_) => Err(ParseError::UnknownFormat {
            start: text.trim_start().chars().take(20).collect(),
        }),
    }
}

/// Tells XBEL from HTML, which may start in many ways.
fn is_xml(text: &str) -> bool {
    let text = text.trim_start();
    let is_html = |head: &str| {
        ["<html", "<!doctype html", "<!doctype netscape", "<dl"]
            .iter()
            .any(|tag| head.contains(tag))
    };
    let head: String = text.chars().take(1000).collect::<String>().to_ascii_lowercase();
    head.contains("<xbel")
        || head.contains("<!doctype xbel")
        || (head.starts_with("<?xml") && !is_html(&head))
}

impl Parsed {
    /// What a root holds, to be added to.
    fn root(&mut self, root: Root) -> &mut Vec<engine::client::PlainItem> {
        match root {
            Root::Toolbar => &mut self.tree.toolbar,
            Root::Menu => &mut self.tree.menu,
            Root::Other => &mut self.tree.other,
        }
    }

    fn skip(&mut self, reason: &str) {
        let count = self.skipped.entry(reason.to_owned()).or_default();
        *count = count.saturating_add(1);
    }
}

#[cfg(test)]
mod foreign_tests;
#[cfg(test)]
mod tests;
