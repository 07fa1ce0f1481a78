// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Parcels: tabs that one device of the account sends to another, to be opened there once.

use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::body::{VERSION, escape_noncharacters};
use crate::ns;
use crate::refusal::{Refusal, RefusalKind};
use crate::sealed::{self, SealedError};
use crate::tabs::{Tab, tellable};

/// Most tabs in one parcel.
pub(crate) const MAX_TABS: usize = 50;

/// Largest content of a parcel, in bytes of XML, where an `&` takes five: encrypted it is a third longer, and as an item stays below
/// [`crate::SAFE_STANZA_BYTES`].
const MAX_BYTES: usize = 32 * 1024;

/// How far a parcel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParcelState {
    /// It is still here, and is sent with the next connection.
    Sending,
    /// The server has it, and it waits for the other device.
    Waiting,
    /// The other device has taken it.
    Opened,
    /// The other device was off for too long, and will not get it any more.
    Expired,
    /// The other device has left the account, or was removed.
    DeviceGone,
}

/// Tabs that this device sends to another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentTabs {
    /// Names the parcel among those of this device.
    pub name: String,
    /// Whom to.
    pub device: DeviceId,
    /// The name that the device gave itself.
    pub label: String,
    /// When it was sent, in milliseconds since the Unix epoch.
    pub at: u64,
    /// What is in it.
    pub tabs: Vec<Tab>,
    /// How far it is.
    pub state: ParcelState,
}

/// What is encrypted for the receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    v: u64,
    /// As in the item's id.
    pub(crate) name: String,
    pub(crate) tabs: Vec<Tab>,
}

/// A fresh name.
pub(crate) fn random_name(rng: &mut impl CryptoRng) -> String {
    let mut name = [0; 8];
    rng.fill_bytes(&mut name);
    hex::encode(name)
}

impl Content {
    /// # Errors
    /// When a page could not be opened elsewhere, or there is nothing or too much.
    pub(crate) fn new(name: String, tabs: Vec<Tab>) -> Result<Content, Refusal> {
        let count = tabs.len();
        let (tabs, _) = tellable(tabs, 0);
        if tabs.is_empty() || tabs.len() < count {
            let reason =
                "only pages whose address begins with http:// or https://, and is not too long, can be sent";
            return Err(Refusal::new(RefusalKind::NotAPage, reason));
        }
        let content = Content {
            v: VERSION,
            name,
            tabs,
        };
        if count > MAX_TABS || content.bytes() > MAX_BYTES {
            let reason = format!(
                "that is too much at once; send at most {MAX_TABS} tabs, or fewer where addresses are long"
            );
            return Err(Refusal::new(RefusalKind::TooMany, reason));
        }
        Ok(content)
    }

    /// As it is encrypted (XEP-0335).
    pub(crate) fn to_element(&self) -> Option<Element> {
        let json = escape_noncharacters(serde_json::to_string(self).ok()?);
        Some(Element::builder("json", ns::JSON).append(json).build())
    }

    /// How long it is before it is encrypted.
    fn bytes(&self) -> usize {
        self.to_element()
            .map_or(usize::MAX, |element| String::from(&element).len())
    }

    /// What was sent under `name`, without what should not have been sent.
    pub(crate) fn parse(json: &str, name: &str) -> Result<Content, SealedError> {
        let mut content: Content = sealed::parse(json.as_bytes())?;
        if content.name != name {
            let reason = "tabs under another name than their item's";
            return Err(SealedError::Malformed(reason.to_owned()));
        }
        (content.tabs, _) = tellable(content.tabs, 0);
        content.tabs.truncate(MAX_TABS);
        if content.tabs.is_empty() {
            return Err(SealedError::Malformed("no pages of the web".to_owned()));
        }
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tab(url: &str) -> Tab {
        Tab {
            url: url.to_owned(),
            title: "Title".to_owned(),
        }
    }

    fn refused(tabs: Vec<Tab>) -> RefusalKind {
        Content::new("n".to_owned(), tabs).unwrap_err().kind
    }

    #[test]
    fn the_serialized_form_is_stable_and_read_back() {
        let content = Content::new("00ff".to_owned(), vec![tab("https://example.org/")]).unwrap();
        let json = content.to_element().unwrap().text();
        insta::assert_snapshot!(json, @r#"{"v":1,"name":"00ff","tabs":[{"url":"https://example.org/","title":"Title"}]}"#);
        assert_eq!(Content::parse(&json, "00ff").unwrap(), content);
        assert!(matches!(
            Content::parse(&json, "00fe"),
            Err(SealedError::Malformed(_))
        ));
        let newer = json.replace(r#""v":1"#, r#""v":2,"tabs":7"#);
        assert!(matches!(
            Content::parse(&newer, "00ff"),
            Err(SealedError::UnknownVersion(2))
        ));
        assert!(matches!(
            Content::parse("[]", "00ff"),
            Err(SealedError::Malformed(_))
        ));
    }

    #[test]
    fn what_cannot_be_opened_elsewhere_is_neither_sent_nor_taken() {
        for url in [
            "javascript:alert(1)",
            "file:///srv/x",
            "falkon:config",
            "data:text/html,x",
            "",
        ] {
            assert_eq!(
                refused(vec![tab("https://a.example/"), tab(url)]),
                RefusalKind::NotAPage,
                "{url}"
            );
            let json = format!(r#"{{"v":1,"name":"n","tabs":[{{"url":"{url}"}}]}}"#);
            assert!(Content::parse(&json, "n").is_err(), "{url}");
        }
        assert_eq!(refused(Vec::new()), RefusalKind::NotAPage);
    }

    #[test]
    fn too_much_is_refused() {
        let many = |count| (0..count).map(|_| tab("https://a.example/")).collect();
        assert!(Content::new("n".to_owned(), many(MAX_TABS)).is_ok());
        assert_eq!(refused(many(MAX_TABS + 1)), RefusalKind::TooMany);
        let long = format!("https://a.example/{}", "x".repeat(2_000));
        assert_eq!(refused(vec![tab(&long); 20]), RefusalKind::TooMany);
        // As JSON they are as long as eight others.
        let escaped = format!("https://a.example/{}", "&".repeat(2_000));
        assert!(Content::new("n".to_owned(), vec![tab(&escaped); 3]).is_ok());
        assert_eq!(refused(vec![tab(&escaped); 4]), RefusalKind::TooMany);
    }
}
