// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A device that comes back after long, and what was deleted long ago.
//!
//! What died more than [`RETENTION_MS`] ago is forgotten by all who are here. Whoever was away for longer may still hold it.
//! So it publishes no bookmarks before it has caught up: first it learns what was deleted, then it tells what it added and
//! changed. By then it has been left out of what others encrypt, so it has caught up only when one has let it in again.

use omemo::DeviceInfo;
use replica::RETENTION_MS;

use super::Client;
use super::link::Fetch;
use crate::history::Occasion;
use crate::{Event, Problem, ProblemKind};

/// The time of having caught up is noted again after this time, in milliseconds.
const NOTE_MS: u64 = 3_600_000;

/// Days are counted in these, and what died long ago is looked for so often, in milliseconds.
const DAY_MS: u64 = 24 * 3_600_000;

const PROBLEM: &str = "away";
const STILL_AWAY: &str = "This device was away for long. It shares its bookmarks again as soon as another of your devices is on; remove those that you no longer use from the list of devices.";

impl Client {
    /// Whether others may have forgotten deletions that this device has not heard of.
    pub(super) fn was_away(&self, now: u64) -> bool {
        let last = self.state.core().caught_up;
        self.replica.joined() && last.is_some_and(|last| now > last.saturating_add(RETENTION_MS))
    }

    /// Nothing that is known of is missing here. Notes it, and forgets what died long ago.
    pub(super) fn has_caught_up(&mut self, now: u64) {
        if !self.replica.joined() || self.link.node != Fetch::Done {
            return;
        }
        let noted = self.state.core().caught_up;
        if self.was_away(now) {
            if self.is_left_out() {
                self.problems
                    .insert(PROBLEM, Problem::new(ProblemKind::Away, STILL_AWAY));
                return;
            }
            self.problems.remove(PROBLEM);
            let days = now
                .saturating_sub(noted.unwrap_or(now))
                .checked_div(DAY_MS)
                .unwrap_or(0);
            self.events.push(Event::Returned { days });
        }
        self.replica.has_returned();
        // A clock that was put back counts from now on.
        if noted.is_none_or(|at| now > at.saturating_add(NOTE_MS) || now < at) {
            self.state.core_mut().caught_up = Some(now);
        }
        if now >= self.forget_due && self.trusts_clock() {
            self.forget_due = now.saturating_add(DAY_MS);
            let forgotten = self.replica.forget_dead(now);
            if forgotten > 0 {
                tracing::info!(forgotten, "deleted long ago, and forgotten now");
            }
        }
    }

    /// Whether others encrypt without this device, and nobody has let it in since.
    fn is_left_out(&self) -> bool {
        let devices = self.device.device_list(self.config.account.as_str());
        let left_out = |device: &DeviceInfo| device.active && self.link.left_out_by.contains(&device.id);
        self.link.heard.is_empty() && devices.iter().any(left_out)
    }

    /// Before the first of what was missed is merged: keeps a copy of what is here, for others' deletions of a long time are
    /// carried out now.
    pub(super) fn note_return(&mut self, now: u64) {
        if self.was_away(now) && self.replica.returns() {
            self.copy(Occasion::Bulk, now);
        }
    }
}
