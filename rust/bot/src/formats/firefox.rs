// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Reads Firefox's JSON backup: one tree from `placesRoot` on, whose roots are told by their GUIDs.

use engine::client::{ItemKind, PlainItem, Root};
use serde::Deserialize;

use super::{ParseError, Parsed, dates};

/// The annotation that holds a bookmark's notes.
const DESCRIPTION: &str = "bookmarkProperties/description";

/// What Firefox's own queries start with; no other browser can open them.
const QUERY: &str = "place:";

/// Reads the whole backup, or the part of one that somebody cut out.
pub(super) fn read_firefox(top: Node) -> Result<Parsed, ParseError> {
    let mut parsed = Parsed::default();
    for node in top.children {
        match node.role() {
            Role::Root(root) => {
                let items = take(node.children, &mut parsed);
                parsed.root(root).extend(items);
            }
            // Tags stand with the bookmarks as well.
            Role::Tags => {}
            Role::None if node.children.is_empty() && node.kind() == Some(ItemKind::Folder) => {}
            Role::None => {
                let items = take(vec![node], &mut parsed);
                parsed.tree.other.extend(items);
            }
        }
    }
    Ok(parsed)
}

enum Role {
    Root(Root),
    Tags,
    None,
}

/// One node of the backup.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Node {
    guid: Option<String>,
    root: Option<String>,
    title: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    type_code: Option<u64>,
    uri: Option<String>,
    keyword: Option<String>,
    tags: Option<String>,
    date_added: Option<i64>,
    annos: Vec<Annotation>,
    children: Vec<Node>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Annotation {
    name: String,
    value: serde_json::Value,
}

impl Node {
    fn role(&self) -> Role {
        let name = self.guid.as_deref().filter(|guid| guid.ends_with('_'));
        match name.or(self.root.as_deref()) {
            Some("toolbar_____" | "toolbarFolder") => Role::Root(Root::Toolbar),
            Some("menu________" | "bookmarksMenuFolder") => Role::Root(Root::Menu),
            Some("unfiled_____" | "unfiledBookmarksFolder") => Role::Root(Root::Other),
            Some("tags________" | "tagsFolder") => Role::Tags,
            _ => Role::None,
        }
    }

    fn kind(&self) -> Option<ItemKind> {
        match (self.kind.as_deref(), self.type_code) {
            (Some("text/x-moz-place"), _) | (None, Some(1)) => Some(ItemKind::Link),
            (Some("text/x-moz-place-container"), _) | (None, Some(2)) => Some(ItemKind::Folder),
            (Some("text/x-moz-place-separator"), _) | (None, Some(3)) => Some(ItemKind::Separator),
            _ => None,
        }
    }

    fn into_item(self, parsed: &mut Parsed) -> Option<PlainItem> {
        let Some(kind) = self.kind() else {
            let kind = self.kind.unwrap_or_default();
            parsed.skip(&format!("unknown type {kind:?}"));
            return None;
        };
        if kind == ItemKind::Link && self.uri.is_none() {
            parsed.skip("bookmark without an address");
            return None;
        }
        if self.uri.as_ref().is_some_and(|uri| uri.starts_with(QUERY)) {
            parsed.skip("query of Firefox (place:), which no other browser knows");
            return None;
        }
        let notes = self.annos.into_iter().find(|anno| anno.name == DESCRIPTION);
        let description = match notes.map(|anno| anno.value) {
            Some(serde_json::Value::String(text)) => text,
            _ => String::new(),
        };
        Some(PlainItem {
            id: None,
            kind: Some(kind),
            title: self.title.unwrap_or_default(),
            url: self.uri.unwrap_or_default(),
            description,
            keyword: self.keyword.unwrap_or_default(),
            tags: self.tags.unwrap_or_default(),
            added: self.date_added.and_then(dates::from_us),
            children: take(self.children, parsed),
        })
    }
}

fn take(nodes: Vec<Node>, parsed: &mut Parsed) -> Vec<PlainItem> {
    nodes
        .into_iter()
        .filter_map(|node| node.into_item(parsed))
        .collect()
}
