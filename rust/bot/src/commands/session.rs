// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `reset-session`.

use engine::Access;
use engine::client;

use super::{carried, print, state};
use crate::failure::Failure;
use crate::live::outcome;
use crate::settings::{Settings, parse_account};

pub(super) async fn reset(settings: &Settings, of: &str, device: u32) -> Result<(), Failure> {
    let jid = parse_account("ADDRESS", of)?;
    let command = client::Command::ResetSession {
        jid: jid.clone(),
        device,
    };
    if carried(settings, command.clone()).await?.is_none() {
        let events = state(settings, Access::Write)?.command(command.clone())?;
        events
            .iter()
            .find_map(|event| outcome(&command, event))
            .unwrap_or(Ok(()))?;
    }
    print(&format!(
        "The session with device {device} of {jid} is forgotten; a new one is made with the next message.\n"
    ))
}
