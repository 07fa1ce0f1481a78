// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! From the bridge's types to the engine's and back.

use engine::ConnectionState;
use engine::client::ItemKind as Kind;
use engine::client::{self, HostInput, HostTree, Phase, Problem};
use serde::Serialize;

use crate::ffi::bridge::{EditKind, HostEdit, HostItem, ItemKind, SyncPhase, SyncProblem, SyncState};

/// One collection for the engine. An item of an unknown kind, which only a newer C++ side could send, is left out.
pub(crate) fn tree(generation: u64, items: Vec<HostItem>) -> HostInput {
    let items = items.into_iter().filter_map(host_item).collect();
    HostInput::Tree {
        generation,
        tree: HostTree { items },
    }
}

fn host_item(item: HostItem) -> Option<client::HostItem> {
    let kind = match item.kind {
        ItemKind::Folder => Kind::Folder,
        ItemKind::Link => Kind::Link,
        ItemKind::Separator => Kind::Separator,
        _ => return None,
    };
    Some(client::HostItem {
        token: item.token,
        parent: item.parent,
        kind,
        title: item.title,
        url: item.url,
        description: item.description,
        keyword: item.keyword,
    })
}

/// A batch's edits for C++.
pub(crate) fn edits(edits: Vec<client::HostEdit>) -> Vec<HostEdit> {
    edits.into_iter().map(host_edit).collect()
}

fn host_edit(edit: client::HostEdit) -> HostEdit {
    let empty = |edit: EditKind, token: u64| HostEdit {
        edit,
        token,
        parent: 0,
        index: 0,
        kind: ItemKind::Separator,
        title: String::new(),
        url: String::new(),
        description: String::new(),
        keyword: String::new(),
    };
    match edit {
        client::HostEdit::Insert { item, index } => HostEdit {
            edit: EditKind::Insert,
            token: item.token,
            parent: item.parent,
            index,
            kind: match item.kind {
                Kind::Folder => ItemKind::Folder,
                Kind::Link => ItemKind::Link,
                Kind::Separator => ItemKind::Separator,
            },
            title: item.title,
            url: item.url,
            description: item.description,
            keyword: item.keyword,
        },
        client::HostEdit::Move { token, parent, index } => HostEdit {
            parent,
            index,
            ..empty(EditKind::Move, token)
        },
        client::HostEdit::Update {
            token,
            title,
            url,
            description,
            keyword,
        } => HostEdit {
            title,
            url,
            description,
            keyword,
            ..empty(EditKind::Update, token)
        },
        client::HostEdit::Remove { token } => empty(EditKind::Remove, token),
    }
}

/// The connection's state without what comes with it.
pub(crate) fn state(state: &ConnectionState) -> SyncState {
    match state {
        ConnectionState::Offline => SyncState::Offline,
        ConnectionState::Connecting => SyncState::Connecting,
        ConnectionState::Authenticating => SyncState::Authenticating,
        ConnectionState::Online { .. } => SyncState::Online,
        ConnectionState::Waiting { .. } => SyncState::Waiting,
        ConnectionState::Failed { .. } => SyncState::Failed,
    }
}

/// The name that an enumeration's value has in the engine's JSON.
pub(crate) fn name(kind: impl Serialize) -> String {
    let name = serde_json::to_value(kind).ok();
    name.and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Something that is wrong.
pub(crate) fn problem(problem: Problem) -> SyncProblem {
    SyncProblem {
        kind: name(problem.kind),
        text: problem.text,
        cause: problem.cause,
    }
}

/// The synchronisation's phase.
pub(crate) fn phase(phase: Phase) -> SyncPhase {
    match phase {
        Phase::Offline => SyncPhase::Offline,
        Phase::Starting => SyncPhase::Starting,
        Phase::WaitingForDevice => SyncPhase::WaitingForDevice,
        Phase::Syncing => SyncPhase::Syncing,
        Phase::UpToDate => SyncPhase::UpToDate,
        Phase::Off => SyncPhase::Off,
        Phase::NeedsYou => SyncPhase::NeedsYou,
    }
}
