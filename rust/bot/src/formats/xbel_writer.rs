// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Writes XBEL 1.0, the XML Bookmark Exchange Language, which KDE's and GNOME's programs read.

use engine::client::{ItemKind, PlainItem, PlainTree, Root};

use super::dates;
use super::markup::{escape, indent};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!DOCTYPE xbel PUBLIC \"+//IDN python.org//DTD XML Bookmark Exchange Language 1.0//EN//XML\" \
                    \"http://pyxml.sourceforge.net/topics/dtds/xbel.dtd\">
<xbel version=\"1.0\">
";

/// Who the `metadata` belong to that carry what XBEL has no place for: `root`, `keyword` and `tags`.
pub(super) const OWNER: &str = "urn:xmppsync:xbel:1";

/// Writes the bookmarks as XBEL, the three roots as folders that say which they are. Characters that XML cannot carry
/// become U+FFFD.
pub(crate) fn write_xbel(tree: &PlainTree) -> String {
    let mut text = HEAD.to_owned();
    for (root, name, title) in [
        (Root::Toolbar, "toolbar", "Bookmarks Toolbar"),
        (Root::Menu, "menu", "Bookmarks Menu"),
        (Root::Other, "other", "Unsorted Bookmarks"),
    ] {
        indent(&mut text, 1);
        text.push_str("<folder>\n");
        write_element(&mut text, "title", title, 2);
        write_metadata(&mut text, &[("root", name)], 2);
        write_list(&mut text, tree.root(root), 2);
        indent(&mut text, 1);
        text.push_str("</folder>\n");
    }
    text.push_str("</xbel>\n");
    text
}

fn write_list(text: &mut String, items: &[PlainItem], level: usize) {
    for item in items {
        let inner = level.saturating_add(1);
        indent(text, level);
        let tag = match item.kind() {
            ItemKind::Separator => {
                text.push_str("<separator/>\n");
                continue;
            }
            ItemKind::Link => "bookmark",
            ItemKind::Folder => "folder",
        };
        text.push('<');
        text.push_str(tag);
        if item.kind() == ItemKind::Link {
            write_attribute(text, "href", &item.url);
        }
        if let Some(added) = item.added.and_then(dates::to_iso) {
            write_attribute(text, "added", &added);
        }
        text.push_str(">\n");
        write_element(text, "title", &item.title, inner);
        write_metadata(text, &[("keyword", &item.keyword), ("tags", &item.tags)], inner);
        write_element(text, "desc", &item.description, inner);
        write_list(text, &item.children, inner);
        indent(text, level);
        text.push_str("</");
        text.push_str(tag);
        text.push_str(">\n");
    }
}

fn write_element(text: &mut String, tag: &str, content: &str, level: usize) {
    if !content.is_empty() {
        indent(text, level);
        text.push('<');
        text.push_str(tag);
        text.push('>');
        write_escaped(text, content);
        text.push_str("</");
        text.push_str(tag);
        text.push_str(">\n");
    }
}

fn write_metadata(text: &mut String, values: &[(&str, &str)], level: usize) {
    if values.iter().all(|(_, value)| value.is_empty()) {
        return;
    }
    indent(text, level);
    text.push_str("<info><metadata");
    write_attribute(text, "owner", OWNER);
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        write_attribute(text, name, value);
    }
    text.push_str("/></info>\n");
}

fn write_attribute(text: &mut String, name: &str, value: &str) {
    text.push(' ');
    text.push_str(name);
    text.push_str("=\"");
    write_escaped(text, value);
    text.push('"');
}

fn write_escaped(text: &mut String, raw: &str) {
    if raw.chars().any(is_forbidden) {
        escape(text, &raw.replace(is_forbidden, "\u{fffd}"));
    } else {
        escape(text, raw);
    }
}

/// Whether XML has no way to carry a character (XML 1.0 §2.2).
fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}
