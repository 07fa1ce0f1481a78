// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Open tabs: what of them is told to the account's other devices. It is sealed under a key that serves for a day.

use minidom::Element;
use omemo::DeviceId;
use rand_core::CryptoRng;
use replica::visits::{MAX_TITLE_CHARS, MAX_URL_BYTES, is_of_web};
use serde::{Deserialize, Serialize};

use crate::body::VERSION;
use crate::ns;
use crate::sealed::{self, ItemKey, SealedError, SealedItem};

/// Most bytes of sealed tabs, before base64: several hundred tabs, and below [`crate::SAFE_STANZA_BYTES`] with keys for 40
/// devices. What does not fit is counted, not told.
const MAX_SEALED_BYTES: usize = 24 * 1024;

/// Most tabs that are told.
const MAX_TABS: usize = 1_000;

/// Most bytes of tabs that are unpacked.
const MAX_RAW_BYTES: u64 = 4 * 1024 * 1024;

/// One open tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tab {
    /// Its address, of the web: `http` or `https`.
    pub url: String,
    /// Its title; may be empty.
    #[serde(default)]
    pub title: String,
}

/// What another device of the account had open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceTabs {
    /// The device.
    pub device: DeviceId,
    /// The name that it gave itself.
    pub label: String,
    /// When it said so last, in milliseconds since the Unix epoch, by its own clock but never in the future.
    pub at: u64,
    /// In the order of its windows.
    pub tabs: Vec<Tab>,
    /// How many more there were.
    #[serde(default)]
    pub left_out: u64,
}

/// What is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenTabs {
    v: u64,
    pub(crate) name: String,
    pub(crate) at: u64,
    /// Rises with every one of a device.
    pub(crate) number: u64,
    pub(crate) tabs: Vec<Tab>,
    #[serde(default)]
    pub(crate) left_out: u64,
}

/// What one device seals its tabs with for a while. In JSON it is what the OMEMO element holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TabKey {
    v: u64,
    #[serde(flatten)]
    key: ItemKey,
}

impl TabKey {
    pub(crate) fn random(rng: &mut impl CryptoRng) -> TabKey {
        TabKey {
            v: VERSION,
            key: ItemKey::random(rng),
        }
    }

    /// Names it among the device's keys.
    pub(crate) fn id(&self) -> &str {
        &self.key.id
    }

    /// The content that is encrypted for the readers (XEP-0335).
    pub(crate) fn to_content(&self) -> Option<Element> {
        let json = serde_json::to_string(self).ok()?;
        Some(Element::builder("json", ns::JSON).append(json).build())
    }

    pub(crate) fn parse(json: &str) -> Result<TabKey, SealedError> {
        let parsed: TabKey = sealed::parse(json.as_bytes())?;
        parsed.key.check_id()?;
        Ok(parsed)
    }

    /// Seals what `device` has open; of too many tabs, the last are left out.
    pub(crate) fn seal(
        &self,
        device: DeviceId,
        mut open: OpenTabs,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedItem, SealedError> {
        loop {
            let packed = sealed::pack(&open)?;
            if packed.len() <= MAX_SEALED_BYTES {
                return Ok(SealedItem {
                    key: self.id().to_owned(),
                    sealed: self.key.seal(&place(device), &packed, rng)?,
                });
            }
            // In proportion, and one more, so that it ends.
            let fit = open
                .tabs
                .len()
                .saturating_mul(MAX_SEALED_BYTES)
                .checked_div(packed.len());
            let fit = fit.unwrap_or(0).min(open.tabs.len().saturating_sub(1));
            open.left_out = open
                .left_out
                .saturating_add(count(open.tabs.len().saturating_sub(fit)));
            open.tabs.truncate(fit);
        }
    }

    /// Opens what `device` has sealed.
    pub(crate) fn open(&self, device: DeviceId, sealed: &[u8]) -> Result<OpenTabs, SealedError> {
        let mut open: OpenTabs = self.key.open(&place(device), sealed, MAX_RAW_BYTES)?;
        (open.tabs, open.left_out) = tellable(open.tabs, open.left_out);
        Ok(open)
    }
}

fn place(device: DeviceId) -> String {
    format!("{} {device}", ns::NODE_TABS)
}

impl OpenTabs {
    pub(crate) fn new(name: String, at: u64, number: u64, tabs: Vec<Tab>, left_out: u64) -> OpenTabs {
        OpenTabs {
            v: VERSION,
            name,
            at,
            number,
            tabs,
            left_out,
        }
    }
}

/// Those of the tabs that may be told, and how many more pages of the web there are. Pages of the browser itself, files and the
/// like mean nothing elsewhere, and are not counted.
pub(crate) fn tellable(tabs: Vec<Tab>, left_out: u64) -> (Vec<Tab>, u64) {
    let of_web: Vec<Tab> = tabs.into_iter().filter(|tab| is_of_web(&tab.url)).collect();
    let all = of_web.len();
    let told = of_web.into_iter().filter(|tab| tab.url.len() <= MAX_URL_BYTES);
    let told = told.take(MAX_TABS).map(|tab| Tab {
        title: tab
            .title
            .chars()
            .filter(|char| !char.is_control())
            .take(MAX_TITLE_CHARS)
            .collect(),
        ..tab
    });
    let told: Vec<Tab> = told.collect();
    let left_out = left_out.saturating_add(count(all.saturating_sub(told.len())));
    (told, left_out)
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
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

    #[test]
    fn what_was_sealed_is_opened_for_its_device_alone() {
        let rng = &mut rand::rng();
        let key = TabKey::random(rng);
        let open = OpenTabs::new("Laptop".to_owned(), 5, 1, vec![tab("https://example.org/")], 2);
        let sealed = key.seal(7, open.clone(), rng).unwrap().sealed;
        assert_eq!(key.open(7, &sealed).unwrap(), open);
        assert!(matches!(key.open(8, &sealed), Err(SealedError::Key)));
    }

    #[test]
    fn the_serialized_forms_are_stable() {
        let key = r#"{"v":1,"id":"0011223344556677","key":"0707070707070707070707070707070707070707070707070707070707070707"}"#;
        let parsed = TabKey::parse(key).unwrap();
        assert_eq!(parsed.to_content().unwrap().text(), key);
        assert!(!format!("{parsed:?}").contains("0707"), "a key is never shown");
        let newer = key.replace(r#""v":1"#, r#""v":2"#);
        assert!(matches!(
            TabKey::parse(&newer),
            Err(SealedError::UnknownVersion(2))
        ));
        let long = key.replace("0011223344556677", &"0".repeat(65));
        assert!(matches!(TabKey::parse(&long), Err(SealedError::Malformed(_))));
        let open = OpenTabs::new("Laptop".to_owned(), 5, 1, vec![tab("https://example.org/")], 0);
        insta::assert_snapshot!(serde_json::to_string(&open).unwrap(), @r#"{"v":1,"name":"Laptop","at":5,"number":1,"tabs":[{"url":"https://example.org/","title":"Title"}],"left_out":0}"#);
    }

    #[test]
    fn only_pages_of_the_web_are_told_and_what_is_too_much_is_counted() {
        let long = format!("https://example.org/{}", "x".repeat(MAX_URL_BYTES));
        let tabs = [
            "https://a.example/",
            "HTTP://b.example/",
            "file:///srv/secret.txt",
            "about:blank",
            "javascript:alert(1)",
            "data:text/html,x",
            "falkon:config",
            "qrc://x",
            "view-source:https://c.example/",
            "https://d.example/ x",
            "",
            &long,
        ];
        let (told, left_out) = tellable(tabs.into_iter().map(tab).collect(), 1);
        let urls: Vec<&str> = told.iter().map(|tab| tab.url.as_str()).collect();
        assert_eq!(
            (urls.as_slice(), left_out),
            (["https://a.example/", "HTTP://b.example/"].as_slice(), 2)
        );
        let many = (0..MAX_TABS + 7)
            .map(|number| tab(&format!("https://{number}.example/")))
            .collect();
        let (told, left_out) = tellable(many, 0);
        assert_eq!((told.len(), left_out), (MAX_TABS, 7));
        let (told, _) = tellable(
            vec![Tab {
                url: "https://a.example/".to_owned(),
                title: "é\n".repeat(500),
            }],
            0,
        );
        assert_eq!(told[0].title, "é".repeat(MAX_TITLE_CHARS));
    }

    #[test]
    fn what_another_device_should_not_have_told_is_not_taken() {
        let rng = &mut rand::rng();
        let key = TabKey::random(rng);
        let tabs = ["javascript:alert(1)", "https://a.example/", "file:///srv/x"].map(tab);
        let open = OpenTabs::new(String::new(), 0, 1, tabs.to_vec(), 0);
        let sealed = key.seal(7, open, rng).unwrap().sealed;
        assert_eq!(key.open(7, &sealed).unwrap().tabs, [tab("https://a.example/")]);
    }

    #[test]
    fn what_does_not_fit_is_left_out_from_the_end() {
        let rng = &mut rand::rng();
        let key = TabKey::random(rng);
        let noise = |rng: &mut rand::rngs::ThreadRng| {
            let mut bytes = [0; 500];
            rand::Rng::fill_bytes(rng, &mut bytes);
            hex::encode(bytes)
        };
        let tabs: Vec<Tab> = (0..200)
            .map(|_| tab(&format!("https://example.org/{}", noise(rng))))
            .collect();
        let sealed = key
            .seal(7, OpenTabs::new(String::new(), 0, 1, tabs.clone(), 3), rng)
            .unwrap()
            .sealed;
        assert!(sealed.len() < MAX_SEALED_BYTES + 64, "{}", sealed.len());
        let open = key.open(7, &sealed).unwrap();
        assert!(open.tabs.len() > 30, "{}", open.tabs.len());
        assert_eq!(open.tabs, tabs[..open.tabs.len()]);
        assert_eq!(open.left_out as usize, 203 - open.tabs.len());
    }
}
