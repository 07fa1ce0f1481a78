// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `tabs`, `send-tabs` and `sent-tabs`.

use engine::client::{Command, Event, ParcelState, SentTabs, Tab};
use tokio::time::Instant;

use super::{beside_the_question, carried, carry, new_id, now, print, print_json};
use crate::failure::Failure;
use crate::live::{Live, outcome};
use crate::settings::{Role, Settings};
use crate::words;

pub(super) async fn show(settings: &Settings, json: bool) -> Result<(), Failure> {
    let command = Command::Tabs { id: new_id() };
    let Event::Tabs { devices, .. } = carry(settings, command).await? else {
        return Err(beside_the_question());
    };
    if json {
        print_json(&devices)
    } else {
        print(&words::tabs(&devices, now()))
    }
}

/// What this device has sent, and what has become of it.
pub(super) async fn show_sent(settings: &Settings, json: bool) -> Result<(), Failure> {
    let command = Command::SentTabs { id: new_id() };
    let sent = sent_of(carry(settings, command).await?)?;
    if json {
        print_json(&sent)
    } else {
        print(&words::sent_tabs(&sent, now()))
    }
}

/// Sends pages to a browser, and waits until the server has them; a bot that runs does that by itself.
pub(super) async fn send(settings: &Settings, device: u32, urls: Vec<String>) -> Result<(), Failure> {
    let tab = |url| Tab {
        url,
        title: String::new(),
    };
    let command = Command::SendTabs {
        id: new_id(),
        device,
        tabs: urls.into_iter().map(tab).collect(),
    };
    let sent = match carried(settings, command.clone()).await? {
        Some(event) => sent_of(event)?,
        None => send_live(settings, command).await?,
    };
    match sent.first() {
        Some(parcel) => print(&words::sent_tabs(std::slice::from_ref(parcel), now())),
        None => Err(beside_the_question()),
    }
}

async fn send_live(settings: &Settings, command: Command) -> Result<Vec<SentTabs>, Failure> {
    let deadline = Instant::now()
        .checked_add(settings.timeout)
        .unwrap_or_else(Instant::now);
    let mut live = Live::start(settings.engine(Role::default())?)?;
    let result = hand_over(&mut live, command, deadline).await;
    live.stop();
    result
}

async fn hand_over(live: &mut Live, command: Command, deadline: Instant) -> Result<Vec<SentTabs>, Failure> {
    let what = "nothing was sent: the account's devices were not fetched";
    live.settle(deadline, what).await?;
    live.command(command.clone())?;
    let mut accepted = false;
    let what = "the tabs are kept and are sent with the next connection: the server did not take them";
    live.wait(deadline, what, |event| {
        match outcome(&command, event) {
            Some(Ok(())) => accepted = true,
            Some(Err(failure)) => return Some(Err(failure)),
            None => {}
        }
        match event {
            // The latest is the first, and nothing else sends meanwhile.
            Event::SentTabs { sent, .. } if accepted && !waits_here(sent) => Some(Ok(sent.clone())),
            _ => None,
        }
    })
    .await
}

fn waits_here(sent: &[SentTabs]) -> bool {
    sent.first().is_none_or(|sent| sent.state == ParcelState::Sending)
}

fn sent_of(event: Event) -> Result<Vec<SentTabs>, Failure> {
    match event {
        Event::SentTabs { sent, .. } => Ok(sent),
        _ => Err(beside_the_question()),
    }
}
