// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Writes the Netscape bookmark file, which every browser imports.

use engine::client::{ItemKind, PlainItem, PlainTree, Root};

use super::markup::{escape, indent};

const HEAD: &str = "<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- Written by xmppsync-bot. Browsers import this file. -->
<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
";

/// Milliseconds in the unit of `ADD_DATE`, the second.
const MS_PER_SECOND: u64 = 1000;

/// The attribute that has the date in milliseconds, where these are no whole seconds.
pub(super) const ADDED_MS: &str = "ADDED_MS";

/// Writes the bookmarks as HTML. The bookmarks menu is the top level, as Firefox has it; the other two roots are folders
/// that browsers know by an attribute.
pub(crate) fn write_html(tree: &PlainTree) -> String {
    let mut text = HEAD.to_owned();
    write_root(
        &mut text,
        tree,
        Root::Toolbar,
        "PERSONAL_TOOLBAR_FOLDER",
        "Bookmarks Toolbar",
    );
    write_list(&mut text, tree.root(Root::Menu), 1);
    write_root(
        &mut text,
        tree,
        Root::Other,
        "UNFILED_BOOKMARKS_FOLDER",
        "Other Bookmarks",
    );
    text.push_str("</DL><p>\n");
    text
}

fn write_root(text: &mut String, tree: &PlainTree, root: Root, attribute: &str, title: &str) {
    indent(text, 1);
    text.push_str("<DT><H3");
    write_attribute(text, attribute, "true");
    text.push('>');
    text.push_str(title);
    text.push_str("</H3>\n");
    write_children(text, tree.root(root), 1);
}

fn write_children(text: &mut String, items: &[PlainItem], level: usize) {
    indent(text, level);
    text.push_str("<DL><p>\n");
    write_list(text, items, level.saturating_add(1));
    indent(text, level);
    text.push_str("</DL><p>\n");
}

fn write_list(text: &mut String, items: &[PlainItem], level: usize) {
    for item in items {
        indent(text, level);
        match item.kind() {
            ItemKind::Separator => text.push_str("<HR>\n"),
            ItemKind::Link => {
                text.push_str("<DT><A");
                write_attribute(text, "HREF", &item.url);
                write_dates(text, item);
                for (name, value) in [("SHORTCUTURL", &item.keyword), ("TAGS", &item.tags)] {
                    if !value.is_empty() {
                        write_attribute(text, name, value);
                    }
                }
                write_title(text, &item.title, "A");
                write_description(text, &item.description, level);
            }
            ItemKind::Folder => {
                text.push_str("<DT><H3");
                write_dates(text, item);
                write_title(text, &item.title, "H3");
                write_description(text, &item.description, level);
                write_children(text, &item.children, level);
            }
        }
    }
}

fn write_dates(text: &mut String, item: &PlainItem) {
    let Some(ms) = item.added else { return };
    let seconds = ms.checked_div(MS_PER_SECOND).unwrap_or_default();
    write_attribute(text, "ADD_DATE", &seconds.to_string());
    // Browsers pass over this; it brings the date back as it was.
    if seconds.checked_mul(MS_PER_SECOND) != Some(ms) {
        write_attribute(text, ADDED_MS, &ms.to_string());
    }
}

fn write_title(text: &mut String, title: &str, tag: &str) {
    text.push('>');
    escape(text, title);
    text.push_str("</");
    text.push_str(tag);
    text.push_str(">\n");
}

/// The end tag is optional; written, it tells which white space belongs to the notes.
fn write_description(text: &mut String, description: &str, level: usize) {
    if !description.is_empty() {
        indent(text, level);
        text.push_str("<DD>");
        escape(text, description);
        text.push_str("</DD>\n");
    }
}

fn write_attribute(text: &mut String, name: &str, value: &str) {
    text.push(' ');
    text.push_str(name);
    text.push_str("=\"");
    escape(text, value);
    text.push('"');
}
