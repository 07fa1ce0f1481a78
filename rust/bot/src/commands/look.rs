// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What only looks: `status`, `devices`, `fingerprint`.

use engine::{Access, ConnectionState};

use super::{beside_the_question, in_time, known_devices, now, print, print_json, state};
use crate::control::{self, Overview, Reply, Request};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::words;

pub(super) async fn status(settings: &Settings, json: bool) -> Result<(), Failure> {
    let overview = overview(settings).await?;
    if json {
        print_json(&overview)
    } else {
        print(&words::overview(&overview))
    }
}

/// How it goes: as the process that holds the state says, or as it was last saved.
pub(super) async fn overview(settings: &Settings) -> Result<Overview, Failure> {
    Ok(match control::ask(&settings.state_dir, Request::Status).await? {
        Some(mut replies) => match in_time(settings, &mut replies).await? {
            Reply::Status(overview) => *overview,
            _ => return Err(beside_the_question()),
        },
        None => {
            let state = state(settings, Access::Read)?;
            Overview {
                account: settings.account.to_string(),
                running: false,
                connection: ConnectionState::Offline,
                device: state.client().device_id(),
                fingerprint: state.client().fingerprint(),
                status: state.client().status(),
            }
        }
    })
}

pub(super) async fn devices(settings: &Settings, json: bool) -> Result<(), Failure> {
    let devices = known_devices(settings).await?;
    if json {
        print_json(&devices)
    } else {
        print(&words::devices(&devices, now()))
    }
}

pub(super) fn fingerprint(settings: &Settings) -> Result<(), Failure> {
    print(&(state(settings, Access::Read)?.client().fingerprint() + "\n"))
}
