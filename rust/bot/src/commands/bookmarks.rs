// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `export` and `import`.

use std::path::Path;

use engine::Access;
use engine::client::{self, Event, PlainTree, Root};
use tokio::time::Instant;

use super::{carried, history, new_id, print, read_file, state, words};
use crate::cli::Format;
use crate::failure::{Code, Failure};
use crate::live::{Live, outcome};
use crate::settings::{Role, Settings};
use crate::{exports, formats};

pub(super) fn export(
    settings: &Settings,
    format: Format,
    at: Option<&str>,
    output: Option<&Path>,
) -> Result<(), Failure> {
    let state = state(settings, Access::Read)?;
    let tree = match at {
        None => PlainTree::from(&state.client().bookmarks()),
        Some(when) => {
            let copy = history::find(&state.client().history(), when)?;
            let tree = state.client().history_tree(copy.at);
            tree.map_err(|reason| Failure::new(Code::Failure, reason))?
        }
    };
    let text = exports::write(&tree, format)?;
    match output {
        None => print(&text),
        Some(path) => exports::replace(path, &text),
    }
}

pub(super) async fn import(
    settings: &Settings,
    file: &Path,
    rest: Root,
    dry_run: bool,
) -> Result<(), Failure> {
    let parsed = formats::read(&read_file(file)?, rest)
        .map_err(|error| Failure::usage(format!("cannot import {}: {error}", file.display())))?;
    for (reason, number) in &parsed.skipped {
        eprintln!("Left out {number}: {reason}.");
    }
    let command = client::Command::Import {
        id: new_id(),
        tree: parsed.tree,
        dry_run,
    };
    match carried(settings, command.clone()).await? {
        Some(event) => report(&event, dry_run),
        None if dry_run => count(settings, &command),
        None => report(&import_directly(settings, command).await?, dry_run),
    }
}

/// What an import would do to the bookmarks as they were last saved.
fn count(settings: &Settings, command: &client::Command) -> Result<(), Failure> {
    let client::Command::Import { id, tree, .. } = command else {
        return Ok(());
    };
    let state = state(settings, Access::Read)?;
    let (added, matched) = state.client().count_import(tree).map_err(|error| {
        Failure::new(
            Code::Failure,
            format!("{error}. `xmppsync-bot status` says how it goes"),
        )
    })?;
    let id = id.clone();
    report(&Event::Imported { id, added, matched }, true)
}

fn report(event: &Event, dry_run: bool) -> Result<(), Failure> {
    match event {
        Event::Imported { added, matched, .. } if dry_run => print(&format!(
            "{added} would be added, {matched} there already. Nothing was changed.\n"
        )),
        Event::Imported { added, matched, .. } => {
            print(&format!("{added} added, {matched} there already.\n"))
        }
        event => Err(Failure::new(
            Code::Failure,
            format!("an unexpected answer: {event:?}"),
        )),
    }
}

/// Connects, imports once this replica has met the account's bookmarks, and stays until others can have it.
async fn import_directly(settings: &Settings, command: client::Command) -> Result<Event, Failure> {
    let deadline = Instant::now()
        .checked_add(settings.timeout)
        .unwrap_or_else(Instant::now);
    let mut live = Live::start(settings.engine(Role::default())?)?;
    let result = import_live(&mut live, command, deadline).await;
    live.stop();
    result
}

async fn import_live(live: &mut Live, command: client::Command, deadline: Instant) -> Result<Event, Failure> {
    if !live.status().await?.joined {
        let joined = |event: &Event| match event {
            Event::Status(status) if status.joined => Some(Ok(())),
            _ => None,
        };
        let what = "nothing was imported: this new device has not met the account's bookmarks";
        live.wait(deadline, what, joined).await?;
    }
    live.command(command.clone())?;
    let imported = live
        .wait(deadline, "the import was not done", |event| {
            outcome(&command, event).map(|outcome| outcome.map(|()| event.clone()))
        })
        .await?;
    let Event::Imported { added, matched, .. } = &imported else {
        return Ok(imported);
    };
    let what = format!(
        "{} added and {} there already, but the other devices cannot see them yet: `xmppsync-bot run` will publish \
         them. They were not published",
        words::count(*added, "item"),
        words::count(*matched, "item")
    );
    while live.status().await?.unpublished > 0 {
        let status = |event: &Event| matches!(event, Event::Status(_)).then_some(Ok(()));
        live.wait(deadline, &what, status).await?;
    }
    Ok(imported)
}
