// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Why a call across the bridge failed, as C++ sees it.

use engine::{Reason, ReasonKind};
use serde::Serialize;
use serde_json::json;

use crate::config::ConfigError;
use crate::guard::Panicked;

/// What a call may fail for besides [`ReasonKind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallErrorKind {
    /// There is no password where it is to be.
    PasswordMissing,
    /// The account's address, or a partner's, is none.
    NotAnAddress,
    /// The server's host and port are none.
    NotAServer,
    /// The certificate's fingerprint is none.
    NotAFingerprint,
    /// The engine has stopped.
    Stopped,
}

/// Why a call across the bridge failed. C++ sees its text: a JSON object in the form of [`Reason`], of whose `kind`s there are
/// [`CallErrorKind`]'s besides.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.to_json())]
pub(crate) enum BridgeError {
    Config(#[from] ConfigError),
    Start(#[from] engine::StartError),
    Stopped(#[from] engine::Stopped),
    Command(#[from] serde_json::Error),
    Panicked(#[from] Panicked),
}

impl BridgeError {
    fn to_json(&self) -> serde_json::Value {
        let internal = |detail: String| {
            let text = format!("A fault in XmppSync itself: {detail}. Nothing was lost; please report it.");
            json!({"kind": ReasonKind::Internal, "text": text, "cause": detail})
        };
        let call = |kind: CallErrorKind, text: String, cause: &str| json!({"kind": kind, "text": text, "cause": cause});
        match self {
            BridgeError::Config(error) => {
                let text = error.to_string();
                match error {
                    ConfigError::Malformed(cause) => {
                        json!({"kind": ReasonKind::Settings, "text": text, "cause": cause.to_string()})
                    }
                    ConfigError::NoPassword => call(CallErrorKind::PasswordMissing, text, ""),
                    ConfigError::NotAnAddress(found) => call(CallErrorKind::NotAnAddress, text, found),
                    ConfigError::NotAServer(found) => call(CallErrorKind::NotAServer, text, found),
                    ConfigError::NotAFingerprint(found) => call(CallErrorKind::NotAFingerprint, text, found),
                }
            }
            BridgeError::Start(error) => json!(Reason::from(error)),
            BridgeError::Stopped(error) => call(CallErrorKind::Stopped, error.to_string(), ""),
            BridgeError::Command(error) => internal(format!("this is not a command: {error}")),
            BridgeError::Panicked(error) => internal(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_a_reason() {
        let text = |error: BridgeError| error.to_string();
        assert_eq!(
            text(ConfigError::NotAServer("here".to_owned()).into()),
            r#"{"cause":"here","kind":"not_a_server","text":"\"here\" is not a server. Write it as host:port, for instance xmpp.example.org:5222."}"#
        );
        assert_eq!(
            text(engine::StartError::Settings("no host".to_owned()).into()),
            r#"{"cause":"no host","kind":"settings","text":"no host"}"#
        );
    }
}
