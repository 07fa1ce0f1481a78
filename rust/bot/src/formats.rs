// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Bookmark files: Falkon's JSON and Netscape's HTML, both ways.

mod html_reader;
mod html_writer;
mod json;

use std::collections::BTreeMap;

use engine::client::{PlainTree, Root};

pub(crate) use html_writer::write_html;
pub(crate) use json::write_json;

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
    #[error("its text is not UTF-8 (byte {offset}); save it as UTF-8 and try again")]
    NotUtf8 { offset: usize },
    #[error(
        "it is neither a JSON file like Falkon's bookmarks.json nor an HTML file as browsers export it (it starts with {start:?})"
    )]
    UnknownFormat { start: String },
    #[error("it is not proper JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("it has no \"roots\" with bookmarks, as Falkon's bookmarks.json has")]
    NoRoots,
    #[error("it has version {found}, and this program knows only version {known}")]
    Version { found: u64, known: u64 },
    #[error("its folders are nested deeper than {limit} levels")]
    TooDeep { limit: usize },
}

/// Reads a bookmark file of any known format. `rest` takes what an HTML file puts into none of the roots.
///
/// # Errors
/// When it is no bookmark file; nothing of it is used then.
pub(crate) fn read(bytes: &[u8], rest: Root) -> Result<Parsed, ParseError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ParseError::NotUtf8 {
        offset: error.valid_up_to(),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().chars().next() {
        None => Err(ParseError::Empty),
        Some('{') => json::read_json(text),
        Some('<') => html_reader::read_html(text, rest),
        Some(_) => Err(ParseError::UnknownFormat {
            start: text.trim_start().chars().take(20).collect(),
        }),
    }
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
mod tests;
