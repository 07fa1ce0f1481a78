// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Large deletions that wait for the user's answer; `replica::Side` says which sides there are.

use replica::Side;

use super::Client;
use crate::Event;
use crate::history::Occasion;
use crate::need::{Need, Question};

impl Client {
    /// The questions that wait for the user.
    #[must_use]
    pub fn needs(&self) -> Vec<Need> {
        let name = |held: &replica::Held| match held.side {
            Side::Outgoing => self.config.label.clone(),
            Side::Incoming => {
                let peer = self.state.peers().get(&held.replica);
                let name = peer.map(|peer| peer.name.clone()).filter(|name| !name.is_empty());
                name.unwrap_or_else(|| "Another device".to_owned())
            }
        };
        let held = self.replica.held().into_iter().map(|held| {
            let device = name(&held);
            Need::held(held, device)
        });
        let again = self.replica.joined();
        let join = self.join_question.map(|preview| Need::join(preview, again));
        join.into_iter().chain(held).collect()
    }

    /// The user's answer to one question, or to all.
    pub(super) fn answer_held(&mut self, id: String, question: Option<Question>, accept: bool, now: u64) {
        let of = question.map(|Question(side, replica)| (side, replica));
        if accept && !self.replica.held().is_empty() {
            self.copy(Occasion::Bulk, now);
        }
        let items = self.replica.answer_held(of, accept, now);
        if items == 0 {
            let reason = "no deletion waits for that answer: it was given already, perhaps on another device";
            self.events.push(Event::CommandFailed {
                id,
                reason: reason.to_owned(),
            });
            return;
        }
        self.events.push(Event::HeldAnswered { id, accept, items });
        self.host_due = true;
        self.note_edits(now);
    }
}
