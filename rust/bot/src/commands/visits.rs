// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `visits` and `clear-visits`.

use engine::client::{Command, Event};
use tokio::time::Instant;

use super::look::overview;
use super::{beside_the_question, carried, carry, new_id, now, print, print_json};
use crate::failure::{Code, Failure};
use crate::live::Live;
use crate::settings::{Role, Settings};
use crate::words;

pub(super) async fn show(settings: &Settings, limit: usize, json: bool) -> Result<(), Failure> {
    let shared = overview(settings).await?.status.visits.is_some();
    let command = Command::Visits { id: new_id(), limit };
    let Event::Visits { pages, .. } = carry(settings, command).await? else {
        return Err(beside_the_question());
    };
    if json {
        print_json(&pages)
    } else if shared {
        print(&words::visits(&pages, now()))
    } else {
        Err(not_shared())
    }
}

/// Deletes the history on all devices, and waits until the server has that.
pub(super) async fn clear(settings: &Settings) -> Result<(), Failure> {
    if overview(settings).await?.status.visits.is_none() {
        return Err(not_shared());
    }
    let command = Command::ClearVisits { id: new_id() };
    if carried(settings, command.clone()).await?.is_none() {
        let deadline = Instant::now()
            .checked_add(settings.timeout)
            .unwrap_or_else(Instant::now);
        let mut live = Live::start(settings.engine(Role::default())?)?;
        let result = clear_live(&mut live, command, deadline).await;
        live.stop();
        result?;
    }
    print(
        "The history is deleted in all browsers that share it; those that are off follow when they are on.\n",
    )
}

async fn clear_live(live: &mut Live, command: Command, deadline: Instant) -> Result<(), Failure> {
    let what = "nothing was deleted: the account's devices were not fetched";
    live.settle(deadline, what).await?;
    live.command(command)?;
    live.settle(
        deadline,
        "the server has not confirmed that the history is deleted",
    )
    .await
}

fn not_shared() -> Failure {
    Failure::new(
        Code::Failure,
        "this device does not share the history: start the bot once with --share-visits yes",
    )
}
