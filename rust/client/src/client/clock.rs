// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Whether this computer's clock is about right, by the server's (XEP-0202). By one that is half a year ahead, all that was
//! deleted lately would be long ago.

use minidom::Element;
use xmpp_parsers::time::TimeResult;

use super::Client;
use super::link::{Pending, Timer};
use crate::stanza::{Request, StanzaError};
use crate::{Problem, ProblemKind, ns};

/// How far both may differ, in milliseconds.
const TOLERATED_MS: u64 = 24 * 3_600_000;

/// How long after an answer the server is asked again, in milliseconds.
const AGAIN_MS: u64 = 6 * 3_600_000;

/// A step that comes so much later than the one before, or so much earlier, in milliseconds: the clock was set, or the computer
/// slept.
const JUMP_MS: (u64, u64) = (3_600_000, 60_000);

const PROBLEM: &str = "clock";

impl Client {
    /// A clock that jumps is not trusted before the server was asked.
    pub(super) fn watch_clock(&mut self, now: u64) {
        let last = std::mem::replace(&mut self.last_step, now);
        let (later, earlier) = JUMP_MS;
        let jumped = now > last.saturating_add(later) || now.saturating_add(earlier) < last;
        if jumped && last > 0 && self.link.up {
            self.link.clock_told = false;
            self.link.clear(&Timer::Clock);
        }
    }

    /// Asks the server for its time, now and then.
    pub(super) fn drive_clock(&mut self, now: u64) {
        if !self.link.waits(&Timer::Clock) {
            self.link.set(Timer::Clock, now.saturating_add(AGAIN_MS));
            let server = self.config.account.domain().to_string();
            let query = Element::bare("time", ns::TIME);
            self.ask(Request::Get, Some(&server), query, Pending::Time, now);
        }
    }

    pub(super) fn time_came(&mut self, answer: Result<Option<Element>, StanzaError>, now: u64) {
        self.link.clock_told = true;
        // Some servers do not tell it.
        let told = answer
            .ok()
            .flatten()
            .and_then(|time| TimeResult::try_from(time).ok());
        let Some(theirs) = told.and_then(|time| u64::try_from(time.utc.timestamp_millis()).ok()) else {
            return;
        };
        let differ = now.abs_diff(theirs);
        if differ <= TOLERATED_MS {
            self.problems.remove(PROBLEM);
            return;
        }
        let days = differ.checked_div(TOLERATED_MS).unwrap_or(0);
        let which = if now > theirs { "ahead of" } else { "behind" };
        let text = format!(
            "This computer's clock is {days} days {which} the server's. Set it right: edits are ordered by their time."
        );
        self.problems
            .insert(PROBLEM, Problem::new(ProblemKind::ClockWrong, text));
    }

    /// Whether the server has not said that it has another time.
    pub(super) fn trusts_clock(&self) -> bool {
        self.link.clock_told && !self.problems.contains_key(PROBLEM)
    }
}
