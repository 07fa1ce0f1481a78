// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `trust` and `distrust`.

use engine::Access;
use engine::client::{self, Device, Event, TrustLevel};
use jid::BareJid;

use super::{carried, known_devices, now, print, state};
use crate::failure::{Code, Failure};
use crate::live::outcome;
use crate::settings::Settings;
use crate::words;

/// Hex digits of a fingerprint.
const DIGITS: usize = 64;

/// Digits in a group of a shown fingerprint.
const GROUP: usize = 8;

pub(super) async fn set(
    settings: &Settings,
    fingerprint: &[String],
    level: TrustLevel,
) -> Result<(), Failure> {
    let fingerprint = parse(&fingerprint.concat())?;
    let known = known_devices(settings).await?;
    let device = find(&known, &fingerprint)?;
    let jid = BareJid::new(&device.jid).map_err(|error| Failure::new(Code::Failure, error))?;
    let command = client::Command::SetTrust {
        jid,
        fingerprint,
        trust: level,
    };
    let devices = match carried(settings, command.clone()).await? {
        Some(Event::Devices { devices }) => devices,
        Some(_) => known_devices(settings).await?,
        None => {
            let mut state = state(settings, Access::Write)?;
            let events = state.command(command.clone())?;
            events
                .iter()
                .find_map(|event| outcome(&command, event))
                .unwrap_or(Ok(()))?;
            state.client().devices()
        }
    };
    let owners: Vec<Device> = devices
        .into_iter()
        .filter(|other| other.jid == device.jid)
        .collect();
    let id = device.id;
    print(&format!(
        "Device {id} of {} is {} now. All of that account:\n",
        device.jid,
        words::trust(level)
    ))?;
    print(&words::devices(&owners, now()))
}

/// Whether the words of the command line are a link, not a fingerprint.
pub(super) fn is_uri(words: &[String]) -> bool {
    let scheme = words.first().and_then(|word| word.get(..5));
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("xmpp:"))
}

/// Takes what a link says of keys.
pub(super) async fn take_uri(settings: &Settings, uri: String) -> Result<(), Failure> {
    let command = client::Command::TrustUri { uri };
    let event = match carried(settings, command.clone()).await? {
        Some(event) => Some(event),
        None => {
            let events = state(settings, Access::Write)?.command(command.clone())?;
            let answer = events
                .into_iter()
                .find_map(|event| Some((outcome(&command, &event)?, event)));
            match answer {
                Some((result, event)) => {
                    result?;
                    Some(event)
                }
                None => None,
            }
        }
    };
    let Some(Event::UriTaken {
        jid,
        trusted,
        distrusted,
        ..
    }) = event
    else {
        return Err(Failure::new(Code::Failure, "the link was not taken"));
    };
    print(&format!(
        "{} of {jid} authenticated, {distrusted} distrusted. All of that account:\n",
        words::count(trusted, "key")
    ))?;
    let mut owners = known_devices(settings).await?;
    owners.retain(|device| device.jid == jid);
    print(&words::devices(&owners, now()))
}

/// A fingerprint as it is shown: eight groups of eight lowercase digits.
fn parse(text: &str) -> Result<String, Failure> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    if digits.len() != DIGITS || !digits.iter().all(char::is_ascii_hexdigit) {
        return Err(Failure::usage(format!(
            "a fingerprint has {DIGITS} hex digits, as `xmppsync-bot devices` and the other device show them; this has {}",
            digits.len()
        )));
    }
    let groups: Vec<String> = digits
        .chunks(GROUP)
        .map(|group| group.iter().collect::<String>())
        .collect();
    Ok(groups.join(" ").to_ascii_lowercase())
}

fn find(devices: &[Device], fingerprint: &str) -> Result<Device, Failure> {
    let device = devices.iter().find(|device| device.fingerprint.as_deref() == Some(fingerprint)).ok_or_else(|| {
        let hint = "`xmppsync-bot devices` lists those that are; a device is met once it or its owner was written to, or wrote";
        Failure::new(Code::Failure, format!("no device with this fingerprint is known: {hint}"))
    })?;
    if device.this {
        return Err(Failure::usage(
            "this is the fingerprint of this very device; give that of the other one",
        ));
    }
    Ok(device.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str = "0a1b2c3d 4e5f6071 00000000 11111111 22222222 33333333 44444444 55555555";

    #[test]
    fn a_fingerprint_is_taken_in_any_form_and_whole() {
        let bare = SHOWN.replace(' ', "");
        for text in [
            SHOWN,
            &bare,
            &bare.to_uppercase(),
            &SHOWN.replace(' ', "\n"),
            &SHOWN.replace(' ', ":"),
        ] {
            assert_eq!(parse(text).unwrap(), SHOWN);
        }
        for wrong in ["", &SHOWN[1..], &format!("{SHOWN}0"), &SHOWN.replace('a', "g")] {
            assert_eq!(parse(wrong).unwrap_err().code, Code::Usage, "{wrong}");
        }
    }

    #[test]
    fn this_device_and_unknown_ones_are_told_apart() {
        let device = |this| Device {
            jid: "me@example.org".into(),
            id: 7,
            label: None,
            fingerprint: Some(SHOWN.into()),
            trust: TrustLevel::AutomaticallyTrusted,
            active: true,
            has_session: true,
            this,
            replica: true,
            last_seen: None,
            stale: false,
            takes_tabs: false,
        };
        assert_eq!(find(&[device(false)], SHOWN).unwrap().id, 7);
        assert_eq!(find(&[device(true)], SHOWN).unwrap_err().code, Code::Usage);
        assert!(find(&[], SHOWN).unwrap_err().text.contains("no device"));
    }
}
