// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Why an attempt or a stream ended, and what follows from it.

use std::time::Duration;

use minidom::Element;

use super::limits::{FIRST_WAIT, PENALTY_WAIT};
use crate::password_store::StoreError;
use crate::reason::{Reason, ReasonKind};

/// Namespace of stream-level elements (RFC 6120 section 4.8.1).
pub(super) const NS_STREAM: &str = "http://etherx.jabber.org/streams";
/// Namespace of the conditions of stream errors (RFC 6120 section 4.9.2).
const NS_STREAM_ERRORS: &str = "urn:ietf:params:xml:ns:xmpp-streams";

/// A step that has a deadline of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// DNS.
    NameLookup,
    /// TCP.
    Connect,
    /// The TLS handshake.
    Tls,
    /// Stream header and features.
    Header,
    /// SASL.
    SignIn,
    /// Resource binding and stream management.
    Bind,
    /// The answer to a sign of life.
    KeepAlive,
}

/// Why an attempt or a stream ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    #[error(
        "The address of the server {host} cannot be found. Check the part after the @ and the network connection."
    )]
    NameLookup { host: String },
    #[error("The server {host} cannot be reached ({detail}).")]
    Unreachable { host: String, detail: String },
    #[error("The server took too long ({}).", step_name(*step))]
    TimedOut { step: Step },
    #[error("The encrypted connection to the server failed ({detail}).")]
    Tls { detail: String },
    #[error(
        "The server's certificate is not trusted ({detail}), so nothing was sent to it. Check the address, and the computer's date."
    )]
    Certificate { detail: String },
    #[error("The server offers no encryption, so nothing was sent to it.")]
    NoEncryption,
    #[error(
        "A connection without encryption is allowed to this computer alone, and {host} is not this computer."
    )]
    PlaintextRefused { host: String },
    #[error(transparent)]
    PasswordStore(#[from] StoreError),
    #[error("The server does not accept this address and password. Check both.")]
    WrongPassword,
    #[error(
        "The server has closed this account, or its password has expired ({condition}). Ask the server's operator."
    )]
    AccountDisabled { condition: String },
    #[error(
        "The server only offers ways to sign in that give the password away ({offered}). Signing in was refused."
    )]
    NoSafeMechanism { offered: String },
    #[error(
        "The server could not prove that it knows this account ({detail}). It may be a false one; do not retry on this network."
    )]
    ServerNotProven { detail: &'static str },
    #[error("Signing in failed ({condition}).")]
    SignInFailed { condition: String },
    #[error("{}", stream_error_text(.0))]
    Stream(StreamError),
    #[error("The server sent something that is no proper XMPP ({detail}).")]
    Protocol { detail: String },
    #[error("The connection to the server broke ({detail}).")]
    ConnectionLost { detail: String },
    #[error("The server took the old session up again, but does not answer in it. A new one follows.")]
    ResumptionUnanswered,
    #[error("The settings cannot be used: {detail}")]
    Settings { detail: String },
    #[error("A fault in XmppSync itself: {detail}")]
    Internal { detail: String },
}

/// A `<stream:error/>` (RFC 6120 section 4.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StreamError {
    /// The defined condition's name.
    pub(crate) condition: String,
    /// The server's words, if any.
    pub(crate) text: Option<String>,
    /// Where `<see-other-host/>` points.
    pub(crate) other_host: Option<String>,
}

impl StreamError {
    /// Reads one from a first-level element; None if it is something else.
    pub(crate) fn from_element(element: &Element) -> Option<StreamError> {
        if !element.is("error", NS_STREAM) {
            return None;
        }
        let conditions = || element.children().filter(|child| child.ns() == NS_STREAM_ERRORS);
        let condition = conditions().find(|child| child.name() != "text");
        Some(StreamError {
            condition: condition
                .map_or("undefined-condition", |child| child.name())
                .to_owned(),
            text: conditions()
                .find(|child| child.name() == "text")
                .map(Element::text)
                .filter(|text| !text.is_empty()),
            other_host: condition
                .filter(|child| child.name() == "see-other-host")
                .map(|child| child.text().trim().to_owned()),
        })
    }
}

impl SessionError {
    /// The server closed the connection.
    pub(crate) fn closed() -> SessionError {
        SessionError::ConnectionLost {
            detail: "the server closed it".to_owned(),
        }
    }

    /// Only a person can mend it: nothing is tried again.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            SessionError::Certificate { .. }
            | SessionError::NoEncryption
            | SessionError::PlaintextRefused { .. }
            | SessionError::PasswordStore(_)
            | SessionError::WrongPassword
            | SessionError::AccountDisabled { .. }
            | SessionError::NoSafeMechanism { .. }
            | SessionError::ServerNotProven { .. }
            | SessionError::Settings { .. }
            | SessionError::Internal { .. } => true,
            SessionError::Stream(error) => matches!(
                error.condition.as_str(),
                "conflict" | "host-unknown" | "host-gone"
            ),
            SessionError::NameLookup { .. }
            | SessionError::Unreachable { .. }
            | SessionError::TimedOut { .. }
            | SessionError::Tls { .. }
            | SessionError::SignInFailed { .. }
            | SessionError::Protocol { .. }
            | SessionError::ResumptionUnanswered
            | SessionError::ConnectionLost { .. } => false,
        }
    }

    /// The least wait before the next attempt.
    pub(crate) fn least_wait(&self) -> Duration {
        match self {
            SessionError::Stream(error) if error.condition == "policy-violation" => PENALTY_WAIT,
            SessionError::SignInFailed { .. } | SessionError::Protocol { .. } => {
                FIRST_WAIT.saturating_mul(10)
            }
            _ => Duration::ZERO,
        }
    }

    /// A wake-up must not shorten the wait.
    pub(crate) fn keeps_its_wait(&self) -> bool {
        !self.least_wait().is_zero()
    }

    /// The stream broke underneath, so that its session may be resumed (XEP-0198 section 5). After an error on the
    /// stream's own level, the same stanzas would only meet the same end.
    pub(crate) fn is_resumable(&self) -> bool {
        matches!(
            self,
            SessionError::NameLookup { .. }
                | SessionError::Unreachable { .. }
                | SessionError::TimedOut { .. }
                | SessionError::Tls { .. }
                | SessionError::ConnectionLost { .. }
        )
    }

    /// For the connection's state.
    pub(crate) fn reason(&self) -> Reason {
        let kind = match self {
            SessionError::NameLookup { .. } => ReasonKind::NameLookup,
            SessionError::Unreachable { .. } => ReasonKind::Unreachable,
            SessionError::TimedOut { .. } | SessionError::ResumptionUnanswered => ReasonKind::TimedOut,
            SessionError::Tls { .. } => ReasonKind::Tls,
            SessionError::Certificate { .. } => ReasonKind::Certificate,
            SessionError::NoEncryption => ReasonKind::NoEncryption,
            SessionError::PlaintextRefused { .. } => ReasonKind::PlaintextRefused,
            SessionError::PasswordStore(StoreError::NoStore) => ReasonKind::NoPasswordStore,
            SessionError::PasswordStore(StoreError::Missing { .. }) => ReasonKind::PasswordNotStored,
            SessionError::PasswordStore(StoreError::Locked) => ReasonKind::PasswordStoreLocked,
            SessionError::PasswordStore(StoreError::Failed { .. }) => ReasonKind::PasswordStoreFailed,
            SessionError::WrongPassword => ReasonKind::WrongPassword,
            SessionError::AccountDisabled { .. } => ReasonKind::AccountDisabled,
            SessionError::NoSafeMechanism { .. } => ReasonKind::NoSafeMechanism,
            SessionError::ServerNotProven { .. } => ReasonKind::ServerNotProven,
            SessionError::SignInFailed { .. } => ReasonKind::SignInFailed,
            SessionError::Stream(error) => match error.condition.as_str() {
                "conflict" => ReasonKind::Conflict,
                "policy-violation" => ReasonKind::PolicyViolation,
                "host-unknown" | "host-gone" => ReasonKind::HostUnknown,
                "see-other-host" => ReasonKind::Redirected,
                _ => ReasonKind::StreamError,
            },
            SessionError::Protocol { .. } => ReasonKind::Protocol,
            SessionError::ConnectionLost { .. } => ReasonKind::ConnectionLost,
            SessionError::Settings { .. } => ReasonKind::Settings,
            SessionError::Internal { .. } => ReasonKind::Internal,
        };
        Reason {
            kind,
            text: self.to_string(),
            cause: self.cause(),
        }
    }

    /// What else is known than the kind.
    fn cause(&self) -> String {
        match self {
            SessionError::NameLookup { host, .. } | SessionError::PlaintextRefused { host, .. } => {
                host.clone()
            }
            SessionError::Unreachable { detail, .. }
            | SessionError::Tls { detail }
            | SessionError::Certificate { detail }
            | SessionError::PasswordStore(StoreError::Failed { detail })
            | SessionError::Protocol { detail }
            | SessionError::ConnectionLost { detail }
            | SessionError::Settings { detail }
            | SessionError::Internal { detail } => detail.clone(),
            SessionError::AccountDisabled { condition } | SessionError::SignInFailed { condition } => {
                condition.clone()
            }
            SessionError::ServerNotProven { detail } => (*detail).to_owned(),
            SessionError::NoSafeMechanism { offered } => offered.clone(),
            SessionError::TimedOut { step } => step_name(*step).to_owned(),
            SessionError::Stream(error) => error.condition.clone(),
            SessionError::NoEncryption
            | SessionError::WrongPassword
            | SessionError::ResumptionUnanswered
            | SessionError::PasswordStore(_) => String::new(),
        }
    }
}

impl From<std::io::Error> for SessionError {
    fn from(error: std::io::Error) -> SessionError {
        match error.kind() {
            // What rxml and xso report: the bytes were no XML. An early end was sorted out before.
            std::io::ErrorKind::InvalidData => SessionError::Protocol {
                detail: "invalid XML".to_owned(),
            },
            std::io::ErrorKind::UnexpectedEof => SessionError::closed(),
            std::io::ErrorKind::TimedOut => SessionError::TimedOut {
                step: Step::KeepAlive,
            },
            _ => SessionError::ConnectionLost {
                detail: error.to_string(),
            },
        }
    }
}

/// Waits for `future` no longer than `limit`.
pub(super) async fn within<T>(
    limit: Duration,
    step: Step,
    future: impl Future<Output = Result<T, SessionError>>,
) -> Result<T, SessionError> {
    match tokio::time::timeout(limit, future).await {
        Ok(result) => result,
        Err(_elapsed) => Err(SessionError::TimedOut { step }),
    }
}

fn step_name(step: Step) -> &'static str {
    match step {
        Step::NameLookup => "name lookup",
        Step::Connect => "connecting",
        Step::Tls => "encryption",
        Step::Header => "first answer",
        Step::SignIn => "signing in",
        Step::Bind => "opening the session",
        Step::KeepAlive => "no sign of life",
    }
}

fn stream_error_text(error: &StreamError) -> String {
    let sentence = match error.condition.as_str() {
        "conflict" => "Another program took over this connection. Start this one again to go on.",
        "policy-violation" => "The server says that its rules were broken.",
        "host-unknown" | "host-gone" => "The server does not serve this address. Check the part after the @.",
        "not-authorized" => "The server no longer accepts this session.",
        "see-other-host" => "The server sent us to another one.",
        "system-shutdown" => "The server is shutting down.",
        "resource-constraint" => "The server is overloaded.",
        _ => "The server ended the connection.",
    };
    match &error.text {
        Some(text) => format!("{sentence} ({}: {text})", error.condition),
        None => format!("{sentence} ({})", error.condition),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream_error(inner: &str) -> StreamError {
        let xml = format!("<stream:error xmlns:stream='{NS_STREAM}'>{inner}</stream:error>");
        StreamError::from_element(&xml.parse().unwrap()).unwrap()
    }

    #[test]
    fn stream_errors_are_typed() {
        let conflict = SessionError::Stream(stream_error(
            "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>\
             <text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced</text>",
        ));
        assert!(conflict.is_final());
        assert_eq!(conflict.reason().kind, ReasonKind::Conflict);
        assert!(conflict.reason().text.ends_with("(conflict: Replaced)"));

        let violation = SessionError::Stream(stream_error(
            "<policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>",
        ));
        assert!(!violation.is_final() && !violation.is_resumable());
        assert_eq!(violation.least_wait(), PENALTY_WAIT);

        let elsewhere = stream_error(
            "<see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'> [::1]:5222 </see-other-host>",
        );
        assert_eq!(elsewhere.other_host.as_deref(), Some("[::1]:5222"));
        assert_eq!(stream_error("").condition, "undefined-condition");
        assert_eq!(
            StreamError::from_element(&"<error xmlns='jabber:client'/>".parse().unwrap()),
            None
        );
    }
}
