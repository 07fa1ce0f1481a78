// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! `held`, `accept` and `refuse`: large deletions that wait for the user.

use std::fmt::Write;

use engine::client::{self, Event, Need};

use super::{carry, look, new_id, print, print_json};
use crate::failure::{Code, Failure};
use crate::settings::Settings;
use crate::words;

pub(super) async fn show(settings: &Settings, json: bool) -> Result<(), Failure> {
    let needs = look::overview(settings).await?.status.needs;
    if json {
        return print_json(&needs);
    }
    print(&in_words(&needs))
}

fn in_words(needs: &[Need]) -> String {
    let mut text = String::new();
    for need in needs {
        let Need::Held {
            question,
            titles,
            text: sentence,
            ..
        } = need
        else {
            continue;
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{question}\n  {sentence}");
        if !titles.is_empty() {
            let titles: Vec<String> = titles.iter().map(|title| words::visible(title)).collect();
            let _ = writeln!(text, "  among them: {}", titles.join(", "));
        }
    }
    if text.is_empty() {
        text.push_str("Nothing waits for your answer.\n");
    }
    text
}

pub(super) async fn answer(settings: &Settings, question: Option<&str>, accept: bool) -> Result<(), Failure> {
    let command = client::Command::AnswerHeld {
        id: new_id(),
        question: question.map(str::parse).transpose().map_err(Failure::usage)?,
        accept,
    };
    let event = carry(settings, command).await?;
    let Event::HeldAnswered { items, .. } = event else {
        return Err(Failure::new(Code::Failure, "an unexpected answer"));
    };
    let items = words::count(items, "bookmark");
    print(&if accept {
        format!("{items} deleted.\n")
    } else {
        format!("{items} put back.\n")
    })
}
