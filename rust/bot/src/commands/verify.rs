// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `verify`: comparing keys with another device by emoji.

use std::io::{BufRead, Write};
use std::time::Duration;

use engine::client::{Command, Emoji, Event, VerificationState};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::{carried, print};
use crate::control::{self, Replies, Reply, Request};
use crate::failure::{Code, Failure};
use crate::live::Live;
use crate::settings::{Role, Settings};

/// How long the other device's user may take for each answer; the comparison itself is given up a little earlier.
const PATIENCE: Duration = Duration::from_secs(11 * 60);

/// Compares keys, through the process that holds the state or by itself.
pub(super) async fn verify(settings: &Settings, device: u32) -> Result<(), Failure> {
    let mut line = match control::ask(&settings.state_dir, Request::Verify { device }).await? {
        Some(replies) => Line::Hub { settings, replies },
        None => {
            let mut live = Live::start(settings.engine(Role::default())?)?;
            let deadline = Instant::now()
                .checked_add(settings.timeout)
                .unwrap_or_else(Instant::now);
            let ready = live
                .settle(deadline, "the account's devices were not fetched")
                .await;
            if let Err(failure) = ready.and_then(|()| live.command(Command::Verify { device })) {
                live.stop();
                return Err(failure);
            }
            Line::Own(Box::new(live))
        }
    };
    let result = compare(&mut line, device).await;
    if let Line::Own(live) = &mut line {
        // What was said last reaches the server, if it can be reached.
        let deadline = Instant::now()
            .checked_add(Duration::from_secs(5))
            .unwrap_or_else(Instant::now);
        let _told = live.settle(deadline, "the other device was not told").await;
    }
    if let Line::Own(live) = line {
        live.stop();
    }
    result
}

/// Where the comparison is carried out.
enum Line<'a> {
    /// In the process that holds the state.
    Hub {
        settings: &'a Settings,
        replies: Replies,
    },
    /// Here.
    Own(Box<Live>),
}

impl Line<'_> {
    async fn next(&mut self) -> Result<Event, Failure> {
        loop {
            match self {
                Line::Hub { replies, .. } => {
                    if let Reply::Event { event } = replies.next().await? {
                        return Ok(event);
                    }
                }
                Line::Own(live) => {
                    if let engine::Event::Client(event) = live.next().await? {
                        return Ok(event);
                    }
                }
            }
        }
    }

    async fn command(&mut self, command: Command) -> Result<(), Failure> {
        match self {
            Line::Hub { settings, .. } => carried(settings, command).await.map(drop),
            Line::Own(live) => live.command(command),
        }
    }
}

async fn compare(line: &mut Line<'_>, device: u32) -> Result<(), Failure> {
    let mut answer: Option<oneshot::Receiver<bool>> = None;
    loop {
        let deadline = Instant::now().checked_add(PATIENCE).unwrap_or_else(Instant::now);
        let event = tokio::select! {
            event = timeout_at(deadline, line.next()) => event.unwrap_or_else(|_elapsed| Err(Failure::new(
                Code::Unreachable,
                "nothing was heard of the other device in time",
            )))?,
            said = wait(&mut answer) => {
                line.command(Command::ConfirmEmoji { device, matches: said }).await?;
                continue;
            }
        };
        match event {
            Event::Verification {
                device: of,
                label,
                verification,
            } if of == device => match verification {
                VerificationState::Waiting => {
                    let label = crate::words::visible(label.as_deref().unwrap_or("no name"));
                    print(&format!(
                        "Waiting for device {device} ({label}): agree there, or run `xmppsync-bot verify` there.\n"
                    ))?;
                }
                VerificationState::Requested => line.command(Command::Verify { device }).await?,
                VerificationState::Compare { emoji } => {
                    print(&shown(&emoji))?;
                    answer = Some(ask());
                }
                VerificationState::Confirmed => print("Waiting for the answer on the other device.\n")?,
                VerificationState::Authenticated => {
                    return print(&format!(
                        "Device {device} is authenticated, and so is this one there.\n"
                    ));
                }
                VerificationState::Cancelled { reason, .. } => {
                    return Err(Failure::new(Code::Failure, reason));
                }
            },
            Event::CommandFailed { id, reason, .. } if id == "verify" => {
                return Err(Failure::new(Code::Failure, reason));
            }
            _ => {}
        }
    }
}

/// What the user has answered, once the question was asked.
async fn wait(answer: &mut Option<oneshot::Receiver<bool>>) -> bool {
    let said = match answer {
        Some(receiver) => receiver.await,
        None => std::future::pending().await,
    };
    *answer = None;
    match said {
        Ok(said) => said,
        // Stdin has ended: nobody answers any more, and nothing was compared.
        Err(_closed) => std::future::pending().await,
    }
}

/// Reads the answer on a thread of its own, which ends with the process.
fn ask() -> oneshot::Receiver<bool> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let mut lines = std::io::stdin().lock().lines();
        loop {
            eprint!("Does the other device show the same seven? [yes/no] ");
            let _flushed = std::io::stderr().flush();
            let Some(Ok(line)) = lines.next() else { return };
            if let Some(said) = parse(&line) {
                let _gone = sender.send(said);
                return;
            }
        }
    });
    receiver
}

fn parse(line: &str) -> Option<bool> {
    match line.trim().to_lowercase().as_str() {
        "yes" | "y" => Some(true),
        "no" | "n" => Some(false),
        _ => None,
    }
}

fn shown(emoji: &[Emoji]) -> String {
    let lines: Vec<String> = emoji
        .iter()
        .map(|emoji| format!("  {}  {}", emoji.symbol, emoji.name))
        .collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_answer_is_one() {
        assert_eq!(parse(" Yes\n"), Some(true));
        assert_eq!(parse("n"), Some(false));
        assert_eq!(parse(""), None);
        assert_eq!(parse("maybe"), None);
    }

    #[test]
    fn each_emoji_has_its_name() {
        let emoji = Emoji {
            symbol: "🐶".into(),
            name: "Dog".into(),
        };
        assert_eq!(shown(&[emoji.clone(), emoji]), "  🐶  Dog\n  🐶  Dog\n");
    }
}
