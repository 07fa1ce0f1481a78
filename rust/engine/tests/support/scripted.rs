// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A server that says what a test wants: for the answers that no honest server can be made to give. Without TLS.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The features before SASL, with PLAIN alone.
pub const PLAIN_ALONE: &str =
    "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";
/// The features after SASL.
pub const BIND_AND_SM: &str = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/>";

/// One connection of the scripted server.
pub struct Peer {
    tcp: TcpStream,
    unread: String,
    /// The connection's number, from 0.
    pub number: u32,
}

impl Peer {
    /// Reads up to and including `end`; returns all that came before it and it. Panics when the stream ends first.
    pub async fn expect(&mut self, end: &str) -> String {
        loop {
            if let Some(position) = self.unread.find(end) {
                return self.unread.drain(..position + end.len()).collect();
            }
            let mut buffer = [0; 4096];
            let count = self.tcp.read(&mut buffer).await.unwrap_or(0);
            assert_ne!(
                count, 0,
                "the client closed while {end} was expected; unread: {}",
                self.unread
            );
            self.unread
                .push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        }
    }

    /// Writes.
    pub async fn say(&mut self, text: &str) {
        // A client that has gone away shows itself when it is read from.
        let _gone = self.tcp.write_all(text.as_bytes()).await;
    }

    /// Takes the client's stream header and answers with one, and features.
    pub async fn greet(&mut self, features: &str) {
        self.open().await;
        self.say(&format!("<stream:features>{features}</stream:features>"))
            .await;
    }

    /// Takes the client's stream header and answers with one.
    pub async fn open(&mut self) {
        self.expect("version='1.0'>").await;
        self.say(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
             xmlns:stream='http://etherx.jabber.org/streams' id='1' from='localhost' version='1.0'>",
        )
        .await;
    }

    /// Signs the client in by PLAIN, up to the features after it.
    pub async fn sign_in(&mut self) {
        self.greet(PLAIN_ALONE).await;
        self.expect("</auth>").await;
        self.say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
            .await;
        self.greet(BIND_AND_SM).await;
    }

    /// Binds and enables stream management, with `enabled` as the attributes of `<enabled/>`.
    pub async fn bind(&mut self, enabled: &str) {
        let request = self.expect("</iq>").await;
        let id = request
            .split("id='")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .unwrap()
            .to_owned();
        self.say(&format!(
            "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
             <jid>user@localhost/test</jid></bind></iq>"
        ))
        .await;
        self.expect("<enable ").await;
        self.expect(">").await;
        self.say(&format!("<enabled xmlns='urn:xmpp:sm:3' {enabled}/>"))
            .await;
    }

    /// The server's own port.
    pub fn own_port(&self) -> u16 {
        self.tcp.local_addr().unwrap().port()
    }

    /// Waits until the client has closed the connection.
    pub async fn until_closed(&mut self) {
        let mut buffer = [0; 4096];
        while self.tcp.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
    }
}

/// A running scripted server.
pub struct Scripted {
    pub port: u16,
    connections: Arc<AtomicU32>,
    task: tokio::task::JoinHandle<()>,
}

impl Scripted {
    /// Starts one that plays `script` to each connection.
    pub async fn start<F: Future<Output = ()> + Send + 'static>(
        script: impl Fn(Peer) -> F + Send + Sync + 'static,
    ) -> Scripted {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let number = count.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(script(Peer {
                    tcp,
                    unread: String::new(),
                    number,
                }));
            }
        });
        Scripted {
            port,
            connections,
            task,
        }
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u32 {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}
