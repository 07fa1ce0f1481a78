// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The shape of Falkon's `bookmarks.json`, with two keys more (`id`, `added`) that Falkon passes over.

use std::collections::BTreeMap;

use engine::client::{ItemId, ItemKind, PlainItem, PlainTree, Root};
use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::firefox::read_firefox;
use super::{MAX_FOLDER_DEPTH, ParseError, Parsed, dates};

/// The version that Falkon writes.
const VERSION: u64 = 1;

/// Levels of JSON that one folder takes: its object and its list.
const LEVELS_PER_FOLDER: usize = 2;

/// Writes the bookmarks as JSON that Falkon reads.
///
/// # Errors
/// Never for a tree; the signature is serde's.
pub(crate) fn write_json(tree: &PlainTree) -> Result<String, serde_json::Error> {
    let roots = Root::ALL
        .into_iter()
        .map(|root| (key(root), Written::root(root, tree.root(root))))
        .collect();
    let mut text = serde_json::to_string_pretty(&WrittenFile {
        roots,
        version: VERSION,
    })?;
    text.push('\n');
    Ok(text)
}

/// Reads a file of that shape, which Chrome's has too, or Firefox's backup.
pub(super) fn read_json(text: &str) -> Result<Parsed, ParseError> {
    check_depth(text)?;
    let probe: Probe = parse(text)?;
    if probe.roots.is_none() && (probe.guid.is_some() || probe.root.is_some()) {
        return read_firefox(parse(text)?);
    }
    let file: ReadFile = parse(text)?;
    if let Some(found) = file.version.filter(|version| *version != VERSION) {
        return Err(ParseError::Version {
            found,
            known: VERSION,
        });
    }
    let roots = file.roots.ok_or(ParseError::NoRoots)?;
    let mut parsed = Parsed::default();
    for (name, root) in roots {
        let Some(root) = root.0 else { continue };
        match Root::ALL.into_iter().find(|root| key(*root) == name) {
            Some(place) => {
                let items = root.children.unwrap_or_default().into_iter();
                let items: Vec<PlainItem> = items.filter_map(|node| node.into_item(&mut parsed)).collect();
                parsed.root(place).extend(items);
            }
            // Chrome's bookmarks of phones, say: they go into a folder of that name.
            None if root
                .children
                .as_ref()
                .is_some_and(|children| !children.is_empty()) =>
            {
                let folder = ReadNode {
                    kind: Some("folder".to_owned()),
                    name: root.name.clone().filter(|title| !title.is_empty()).or(Some(name)),
                    ..root
                };
                let folder = folder.into_item(&mut parsed);
                parsed.tree.other.extend(folder);
            }
            None => {}
        }
    }
    Ok(parsed)
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // The depth has been checked: serde's own limit of 128 is below what Falkon writes.
    deserializer.disable_recursion_limit();
    let value = T::deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// A root's key in the file.
fn key(root: Root) -> &'static str {
    match root {
        Root::Toolbar => "bookmark_bar",
        Root::Menu => "bookmark_menu",
        Root::Other => "other",
    }
}

/// Falkon shows its own, localized names; these are for people who read the file.
fn title(root: Root) -> &'static str {
    match root {
        Root::Toolbar => "Bookmarks Toolbar",
        Root::Menu => "Bookmarks Menu",
        Root::Other => "Unsorted Bookmarks",
    }
}

/// Refuses what would exhaust the stack when it is parsed: counts brackets outside of strings.
fn check_depth(text: &str) -> Result<(), ParseError> {
    let limit = MAX_FOLDER_DEPTH
        .saturating_add(2)
        .saturating_mul(LEVELS_PER_FOLDER);
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth = depth.saturating_add(1),
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return Err(ParseError::TooDeep {
                limit: MAX_FOLDER_DEPTH,
            });
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct WrittenFile<'a> {
    roots: BTreeMap<&'static str, Written<'a>>,
    version: u64,
}

#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a ItemId>,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyword: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    tags: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<Vec<Written<'a>>>,
}

impl<'a> Written<'a> {
    fn root(root: Root, items: &'a [PlainItem]) -> Written<'a> {
        Written {
            id: None,
            kind: "folder",
            name: Some(title(root)),
            url: None,
            description: Some(""),
            keyword: None,
            tags: "",
            added: None,
            children: Some(items.iter().map(Written::item).collect()),
        }
    }

    fn item(item: &'a PlainItem) -> Written<'a> {
        let kind = item.kind();
        let is_link = kind == ItemKind::Link;
        let is_folder = kind == ItemKind::Folder;
        Written {
            id: item.id.as_ref(),
            kind: match kind {
                ItemKind::Folder => "folder",
                ItemKind::Link => "url",
                ItemKind::Separator => "separator",
            },
            name: (is_link || is_folder).then_some(&item.title),
            url: is_link.then_some(&item.url),
            description: (is_link || is_folder).then_some(&item.description),
            keyword: is_link.then_some(&item.keyword),
            tags: &item.tags,
            added: item.added,
            children: is_folder.then(|| item.children.iter().map(Written::item).collect()),
        }
    }
}

/// What tells the formats apart.
#[derive(Deserialize)]
struct Probe {
    roots: Option<IgnoredAny>,
    guid: Option<IgnoredAny>,
    root: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct ReadFile {
    version: Option<u64>,
    roots: Option<BTreeMap<String, ReadRoot>>,
}

/// A root; Chrome keeps numbers and texts beside them.
struct ReadRoot(Option<ReadNode>);

impl<'de> Deserialize<'de> for ReadRoot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ReadRoot, D::Error> {
        struct RootVisitor;
        impl<'de> Visitor<'de> for RootVisitor {
            type Value = ReadRoot;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a folder")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ReadRoot, A::Error> {
                ReadNode::deserialize(MapAccessDeserializer::new(map)).map(|node| ReadRoot(Some(node)))
            }
            fn visit_str<E>(self, _text: &str) -> Result<ReadRoot, E> {
                Ok(ReadRoot(None))
            }
            fn visit_u64<E>(self, _number: u64) -> Result<ReadRoot, E> {
                Ok(ReadRoot(None))
            }
            fn visit_unit<E>(self) -> Result<ReadRoot, E> {
                Ok(ReadRoot(None))
            }
        }
        deserializer.deserialize_any(RootVisitor)
    }
}

/// One node; ids are not read, for they belong to the tree that the file came from.
#[derive(Deserialize, Default)]
#[serde(default)]
struct ReadNode {
    #[serde(rename = "type")]
    kind: Option<String>,
    name: Option<String>,
    url: Option<String>,
    description: Option<String>,
    keyword: Option<String>,
    tags: Option<String>,
    added: Option<u64>,
    /// Chrome's.
    date_added: Option<String>,
    children: Option<Vec<ReadNode>>,
}

impl ReadNode {
    fn into_item(self, parsed: &mut Parsed) -> Option<PlainItem> {
        let kind = match self.kind.as_deref() {
            Some("url") => ItemKind::Link,
            Some("folder") => ItemKind::Folder,
            Some("separator") => ItemKind::Separator,
            None if self.url.is_some() => ItemKind::Link,
            None if self.children.is_some() => ItemKind::Folder,
            kind => {
                parsed.skip(&format!("unknown type {:?}", kind.unwrap_or("")));
                return None;
            }
        };
        // An empty address is one that a browser's user left empty; that is kept.
        if kind == ItemKind::Link && self.url.is_none() {
            parsed.skip("bookmark without an address");
            return None;
        }
        let url = self.url.unwrap_or_default();
        let children = self.children.unwrap_or_default().into_iter();
        Some(PlainItem {
            id: None,
            kind: Some(kind),
            title: self.name.unwrap_or_default(),
            url,
            description: self.description.unwrap_or_default(),
            keyword: self.keyword.unwrap_or_default(),
            tags: self.tags.unwrap_or_default(),
            added: self
                .added
                .or_else(|| self.date_added.as_deref().and_then(dates::from_chrome)),
            children: children.filter_map(|child| child.into_item(parsed)).collect(),
        })
    }
}
