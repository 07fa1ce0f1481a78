// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `send` and `listen`.

use std::io;
use std::path::Path;

use engine::client;
use jid::BareJid;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{carried, new_id, read_file};
use crate::control::{self, Reply, Request};
use crate::failure::{Code, Failure};
use crate::hub;
use crate::live::{Live, outcome};
use crate::printer::Printer;
use crate::settings::{Role, Settings, parse_account};

/// Sends `text`, all of stdin for `-`, or without a text each line of stdin by itself.
pub(super) async fn send(settings: &Settings, to: &str, text: Option<String>) -> Result<(), Failure> {
    let mut sender = Sender {
        settings,
        to: parse_account("the receiver", to)?,
        live: None,
    };
    let result = match text.as_deref() {
        None => sender.lines().await,
        Some("-") => match String::from_utf8(read_file(Path::new("-"))?) {
            Ok(text) => sender.send(text).await,
            Err(_) => Err(Failure::usage("the text is not UTF-8")),
        },
        Some(text) => sender.send(text.to_owned()).await,
    };
    if let Some(live) = sender.live {
        live.stop();
    }
    result
}

/// Sends messages through the process that holds the state, or where there is none by a connection of its own.
struct Sender<'a> {
    settings: &'a Settings,
    to: BareJid,
    /// The connection of its own, once it was needed.
    live: Option<Live>,
}

impl Sender<'_> {
    async fn lines(&mut self) -> Result<(), Failure> {
        let unreadable = |error| Failure::usage(format!("cannot read stdin: {error}"));
        let mut lines = lines_of_stdin();
        while let Some(line) = lines.recv().await {
            let line = line.map_err(unreadable)?;
            if !line.trim().is_empty() {
                self.send(line).await?;
            }
        }
        Ok(())
    }

    /// Sends one message and waits until the server has it.
    async fn send(&mut self, body: String) -> Result<(), Failure> {
        if body.is_empty() {
            return Err(Failure::usage("there is no text to send"));
        }
        let command = client::Command::SendChat {
            id: new_id(),
            to: self.to.clone(),
            body,
        };
        if self.live.is_none() && carried(self.settings, command.clone()).await?.is_some() {
            return Ok(());
        }
        let deadline = Instant::now()
            .checked_add(self.settings.timeout)
            .unwrap_or_else(Instant::now);
        let live = match &mut self.live {
            Some(live) => live,
            none => none.insert(Live::start(self.settings.engine(Role::default())?)?),
        };
        live.command(command.clone())?;
        live.wait(deadline, "the message was not sent", |event| {
            outcome(&command, event)
        })
        .await
    }
}

/// Reads stdin on a thread of its own: a runtime would wait at its end for a read that may never return.
fn lines_of_stdin() -> mpsc::Receiver<io::Result<String>> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in io::stdin().lines() {
            let broken = line.is_err();
            if sender.blocking_send(line).is_err() || broken {
                return;
            }
        }
    });
    receiver
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
