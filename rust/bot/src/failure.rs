// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! How a command ends when it does not end well.

use std::fmt::Display;
use std::process::ExitCode;

use engine::store::OpenError;
use engine::{CommandError, Reason, ReasonKind, StartError, StateError, Stopped};
use serde::{Deserialize, Serialize};

/// What the process tells its caller. The numbers are a promise: scripts depend on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Code {
    /// It did not work for a reason that has no number of its own; the text says it.
    Failure = 1,
    /// The command line, or a file that it names, makes no sense.
    Usage = 2,
    /// The server refused the account, or is not the server that it should be.
    SignIn = 3,
    /// The server was not reached, or it did not answer in time.
    Unreachable = 4,
    /// The state folder is in use by another process, damaged, newer than this program, or cannot be written.
    State = 5,
}

/// Why a command failed, for the caller and for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{text}")]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) code: Code,
    /// What is wrong and what to do, without a secret.
    pub(crate) text: String,
}

impl Failure {
    pub(crate) fn new(code: Code, text: impl Display) -> Failure {
        Failure {
            code,
            text: text.to_string(),
        }
    }

    pub(crate) fn usage(text: impl Display) -> Failure {
        Failure::new(Code::Usage, text)
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> ExitCode {
        ExitCode::from(code as u8)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Failure {
        match error {
            StartError::Settings(text) => Failure::usage(text),
            StartError::State(error) => error.into(),
            error @ StartError::Thread(_) => Failure::new(Code::Failure, error),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Failure {
        Failure::new(Code::State, error)
    }
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Failure {
        match error {
            StateError::Empty | StateError::Open(OpenError::Missing { .. }) => Failure::new(
                Code::State,
                "there is no device in this state folder yet: start `xmppsync-bot run` first, or check --state and --account",
            ),
            error => Failure::new(Code::State, error),
        }
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Failure {
        Failure::new(Code::State, error)
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Failure {
        Failure::new(Code::Failure, stopped)
    }
}

impl From<&Reason> for Failure {
    fn from(reason: &Reason) -> Failure {
        let code = match reason.kind {
            ReasonKind::WrongPassword
            | ReasonKind::AccountDisabled
            | ReasonKind::NoSafeMechanism
            | ReasonKind::ServerNotProven
            | ReasonKind::Certificate
            | ReasonKind::NoEncryption
            | ReasonKind::SignInFailed
            | ReasonKind::Conflict => Code::SignIn,
            ReasonKind::Settings | ReasonKind::PlaintextRefused => Code::Usage,
            ReasonKind::StateFolder
            | ReasonKind::StateInUse
            | ReasonKind::StateMissing
            | ReasonKind::StateNewer
            | ReasonKind::StateForeign
            | ReasonKind::StateDamaged
            | ReasonKind::StateFailed => Code::State,
            ReasonKind::Internal => Code::Failure,
            _ => Code::Unreachable,
        };
        Failure::new(code, &reason.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_help() {
        let codes = [
            Code::Failure,
            Code::Usage,
            Code::SignIn,
            Code::Unreachable,
            Code::State,
        ];
        assert_eq!(codes.map(|code| code as u8), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn reasons_of_the_connection_become_codes() {
        let code = |kind| {
            Failure::from(&Reason {
                kind,
                text: String::new(),
                cause: String::new(),
            })
            .code
        };
        assert_eq!(code(ReasonKind::WrongPassword), Code::SignIn);
        assert_eq!(code(ReasonKind::Certificate), Code::SignIn);
        assert_eq!(code(ReasonKind::Unreachable), Code::Unreachable);
        assert_eq!(code(ReasonKind::NameLookup), Code::Unreachable);
        assert_eq!(code(ReasonKind::StateDamaged), Code::State);
        assert_eq!(code(ReasonKind::Settings), Code::Usage);
    }
}
