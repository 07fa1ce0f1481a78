// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `leave`.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use engine::client;
use engine::store::FILES;
use tokio::time::{Instant, sleep};

use super::{new_id, print};
use crate::failure::{Code, Failure};
use crate::live::{Live, outcome};
use crate::settings::{Role, Settings};

/// How long to wait before looking again whether all edits are sent.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

pub(super) async fn leave(settings: &Settings) -> Result<(), Failure> {
    if !settings.state_dir.exists() {
        // An engine would make a new device.
        return Err(engine::StateError::Empty.into());
    }
    let deadline = Instant::now()
        .checked_add(settings.timeout)
        .unwrap_or_else(Instant::now);
    let mut live = Live::start(settings.engine(Role::default())?)?;
    let result = leave_live(&mut live, deadline).await;
    live.stop();
    result?;
    let folder = settings.state_dir.display();
    remove_state(&settings.state_dir).map_err(|error| {
        Failure::new(
            Code::State,
            format!("this device has left the account, but its keys in {folder} could not be deleted: {error}. Delete that folder"),
        )
    })?;
    print(&format!(
        "This device has left {}. Its keys and bookmarks in {folder} are deleted.\n",
        settings.account
    ))
}

async fn leave_live(live: &mut Live, deadline: Instant) -> Result<(), Failure> {
    let what = "the device is still in the account: its edits did not reach the others";
    loop {
        live.settle(deadline, what).await?;
        if live.status().await?.unpublished == 0 || deadline <= Instant::now() {
            // What is left then, the client names in its refusal.
            break;
        }
        sleep(LOOK_AGAIN).await;
    }
    let command = client::Command::Leave { id: new_id() };
    live.command(command.clone())?;
    let what = "the server has not confirmed that the device is out of the account; nothing was deleted here";
    live.wait(deadline, what, |event| outcome(&command, event))
        .await?;
    // What it published as a device goes as well.
    live.settle(
        deadline,
        "the device is out of the account, but its keys may still be at the server; they were not deleted",
    )
    .await
}

/// Deletes what the bot made in the folder, and the folder where nothing else is in it.
fn remove_state(folder: &Path) -> std::io::Result<()> {
    for file in FILES.iter().chain(&[crate::control::SOCKET]) {
        match std::fs::remove_file(folder.join(file)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    match std::fs::remove_dir(folder) {
        Err(error) if error.kind() != ErrorKind::DirectoryNotEmpty => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_bot_made_is_deleted() {
        let top = tempfile::tempdir().unwrap();
        let folder = top.path().join("state");
        for foreign in [false, true] {
            std::fs::create_dir(&folder).unwrap();
            drop(engine::store::Store::open(&folder, &["t"], engine::Access::Write).unwrap());
            if foreign {
                std::fs::write(folder.join("notes.txt"), "mine").unwrap();
            }
            remove_state(&folder).unwrap();
            let left: Vec<_> = std::fs::read_dir(&folder)
                .map(|files| files.map(|file| file.unwrap().file_name()).collect())
                .unwrap_or_default();
            assert_eq!((folder.exists(), left.len()), (foreign, usize::from(foreign)));
        }
    }
}
