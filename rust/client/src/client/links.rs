// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Links in messages of people: a phone's chat program files them under the unsorted bookmarks.

use jid::BareJid;
use rand_core::CryptoRng;
use replica::{EditError, EditOp, ItemId, Kind, Root, canonical_url};
use sha2::{Digest, Sha256};

use super::Client;
use crate::{Event, PlainItem};

/// Most links of one message that are filed: more is no note to oneself.
const MAX_LINKS: usize = 50;

/// What links start with.
const SCHEMES: [&str; 2] = ["https://", "http://"];

/// What a sentence puts around a link.
const BEFORE: [char; 5] = ['<', '(', '[', '"', '\''];
const BEHIND: [char; 11] = ['>', ')', ']', '"', '\'', '.', ',', ';', ':', '!', '?'];

impl Client {
    /// Files the links of a message and tells its sender. The message's id makes it be done once, and the same on every
    /// replica that reads it.
    pub(super) fn file_links(
        &mut self,
        from: &BareJid,
        stanza: Option<&str>,
        text: &str,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        if !self.config.file_links || !self.config.sync_bookmarks || !self.config.is_partner(from) {
            return;
        }
        let links = find(text);
        if links.is_empty() {
            return;
        }
        let key = match stanza {
            Some(stanza) => format!("id {stanza}"),
            None => format!("text {text}"),
        };
        let answer = match self.file(from, &key, &links, now, rng) {
            Ok(Filed { added: 0, present: 0 }) => return,
            Ok(Filed { added: 0, .. }) => "It is among the unsorted bookmarks already.".to_owned(),
            Ok(Filed { added: 1, .. }) => "Filed under the unsorted bookmarks.".to_owned(),
            Ok(Filed { added, .. }) => format!("Filed {added} links under the unsorted bookmarks."),
            Err(error) => format!("Not filed: {error}."),
        };
        self.post(None, from.clone(), answer, now);
    }

    fn file(
        &mut self,
        from: &BareJid,
        key: &str,
        links: &[PlainItem],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Filed, EditError> {
        let tree = self.replica.tree();
        let unsorted = tree.root(Root::Other).iter();
        let mut known: Vec<String> = unsorted.map(|node| canonical_url(node.field("url"))).collect();
        let mut filed = Filed::default();
        for (link, number) in links.iter().zip(0_u64..) {
            let url = canonical_url(&link.url);
            let add = EditOp::Add {
                id: derived_id(from, key, number),
                parent: ItemId::root(Root::Other),
                index: None,
                kind: Kind::Link,
                fields: link.fields(),
            };
            if known.contains(&url) {
                filed.present = filed.present.saturating_add(1);
                continue;
            }
            match self.replica.edit(add, now, rng) {
                Ok(_) => filed.added = filed.added.saturating_add(1),
                // This very message was read before, here or by another replica; the user may have deleted it since.
                Err(EditError::IdTaken { .. }) => {}
                Err(error) => return Err(error),
            }
            known.push(url);
        }
        if filed.added > 0 {
            self.events.push(Event::BookmarksChanged {
                added: filed.added,
                changed: 0,
                removed: 0,
                remote: true,
            });
            self.host_due = true;
            self.note_edits(now);
        }
        Ok(filed)
    }
}

#[derive(Default)]
struct Filed {
    added: u64,
    present: u64,
}

fn derived_id(from: &BareJid, key: &str, number: u64) -> Option<ItemId> {
    let digest = Sha256::digest(format!("xmppsync link 1\n{from}\n{key}\n{number}"));
    let name: String = hex::encode(digest).chars().take(24).collect();
    ItemId::new(&name).ok()
}

/// The links of a text. The rest of a text with one link is its title; otherwise a link's title is the link itself.
fn find(text: &str) -> Vec<PlainItem> {
    let is_link = |word: &&str| link(word).is_some();
    let links: Vec<&str> = text.split_whitespace().filter_map(link).take(MAX_LINKS).collect();
    let rest: Vec<&str> = text.split_whitespace().filter(|word| !is_link(word)).collect();
    let rest = rest.join(" ");
    let item = |url: &str| PlainItem {
        kind: Some(Kind::Link),
        title: if links.len() == 1 && !rest.is_empty() {
            rest.clone()
        } else {
            url.to_owned()
        },
        url: url.to_owned(),
        ..PlainItem::default()
    };
    links.iter().map(|url| item(url)).collect()
}

/// The link that a word is, without the sentence's punctuation. A closing bracket stays where the link opens one.
fn link(word: &str) -> Option<&str> {
    let mut word = word.trim_start_matches(BEFORE);
    while let Some(last) = word.chars().next_back().filter(|last| BEHIND.contains(last)) {
        let count = |bracket| word.matches(bracket).count();
        if last == ')' && count('(') >= count(')') || last == ']' && count('[') >= count(']') {
            break;
        }
        word = word.strip_suffix(last)?;
    }
    let lower = word.to_ascii_lowercase();
    let host = SCHEMES.iter().find_map(|scheme| lower.strip_prefix(scheme))?;
    host.starts_with(|first: char| first.is_alphanumeric() || first == '[')
        .then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        find(text)
            .into_iter()
            .map(|item| (item.title, item.url))
            .collect()
    }

    fn pair(title: &str, url: &str) -> (String, String) {
        (title.to_owned(), url.to_owned())
    }

    #[test]
    fn links_are_found_in_sentences() {
        assert_eq!(
            found("https://a.example/"),
            [pair("https://a.example/", "https://a.example/")]
        );
        assert_eq!(
            found("Read this: (see https://a.example/x?y=1), please!"),
            [pair("Read this: (see please!", "https://a.example/x?y=1")]
        );
        assert_eq!(
            found("HTTP://A.example and <https://b.example/wiki/C_(D)>."),
            [
                pair("HTTP://A.example", "HTTP://A.example"),
                pair("https://b.example/wiki/C_(D)", "https://b.example/wiki/C_(D)")
            ]
        );
        for none in [
            "",
            "hello",
            "https://",
            "https://.",
            "ftp://a.example/",
            "javascript:alert(1)",
            "seehttps://a.example",
        ] {
            assert_eq!(found(none), [], "{none}");
        }
        assert_eq!(find(&"https://a.example/ ".repeat(80)).len(), MAX_LINKS);
    }
}
