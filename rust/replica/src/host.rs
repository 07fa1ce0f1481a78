// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! What a host (a browser) and a replica tell each other: whole trees one way, batches of edits the other.

use serde::{Deserialize, Serialize};

use crate::Kind;

/// Tokens that the replica gives to items it inserts start here; the host's own are smaller.
pub const FIRST_REPLICA_TOKEN: u64 = 1 << 62;

/// One item of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostItem {
    /// Names the item as long as the host runs.
    pub token: u64,
    /// The token of its folder; 1, 2 and 3 are the roots toolbar, menu and other.
    pub parent: u64,
    /// What it is.
    pub kind: Kind,
    /// Its title; of a folder or a link.
    pub title: String,
    /// Its address; of a link.
    pub url: String,
    /// The user's notes; of a folder or a link.
    pub description: String,
    /// The word that opens it from the address bar; of a link.
    pub keyword: String,
}

/// All bookmarks of the host: every item after its folder, siblings in their order. The roots themselves are not listed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HostTree {
    /// The items.
    pub items: Vec<HostItem>,
}

/// One change to the host's tree. Every prefix of a batch leaves a proper tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum HostEdit {
    /// Puts a new item into its folder so that it is the child number `index`.
    Insert {
        /// The item; its token is chosen by the replica.
        item: HostItem,
        /// Its place among its new siblings.
        index: u32,
    },
    /// Takes an item out and puts it, with all it holds, into a folder.
    Move {
        /// The item.
        token: u64,
        /// The folder's token.
        parent: u64,
        /// Its place among its new siblings, counted after it was taken out.
        index: u32,
    },
    /// Writes an item's fields, all of them.
    Update {
        /// The item.
        token: u64,
        /// Its title from now on.
        title: String,
        /// Its address from now on.
        url: String,
        /// Its notes from now on.
        description: String,
        /// Its keyword from now on.
        keyword: String,
    },
    /// Removes an item and all it still holds.
    Remove {
        /// The item.
        token: u64,
    },
}

/// Edits that the host applies in order, all or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Names the batch in [`crate::Replica::applied`].
    pub number: u64,
    /// The collection that it is based on: a host whose tree has changed since drops the batch and collects again.
    pub generation: u64,
    /// What to do.
    pub edits: Vec<HostEdit>,
}

/// What the user had done in the host since the last collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reconciled {
    /// Items that are new to the replica.
    pub added: u64,
    /// Items whose title, address, notes or keyword changed.
    pub changed: u64,
    /// Items in another folder or at another place in it.
    pub moved: u64,
    /// Items that are gone, those inside removed folders among them.
    pub removed: u64,
    /// Items that are gone from the host, and wait for the user before they go elsewhere ([`crate::Replica::held`]).
    pub held: u64,
    /// Items found by content instead of by token: after a start, or at the first join.
    pub matched: u64,
}
