// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `forget`.

use engine::Access;
use engine::client::{self, Device};
use jid::BareJid;
use tokio::time::Instant;

use super::{carried, known_devices, print, state};
use crate::failure::{Code, Failure};
use crate::live::{Live, outcome};
use crate::settings::{Role, Settings, parse_account};

pub(super) async fn forget(settings: &Settings, device: u32, of: Option<&str>) -> Result<(), Failure> {
    let of = of.map(|of| parse_account("--of", of)).transpose()?;
    let known = find(&known_devices(settings).await?, device, of.as_ref())?;
    let jid = BareJid::new(&known.jid).map_err(|error| Failure::new(Code::Failure, error))?;
    let own = jid == settings.account;
    let command = client::Command::RemoveDevice { jid, device };
    if carried(settings, command.clone()).await?.is_some() {
        // The process that runs has asked the server.
    } else if own {
        forget_own(settings, command).await?;
    } else {
        let events = state(settings, Access::Write)?.command(command.clone())?;
        events
            .iter()
            .find_map(|event| outcome(&command, event))
            .unwrap_or(Ok(()))?;
    }
    print(&format!("Device {device} of {} is forgotten.\n", known.jid))
}

/// The device list of the own account is at the server.
async fn forget_own(settings: &Settings, command: client::Command) -> Result<(), Failure> {
    let deadline = Instant::now()
        .checked_add(settings.timeout)
        .unwrap_or_else(Instant::now);
    let mut live = Live::start(settings.engine(Role::default())?)?;
    let result = forget_live(&mut live, command, deadline).await;
    live.stop();
    result
}

async fn forget_live(live: &mut Live, command: client::Command, deadline: Instant) -> Result<(), Failure> {
    let what = "nothing was forgotten: the account's device list was not fetched";
    live.settle(deadline, what).await?;
    live.command(command.clone())?;
    live.wait(deadline, "the device was not forgotten", |event| {
        outcome(&command, event)
    })
    .await?;
    let what = "the device is forgotten here, but the server has not confirmed the account's new device list: see with \
                `xmppsync-bot devices` whether it comes back. It was not confirmed";
    live.settle(deadline, what).await
}

fn find(devices: &[Device], number: u32, of: Option<&BareJid>) -> Result<Device, Failure> {
    let found: Vec<&Device> = devices
        .iter()
        .filter(|device| device.id == number && of.is_none_or(|of| device.jid == of.as_str()))
        .collect();
    match found.as_slice() {
        [] => Err(Failure::new(
            Code::Failure,
            format!(
                "no device {number} is known: `xmppsync-bot devices` lists those that are, each with its number first"
            ),
        )),
        [device] if device.this => Err(Failure::usage(
            "this is the number of this very device. To take it out of the account, stop the bot, then `xmppsync-bot leave`",
        )),
        [device] => Ok((*device).clone()),
        several => {
            let owners: Vec<&str> = several.iter().map(|device| device.jid.as_str()).collect();
            Err(Failure::usage(format!(
                "there are devices {number} of {}: say with --of whose is meant",
                owners.join(" and ")
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::client::TrustLevel;

    use super::*;

    fn device(jid: &str, id: u32, this: bool) -> Device {
        Device {
            jid: jid.into(),
            id,
            label: None,
            fingerprint: None,
            trust: TrustLevel::Undecided,
            active: true,
            has_session: false,
            this,
            replica: false,
            last_seen: None,
            stale: false,
            takes_tabs: false,
        }
    }

    #[test]
    fn a_device_is_found_by_its_number_and_owner() {
        let devices = [
            device("me@example.org", 1, true),
            device("me@example.org", 2, false),
            device("you@example.org", 2, false),
            device("you@example.org", 3, false),
        ];
        assert_eq!(find(&devices, 3, None).unwrap().jid, "you@example.org");
        let of = BareJid::new("me@example.org").unwrap();
        assert_eq!(find(&devices, 2, Some(&of)).unwrap().jid, "me@example.org");
        let wrong = |number, of: Option<&BareJid>| find(&devices, number, of).unwrap_err();
        assert!(wrong(2, None).text.contains("--of"));
        assert_eq!(wrong(1, None).code, Code::Usage);
        assert!(wrong(9, None).text.contains("xmppsync-bot devices"));
        assert!(wrong(3, Some(&of)).text.contains("no device 3"));
    }
}
