// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Signing in at a real Prosody, and at servers that must not get the password.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use std::time::Duration;

use engine::session::{Security, Settings, Trust};
use engine::{ConnectionState, Credentials, Password, ReasonKind};
use support::probe::{Probe, scripted_settings, settings};
use support::prosody::Prosody;
use support::proxy::Proxy;
use support::scripted::{PLAIN_ALONE, Peer, Scripted};

#[tokio::test]
async fn starttls_signs_in_and_reads_the_limits() {
    let prosody = Prosody::start(&["alice"]);
    let mut probe = Probe::start(settings(&prosody, "alice"));
    let (bound, resumed, max_stanza) = probe.online().await;
    assert_eq!(
        (bound.to_string().as_str(), resumed, max_stanza),
        ("alice@localhost/test", false, 262_144)
    );
    while probe.states.len() < 3 {
        probe.next().await;
    }
    assert_eq!(
        probe.states,
        [
            ConnectionState::Connecting,
            ConnectionState::Authenticating,
            ConnectionState::Online { jid: bound }
        ]
    );
    probe.stop().await;
}

#[tokio::test]
async fn direct_tls_signs_in_bound_to_the_channel() {
    let prosody = Prosody::start(&["alice"]);
    let connect = Some(("localhost".to_owned(), prosody.direct_port));
    let mut probe = Probe::start(Settings {
        connect,
        direct_tls: true,
        ..settings(&prosody, "alice")
    });
    probe.online().await;
    probe.stop().await;
    assert!(
        prosody.log().contains("Authenticated as alice@localhost"),
        "{}",
        prosody.log()
    );
}

#[tokio::test]
async fn a_wrong_password_is_final_and_is_tried_once() {
    let prosody = Prosody::start(&["alice"]);
    let proxy = Proxy::start(prosody.port).await;
    for user in ["alice", "nobody"] {
        let connect = Some(("127.0.0.1".to_owned(), proxy.port));
        let wrong = Password::new("wrong");
        let mut probe = Probe::start(Settings {
            credentials: Credentials::Given(wrong),
            connect,
            ..settings(&prosody, user)
        });
        assert_eq!(probe.failed().await, ReasonKind::WrongPassword);
        tokio::time::sleep(Duration::from_secs(2)).await;
        probe.stop().await;
    }
    assert_eq!(proxy.connections(), 2);
}

#[tokio::test]
async fn an_unknown_host_is_final() {
    let prosody = Prosody::start(&["alice"]);
    let account = "alice@elsewhere.example".parse().unwrap();
    let mut probe = Probe::start(Settings {
        account,
        ..settings(&prosody, "alice")
    });
    assert_eq!(probe.failed().await, ReasonKind::HostUnknown);
    probe.stop().await;
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_retried() {
    let prosody = Prosody::start(&[]);
    let account = "alice@does-not-exist.invalid".parse().unwrap();
    let mut probe = Probe::start(Settings {
        account,
        connect: None,
        ..settings(&prosody, "alice")
    });
    let kind = probe.waiting().await.0;
    // Without any network, the DNS does not answer at all.
    assert!(
        matches!(kind, ReasonKind::NameLookup | ReasonKind::TimedOut),
        "{kind:?}"
    );
    probe.stop().await;
}

#[tokio::test]
async fn an_untrusted_certificate_is_final() {
    let prosody = Prosody::start(&["alice"]);
    let other = Prosody::start(&[]);
    let mut probe = Probe::start(Settings {
        security: Security::Tls(Trust::File(other.ca_file())),
        ..settings(&prosody, "alice")
    });
    assert_eq!(probe.failed().await, ReasonKind::Certificate);
    probe.stop().await;
    let direct = Settings {
        security: Security::Tls(Trust::System),
        connect: Some(("127.0.0.1".to_owned(), prosody.direct_port)),
        name_server: None,
        direct_tls: true,
        ..settings(&prosody, "alice")
    };
    let mut probe = Probe::start(direct);
    assert_eq!(probe.failed().await, ReasonKind::Certificate);
    probe.stop().await;
}

#[tokio::test]
async fn a_certificate_for_another_name_is_final() {
    let prosody = Prosody::start_named(&["alice"], "", "elsewhere.example");
    let mut probe = Probe::start(settings(&prosody, "alice"));
    assert_eq!(probe.failed().await, ReasonKind::Certificate);
    probe.stop().await;
}

#[tokio::test]
async fn a_pinned_certificate_is_accepted_and_no_other() {
    let prosody = Prosody::start(&["alice"]);
    let pinned = |fingerprint| Security::Tls(Trust::Pinned(fingerprint));
    let mut probe = Probe::start(Settings {
        security: pinned(prosody.fingerprint()),
        ..settings(&prosody, "alice")
    });
    probe.online().await;
    probe.stop().await;
    let mut probe = Probe::start(Settings {
        security: pinned([7; 32]),
        ..settings(&prosody, "alice")
    });
    assert_eq!(probe.failed().await, ReasonKind::Certificate);
    probe.stop().await;
}

#[tokio::test]
async fn unusable_certificate_files_are_final() {
    let prosody = Prosody::start(&["alice"]);
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate\n").unwrap();
    for path in [empty, folder.path().join("missing.pem")] {
        let security = Security::Tls(Trust::File(path));
        let mut probe = Probe::start(Settings {
            security,
            ..settings(&prosody, "alice")
        });
        assert_eq!(probe.failed().await, ReasonKind::Settings);
        probe.stop().await;
    }
}

#[tokio::test]
async fn the_password_itself_is_sent_only_where_allowed() {
    let scram = "\"SCRAM-SHA-1\", \"SCRAM-SHA-256\", \"SCRAM-SHA-1-PLUS\", \"SCRAM-SHA-256-PLUS\"";
    let prosody = Prosody::start_with(&["alice"], &format!("disable_sasl_mechanisms = {{ {scram} }}"));
    let mut probe = Probe::start(settings(&prosody, "alice"));
    assert_eq!(probe.failed().await, ReasonKind::NoSafeMechanism);
    probe.stop().await;
    let mut probe = Probe::start(Settings {
        allow_sasl_plain: true,
        ..settings(&prosody, "alice")
    });
    probe.online().await;
    probe.stop().await;
}

#[tokio::test]
async fn plaintext_is_refused_off_loopback() {
    let prosody = Prosody::start(&["alice"]);
    // A documentation address (RFC 5737): a connection to it would hang, so the refusal comes before it.
    for connect in [Some(("192.0.2.1".to_owned(), 5222)), None] {
        let security = Security::PlaintextOnLoopback;
        let mut probe = Probe::start(Settings {
            security,
            connect,
            ..settings(&prosody, "alice")
        });
        assert_eq!(probe.failed().await, ReasonKind::PlaintextRefused);
        probe.stop().await;
    }
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing() {
    let server = Scripted::start(|mut peer: Peer| async move {
        peer.greet(PLAIN_ALONE).await;
        peer.until_closed().await;
    })
    .await;
    let security = Security::Tls(Trust::Pinned([0; 32]));
    let mut probe = Probe::start(Settings {
        security,
        ..scripted_settings(server.port)
    });
    assert_eq!(probe.failed().await, ReasonKind::NoEncryption);
    probe.stop().await;
}

#[tokio::test]
async fn a_server_that_cannot_prove_itself_is_refused() {
    let features = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism></mechanisms>";
    for success in ["", "dj1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE9"] {
        let server = Scripted::start(move |mut peer: Peer| async move {
            peer.greet(features).await;
            let auth = peer.expect("</auth>").await;
            let data = auth
                .trim_end_matches("</auth>")
                .rsplit('>')
                .next()
                .unwrap()
                .to_owned();
            let initial =
                String::from_utf8(base64::Engine::decode(&base64::prelude::BASE64_STANDARD, data).unwrap())
                    .unwrap();
            let nonce = initial.rsplit("r=").next().unwrap();
            let challenge = format!("r={nonce}more,s=QSXCR+Q6sek8bf92,i=4096");
            let challenge = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, challenge);
            peer.say(&format!(
                "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{challenge}</challenge>"
            ))
            .await;
            peer.expect("</response>").await;
            peer.say(&format!(
                "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{success}</success>"
            ))
            .await;
            peer.until_closed().await;
        })
        .await;
        let mut probe = Probe::start(scripted_settings(server.port));
        assert_eq!(probe.failed().await, ReasonKind::ServerNotProven);
        probe.stop().await;
    }
}
