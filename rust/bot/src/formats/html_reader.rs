// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Reads the Netscape bookmark file as browsers write it: tags that are never closed, attributes of any case.

use engine::client::{ItemKind, PlainItem, Root};
use html5gum::{StartTag, Token, Tokenizer};

use super::html_writer::ADDED_MS;
use super::{MAX_FOLDER_DEPTH, ParseError, Parsed};

/// Milliseconds in the unit of `ADD_DATE`, the second. Some programs write milliseconds or microseconds instead.
const MS_PER_SECOND: u64 = 1000;

/// An `ADD_DATE` above this is not in seconds: it would be after the year 5000.
const MAX_SECONDS: u64 = 100_000_000_000;

/// Reads HTML; `rest` takes what stands in none of the roots.
pub(super) fn read_html(text: &str, rest: Root) -> Result<Parsed, ParseError> {
    let mut reader = Reader::new();
    for token in Tokenizer::new(text) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.start_tag(&tag)?,
            Token::EndTag(tag) => reader.end_tag(&tag.name),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    Ok(reader.finish(rest))
}

/// What the text that comes next belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Nothing,
    Title,
    Description,
}

/// An item that is being read, or a list that is being filled.
#[derive(Default)]
struct Open {
    item: PlainItem,
    role: Option<Root>,
}

struct Reader {
    /// The open lists from the outermost to the innermost; the first is the file itself.
    lists: Vec<Open>,
    /// The item read last, which notes and a list may still belong to.
    current: Option<Open>,
    text: Text,
    parsed: Parsed,
}

impl Reader {
    fn new() -> Reader {
        Reader {
            lists: vec![Open::default()],
            current: None,
            text: Text::Nothing,
            parsed: Parsed::default(),
        }
    }

    fn start_tag(&mut self, tag: &StartTag<()>) -> Result<(), ParseError> {
        match &**tag.name {
            b"a" => self.link(tag),
            b"h3" => self.folder(tag),
            b"hr" => {
                self.close_item();
                self.current = Some(Open {
                    item: PlainItem {
                        kind: Some(ItemKind::Separator),
                        ..PlainItem::default()
                    },
                    role: None,
                });
            }
            b"dd" => self.text = Text::Description,
            b"dt" => self.close_item(),
            b"dl" => self.open_list()?,
            _ => {}
        }
        Ok(())
    }

    fn end_tag(&mut self, name: &[u8]) {
        match name {
            b"a" | b"h3" if self.text == Text::Title => self.text = Text::Nothing,
            // Closed, the notes are as they stand; otherwise the white space before the next tag is not theirs.
            b"dd" if self.text == Text::Description => self.text = Text::Nothing,
            b"dl" => self.close_list(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = &mut self.current {
            match self.text {
                Text::Nothing => {}
                Text::Title => open.item.title.push_str(text),
                Text::Description => open.item.description.push_str(text),
            }
        }
    }

    fn link(&mut self, tag: &StartTag<()>) {
        self.close_item();
        let Some(url) = attribute(tag, "href") else {
            self.parsed.skip("bookmark without an address");
            return;
        };
        let item = PlainItem {
            kind: Some(ItemKind::Link),
            url,
            keyword: attribute(tag, "shortcuturl").unwrap_or_default(),
            tags: attribute(tag, "tags").unwrap_or_default(),
            added: added(tag),
            ..PlainItem::default()
        };
        self.current = Some(Open { item, role: None });
        self.text = Text::Title;
    }

    fn folder(&mut self, tag: &StartTag<()>) {
        self.close_item();
        let is_true = |name| attribute(tag, name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        // The file itself, or the one list in it: a marked folder deeper inside is an ordinary one.
        let role = match self.lists.len() {
            0..=2 if is_true("personal_toolbar_folder") => Some(Root::Toolbar),
            0..=2 if is_true("unfiled_bookmarks_folder") => Some(Root::Other),
            _ => None,
        };
        let item = PlainItem {
            kind: Some(ItemKind::Folder),
            added: added(tag),
            ..PlainItem::default()
        };
        self.current = Some(Open { item, role });
        self.text = Text::Title;
    }

    fn open_list(&mut self) -> Result<(), ParseError> {
        if self.lists.len() > MAX_FOLDER_DEPTH {
            return Err(ParseError::TooDeep {
                limit: MAX_FOLDER_DEPTH,
            });
        }
        self.end_description();
        let list = match self.current.take() {
            Some(open) if open.item.kind() == ItemKind::Folder => open,
            // A list without a heading, such as the file's outermost: what it holds goes to the list around it.
            other => {
                self.current = other;
                self.close_item();
                Open::default()
            }
        };
        self.lists.push(list);
        Ok(())
    }

    fn close_list(&mut self) {
        self.close_item();
        if self.lists.len() > 1
            && let Some(list) = self.lists.pop()
        {
            self.add(list);
        }
    }

    fn end_description(&mut self) {
        if self.text == Text::Description
            && let Some(open) = &mut self.current
        {
            open.item
                .description
                .truncate(open.item.description.trim_end().len());
        }
        self.text = Text::Nothing;
    }

    fn close_item(&mut self) {
        self.end_description();
        if let Some(open) = self.current.take() {
            self.add(open);
        }
    }

    /// Puts a finished item or list where it belongs.
    fn add(&mut self, open: Open) {
        if let Some(root) = open.role {
            self.parsed.root(root).extend(open.item.children);
        } else if let Some(list) = self.lists.last_mut() {
            if open.item.kind.is_some() {
                list.item.children.push(open.item);
            } else {
                list.item.children.extend(open.item.children);
            }
        }
    }

    fn finish(mut self, rest: Root) -> Parsed {
        self.close_item();
        while self.lists.len() > 1 {
            self.close_list();
        }
        let top = self.lists.pop().unwrap_or_default();
        self.parsed.root(rest).extend(top.item.children);
        self.parsed
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes
        .get(name.as_bytes())
        .map(|value| String::from_utf8_lossy(value).into_owned())
}

/// When it was added, in milliseconds.
fn added(tag: &StartTag<()>) -> Option<u64> {
    let number = |name: &str| {
        let number = attribute(tag, name)?.trim().parse::<u64>().ok();
        number.filter(|number| *number > 0)
    };
    if let Some(ms) = number(&ADDED_MS.to_ascii_lowercase()) {
        return Some(ms);
    }
    let mut number = number("add_date")?;
    while number > MAX_SECONDS {
        number = number.checked_div(MS_PER_SECOND)?;
    }
    number.checked_mul(MS_PER_SECOND)
}
