// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Questions that only the user can answer.

use std::fmt;

use replica::{Held, JoinPreview, ReplicaId, Side};
use serde::{Deserialize, Serialize};

/// What waits for the user. Nothing else waits for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Need {
    /// Very much was deleted at once, or much came that is here already. Answered by [`crate::Command::AnswerHeld`], on any of the account's devices.
    Held {
        /// Names the question in the answer.
        question: Question,
        /// The name of the device that deleted or added; this one's own for what is gone from this browser.
        device: String,
        /// When it was noticed, in milliseconds since the Unix epoch.
        since: u64,
        /// How many items would go, or come, …
        items: u64,
        /// … of how many.
        of: u64,
        /// The titles of some of them, folders first.
        titles: Vec<String>,
        /// All that in a sentence, without titles.
        text: String,
    },
    /// This device's bookmarks and the account's are to meet, and a merge leaves something to choose. Answered by
    /// [`crate::Command::Join`]. Until then this device neither changes nor is changed.
    Join {
        /// Both were the same once: this profile has other bookmarks now than it had.
        again: bool,
        /// What a merge would do.
        preview: JoinPreview,
        /// All that in a sentence.
        text: String,
    },
}

impl Need {
    /// The first join, in words.
    pub(crate) fn join(preview: JoinPreview, again: bool) -> Need {
        let JoinPreview {
            local,
            account,
            matched,
            added_here,
            added_there,
            conflicts,
        } = preview;
        let start = if again {
            "This browser has other bookmarks now than it had when it was last synchronised."
        } else {
            "This browser and your other devices have different bookmarks."
        };
        let text = format!(
            "{start} Here are {local}, there are {account}, and {matched} are the same. A merge adds {added_here} here \
            and {added_there} there; {conflicts} have the same address on both sides and differ otherwise. Choose: \
            merge both, take theirs, or take mine."
        );
        Need::Join { again, preview, text }
    }

    /// What is held, in the words of a user who knows devices by their names.
    pub(crate) fn held(held: Held, device: String) -> Need {
        let (items, of) = (held.items, held.of);
        let text = match held.side {
            Side::Incoming => format!(
                "{device} deleted {items} of {of} bookmarks. Here they are all still there: accept, and they are \
                deleted here too; refuse, and they are put back there."
            ),
            Side::Outgoing => format!(
                "{items} of {of} bookmarks are gone from this browser. Your other devices still have them: accept, and \
                they are deleted there too; refuse, and they are put back here."
            ),
            Side::Doubled => format!(
                "{device} added {items} bookmarks to your {of}, and most of them are here already. They are not shown here \
                yet: accept, and they are; refuse, and they are deleted on all your devices."
            ),
        };
        Need::Held {
            question: Question(held.side, held.replica),
            device,
            since: held.since,
            items,
            of,
            titles: held.titles,
            text,
        }
    }

    /// The question in a sentence, without titles or addresses.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Need::Held { text, .. } | Need::Join { text, .. } => text,
        }
    }
}

/// Names a question about what is held: `incoming:<replica>`, `outgoing:<replica>` or `doubled:<replica>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Question(pub(crate) Side, pub(crate) ReplicaId);

/// Something that names no question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no question: they are called incoming:…, outgoing:… or doubled:…, with 16 hex digits")]
pub struct NoQuestion(String);

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.0 {
            Side::Incoming => "incoming",
            Side::Outgoing => "outgoing",
            Side::Doubled => "doubled",
        };
        write!(f, "{side}:{}", self.1)
    }
}

impl std::str::FromStr for Question {
    type Err = NoQuestion;

    fn from_str(text: &str) -> Result<Question, NoQuestion> {
        let parse = || {
            let (side, replica) = text.split_once(':')?;
            let side = match side {
                "incoming" => Side::Incoming,
                "outgoing" => Side::Outgoing,
                "doubled" => Side::Doubled,
                _ => return None,
            };
            Some(Question(side, replica.parse().ok()?))
        };
        parse().ok_or_else(|| NoQuestion(text.to_owned()))
    }
}

impl From<Question> for String {
    fn from(question: Question) -> String {
        question.to_string()
    }
}

impl TryFrom<String> for Question {
    type Error = NoQuestion;

    fn try_from(text: String) -> Result<Question, NoQuestion> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serialized_form_is_stable() {
        let held = Held {
            side: Side::Incoming,
            replica: 10.into(),
            since: 1,
            items: 412,
            of: 1032,
            titles: vec!["Recipes".into()],
        };
        let need = Need::held(held, "Laptop".into());
        insta::assert_snapshot!(serde_json::to_string(&need).unwrap(), @r#"{"type":"held","question":"incoming:000000000000000a","device":"Laptop","since":1,"items":412,"of":1032,"titles":["Recipes"],"text":"Laptop deleted 412 of 1032 bookmarks. Here they are all still there: accept, and they are deleted here too; refuse, and they are put back there."}"#);
        let json = serde_json::to_string(&need).unwrap();
        assert_eq!(serde_json::from_str::<Need>(&json).unwrap(), need);
    }

    #[test]
    fn a_join_is_told_in_numbers() {
        let preview = JoinPreview {
            local: 5,
            account: 7,
            matched: 3,
            added_here: 4,
            added_there: 2,
            conflicts: 1,
        };
        insta::assert_snapshot!(serde_json::to_string(&Need::join(preview, false)).unwrap(), @r#"{"type":"join","again":false,"preview":{"local":5,"account":7,"matched":3,"added_here":4,"added_there":2,"conflicts":1},"text":"This browser and your other devices have different bookmarks. Here are 5, there are 7, and 3 are the same. A merge adds 4 here and 2 there; 1 have the same address on both sides and differ otherwise. Choose: merge both, take theirs, or take mine."}"#);
    }

    #[test]
    fn questions_have_names() {
        for name in ["incoming", "outgoing", "doubled"].map(|side| format!("{side}:000000000000000a")) {
            assert_eq!(name.parse::<Question>().unwrap().to_string(), name);
        }
        for wrong in ["", "incoming", "incoming:x", "sideways:000000000000000a"] {
            assert!(wrong.parse::<Question>().is_err(), "{wrong}");
        }
    }
}
