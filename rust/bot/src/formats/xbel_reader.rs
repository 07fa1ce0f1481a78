// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Reads XBEL, as KDE's and GNOME's programs and this one write it.

use engine::client::{ItemKind, PlainItem, Root};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader as XmlReader, XmlVersion};

use super::xbel_writer::OWNER;
use super::{MAX_FOLDER_DEPTH, ParseError, Parsed, dates};

/// Reads XML; `rest` takes what stands in no folder that says which root it is.
pub(super) fn read_xbel(text: &str, rest: Root) -> Result<Parsed, ParseError> {
    let mut xml = XmlReader::from_str(text);
    xml.config_mut().expand_empty_elements = true;
    let mut reader = Reader::default();
    loop {
        let offset = xml.buffer_position();
        let at = |what: &dyn std::fmt::Display| ParseError::Xml {
            line: line(text, offset),
            what: what.to_string(),
        };
        match xml.read_event().map_err(|error| at(&error))? {
            Event::Start(start) => reader.start(&start, &at)?,
            Event::End(_) => reader.end(),
            Event::Text(content) => reader.text(&content.xml10_content()),
            Event::CData(content) => reader.text(&content.xml10_content()),
            Event::GeneralRef(reference) => reader.reference(&reference, &at)?,
            Event::Eof if reader.open.is_empty() => break,
            Event::Eof => return Err(at(&"the file ends too early")),
            _ => {}
        }
    }
    if !reader.is_xbel {
        return Err(ParseError::NoXbel);
    }
    reader.parsed.root(rest).append(&mut reader.top);
    Ok(reader.parsed)
}

/// What an open element is.
enum Open {
    /// The file itself.
    Xbel,
    Item(PlainItem, Option<Root>),
    Title,
    Description,
    Info,
    /// Something that has no meaning here.
    Other,
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    /// How many of the open elements are folders.
    folders: usize,
    is_xbel: bool,
    /// What stands in no root.
    top: Vec<PlainItem>,
    parsed: Parsed,
}

type At<'a> = dyn Fn(&dyn std::fmt::Display) -> ParseError + 'a;

impl Reader {
    fn start(&mut self, start: &BytesStart<'_>, at: &At<'_>) -> Result<(), ParseError> {
        let inside = self.open.last();
        let in_list = match inside {
            Some(Open::Xbel) => true,
            Some(Open::Item(item, _)) => item.kind() == ItemKind::Folder,
            _ => false,
        };
        let name = start.local_name();
        let opened = match name.as_ref() {
            "xbel" if inside.is_none() => {
                self.is_xbel = true;
                Open::Xbel
            }
            "folder" | "bookmark" | "separator" if in_list => self.item(name.as_ref(), start, at)?,
            "alias" if in_list => {
                self.parsed
                    .skip("alias: what it stands for is imported where it is");
                Open::Other
            }
            "title" if matches!(inside, Some(Open::Item(..))) => Open::Title,
            "desc" if matches!(inside, Some(Open::Item(..))) => Open::Description,
            "info" if matches!(inside, Some(Open::Item(..))) => Open::Info,
            "metadata" if matches!(inside, Some(Open::Info)) => {
                self.metadata(start, at)?;
                Open::Other
            }
            _ => Open::Other,
        };
        self.open.push(opened);
        Ok(())
    }

    fn item(&mut self, name: &str, start: &BytesStart<'_>, at: &At<'_>) -> Result<Open, ParseError> {
        let kind = match name {
            "folder" => ItemKind::Folder,
            "bookmark" => ItemKind::Link,
            _ => ItemKind::Separator,
        };
        let mut item = PlainItem {
            kind: Some(kind),
            ..PlainItem::default()
        };
        let mut role = None;
        if kind == ItemKind::Folder {
            self.folders = self.folders.saturating_add(1);
            if self.folders > MAX_FOLDER_DEPTH {
                return Err(ParseError::TooDeep {
                    limit: MAX_FOLDER_DEPTH,
                });
            }
            // As Konqueror marks it; a marked folder deeper inside is an ordinary one.
            let is_toolbar = attribute(start, "toolbar", at)?.as_deref() == Some("yes");
            role = Some(Root::Toolbar).filter(|_| is_toolbar && self.folders == 1);
        }
        if kind == ItemKind::Link {
            match attribute(start, "href", at)? {
                Some(url) => item.url = url,
                None => {
                    self.parsed.skip("bookmark without an address");
                    return Ok(Open::Other);
                }
            }
        }
        if kind != ItemKind::Separator {
            item.added = attribute(start, "added", at)?.and_then(|text| dates::from_iso(&text));
        }
        Ok(Open::Item(item, role))
    }

    fn metadata(&mut self, start: &BytesStart<'_>, at: &At<'_>) -> Result<(), ParseError> {
        if attribute(start, "owner", at)?.as_deref() != Some(OWNER) {
            return Ok(());
        }
        let is_top = self.folders == 1;
        let (root, keyword, tags) = (
            attribute(start, "root", at)?,
            attribute(start, "keyword", at)?,
            attribute(start, "tags", at)?,
        );
        if let Some(Open::Item(item, role)) = self.item_around() {
            if is_top && item.kind() == ItemKind::Folder {
                *role = match root.as_deref() {
                    Some("toolbar") => Some(Root::Toolbar),
                    Some("menu") => Some(Root::Menu),
                    Some("other") => Some(Root::Other),
                    _ => *role,
                };
            }
            item.keyword = keyword.unwrap_or_default();
            item.tags = tags.unwrap_or_default();
        }
        Ok(())
    }

    /// The item that the innermost open elements describe.
    fn item_around(&mut self) -> Option<&mut Open> {
        self.open
            .iter_mut()
            .rev()
            .find(|open| matches!(open, Open::Item(..)))
    }

    fn text(&mut self, text: &str) {
        let is_title = match self.open.last() {
            Some(Open::Title) => true,
            Some(Open::Description) => false,
            _ => return,
        };
        if let Some(Open::Item(item, _)) = self.item_around() {
            let field = if is_title {
                &mut item.title
            } else {
                &mut item.description
            };
            field.push_str(text);
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>, at: &At<'_>) -> Result<(), ParseError> {
        if let Some(character) = reference.resolve_char_ref().map_err(|error| at(&error))? {
            self.text(character.encode_utf8(&mut [0; 4]));
            return Ok(());
        }
        let name = reference.xml10_content();
        match resolve_predefined_entity(&name) {
            Some(text) => self.text(text),
            None => return Err(at(&format!("the entity &{name}; is not known"))),
        }
        Ok(())
    }

    fn end(&mut self) {
        let Some(Open::Item(item, role)) = self.open.pop() else {
            return;
        };
        if item.kind() == ItemKind::Folder {
            self.folders = self.folders.saturating_sub(1);
        }
        if let Some(root) = role {
            self.parsed.root(root).extend(item.children);
        } else if let Some(Open::Item(folder, _)) = self.open.last_mut() {
            folder.children.push(item);
        } else {
            self.top.push(item);
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str, at: &At<'_>) -> Result<Option<String>, ParseError> {
    let found = start.try_get_attribute(name).map_err(|error| at(&error))?;
    let value = found.map(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0));
    Ok(value
        .transpose()
        .map_err(|error| at(&error))?
        .map(std::borrow::Cow::into_owned))
}

/// The line that a byte stands in, from 1.
fn line(text: &str, offset: u64) -> usize {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    before
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        .saturating_add(1)
}
