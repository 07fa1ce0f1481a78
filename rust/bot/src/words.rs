// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! States and devices in words.

use std::fmt::Write;

use engine::ConnectionState;
use engine::client::{Device, DeviceTabs, Event, ParcelState, Seen, SentTabs, TrustLevel, VerificationState};

use crate::control::Overview;

/// The connection in a sentence.
pub(crate) fn connection(state: &ConnectionState) -> String {
    match state {
        ConnectionState::Offline => "Not connected.".to_owned(),
        ConnectionState::Connecting => "Connecting to the server …".to_owned(),
        ConnectionState::Authenticating => "Signing in …".to_owned(),
        ConnectionState::Online { jid } => format!("Connected as {jid}."),
        ConnectionState::Waiting { reason, retry_in_ms } => {
            let seconds = retry_in_ms.div_ceil(1000);
            format!("{} Next attempt in {seconds} s.", reason.text)
        }
        ConnectionState::Failed { reason } => reason.text.clone(),
    }
}

/// How far a key is trusted, in words.
pub(crate) fn trust(level: TrustLevel) -> &'static str {
    match level {
        TrustLevel::Undecided => "undecided",
        TrustLevel::AutomaticallyDistrusted => "not trusted (waits for your comparison)",
        TrustLevel::ManuallyDistrusted => "distrusted by you",
        TrustLevel::AutomaticallyTrusted => "trusted (not compared yet)",
        TrustLevel::ManuallyTrusted => "trusted by you",
        TrustLevel::Authenticated => "authenticated",
    }
}

/// `1 bookmark`, `2 bookmarks`.
pub(crate) fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// What an event of the client means for somebody who reads along; `None` for what is no news.
pub(crate) fn news(event: &Event) -> Option<String> {
    match event {
        Event::BookmarksChanged {
            added: 0,
            changed: 0,
            removed: 0,
            ..
        } => None,
        Event::BookmarksChanged {
            added,
            changed,
            removed,
            remote,
        } => {
            let by = if *remote { "by other devices" } else { "here" };
            Some(format!(
                "Bookmarks changed {by}: {added} added, {changed} changed, {removed} removed."
            ))
        }
        Event::Returned { days } => Some(format!(
            "This device is back after {}. What was deleted elsewhere meanwhile is deleted here.",
            count(*days, "day")
        )),
        Event::Dropped {
            reason,
            from,
            device,
            detail,
        } => {
            let device = device
                .map(|device| format!(", device {device}"))
                .unwrap_or_default();
            Some(format!(
                "Dropped what {from}{device} sent: {reason} ({}).",
                visible(detail)
            ))
        }
        Event::Verification {
            device,
            label,
            verification: VerificationState::Requested,
        } => {
            let label = visible(label.as_deref().unwrap_or("no name"));
            Some(format!(
                "Device {device} ({label}) wants to compare keys: run `xmppsync-bot verify {device}`."
            ))
        }
        Event::Imported { added, matched, .. } => {
            Some(format!("Imported: {added} added, {matched} there already."))
        }
        _ => None,
    }
}

/// The overview for people.
pub(crate) fn overview(overview: &Overview) -> String {
    let status = &overview.status;
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:<13}{value}");
    };
    line("account", &overview.account);
    line(
        "running",
        if overview.running {
            "yes"
        } else {
            "no; what follows is as it was last saved"
        },
    );
    if overview.running {
        line("connection", &connection(&overview.connection));
        line("state", &status.text);
    }
    line("bookmarks", &status.bookmarks.to_string());
    line(
        "joined",
        if status.joined {
            "yes"
        } else {
            "not yet: the account's bookmarks have not been read"
        },
    );
    if status.unpublished > 0 {
        line("to publish", &count(status.unpublished, "edit"));
    }
    if status.missing > 0 {
        line("missing", &count(status.missing, "update"));
    }
    line("replicas", &count(status.replicas, "other device"));
    for (reason, number) in &status.dropped {
        line("dropped", &format!("{number}: {reason}"));
    }
    for problem in &status.problems {
        line("problem", &problem.text);
    }
    for need in &status.needs {
        line("needs you", need.text());
    }
    line("device", &overview.device.to_string());
    line("fingerprint", &overview.fingerprint);
    text
}

/// The devices for people, grouped by owner. `now` is in milliseconds since the Unix epoch.
pub(crate) fn devices(devices: &[Device], now: u64) -> String {
    let mut text = String::new();
    let mut owner = "";
    for device in devices {
        if device.jid != owner {
            owner = &device.jid;
            let _ = writeln!(text, "{owner}");
        }
        let mut notes = vec![trust(device.trust).to_owned()];
        if device.this {
            notes = vec!["this device".to_owned()];
        }
        if device.replica {
            notes.push("shares bookmarks".to_owned());
        }
        if device.takes_tabs {
            notes.push("opens what is sent to it".to_owned());
        }
        if !device.active {
            notes.push("not in the device list any more".to_owned());
        }
        if device.stale {
            notes.push("silent for long, so nothing is encrypted for it".to_owned());
        }
        if let Some(seen) = device.last_seen {
            notes.push(format!("last seen {}", ago(now.saturating_sub(seen))));
        }
        let label = visible(device.label.as_deref().unwrap_or(""));
        let name = format!("  {:<11}{label}", device.id);
        let _ = writeln!(text, "{}", name.trim_end());
        let _ = writeln!(
            text,
            "    {}",
            device.fingerprint.as_deref().unwrap_or("key not known yet")
        );
        let _ = writeln!(text, "    {}", notes.join(", "));
    }
    text
}

/// What is open elsewhere, a device and its tabs.
pub(crate) fn tabs(devices: &[DeviceTabs], now: u64) -> String {
    let mut text = String::new();
    for device in devices {
        let age = ago(now.saturating_sub(device.at));
        let _ = writeln!(text, "{}  {}, {age}", device.device, visible(&device.label));
        for tab in &device.tabs {
            let _ = writeln!(text, "    {}\n        {}", visible(&tab.title), visible(&tab.url));
        }
        if device.left_out > 0 {
            let _ = writeln!(text, "    and {} more", device.left_out);
        }
    }
    if devices.is_empty() {
        text = "No browser shares its open tabs: that is a switch in its settings, on the page Tabs.\n"
            .to_owned();
    }
    text
}

/// What was visited, the latest first.
pub(crate) fn visits(pages: &[Seen], now: u64) -> String {
    let mut text = String::new();
    for page in pages {
        let age = ago(now.saturating_sub(page.last));
        let times = count(page.visits, "visit");
        let title = visible(&page.title);
        let _ = writeln!(text, "{age}, {times}  {title}\n    {}", visible(&page.url));
    }
    if pages.is_empty() {
        text = "Nothing was visited, or no browser shares its history: that is a switch in its settings.\n"
            .to_owned();
    }
    text
}

/// What was sent to other devices, and what has become of it.
pub(crate) fn sent_tabs(sent: &[SentTabs], now: u64) -> String {
    let mut text = String::new();
    for parcel in sent {
        let state = match parcel.state {
            ParcelState::Sending => "not sent yet",
            ParcelState::Waiting => "waiting to be opened",
            ParcelState::Opened => "opened",
            ParcelState::Expired => "not opened within 30 days",
            ParcelState::DeviceGone => "not opened: the device is gone",
        };
        let age = ago(now.saturating_sub(parcel.at));
        let label = visible(&parcel.label);
        let _ = writeln!(text, "{}  {label}, {age}: {state}", parcel.device);
        for tab in &parcel.tabs {
            let _ = writeln!(text, "    {}", visible(&tab.url));
        }
    }
    if sent.is_empty() {
        text = "Nothing was sent lately.\n".to_owned();
    }
    text
}

/// Text of others without what a terminal would take for a command.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                char::REPLACEMENT_CHARACTER
            } else {
                character
            }
        })
        .collect()
}

/// A span of time in its largest unit.
fn ago(ms: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute")];
    UNITS
        .into_iter()
        .find_map(|(unit, name)| {
            ms.checked_div(unit)
                .filter(|number| *number > 0)
                .map(|number| (number, name))
        })
        .map_or_else(
            || "just now".to_owned(),
            |(number, name)| format!("{} ago", count(number, name)),
        )
}

#[cfg(test)]
mod tests {
    use engine::client::{Problem, ProblemKind};

    use engine::client::{DropReason, Status};

    use super::*;

    #[test]
    fn what_is_open_reads_well_and_commands_a_terminal_to_nothing() {
        let tab = |title: &str| engine::client::Tab {
            url: "https://example.org/".into(),
            title: title.into(),
        };
        let laptop = DeviceTabs {
            device: 7,
            label: "Laptop".into(),
            at: 0,
            tabs: vec![tab("Example"), tab("\u{1b}[31mred")],
            left_out: 3,
        };
        insta::assert_snapshot!(tabs(&[laptop], 7_200_000), @r"
        7  Laptop, 2 hours ago
            Example
                https://example.org/
            �[31mred
                https://example.org/
            and 3 more
        ");
        assert!(tabs(&[], 0).contains("No browser shares"));
    }

    #[test]
    fn what_was_visited_reads_well() {
        let page = Seen {
            url: "https://example.org/".into(),
            title: "Example".into(),
            visits: 3,
            last: 0,
        };
        insta::assert_snapshot!(visits(&[page], 7_200_000), @r"
        2 hours ago, 3 visits  Example
            https://example.org/
        ");
        assert!(visits(&[], 0).contains("no browser shares"));
    }

    #[test]
    fn what_was_sent_reads_well() {
        let parcel = |state| SentTabs {
            name: "n".into(),
            device: 7,
            label: "Laptop".into(),
            at: 0,
            tabs: vec![engine::client::Tab {
                url: "https://example.org/".into(),
                title: "Example".into(),
            }],
            state,
        };
        let sent = [ParcelState::Waiting, ParcelState::Opened].map(parcel);
        insta::assert_snapshot!(sent_tabs(&sent, 7_200_000), @r"
        7  Laptop, 2 hours ago: waiting to be opened
            https://example.org/
        7  Laptop, 2 hours ago: opened
            https://example.org/
        ");
        assert_eq!(sent_tabs(&[], 0), "Nothing was sent lately.\n");
    }

    #[test]
    fn an_overview_reads_well() {
        let status = Status {
            text: "Everything is up to date.".into(),
            joined: true,
            bookmarks: 12,
            unpublished: 1,
            replicas: 2,
            dropped: [(DropReason::Unencrypted, 3)].into(),
            problems: vec![Problem {
                kind: ProblemKind::NewerVersion,
                text: "The server has no PEP.".into(),
                cause: String::new(),
            }],
            ..Status::default()
        };
        let running = Overview {
            account: "me@example.org".into(),
            running: true,
            connection: ConnectionState::Connecting,
            device: 7,
            fingerprint: "00000000 11111111".into(),
            status,
        };
        insta::assert_snapshot!(overview(&running), @r"
        account      me@example.org
        running      yes
        connection   Connecting to the server …
        state        Everything is up to date.
        bookmarks    12
        joined       yes
        to publish   1 edit
        replicas     2 other devices
        dropped      3: not encrypted
        problem      The server has no PEP.
        device       7
        fingerprint  00000000 11111111
        ");
    }

    #[test]
    fn devices_stand_below_their_owner() {
        let this = Device {
            jid: "me@example.org".into(),
            id: 7,
            label: Some("XmppSync bot".into()),
            fingerprint: Some("00000000 11111111".into()),
            trust: TrustLevel::Authenticated,
            active: true,
            has_session: false,
            this: true,
            replica: true,
            last_seen: None,
            stale: false,
            takes_tabs: false,
        };
        let gone = Device {
            id: 2_147_483_647,
            label: None,
            fingerprint: None,
            trust: TrustLevel::AutomaticallyDistrusted,
            active: false,
            this: false,
            replica: false,
            last_seen: Some(0),
            stale: true,
            ..this.clone()
        };
        insta::assert_snapshot!(devices(&[this, gone], 2 * 86_400_000), @r"
        me@example.org
          7          XmppSync bot
            00000000 11111111
            this device, shares bookmarks
          2147483647
            key not known yet
            not trusted (waits for your comparison), not in the device list any more, silent for long, so nothing is encrypted for it, last seen 2 days ago
        ");
    }

    #[test]
    fn others_cannot_drive_the_terminal() {
        assert_eq!(
            visible("a\u{1b}[2Jb\r\u{9b}c ä 🦊"),
            "a\u{fffd}[2Jb\u{fffd}\u{fffd}c ä 🦊"
        );
    }

    #[test]
    fn spans_of_time() {
        assert_eq!(ago(59_999), "just now");
        assert_eq!(ago(60_000), "1 minute ago");
        assert_eq!(ago(3 * 3_600_000 + 5), "3 hours ago");
    }
}
