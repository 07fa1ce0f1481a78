// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Finding the server by the DNS (RFC 6120 section 3.2, XEP-0368): a real DNS server, a real Prosody, and hosts that are dead.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use std::time::Duration;

use engine::session::{Security, Session, SessionEvent, Settings, Timing, Trust};
use engine::{ConnectionState, Credentials, Password};
use support::dns::{Dns, Zone};
use support::prosody::{Prosody, free_port, password};
use support::proxy::Proxy;

const DOMAIN: &str = "chat.test";
const PATIENCE: Duration = Duration::from_secs(30);

fn settings(prosody: &Prosody, dns: &Dns) -> Settings {
    Settings {
        account: format!("alice@{DOMAIN}").parse().unwrap(),
        credentials: Credentials::Given(Password::new(password("alice"))),
        resource: "test".to_owned(),
        connect: None,
        name_server: Some(dns.address),
        direct_tls: false,
        security: Security::Tls(Trust::File(prosody.ca_file())),
        allow_sasl_plain: false,
        timing: Timing::default(),
    }
}

/// Signs in, in the first attempt.
async fn sign_in(settings: Settings) {
    let (session, mut events) = Session::start(settings);
    loop {
        let event = tokio::time::timeout(PATIENCE, events.recv()).await.unwrap();
        match event.expect("a session") {
            SessionEvent::Online { .. } => break,
            SessionEvent::State(ConnectionState::Failed { reason }) => panic!("failed: {reason:?}"),
            SessionEvent::State(ConnectionState::Waiting { reason, .. }) => panic!("gave up: {reason:?}"),
            _ => {}
        }
    }
    assert!(session.stop().await);
}

#[tokio::test]
async fn the_next_host_is_taken_where_the_first_is_dead() {
    let prosody = Prosody::start_domain(&["alice"], DOMAIN);
    let (direct, starttls) = (
        Proxy::start(prosody.direct_port).await,
        Proxy::start(prosody.port).await,
    );
    // Served in another order than that of their priorities.
    let dns = Dns::start(
        Zone::default()
            .service("xmpps-client", DOMAIN, 20, direct.port, "second.chat.test")
            .service("xmpps-client", DOMAIN, 5, free_port(), "first.chat.test")
            .service("xmpp-client", DOMAIN, 1, starttls.port, "third.chat.test")
            .loopback("first.chat.test")
            .loopback("second.chat.test")
            .loopback("third.chat.test"),
    );
    sign_in(settings(&prosody, &dns)).await;
    assert_eq!((direct.connections(), starttls.connections()), (1, 0));
    let hosts: Vec<String> = dns
        .asked()
        .into_iter()
        .filter(|name| !name.starts_with('_'))
        .collect();
    let position = |host: &str| hosts.iter().position(|asked| asked == host);
    assert!(
        position("first.chat.test").unwrap() < position("second.chat.test").unwrap(),
        "{hosts:?}"
    );
    assert_eq!(position("third.chat.test"), None, "{hosts:?}");
}

#[tokio::test]
async fn starttls_is_taken_where_direct_tls_is_dead() {
    let prosody = Prosody::start_domain(&["alice"], DOMAIN);
    let starttls = Proxy::start(prosody.port).await;
    let dns = Dns::start(
        Zone::default()
            .service("xmpps-client", DOMAIN, 1, free_port(), "live.chat.test")
            // A name that does not exist, and a port that is closed.
            .service("xmpp-client", DOMAIN, 5, 5222, "gone.chat.test")
            .service("xmpp-client", DOMAIN, 6, free_port(), "live.chat.test")
            .service("xmpp-client", DOMAIN, 7, starttls.port, "live.chat.test")
            .loopback("live.chat.test"),
    );
    sign_in(settings(&prosody, &dns)).await;
    assert_eq!(starttls.connections(), 1);
}

#[tokio::test]
async fn a_domain_that_offers_only_one_kind_is_reached() {
    let prosody = Prosody::start_domain(&["alice"], DOMAIN);
    for (service, port) in [
        ("xmpps-client", prosody.direct_port),
        ("xmpp-client", prosody.port),
    ] {
        // The root as target says that there is decidedly no such service (RFC 2782).
        let other = if service == "xmpp-client" {
            "xmpps-client"
        } else {
            "xmpp-client"
        };
        let dns = Dns::start(
            Zone::default()
                .service(service, DOMAIN, 1, port, "live.chat.test")
                .service(other, DOMAIN, 0, 0, ".")
                .loopback("live.chat.test"),
        );
        sign_in(settings(&prosody, &dns)).await;
    }
}
