// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The session that is up, at a real Prosody, and with answers that no honest server gives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use std::time::{Duration, Instant};

use engine::session::{SessionEvent, Settings, Timing};
use engine::{ConnectionState, ReasonKind};
use minidom::Element;
use support::probe::{PATIENCE, Probe, message, number, scripted_settings, settings};
use support::prosody::{Prosody, free_port};
use support::proxy::{Mode, Proxy};
use support::scripted::{BIND_AND_SM, PLAIN_ALONE, Peer, Scripted};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_stanzas_arrive_in_order() {
    let prosody = Prosody::start(&["alice"]);
    let mut probe = Probe::start(settings(&prosody, "alice"));
    let (bound, ..) = probe.online().await;
    for id in 0..2000 {
        probe.send(&message(&bound, id, 500));
    }
    for id in 0..2000 {
        assert_eq!(number(&probe.stanza().await), id);
    }
    probe.stop().await;
}

#[tokio::test]
async fn a_cut_connection_is_resumed_and_nothing_is_lost_or_doubled() {
    let prosody = Prosody::start(&["alice"]);
    let proxy = Proxy::start(prosody.port).await;
    let connect = Some(("127.0.0.1".to_owned(), proxy.port));
    let mut probe = Probe::start(Settings {
        connect,
        ..settings(&prosody, "alice")
    });
    let (bound, ..) = probe.online().await;
    let mut received = Vec::new();
    for round in 0..3 {
        // The server takes these, but its answers do not come through.
        proxy.set_mode(Mode::Deaf);
        for id in round * 50..round * 50 + 50 {
            probe.send(&message(&bound, id, 200));
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        proxy.cut();
        probe.offline().await;
        proxy.set_mode(Mode::Pass);
        assert!(probe.online().await.1);
        while received.len() < round * 50 + 50 {
            received.push(number(&probe.stanza().await));
        }
    }
    assert_eq!(received, (0..150).collect::<Vec<_>>());
    probe.stop().await;
}

/// Prosody 13.0 takes up the parser of the old connection. When that one broke in the middle of a stanza, it hears
/// nothing of what is sent in the resumed session.
#[tokio::test]
async fn a_resumed_session_that_does_not_hear_is_replaced() {
    let prosody = Prosody::start(&["alice"]);
    let proxy = Proxy::start(prosody.port).await;
    let connect = Some(("127.0.0.1".to_owned(), proxy.port));
    let mut probe = Probe::start(Settings {
        connect,
        ..settings(&prosody, "alice")
    });
    let (bound, ..) = probe.online().await;
    for id in 0..100 {
        probe.send(&message(&bound, id, 600));
    }
    for _ in 0..5 {
        probe.stanza().await;
    }
    proxy.cut();
    let (bound, resumed, _) = probe.online().await;
    // Whether the cut falls into a stanza is up to the kernel. Either way the session works in the end.
    let started = Instant::now();
    let bound = if resumed {
        loop {
            match probe.next().await {
                SessionEvent::Stanza { stanza, .. } if number(&stanza) == 99 => break bound,
                SessionEvent::Online {
                    bound,
                    resumed: false,
                    ..
                } => break bound,
                _ => {}
            }
        }
    } else {
        bound
    };
    assert!(
        started.elapsed() < Duration::from_secs(25),
        "{:?}",
        started.elapsed()
    );
    probe.send(&message(&bound, 1000, 1));
    while number(&probe.stanza().await) != 1000 {}
    probe.stop().await;
}

#[tokio::test]
async fn stanzas_sent_while_the_connection_is_down_leave_after_the_resumption() {
    let prosody = Prosody::start(&["alice"]);
    let proxy = Proxy::start(prosody.port).await;
    let connect = Some(("127.0.0.1".to_owned(), proxy.port));
    let mut probe = Probe::start(Settings {
        connect,
        ..settings(&prosody, "alice")
    });
    let (bound, ..) = probe.online().await;
    proxy.cut();
    probe.offline().await;
    for id in 0..5 {
        probe.send(&message(&bound, id, 10));
    }
    assert!(probe.online().await.1);
    for id in 0..5 {
        assert_eq!(number(&probe.stanza().await), id);
    }
    probe.stop().await;
}

#[tokio::test]
async fn a_killed_server_means_a_new_session() {
    let mut prosody = Prosody::start(&["alice"]);
    let mut probe = Probe::start(settings(&prosody, "alice"));
    let (bound, ..) = probe.online().await;
    let old = probe.id;
    prosody.kill();
    probe.offline().await;
    probe.send(&message(&bound, 1, 10));
    prosody.launch();
    let (bound, resumed, _) = probe.online().await;
    assert!(!resumed);
    // Neither what waited nor what is sent for the old session comes out in the new one.
    probe.sender.send(old, message(&bound, 2, 10).parse().unwrap());
    probe.send(&message(&bound, 3, 10));
    assert_eq!(number(&probe.stanza().await), 3);
    probe.stop().await;
}

#[tokio::test]
async fn the_displaced_one_of_two_gives_up() {
    let prosody = Prosody::start(&["alice"]);
    let proxy = Proxy::start(prosody.port).await;
    let connect = Some(("127.0.0.1".to_owned(), proxy.port));
    let same = || Settings {
        connect: connect.clone(),
        ..settings(&prosody, "alice")
    };
    let mut first = Probe::start(same());
    first.online().await;
    let mut second = Probe::start(same());
    second.online().await;
    first.offline().await;
    let kind = loop {
        if let SessionEvent::State(ConnectionState::Failed { reason }) = first.next().await {
            break reason.kind;
        }
    };
    assert_eq!(kind, ReasonKind::Conflict);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(proxy.connections(), 2);
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn an_oversize_stanza_is_refused_here_and_the_session_goes_on() {
    let prosody = Prosody::start(&["alice"]);
    let mut probe = Probe::start(settings(&prosody, "alice"));
    let (bound, _, max_stanza) = probe.online().await;
    probe.send(&message(&bound, 1, max_stanza + 1));
    let refused = probe.stanza().await;
    assert_eq!((refused.attr("type"), number(&refused)), (Some("error"), 1));
    assert!(
        refused
            .children()
            .next()
            .unwrap()
            .has_child("policy-violation", "urn:ietf:params:xml:ns:xmpp-stanzas")
    );
    // A large one that is allowed arrives whole.
    probe.send(&message(&bound, 2, max_stanza - 500));
    let arrived = probe.stanza().await;
    assert_eq!(number(&arrived), 2);
    assert_eq!(arrived.children().next().unwrap().text().len(), max_stanza - 500);
    probe.stop().await;
}

#[tokio::test]
async fn a_stanza_that_is_no_xml_is_refused_here_and_the_session_goes_on() {
    let prosody = Prosody::start(&["alice"]);
    let mut probe = Probe::start(settings(&prosody, "alice"));
    let (bound, ..) = probe.online().await;
    let mut bad: Element = message(&bound, 1, 1).parse().unwrap();
    bad.append_text_node("\u{0}");
    probe.sender.send(probe.id, bad);
    let refused = probe.stanza().await;
    assert_eq!((refused.attr("type"), number(&refused)), (Some("error"), 1));
    probe.send(&message(&bound, 2, 1));
    assert_eq!(number(&probe.stanza().await), 2);
    probe.stop().await;
}

#[tokio::test]
async fn a_silent_connection_is_given_up_and_resumed() {
    let prosody = Prosody::start(&["alice"]);
    let proxy = Proxy::start(prosody.port).await;
    let timing = Timing {
        keep_alive: Duration::from_millis(500),
        answer: Duration::from_millis(700),
    };
    let connect = Some(("127.0.0.1".to_owned(), proxy.port));
    let mut probe = Probe::start(Settings {
        connect,
        timing,
        ..settings(&prosody, "alice")
    });
    probe.online().await;
    // Several rounds of question and answer keep it up.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(proxy.connections(), 1);
    proxy.set_mode(Mode::Silent);
    probe.offline().await;
    assert_eq!(probe.waiting().await.0, ReasonKind::TimedOut);
    proxy.cut();
    proxy.set_mode(Mode::Pass);
    assert!(probe.online().await.1);
    probe.stop().await;
}

#[tokio::test]
async fn a_server_without_stream_management_is_pinged() {
    let more = "modules_disabled = { \"s2s\", \"smacks\" }";
    let prosody = Prosody::start_with(&["alice"], more);
    let proxy = Proxy::start(prosody.port).await;
    let timing = Timing {
        keep_alive: Duration::from_millis(500),
        answer: Duration::from_millis(700),
    };
    let connect = Some(("127.0.0.1".to_owned(), proxy.port));
    let mut probe = Probe::start(Settings {
        connect,
        timing,
        ..settings(&prosody, "alice")
    });
    let (bound, ..) = probe.online().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(proxy.connections(), 1);
    probe.send(&message(&bound, 1, 1));
    assert_eq!(
        number(&probe.stanza().await),
        1,
        "the ping's answer is not a stanza for the owner"
    );
    proxy.set_mode(Mode::Silent);
    assert_eq!(probe.waiting().await.0, ReasonKind::TimedOut);
    proxy.cut();
    proxy.set_mode(Mode::Pass);
    assert!(!probe.online().await.1);
    probe.stop().await;
}

#[tokio::test]
async fn a_stop_is_quick_in_every_state() {
    // Nobody listens: connecting, then waiting.
    let prosody = Prosody::start(&["alice"]);
    let closed = Some(("127.0.0.1".to_owned(), free_port()));
    let mut probe = Probe::start(Settings {
        connect: closed,
        ..settings(&prosody, "alice")
    });
    assert_eq!(probe.waiting().await.0, ReasonKind::Unreachable);
    probe.stop().await;
    // Nobody answers: the TCP connection is not even refused.
    let silent = Some(("192.0.2.1".to_owned(), 5222));
    let mut probe = Probe::start(Settings {
        connect: silent,
        ..settings(&prosody, "alice")
    });
    probe.next().await;
    probe.stop().await;
    // A server that takes the connection and says nothing.
    let mute = Scripted::start(|mut peer: Peer| async move { peer.until_closed().await }).await;
    let mut probe = Probe::start(scripted_settings(mute.port));
    probe.next().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    probe.stop().await;
    // Online, and the connection is dead.
    let proxy = Proxy::start(prosody.port).await;
    let connect = Some(("127.0.0.1".to_owned(), proxy.port));
    let mut probe = Probe::start(Settings {
        connect,
        ..settings(&prosody, "alice")
    });
    let (bound, ..) = probe.online().await;
    proxy.set_mode(Mode::Silent);
    for id in 0..100 {
        probe.send(&message(&bound, id, 1000));
    }
    probe.stop().await;
    // Online, and nobody reads the events.
    let probe = Probe::start(settings(&prosody, "alice"));
    tokio::time::sleep(Duration::from_millis(500)).await;
    probe.stop().await;
}

#[tokio::test]
async fn a_wake_up_cuts_a_wait_short() {
    let prosody = Prosody::start(&["alice"]);
    let port = free_port();
    let mut probe = Probe::start(Settings {
        connect: Some(("127.0.0.1".to_owned(), port)),
        ..settings(&prosody, "alice")
    });
    // Waits of 1, 2, 4 and 8 s have gone by in a few seconds.
    let started = Instant::now();
    for _ in 0..5 {
        probe.waiting().await;
        probe.sender.wake();
    }
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    assert!(
        elapsed > Duration::from_secs(5),
        "a wake-up must not make a hot loop: {elapsed:?}"
    );
    probe.stop().await;
}

#[tokio::test]
async fn a_failed_resumption_without_a_count_leads_to_one_new_session() {
    let server = Scripted::start(|mut peer: Peer| async move {
        peer.sign_in().await;
        if peer.number > 0 {
            peer.expect("<resume ").await;
            peer.expect(">").await;
            peer.say("<failed xmlns='urn:xmpp:sm:3'/>").await;
        }
        peer.bind("id='old' resume='true'").await;
        if peer.number > 0 {
            peer.until_closed().await;
        }
    })
    .await;
    let mut probe = Probe::start(scripted_settings(server.port));
    assert!(!probe.online().await.1);
    assert!(!probe.online().await.1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(server.connections(), 2);
    probe.stop().await;
}

#[tokio::test]
async fn a_login_that_breaks_soon_is_no_hot_loop() {
    let server = Scripted::start(|mut peer: Peer| async move {
        peer.sign_in().await;
        peer.bind("").await;
    })
    .await;
    let mut probe = Probe::start(scripted_settings(server.port));
    let started = Instant::now();
    for _ in 0..3 {
        probe.online().await;
    }
    // Waits of at least 0.5 and 1 s lie between the three.
    assert!(
        started.elapsed() > Duration::from_millis(1500),
        "{:?}",
        started.elapsed()
    );
    probe.stop().await;
}

#[tokio::test]
async fn stream_errors_have_their_states() {
    let error = |condition: &str| {
        let condition = condition.to_owned();
        move |mut peer: Peer| {
            let condition = condition.clone();
            async move {
                peer.sign_in().await;
                peer.bind("id='1' resume='true'").await;
                peer.say(&format!(
                    "<stream:error>{condition}<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>words</text></stream:error></stream:stream>"
                ))
                .await;
                peer.until_closed().await;
            }
        }
    };
    let xmlns = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'";
    let violation = Scripted::start(error(&format!("<policy-violation {xmlns}/>"))).await;
    let mut probe = Probe::start(scripted_settings(violation.port));
    let (kind, wait) = probe.waiting().await;
    assert_eq!(kind, ReasonKind::PolicyViolation);
    assert!(wait >= Duration::from_secs(60), "{wait:?}");
    // No wake-up shortens that.
    probe.sender.wake();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(violation.connections(), 1);
    probe.stop().await;

    let shutdown = Scripted::start(error(&format!("<system-shutdown {xmlns}/>"))).await;
    let mut probe = Probe::start(scripted_settings(shutdown.port));
    assert_eq!(probe.waiting().await.0, ReasonKind::StreamError);
    probe.stop().await;

    // One that points nowhere is followed, in vain.
    let port = free_port();
    let there = format!("<see-other-host {xmlns}>127.0.0.1:{port}</see-other-host>");
    let redirecting = Scripted::start(error(&there)).await;
    let mut probe = Probe::start(scripted_settings(redirecting.port));
    assert_eq!(probe.waiting().await.0, ReasonKind::Unreachable);
    probe.stop().await;
    let away = Scripted::start(error(&format!(
        "<see-other-host {xmlns}>192.0.2.1</see-other-host>"
    )))
    .await;
    let mut probe = Probe::start(scripted_settings(away.port));
    probe.online().await;
    let kind = loop {
        if let SessionEvent::State(ConnectionState::Failed { reason }) = probe.next().await {
            break reason.kind;
        }
    };
    assert_eq!(
        kind,
        ReasonKind::PlaintextRefused,
        "a redirection leads the password nowhere"
    );
    probe.stop().await;
}

#[tokio::test]
async fn odd_elements_are_counted_and_passed_over() {
    let server = Scripted::start(|mut peer: Peer| async move {
        peer.sign_in().await;
        peer.bind("id='1' resume='true'").await;
        let deep = format!("{}{}", "<d>".repeat(50_000), "</d>".repeat(50_000));
        peer.say(&format!(
            "<unknown xmlns='urn:x'/>  <message type='nonsense' id='1'><body/><body/></message>\n\
             <iq><x xmlns='urn:y'/></iq><message id='2'>{deep}</message><message id='3'/><r xmlns='urn:xmpp:sm:3'/>"
        ))
        .await;
        // All four stanzas count, the one that was refused as well.
        peer.expect("h='4'").await;
        peer.say("<message id='4'/>").await;
        peer.until_closed().await;
    })
    .await;
    let mut probe = Probe::start(scripted_settings(server.port));
    probe.online().await;
    assert_eq!(probe.stanza().await.attr("id"), Some("1"));
    assert_eq!(probe.stanza().await.name(), "iq");
    assert_eq!(probe.stanza().await.attr("id"), Some("3"));
    assert_eq!(probe.stanza().await.attr("id"), Some("4"));
    probe.stop().await;
}

#[tokio::test]
async fn acknowledging_more_than_was_sent_ends_the_session() {
    let server = Scripted::start(|mut peer: Peer| async move {
        peer.sign_in().await;
        peer.bind("id='1' resume='true'").await;
        peer.say("<a xmlns='urn:xmpp:sm:3' h='5'/>").await;
        peer.until_closed().await;
    })
    .await;
    let mut probe = Probe::start(scripted_settings(server.port));
    assert_eq!(probe.waiting().await.0, ReasonKind::Protocol);
    probe.stop().await;
}

#[tokio::test]
async fn no_more_than_the_window_is_unacknowledged() {
    let (sent, mut counted) = tokio::sync::mpsc::unbounded_channel();
    let server = Scripted::start(move |mut peer: Peer| {
        let sent = sent.clone();
        async move {
            peer.greet(PLAIN_ALONE).await;
            peer.expect("</auth>").await;
            peer.say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
                .await;
            peer.greet(BIND_AND_SM).await;
            peer.bind("id='1' resume='true'").await;
            let mut handled = 0;
            for _ in 0..4 {
                let batch = peer.expect("<r ").await;
                handled += batch.matches("</message>").count();
                sent.send(batch.len()).unwrap();
                peer.say(&format!("<a xmlns='urn:xmpp:sm:3' h='{handled}'/>"))
                    .await;
            }
            peer.until_closed().await;
        }
    })
    .await;
    let mut probe = Probe::start(scripted_settings(server.port));
    let (bound, ..) = probe.online().await;
    for id in 0..50 {
        probe.send(&message(&bound, id, 5000));
    }
    for _ in 0..4 {
        let bytes = tokio::time::timeout(PATIENCE, counted.recv())
            .await
            .unwrap()
            .unwrap();
        assert!(
            (50_000..=65_536).contains(&bytes),
            "{bytes} bytes before an acknowledgement"
        );
    }
    probe.stop().await;
}

#[tokio::test]
async fn a_server_that_redirects_to_itself_is_no_hot_loop() {
    let server = Scripted::start(|mut peer: Peer| async move {
        peer.sign_in().await;
        peer.bind("id='1' resume='true'").await;
        let port = peer.own_port();
        peer.say(&format!(
            "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:{port}</see-other-host>\
             </stream:error></stream:stream>"
        ))
        .await;
        peer.until_closed().await;
    })
    .await;
    let mut probe = Probe::start(scripted_settings(server.port));
    assert_eq!(probe.waiting().await.0, ReasonKind::Redirected);
    assert_eq!(server.connections(), 4, "the first and three redirections");
    probe.stop().await;
}
