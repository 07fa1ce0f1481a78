// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The tree as others see it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::state::{Slot, State};
use crate::{ItemId, Kind, Root};

/// All bookmarks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tree {
    /// The bookmarks toolbar.
    pub toolbar: Vec<TreeNode>,
    /// The bookmarks menu.
    pub menu: Vec<TreeNode>,
    /// What is filed elsewhere.
    pub other: Vec<TreeNode>,
}

/// One item and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeNode {
    /// Its name in every replica.
    pub id: ItemId,
    /// What it is.
    pub kind: Kind,
    /// `title`, `url`, `description`, `keyword`, and what a newer version knows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// What a folder holds, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<TreeNode>,
}

impl Tree {
    /// What a root holds.
    pub fn root(&self, root: Root) -> &[TreeNode] {
        match root {
            Root::Toolbar => &self.toolbar,
            Root::Menu => &self.menu,
            Root::Other => &self.other,
        }
    }

    /// The settled tree of a state.
    pub(crate) fn of(state: &State) -> Tree {
        let list = |root| {
            state
                .children(Slot::root(root))
                .filter_map(|slot| TreeNode::of(state, slot))
                .collect()
        };
        Tree {
            toolbar: list(Root::Toolbar),
            menu: list(Root::Menu),
            other: list(Root::Other),
        }
    }
}

impl TreeNode {
    /// The field's text; empty where there is none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn of(state: &State, slot: Slot) -> Option<TreeNode> {
        let node = state.node(slot);
        let text =
            |field: &crate::state::Field| (field.name.as_str().to_owned(), field.value.to_text().to_string());
        Some(TreeNode {
            id: node.id.clone(),
            kind: node.kind?,
            fields: node.fields.iter().map(text).collect(),
            children: state
                .children(slot)
                .filter_map(|child| TreeNode::of(state, child))
                .collect(),
        })
    }
}
