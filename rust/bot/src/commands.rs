// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The commands. While another process holds the state they ask it; otherwise they open the state themselves.

mod bookmarks;
mod chat;
mod forget;
mod history;
mod hold;
mod leave;
mod look;
mod session;
mod tabs;
mod trust;
mod verify;
mod visits;

use std::io::{Read, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use engine::client::{self, Event};
use engine::{Access, State, open_state};
use tokio::time::timeout;

use crate::cli::Command;
use crate::control::{self, Replies, Reply, Request};
use crate::exports::Exports;
use crate::failure::{Code, Failure};
use crate::live::outcome;
use crate::printer::{Messages, Printer};
use crate::settings::{Role, Settings};
use crate::{hub, words};

/// Carries a command out.
pub(crate) async fn execute(settings: &Settings, command: Command) -> Result<(), Failure> {
    match command {
        Command::Run {
            chat,
            file_links,
            export_to,
            export_format,
        } => {
            let exports = export_to
                .map(|folder| Exports::new(folder, export_format))
                .transpose()?;
            let role = Role {
                chat: chat || file_links,
                file_links,
            };
            hub::hold(settings, role, exports, &mut Printer::new(Messages::No, None)).await
        }
        Command::Status { json } => look::status(settings, json).await,
        Command::Devices { json } => look::devices(settings, json).await,
        Command::Tabs { json } => tabs::show(settings, json).await,
        Command::SendTabs { device, url } => tabs::send(settings, device, url).await,
        Command::SentTabs { json } => tabs::show_sent(settings, json).await,
        Command::Visits { limit, json } => visits::show(settings, limit, json).await,
        Command::ClearVisits => visits::clear(settings).await,
        Command::Fingerprint { uri: false, .. } => look::fingerprint(settings),
        Command::Fingerprint { older, qr, .. } => look::uri(settings, older, qr),
        Command::Verify { device } => verify::verify(settings, device).await,
        Command::Trust { fingerprint } if trust::is_uri(&fingerprint) => {
            trust::take_uri(settings, fingerprint.concat()).await
        }
        Command::Trust { fingerprint } => {
            trust::set(settings, &fingerprint, client::TrustLevel::Authenticated).await
        }
        Command::Distrust { fingerprint } => {
            trust::set(settings, &fingerprint, client::TrustLevel::ManuallyDistrusted).await
        }
        Command::Forget { device, of } => forget::forget(settings, device, of.as_deref()).await,
        Command::Leave => leave::leave(settings).await,
        Command::ResetSession { of, device } => session::reset(settings, &of, device).await,
        Command::Import { file, into, dry_run } => {
            bookmarks::import(settings, &file, into.into(), dry_run).await
        }
        // These need no account; `main` has seen to them.
        Command::Completions { .. } | Command::Manual => Ok(()),
        Command::History { what } => history::execute(settings, what).await,
        Command::Export { at, format, output } => {
            bookmarks::export(settings, format, at.as_deref(), output.as_deref())
        }
        Command::Held { json } => hold::show(settings, json).await,
        Command::Accept { question } => hold::answer(settings, question.as_deref(), true).await,
        Command::Refuse { question } => hold::answer(settings, question.as_deref(), false).await,
        // `--lines` is the absence of a text.
        Command::Send { to, text, lines: _ } => chat::send(settings, &to, text).await,
        Command::Listen { json, count } => {
            let messages = if json { Messages::Json } else { Messages::Text };
            chat::listen(settings, &mut Printer::new(messages, count)).await
        }
    }
}

/// The state without a network. For reading, another process may hold it.
fn state(settings: &Settings, access: Access) -> Result<State, Failure> {
    if access == Access::Write && !settings.state_dir.exists() {
        // Opened for writing, a folder is made; there is nothing to change in one that does not exist.
        return Err(engine::StateError::Empty.into());
    }
    Ok(open_state(
        &settings.state_dir,
        settings.client(Role::default()),
        access,
    )?)
}

/// Has the process that holds the state carry a command out; `None` when there is none.
async fn carried(settings: &Settings, command: client::Command) -> Result<Option<Event>, Failure> {
    let Some(mut replies) = control::ask(&settings.state_dir, Request::Carry { command }).await? else {
        return Ok(None);
    };
    match in_time(settings, &mut replies).await? {
        Reply::Event { event } => Ok(Some(event)),
        _ => Err(beside_the_question()),
    }
}

/// Has the command carried out by the process that holds the state, or where there is none, on the state itself.
async fn carry(settings: &Settings, command: client::Command) -> Result<Event, Failure> {
    if let Some(event) = carried(settings, command.clone()).await? {
        return Ok(event);
    }
    let events = state(settings, Access::Write)?.command(command.clone())?;
    let answer = events
        .into_iter()
        .find_map(|event| outcome(&command, &event).map(|outcome| outcome.map(|()| event)));
    answer.unwrap_or_else(|| Err(Failure::new(Code::Failure, "the command was not answered")))
}

/// All devices that are known: a process that holds the state has met more than what is saved.
async fn known_devices(settings: &Settings) -> Result<Vec<client::Device>, Failure> {
    match control::ask(&settings.state_dir, Request::Devices).await? {
        Some(mut replies) => match in_time(settings, &mut replies).await? {
            Reply::Devices { devices } => Ok(devices),
            _ => Err(beside_the_question()),
        },
        None => Ok(state(settings, Access::Read)?.client().devices()),
    }
}

fn beside_the_question() -> Failure {
    Failure::new(
        Code::Failure,
        "the running xmppsync-bot answered something else than was asked: restart it",
    )
}

/// The next reply, within the time that the user gives it.
async fn in_time(settings: &Settings, replies: &mut Replies) -> Result<Reply, Failure> {
    timeout(settings.timeout, replies.next()).await.unwrap_or_else(|_elapsed| {
        Err(Failure::new(
            Code::Unreachable,
            "the running xmppsync-bot did not get it done in time (--timeout); `xmppsync-bot status` says how it goes",
        ))
    })
}

/// Writes text to stdout.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::new(Code::Failure, format!("cannot write to stdout: {error}")))
}

/// Writes a value to stdout as JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::new(Code::Failure, error))?;
    print(&(text + "\n"))
}

/// The bytes of a file, or of stdin for `-`.
fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_length| ())
    } else {
        std::fs::read(path).map(|content| bytes = content)
    };
    result.map_err(|error| Failure::usage(format!("cannot read {}: {error}", path.display())))?;
    Ok(bytes)
}

/// A name for a command, which its answer carries.
fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Milliseconds since the Unix epoch.
pub(crate) fn now() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
