// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Large deletions, and copies of what is here, that wait for the user's answer; `replica::Side` says which sides there are.

use replica::Side;

use super::Client;
use crate::Event;
use crate::history::Occasion;
use crate::need::{Need, Question};
use crate::refusal::{Refusal, RefusalKind};

impl Client {
    /// The questions that wait for the user.
    #[must_use]
    pub fn needs(&self) -> Vec<Need> {
        let name = |held: &replica::Held| match held.side {
            Side::Outgoing => self.config.label.clone(),
            Side::Incoming | Side::Doubled => {
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
        let held = self.replica.held().into_iter();
        let asked: Vec<replica::Held> = held
            .filter(|held| of.is_none_or(|of| of == (held.side, held.replica)))
            .collect();
        // Either answer may delete: what is gone, or what came twice.
        if !asked.is_empty() {
            self.copy(Occasion::Bulk, now);
        }
        let doubled = asked.iter().filter(|held| held.side == Side::Doubled);
        let doubled = doubled.map(|held| held.items).sum();
        let items = self.replica.answer_held(of, accept, now);
        if items == 0 {
            let reason = "nothing waits for that answer: it was given already, perhaps on another device";
            return self.refuse(id, Refusal::new(RefusalKind::NothingAsked, reason));
        }
        self.events.push(Event::HeldAnswered {
            id,
            accept,
            items,
            doubled,
        });
        self.host_due = true;
        self.note_edits(now);
    }
}
