// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What only looks: `status`, `devices`, `fingerprint`.

use engine::{Access, ConnectionState};
use qrcode::QrCode;
use qrcode::render::unicode;

use super::{beside_the_question, in_time, known_devices, now, print, print_json, state};
use crate::control::{self, Overview, Reply, Request};
use crate::failure::{Code, Failure};
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

/// This device's key and those of the account's authenticated ones, as a link or a QR code.
pub(super) fn uri(settings: &Settings, older: bool, qr: bool) -> Result<(), Failure> {
    let uri = state(settings, Access::Read)?.client().trust_uri(older);
    if !qr {
        return print(&(uri + "\n"));
    }
    let code = QrCode::new(&uri).map_err(|error| {
        let hint = "leave out --qr, or forget devices that are not used any more";
        Failure::new(
            Code::Failure,
            format!("the link is too long for a QR code ({error}): {hint}"),
        )
    })?;
    // Dark on light, whatever the terminal's colours are: readers want it so.
    let (dark, light) = (unicode::Dense1x2::Light, unicode::Dense1x2::Dark);
    let image = code.render().dark_color(dark).light_color(light).build();
    print(&format!("{image}\n{uri}\n"))
}

pub(super) fn fingerprint(settings: &Settings) -> Result<(), Failure> {
    print(&(state(settings, Access::Read)?.client().fingerprint() + "\n"))
}
