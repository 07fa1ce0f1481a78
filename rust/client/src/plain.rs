// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Plain bookmarks: what people, bots and other programs read and write. No stamps, no version vectors.

use std::collections::BTreeMap;

use replica::{FlatItem, ItemId, Kind, Root, Tree, TreeNode};
use serde::{Deserialize, Serialize};

/// A tree of plain bookmarks, or a part of one to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainTree {
    /// What the bookmarks toolbar holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub toolbar: Vec<PlainItem>,
    /// What the bookmarks menu holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub menu: Vec<PlainItem>,
    /// What is filed elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<PlainItem>,
}

/// One plain bookmark, folder or separator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainItem {
    /// Its id in the shared tree. In an import it is ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ItemId>,
    /// `folder`, `link` or `sep`; where missing, an item with an address is a link, any other a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Its title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// The user's notes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The word that opens it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub keyword: String,
    /// Its tags, separated by commas.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tags: String,
    /// When it was added, in milliseconds since the Unix epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<u64>,
    /// What a folder holds, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<PlainItem>,
}

impl PlainTree {
    /// What a root holds.
    #[must_use]
    pub fn root(&self, root: Root) -> &[PlainItem] {
        match root {
            Root::Toolbar => &self.toolbar,
            Root::Menu => &self.menu,
            Root::Other => &self.other,
        }
    }

    /// How many items there are.
    #[must_use]
    pub fn count(&self) -> usize {
        Root::ALL
            .into_iter()
            .flat_map(|root| self.root(root))
            .map(PlainItem::count)
            .sum()
    }
}

impl From<&Tree> for PlainTree {
    fn from(tree: &Tree) -> PlainTree {
        let list = |root| tree.root(root).iter().map(PlainItem::from).collect();
        PlainTree {
            toolbar: list(Root::Toolbar),
            menu: list(Root::Menu),
            other: list(Root::Other),
        }
    }
}

impl From<&[FlatItem]> for PlainTree {
    /// The tree that a list makes in which every item comes after its folder.
    fn from(items: &[FlatItem]) -> PlainTree {
        let mut children: BTreeMap<&str, Vec<&FlatItem>> = BTreeMap::new();
        for item in items {
            children.entry(item.parent.as_str()).or_default().push(item);
        }
        // Cut off where no tree goes: a list from a damaged file may name itself.
        fn list(parent: &str, children: &BTreeMap<&str, Vec<&FlatItem>>, depth: usize) -> Vec<PlainItem> {
            let held = children.get(parent).filter(|_| depth <= replica::MAX_DEPTH);
            held.into_iter()
                .flatten()
                .map(|item| PlainItem {
                    children: list(item.id.as_str(), children, depth.saturating_add(1)),
                    ..PlainItem::of(&item.id, item.kind, &item.fields)
                })
                .collect()
        }
        let root = |root| list(ItemId::root(root).as_str(), &children, 0);
        PlainTree {
            toolbar: root(Root::Toolbar),
            menu: root(Root::Menu),
            other: root(Root::Other),
        }
    }
}

impl PlainItem {
    /// An item of the shared tree, without what it holds.
    fn of(id: &ItemId, kind: Kind, fields: &BTreeMap<String, String>) -> PlainItem {
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        PlainItem {
            id: Some(id.clone()),
            kind: Some(kind),
            title: field("title"),
            url: field("url"),
            description: field("description"),
            keyword: field("keyword"),
            tags: field("tags"),
            added: field("added").parse().ok(),
            children: Vec::new(),
        }
    }

    /// What it is: `kind`, or what its other fields tell.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind.unwrap_or(if self.url.is_empty() {
            Kind::Folder
        } else {
            Kind::Link
        })
    }

    /// Its fields as the tree knows them; empty ones are left out.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<String, String> {
        let added = self.added.map(|ms| ms.to_string()).unwrap_or_default();
        [
            ("title", &self.title),
            ("url", &self.url),
            ("description", &self.description),
            ("keyword", &self.keyword),
            ("tags", &self.tags),
            ("added", &added),
        ]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| (name.to_owned(), text.clone()))
        .collect()
    }

    fn count(&self) -> usize {
        self.children
            .iter()
            .map(PlainItem::count)
            .sum::<usize>()
            .saturating_add(1)
    }
}

impl From<&TreeNode> for PlainItem {
    fn from(node: &TreeNode) -> PlainItem {
        PlainItem {
            children: node.children.iter().map(PlainItem::from).collect(),
            ..PlainItem::of(&node.id, node.kind, &node.fields)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serialized_form_is_stable() {
        let json = r#"{"menu":[{"title":"Reading","children":[{"title":"News","url":"https://news.example/"},{"kind":"sep"}]}]}"#;
        let tree: PlainTree = serde_json::from_str(json).unwrap();
        assert_eq!(tree.count(), 3);
        assert_eq!(tree.menu[0].kind(), Kind::Folder);
        assert_eq!(tree.menu[0].children[0].kind(), Kind::Link);
        assert_eq!(tree.menu[0].children[1].kind(), Kind::Separator);
        assert_eq!(serde_json::to_string(&tree).unwrap(), json);
    }

    #[test]
    fn a_date_and_tags_become_fields_of_the_tree() {
        let json = r#"{"title":"News","url":"https://news.example/","tags":"a,b","added":1700000000000}"#;
        let item: PlainItem = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&item).unwrap(), json);
        assert_eq!(item.fields()["added"], "1700000000000");
        assert_eq!(item.fields()["tags"], "a,b");
    }
}
