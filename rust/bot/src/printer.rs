// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What `run` and `listen` print: messages on stdout, everything else on stderr.

use std::io::Write;

use engine::client::{Event, TrustLevel};
use serde::Serialize;

use crate::words;

/// How messages are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Messages {
    /// Not at all.
    No,
    /// A line for people.
    Text,
    /// A line of JSON.
    Json,
}

/// Prints what happens.
#[derive(Debug)]
pub(crate) struct Printer {
    messages: Messages,
    /// How many messages are still to be printed before it is enough.
    left: Option<u64>,
    last_said: String,
    broken: bool,
}

/// One message as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    from: &'a str,
    device: u32,
    fingerprint: &'a str,
    trust: TrustLevel,
    namespace: &'a str,
    body: &'a str,
    time: Option<u64>,
}

impl Printer {
    /// `count`: after that many messages it is done.
    pub(crate) fn new(messages: Messages, count: Option<u64>) -> Printer {
        Printer {
            messages,
            left: count,
            last_said: String::new(),
            broken: false,
        }
    }

    /// Whether as much as was wanted has been printed, or nobody reads it any more.
    pub(crate) fn is_done(&self) -> bool {
        self.broken || self.left == Some(0)
    }

    /// A sentence on stderr, unless it is the one said last.
    pub(crate) fn say(&mut self, text: &str) {
        if !text.is_empty() && text != self.last_said {
            eprintln!("{text}");
            text.clone_into(&mut self.last_said);
        }
    }

    pub(crate) fn event(&mut self, event: &Event) {
        match event {
            Event::Status(status) => {
                self.say(&status.text);
                for problem in &status.problems {
                    self.say(&problem.text);
                }
            }
            Event::Message { .. } => {
                if let Some(line) = message(event, self.messages).filter(|_| !self.is_done()) {
                    let mut stdout = std::io::stdout().lock();
                    self.broken = writeln!(stdout, "{line}").and_then(|()| stdout.flush()).is_err();
                    self.left = self.left.map(|left| left.saturating_sub(1));
                }
            }
            event => {
                if let Some(text) = words::news(event) {
                    eprintln!("{text}");
                    self.last_said.clear();
                }
            }
        }
    }
}

fn message(event: &Event, messages: Messages) -> Option<String> {
    let Event::Message {
        from,
        device,
        fingerprint,
        trust,
        namespace,
        body,
        time,
    } = event
    else {
        return None;
    };
    match messages {
        Messages::No => None,
        Messages::Text => Some(format!(
            "{from} (device {device}, {}): {}",
            words::trust(*trust),
            words::visible(body)
        )),
        Messages::Json => {
            let line = Line {
                from,
                device: *device,
                fingerprint,
                trust: *trust,
                namespace,
                body,
                time: *time,
            };
            serde_json::to_string(&line).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event::Message {
            from: "friend@example.net".into(),
            device: 7,
            fingerprint: "00000000 11111111".into(),
            trust: TrustLevel::AutomaticallyTrusted,
            namespace: "urn:xmpp:omemo:2".into(),
            body: "two\nlines \"quoted\"".into(),
            time: Some(1_700_000_000_000),
        }
    }

    #[test]
    fn a_message_is_one_line_of_json() {
        let line = message(&event(), Messages::Json).unwrap();
        insta::assert_snapshot!(line, @r#"{"from":"friend@example.net","device":7,"fingerprint":"00000000 11111111","trust":"automatically_trusted","namespace":"urn:xmpp:omemo:2","body":"two\nlines \"quoted\"","time":1700000000000}"#);
    }

    #[test]
    fn run_prints_no_message_and_listen_in_words_does() {
        assert_eq!(message(&event(), Messages::No), None);
        let text = message(&event(), Messages::Text).unwrap();
        assert_eq!(
            text,
            "friend@example.net (device 7, trusted (not compared yet)): two\u{fffd}lines \"quoted\""
        );
    }
}
