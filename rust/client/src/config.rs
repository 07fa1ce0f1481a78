// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What a client is told once.

use jid::BareJid;
use omemo::Namespace;
use serde::{Deserialize, Serialize};

/// Largest stanza that every server of the last years takes, in bytes: 64 KiB (older ejabberd) less what the stream adds.
pub const SAFE_STANZA_BYTES: usize = 60 * 1024;

/// Largest stanza that is ever sent, in bytes, whatever a server allows: a larger one keeps the stream busy for too long.
pub const MAX_STANZA_BYTES: usize = 192 * 1024;

/// What runs the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A browser that a person sits at.
    Desktop,
    /// A program that is always on; it answers first.
    Bot,
}

/// A client's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// The account.
    #[serde(with = "bare_jid")]
    pub account: BareJid,
    /// This device's name as the user's other devices show it.
    pub label: String,
    /// What runs the client.
    pub kind: Kind,
    /// Other accounts whose trusted devices may read and edit the bookmarks by message. The own account always may.
    #[serde(with = "bare_jids", default)]
    pub partners: Vec<BareJid>,
    /// Whether bookmarks are synchronised.
    pub sync_bookmarks: bool,
    /// What happens from now on to keys that nobody has decided about; `None` leaves it as it was chosen last, at first
    /// [`omemo::TrustPolicy::Toakafa`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust_policy: Option<omemo::TrustPolicy>,
    /// Whether this resource takes chat messages that go to the account's bare address.
    #[serde(default)]
    pub chat: bool,
    /// Whether a message in plain words from a trusted device of the account, or of a partner, that holds links files
    /// them under the unsorted bookmarks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub file_links: bool,
    /// After how many days of silence nothing is encrypted for a device any more, until it says something; 0 for never.
    #[serde(default = "default_stale_after_days")]
    pub stale_after_days: u32,
    /// What becomes of bookmarks that only this device or only the account has when the two first meet.
    #[serde(default, skip_serializing_if = "JoinPolicy::is_default")]
    pub join: JoinPolicy,
    /// Whether to ask before another device's many copies of bookmarks that are here already are shown in this browser
    /// ([`replica::Side::Doubled`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ask_about_doubles: bool,
    /// Whether the account's other devices are told what is open in this browser.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub share_tabs: bool,
    /// Whether the host opens tabs that the account's other devices send to this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub take_tabs: bool,
    /// Whether the account's devices that say so too know what was visited in each other's browsers; `None` leaves it as it was
    /// chosen last, at first not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_visits: Option<bool>,
}

/// [`Config::stale_after_days`] where nobody says otherwise: half a year.
pub const STALE_AFTER_DAYS: u32 = 180;

fn default_stale_after_days() -> u32 {
    STALE_AFTER_DAYS
}

/// Who decides how a first join goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinPolicy {
    /// All of both sides stays.
    #[default]
    Merge,
    /// The user is asked where a merge leaves something to choose ([`replica::JoinPreview::is_plain`]); else as `Merge`.
    Ask,
    /// Only what the account has stays.
    Theirs,
    /// Only what this device has stays.
    Mine,
}

impl JoinPolicy {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
    fn is_default(&self) -> bool {
        *self == JoinPolicy::default()
    }
}

impl Config {
    /// The presence priority: -1 keeps the user's chat messages away from here (RFC 6121 §8.5.2.1), which is what a
    /// browser wants that has nobody to talk to.
    #[must_use]
    pub fn priority(&self) -> i8 {
        if self.talks() { 0 } else { -1 }
    }

    /// Whether the history is shared.
    pub(crate) fn shares_visits(&self) -> bool {
        self.share_visits == Some(true)
    }

    /// [`Config::stale_after_days`] in milliseconds.
    pub(crate) fn stale_after(&self) -> Option<u64> {
        let days = Some(u64::from(self.stale_after_days)).filter(|days| *days > 0);
        days.map(|days| days.saturating_mul(24 * 3_600_000))
    }

    /// Whether this resource talks to others by chat messages.
    #[must_use]
    pub fn talks(&self) -> bool {
        self.chat || !self.partners.is_empty()
    }

    /// The wire forms of OMEMO in which this device announces itself and follows others, the newest first. Bookmarks need
    /// the newest alone; people and partners may know no other than the older one.
    pub(crate) fn namespaces(&self) -> Vec<Namespace> {
        let all = Namespace::ALL.into_iter();
        all.filter(|namespace| self.talks() || *namespace == Namespace::Omemo2)
            .collect()
    }

    /// Whether messages of `jid` may ask for bookmarks and change them.
    #[must_use]
    pub fn is_partner(&self, jid: &BareJid) -> bool {
        *jid == self.account || self.partners.contains(jid)
    }
}

/// What the server said of itself when the stream was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest stanza that it takes, in bytes (XEP-0478); [`SAFE_STANZA_BYTES`] where it says nothing.
    pub max_stanza: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_stanza: SAFE_STANZA_BYTES,
        }
    }
}

/// A bare address as text.
pub(crate) mod bare_jid {
    use jid::BareJid;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(jid: &BareJid, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(jid.as_str())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BareJid, D::Error> {
        let text = String::deserialize(deserializer)?;
        BareJid::new(&text).map_err(|error| D::Error::custom(format!("{text:?} is no address: {error}")))
    }
}

/// A list of bare addresses as texts.
mod bare_jids {
    use jid::BareJid;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(jids: &[BareJid], serializer: S) -> Result<S::Ok, S::Error> {
        jids.iter()
            .map(|jid| jid.as_str())
            .collect::<Vec<_>>()
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<BareJid>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let parse = |text: String| {
            BareJid::new(&text).map_err(|error| D::Error::custom(format!("{text:?} is no address: {error}")))
        };
        texts.into_iter().map(parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serialized_form_is_stable_and_a_bad_address_is_named() {
        let config = Config {
            account: BareJid::new("romeo@example.org").unwrap(),
            label: "Laptop".into(),
            kind: Kind::Desktop,
            partners: vec![BareJid::new("bot@example.org").unwrap()],
            sync_bookmarks: true,
            trust_policy: None,
            chat: false,
            file_links: false,
            stale_after_days: STALE_AFTER_DAYS,
            join: JoinPolicy::Merge,
            ask_about_doubles: false,
            share_tabs: false,
            take_tabs: false,
            share_visits: None,
        };
        let json = serde_json::to_string(&config).unwrap();
        insta::assert_snapshot!(json, @r#"{"account":"romeo@example.org","label":"Laptop","kind":"desktop","partners":["bot@example.org"],"sync_bookmarks":true,"chat":false,"stale_after_days":180}"#);
        assert_eq!(serde_json::from_str::<Config>(&json).unwrap(), config);
        let bad = json.replace("romeo@example.org", "a@b@c");
        assert!(
            serde_json::from_str::<Config>(&bad)
                .unwrap_err()
                .to_string()
                .contains("is no address")
        );
    }

    #[test]
    fn a_browser_without_partners_takes_no_chat_messages() {
        let mut config = Config {
            account: BareJid::new("romeo@example.org").unwrap(),
            label: String::new(),
            kind: Kind::Desktop,
            partners: Vec::new(),
            sync_bookmarks: true,
            trust_policy: None,
            chat: false,
            file_links: false,
            stale_after_days: STALE_AFTER_DAYS,
            join: JoinPolicy::Merge,
            ask_about_doubles: false,
            share_tabs: false,
            take_tabs: false,
            share_visits: None,
        };
        assert_eq!(config.priority(), -1);
        config.chat = true;
        assert_eq!(config.priority(), 0);
    }
}
