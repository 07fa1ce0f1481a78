// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What an engine tells its host.

use serde::{Deserialize, Serialize};

use crate::{ConnectionState, Reason};

/// What an engine tells its host. As JSON, every event is an object with a `type`; a connection's is `connection`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The state of the connection to the server.
    Connection(ConnectionState),
    /// The password was put into the user's password store, as [`crate::Credentials::Keep`] asks for.
    PasswordKept {
        /// Why it was not.
        problem: Option<Reason>,
    },
    /// What the client has to tell.
    #[serde(untagged)]
    Client(client::Event),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serialized_forms() {
        let both_ways = |event: Event, json: &str| {
            assert_eq!(serde_json::to_string(&event).unwrap(), json);
            assert_eq!(serde_json::from_str::<Event>(json).unwrap(), event);
        };
        let jid = "a@example.org/b".parse().unwrap();
        both_ways(
            Event::Connection(ConnectionState::Online { jid }),
            r#"{"type":"connection","state":"online","jid":"a@example.org/b"}"#,
        );
        both_ways(
            Event::PasswordKept { problem: None },
            r#"{"type":"password_kept","problem":null}"#,
        );
        both_ways(
            Event::Client(client::Event::Sent { id: "1".to_owned() }),
            r#"{"type":"sent","id":"1"}"#,
        );
    }
}
