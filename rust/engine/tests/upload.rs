// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Prosody's own upload service (XEP-0363), over TLS, beside a stream that takes 10 kB/s.
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
use support::prosody::{Prosody, free_port};

const LINKS: usize = 3_000;

/// `certificate` names the one that the upload service shows.
fn prosody(https: u16, certificate: &str) -> Prosody {
    let more = format!(
        r#"modules_enabled = {{ "disco", "roster", "saslauth", "tls", "blocklist", "carbons", "pep", "private", "smacks", "csi_simple", "ping", "offline", "limits", "http_file_share" }}
limits = {{ c2s = {{ rate = "10kb/s" }} }}
https_ports = {{ {https} }}
https_ssl = {{ key = "{certificate}.key", certificate = "{certificate}.crt" }}
https_interfaces = {{ "127.0.0.1" }}
http_default_host = "localhost"
http_external_url = "https://localhost:{https}/"
"#
    );
    Prosody::start_with(&["alice"], &more)
}

fn menu(device: &Device) -> usize {
    device.look(|client| client.bookmarks().menu.len())
}

/// Addresses that do not compress: 200 kB, for 20 s and more.
fn import() -> Command {
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
    serde_json::from_value(import).unwrap()
}

/// How long an import in one device takes to the other, and what Prosody logged.
fn imported(certificate: &str) -> (Duration, String) {
    let prosody = prosody(free_port(), certificate);
    let folder = tempfile::tempdir().unwrap();
    let start = |name: &str| Device::start(config(&prosody, "alice", &folder.path().join(name)));
    let one = start("one");
    one.joined();
    one.add("first");
    let two = start("two");
    two.until_titles(&["first"]);
    let begun = Instant::now();
    one.engine.command(import()).unwrap();
    while menu(&two) < LINKS {
        assert!(begun.elapsed() < PATIENCE * 2, "the import did not come through");
        std::thread::sleep(Duration::from_millis(100));
    }
    let took = begun.elapsed();
    one.stop();
    two.stop();
    (took, prosody.log())
}

#[test]
fn a_large_import_comes_as_a_file() {
    let (took, log) = imported("localhost");
    assert!(took < Duration::from_secs(15), "it came in chunks, in {took:?}");
    for method in ["PUT", "GET"] {
        assert!(log.contains(&format!("{method} ")), "no {method}");
    }
}

#[test]
fn a_service_that_nobody_vouches_for_gets_no_file() {
    // The authority's own certificate is none of a server.
    let (took, log) = imported("ca");
    assert!(took > Duration::from_secs(15), "nothing was limited: {took:?}");
    assert!(!log.contains("PUT "), "the file was put");
}
