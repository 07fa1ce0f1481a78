// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A Prosody that takes 10 kB/s of each client, as Debian's own configuration has it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use std::time::{Duration, Instant};

use engine::client::Command;
use sha2::{Digest, Sha256};
use support::device::{Device, PATIENCE, config};
use support::prosody::Prosody;

const LIMITED: &str = r#"modules_enabled = { "disco", "roster", "saslauth", "tls", "blocklist", "carbons", "pep", "private", "smacks", "csi_simple", "ping", "offline", "limits" }
limits = { c2s = { rate = "10kb/s" } }
"#;
const LINKS: usize = 3_000;

fn menu(device: &Device) -> usize {
    device.look(|client| client.bookmarks().menu.len())
}

#[test]
fn an_edit_overtakes_a_large_import_on_a_slow_uplink() {
    let prosody = Prosody::start_with(&["alice"], LIMITED);
    let folder = tempfile::tempdir().unwrap();
    let start = |name: &str| Device::start(config(&prosody, "alice", &folder.path().join(name)));
    let one = start("one");
    one.joined();
    one.add("first");
    let two = start("two");
    two.until_titles(&["first"]);

    // Addresses that do not compress: 200 kB, for 20 s and more.
    let links: Vec<_> = (0..LINKS)
        .map(|number| {
            let part: String = Sha256::digest(number.to_string())
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            serde_json::json!({"title": format!("Link {number}"), "url": format!("https://link.example/{part}")})
        })
        .collect();
    let import = serde_json::json!({"type": "import", "id": "1", "tree": {"menu": links}});
    let command: Command = serde_json::from_value(import).unwrap();
    let begun = Instant::now();
    one.engine.command(command).unwrap();
    // Two snapshots are five seconds apart; what is edited before the second is in it.
    std::thread::sleep(Duration::from_secs(8));
    let edited = Instant::now();
    one.add("live");
    two.until_titles(&["first", "live"]);
    let waited = edited.elapsed();
    assert_eq!(menu(&two), 0, "the import was through already");
    assert!(waited < Duration::from_secs(12), "the edit took {waited:?}");
    while menu(&two) < LINKS {
        assert!(begun.elapsed() < PATIENCE * 2, "the import did not come through");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(
        begun.elapsed() > Duration::from_secs(15),
        "nothing was limited: {:?}",
        begun.elapsed()
    );
    one.stop();
    two.stop();
}
