// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The state of the connection, as it is shown to a person and to other programs.

use jid::FullJid;
use serde::{Deserialize, Serialize};

/// Where the connection to the server stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConnectionState {
    /// Not started yet, or stopped.
    Offline,
    /// Looking the server up, opening TCP and TLS.
    Connecting,
    /// The server is reached; signing in.
    Authenticating,
    /// Signed in.
    Online {
        /// The address that the server bound.
        jid: FullJid,
    },
    /// The connection failed or broke; it is tried again by itself.
    Waiting {
        /// Why it failed.
        reason: Reason,
        /// Milliseconds until the next attempt.
        retry_in_ms: u64,
    },
    /// The connection failed in a way that only a person can mend. Nothing is tried any more.
    Failed {
        /// Why it failed.
        reason: Reason,
    },
}

/// Why the connection is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// For programs.
    pub kind: ReasonKind,
    /// For a person: one or two sentences, which say what to do where something can be done. No secrets.
    pub text: String,
    /// The cause by itself, in the words of whoever reported it, where there is one that says more than the kind.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
}

/// The kinds of reasons. New ones may come; the text is always there to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasonKind {
    /// The DNS knows no such host, or does not answer. Retried.
    NameLookup,
    /// No TCP connection. Retried.
    Unreachable,
    /// The server took too long. Retried.
    TimedOut,
    /// TLS failed for another reason than the certificate. Retried.
    Tls,
    /// The server's certificate is not trusted. Final.
    Certificate,
    /// The server offers no encryption. Final.
    NoEncryption,
    /// A connection without encryption was asked for off loopback. Final.
    PlaintextRefused,
    /// No password store runs on the user's desktop. Final.
    NoPasswordStore,
    /// The user's password store has no password for this account. Final.
    PasswordNotStored,
    /// The user's password store stayed locked. Final.
    PasswordStoreLocked,
    /// The user's password store failed. Final.
    PasswordStoreFailed,
    /// Wrong password, or no such account: servers do not tell which. Final.
    WrongPassword,
    /// The account is closed or its password has expired. Final.
    AccountDisabled,
    /// The server offers only ways to sign in that would give the password away. Final.
    NoSafeMechanism,
    /// The server could not prove that it knows the account. Final.
    ServerNotProven,
    /// Signing in failed for now. Retried.
    SignInFailed,
    /// Another program took this device's place on the server. Final.
    Conflict,
    /// The server says that we broke its rules. Retried late.
    PolicyViolation,
    /// The server does not serve the account's domain. Final.
    HostUnknown,
    /// The server sent us elsewhere, too often or to no usable place. Retried.
    Redirected,
    /// The server ended the stream for another reason. Retried.
    StreamError,
    /// The server spoke no proper XMPP. Retried.
    Protocol,
    /// The connection broke. Retried.
    ConnectionLost,
    /// The settings cannot be used, for instance an unreadable file of certificates. Final.
    Settings,
    /// The state's folder or a file in it cannot be created, read or locked. Final.
    StateFolder,
    /// Another process runs the state. Final.
    StateInUse,
    /// There is no state, and it was to be read only. Final.
    StateMissing,
    /// The state was written by a newer release. Final.
    StateNewer,
    /// What is there is another program's. Final.
    StateForeign,
    /// The state is damaged or incomplete. Final.
    StateDamaged,
    /// The state cannot be read or written, for instance on a full disk. Final.
    StateFailed,
    /// A fault in XmppSync itself. Final.
    Internal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serialized_forms() {
        let reason = || Reason {
            kind: ReasonKind::WrongPassword,
            text: "No.".to_owned(),
            cause: String::new(),
        };
        let form = |state: ConnectionState| serde_json::to_string(&state).unwrap();
        assert_eq!(form(ConnectionState::Offline), r#"{"state":"offline"}"#);
        assert_eq!(form(ConnectionState::Connecting), r#"{"state":"connecting"}"#);
        assert_eq!(
            form(ConnectionState::Authenticating),
            r#"{"state":"authenticating"}"#
        );
        let jid = "a@example.org/b".parse().unwrap();
        assert_eq!(
            form(ConnectionState::Online { jid }),
            r#"{"state":"online","jid":"a@example.org/b"}"#
        );
        assert_eq!(
            form(ConnectionState::Waiting {
                reason: reason(),
                retry_in_ms: 5
            }),
            r#"{"state":"waiting","reason":{"kind":"wrong_password","text":"No."},"retry_in_ms":5}"#
        );
        let failed = form(ConnectionState::Failed { reason: reason() });
        assert_eq!(
            failed,
            r#"{"state":"failed","reason":{"kind":"wrong_password","text":"No."}}"#
        );
        let back: ConnectionState = serde_json::from_str(&failed).unwrap();
        assert_eq!(back, ConnectionState::Failed { reason: reason() });
    }
}
