// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! The fields that a host knows, and when two of them are the same to it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::canonical::same_url;
use crate::state::{FieldName, Node};
use crate::{HostItem, Kind};

/// The fields that a host knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub(crate) struct Texts {
    pub(crate) title: Arc<str>,
    pub(crate) url: Arc<str>,
    /// Most have neither, and pay for a pointer alone.
    rare: Option<Arc<Rare>>,
}

/// At least one of them is not empty.
#[derive(Debug, PartialEq, Eq)]
struct Rare {
    description: Arc<str>,
    keyword: Arc<str>,
}

impl Texts {
    fn new(title: Arc<str>, url: Arc<str>, description: Arc<str>, keyword: Arc<str>) -> Texts {
        let is_rare = !description.is_empty() || !keyword.is_empty();
        Texts {
            title,
            url,
            rare: is_rare.then(|| Arc::new(Rare { description, keyword })),
        }
    }

    pub(crate) fn description(&self) -> &str {
        self.rare.as_ref().map_or("", |rare| &rare.description)
    }

    pub(crate) fn keyword(&self) -> &str {
        self.rare.as_ref().map_or("", |rare| &rare.keyword)
    }
}

/// The form in a record.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(rename = "t", default, skip_serializing_if = "str::is_empty")]
    title: Arc<str>,
    #[serde(rename = "u", default, skip_serializing_if = "str::is_empty")]
    url: Arc<str>,
    #[serde(rename = "d", default, skip_serializing_if = "str::is_empty")]
    description: Arc<str>,
    #[serde(rename = "k", default, skip_serializing_if = "str::is_empty")]
    keyword: Arc<str>,
}

impl From<Stored> for Texts {
    fn from(stored: Stored) -> Texts {
        Texts::new(stored.title, stored.url, stored.description, stored.keyword)
    }
}

impl From<Texts> for Stored {
    fn from(texts: Texts) -> Stored {
        Stored {
            description: texts.description().into(),
            keyword: texts.keyword().into(),
            title: texts.title,
            url: texts.url,
        }
    }
}

/// A field and where it is.
pub(crate) type TextField = (FieldName, fn(&Texts) -> &str);

/// All of them.
pub(crate) const TEXT_FIELDS: [TextField; 4] = [
    (FieldName::Title, |texts| &texts.title),
    (FieldName::Url, |texts| &texts.url),
    (FieldName::Description, Texts::description),
    (FieldName::Keyword, Texts::keyword),
];

/// Whether the host's item has just these texts.
pub(crate) fn shows(texts: &Texts, item: &HostItem) -> bool {
    match item.kind {
        Kind::Separator => true,
        Kind::Folder => *texts.title == *item.title && texts.description() == item.description,
        Kind::Link => {
            *texts.title == *item.title
                && *texts.url == *item.url
                && texts.description() == item.description
                && texts.keyword() == item.keyword
        }
    }
}

/// The texts that mean something for the kind; hosts may have any others there, and lose them when they restart.
pub(crate) fn texts_of_item(item: &HostItem) -> Texts {
    texts_for(item.kind, |name| match name {
        FieldName::Title => item.title.as_str().into(),
        FieldName::Url => item.url.as_str().into(),
        FieldName::Description => item.description.as_str().into(),
        _ => item.keyword.as_str().into(),
    })
}

/// The texts that a host is to show for an item.
pub(crate) fn texts_of_node(node: &Node) -> Texts {
    texts_for(node.kind.unwrap_or(Kind::Separator), |name| node.text(&name))
}

fn texts_for(kind: Kind, text: impl Fn(FieldName) -> Arc<str>) -> Texts {
    let both = |name| {
        if kind == Kind::Separator {
            Arc::default()
        } else {
            text(name)
        }
    };
    let link = |name| {
        if kind == Kind::Link {
            text(name)
        } else {
            Arc::default()
        }
    };
    Texts::new(
        both(FieldName::Title),
        link(FieldName::Url),
        both(FieldName::Description),
        link(FieldName::Keyword),
    )
}

/// Whether the host needs no update to show the second instead of the first.
pub(crate) fn same_texts(a: &Texts, b: &Texts) -> bool {
    a.title == b.title && a.rare == b.rare && same_url(&a.url, &b.url)
}
