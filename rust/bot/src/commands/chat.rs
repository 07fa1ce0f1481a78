// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `send` and `listen`.

use std::path::Path;

use engine::client;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

use super::{carried, new_id, read_file};
use crate::control::{self, Reply, Request};
use crate::failure::{Code, Failure};
use crate::hub;
use crate::live::{Live, outcome};
use crate::printer::Printer;
use crate::settings::{Role, Settings, parse_account};

pub(super) async fn send(settings: &Settings, to: &str, text: String) -> Result<(), Failure> {
    let to = parse_account("the receiver", to)?;
    let body = if text == "-" {
        String::from_utf8(read_file(Path::new("-"))?).map_err(|_| Failure::usage("the text is not UTF-8"))?
    } else {
        text
    };
    if body.is_empty() {
        return Err(Failure::usage("there is no text to send"));
    }
    let command = client::Command::SendChat {
        id: new_id(),
        to,
        body,
    };
    if carried(settings, command.clone()).await?.is_some() {
        return Ok(());
    }
    let deadline = Instant::now()
        .checked_add(settings.timeout)
        .unwrap_or_else(Instant::now);
    let mut live = Live::start(settings.engine(Role::default())?)?;
    live.command(command.clone())?;
    let result = live
        .wait(deadline, "the message was not sent", |event| {
            outcome(&command, event)
        })
        .await;
    live.stop();
    result
}

pub(super) async fn listen(settings: &Settings, printer: &mut Printer) -> Result<(), Failure> {
    let Some(mut replies) = control::ask(&settings.state_dir, Request::Listen).await? else {
        let role = Role {
            chat: true,
            ..Role::default()
        };
        return hub::hold(settings, role, None, printer).await;
    };
    let on_signal = |kind| signal(kind).map_err(|error| Failure::new(Code::Failure, error));
    let (mut terminate, mut interrupt) = (
        on_signal(SignalKind::terminate())?,
        on_signal(SignalKind::interrupt())?,
    );
    while !printer.is_done() {
        let reply = tokio::select! {
            reply = replies.next() => reply?,
            _ = terminate.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
        };
        match reply {
            Reply::Event { event } => printer.event(&event),
            Reply::Listening { chat: true } => printer.say("Listening, through the running xmppsync-bot."),
            Reply::Listening { chat: false } => printer.say(
                "Listening, through the running xmppsync-bot. It leaves messages to the account's bare address to the \
                 account's chat programs: start it with --chat or --partner to have them here.",
            ),
            _ => {}
        }
    }
    Ok(())
}
