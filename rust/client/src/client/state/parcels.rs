// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Tabs that this device has sent to others, and those that others have sent to this one.

use std::collections::{BTreeMap, BTreeSet};

use omemo::DeviceId;
use serde::{Deserialize, Serialize};

use super::State;
use crate::body::describe;
use crate::{ParcelState, SentTabs, Tab};

pub(super) const PARCELS: &str = "client_parcel";
/// The record of who takes tabs. The others are named by what they are and the parcel's name.
const TAKERS: &str = "takers";
const SENT: &str = "sent.";
const CAME: &str = "came.";
const DONE: &str = "done.";

/// What a server may have done with a parcel, though its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::client) enum Asked {
    /// Taken it.
    Take,
    /// Deleted it.
    Delete,
}

/// A parcel of this device's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct Sent {
    #[serde(flatten)]
    pub(in crate::client) tabs: SentTabs,
    /// The server has it, or had it.
    pub(in crate::client) published: bool,
    /// What the server was asked for and has not answered, on this stream or an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::client) asked: Option<Asked>,
    /// It was not sent while the clock was known to be wrong: when it was is settled by the right one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(in crate::client) undated: bool,
    /// When it ceased to wait, in milliseconds since the Unix epoch.
    pub(in crate::client) ended: u64,
}

impl Sent {
    pub(in crate::client) fn new(tabs: SentTabs) -> Sent {
        Sent {
            tabs,
            published: false,
            asked: None,
            undated: false,
            ended: 0,
        }
    }

    pub(in crate::client) fn waits(&self) -> bool {
        self.tabs.state == ParcelState::Waiting
    }

    /// As the host is told of it.
    pub(in crate::client) fn told(&self) -> SentTabs {
        let mut tabs = self.tabs.clone();
        if tabs.state == ParcelState::Waiting && !self.published {
            tabs.state = ParcelState::Sending;
        }
        tabs
    }
}

/// A parcel for this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct Came {
    /// Its item at the server.
    pub(in crate::client) item: String,
    pub(in crate::client) device: DeviceId,
    pub(in crate::client) label: String,
    pub(in crate::client) at: u64,
    pub(in crate::client) tabs: Vec<Tab>,
    /// This device has asked the server for it before.
    pub(in crate::client) asked: bool,
    /// The server has given it to this device and to no other copy of its state.
    pub(in crate::client) claimed: bool,
}

/// What others say of themselves, and what this device has said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::client) struct Takers {
    /// Devices that open what is sent to them.
    pub(in crate::client) devices: BTreeSet<DeviceId>,
    /// What the server has taken of this device's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::client) own: Option<(DeviceId, bool)>,
    /// Items of parcels that are dated in the future, and when this device saw them first, in milliseconds since the Unix epoch.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::client) ahead: BTreeMap<String, u64>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parcels {
    takers: Takers,
    sent: BTreeMap<String, Sent>,
    came: BTreeMap<String, Came>,
    /// Parcels that came and are done with, and when: should one come again, it is known.
    done: BTreeMap<String, u64>,
}

impl State {
    pub(in crate::client) fn takers(&self) -> &Takers {
        &self.parcels.takers
    }

    pub(in crate::client) fn takers_mut(&mut self) -> &mut Takers {
        self.dirty.insert((PARCELS, TAKERS.to_owned()));
        &mut self.parcels.takers
    }

    pub(in crate::client) fn sent(&self) -> &BTreeMap<String, Sent> {
        &self.parcels.sent
    }

    pub(in crate::client) fn keep_sent(&mut self, name: &str, sent: Sent) {
        self.dirty.insert((PARCELS, format!("{SENT}{name}")));
        self.parcels.sent.insert(name.to_owned(), sent);
    }

    /// One that is about to change.
    pub(in crate::client) fn sent_mut(&mut self, name: &str) -> Option<&mut Sent> {
        let sent = self.parcels.sent.get_mut(name)?;
        self.dirty.insert((PARCELS, format!("{SENT}{name}")));
        Some(sent)
    }

    pub(in crate::client) fn forget_sent(&mut self, name: &str) {
        self.parcels.sent.remove(name);
        self.dirty.insert((PARCELS, format!("{SENT}{name}")));
    }

    pub(in crate::client) fn came(&self) -> &BTreeMap<String, Came> {
        &self.parcels.came
    }

    pub(in crate::client) fn keep_came(&mut self, name: &str, came: Came) {
        self.dirty.insert((PARCELS, format!("{CAME}{name}")));
        self.parcels.came.insert(name.to_owned(), came);
    }

    pub(in crate::client) fn done(&self) -> &BTreeMap<String, u64> {
        &self.parcels.done
    }

    /// The parcel was opened, or is another's.
    pub(in crate::client) fn came_is_done(&mut self, name: &str, now: u64) {
        if self.parcels.came.remove(name).is_some() {
            self.dirty.insert((PARCELS, format!("{CAME}{name}")));
            self.dirty.insert((PARCELS, format!("{DONE}{name}")));
            self.parcels.done.insert(name.to_owned(), now);
        }
    }

    pub(in crate::client) fn forget_done(&mut self, name: &str) {
        self.parcels.done.remove(name);
        self.dirty.insert((PARCELS, format!("{DONE}{name}")));
    }

    /// Another state goes on with what this device has sent.
    pub(in crate::client) fn drop_sent(&mut self) {
        let sent = std::mem::take(&mut self.parcels.sent).into_keys();
        self.dirty
            .extend(sent.map(|name| (PARCELS, format!("{SENT}{name}"))));
        self.takers_mut().own = None;
    }

    pub(super) fn parcel_record(&self, key: &str) -> Option<Vec<u8>> {
        let parcels = &self.parcels;
        if key == TAKERS {
            serde_json::to_vec(&parcels.takers).ok()
        } else if let Some(name) = key.strip_prefix(SENT) {
            serde_json::to_vec(parcels.sent.get(name)?).ok()
        } else if let Some(name) = key.strip_prefix(CAME) {
            serde_json::to_vec(parcels.came.get(name)?).ok()
        } else {
            serde_json::to_vec(parcels.done.get(key.strip_prefix(DONE)?)?).ok()
        }
    }

    pub(super) fn restore_parcel(&mut self, key: &str, value: &[u8]) -> Result<(), String> {
        let json = |error: serde_json::Error| describe(&error);
        let parcels = &mut self.parcels;
        if key == TAKERS {
            parcels.takers = serde_json::from_slice(value).map_err(json)?;
        } else if let Some(name) = key.strip_prefix(SENT) {
            let sent = serde_json::from_slice(value).map_err(json)?;
            parcels.sent.insert(name.to_owned(), sent);
        } else if let Some(name) = key.strip_prefix(CAME) {
            let came = serde_json::from_slice(value).map_err(json)?;
            parcels.came.insert(name.to_owned(), came);
        } else if let Some(name) = key.strip_prefix(DONE) {
            let done = serde_json::from_slice(value).map_err(json)?;
            parcels.done.insert(name.to_owned(), done);
        } else {
            return Err("the key is no parcel".to_owned());
        }
        Ok(())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serialized_form_of_what_was_sent_is_stable_and_an_earlier_one_is_read() {
        let earlier = r#"{"name":"00ff","device":7,"label":"Laptop","at":5,"tabs":[{"url":"https://example.org/","title":""}],"state":"waiting","published":true,"ended":0}"#;
        let mut sent: Sent = serde_json::from_str(earlier).unwrap();
        assert_eq!(serde_json::to_string(&sent).unwrap(), earlier);
        (sent.asked, sent.undated) = (Some(Asked::Delete), true);
        let record = serde_json::to_string(&sent).unwrap();
        insta::assert_snapshot!(record, @r#"{"name":"00ff","device":7,"label":"Laptop","at":5,"tabs":[{"url":"https://example.org/","title":""}],"state":"waiting","published":true,"asked":"delete","undated":true,"ended":0}"#);
        assert_eq!(serde_json::from_str::<Sent>(&record).unwrap(), sent);
    }

    #[test]
    fn the_serialized_form_of_who_takes_tabs_is_stable_and_an_earlier_one_is_read() {
        let earlier = r#"{"devices":[7,8],"own":[9,true]}"#;
        let mut takers: Takers = serde_json::from_str(earlier).unwrap();
        assert_eq!(serde_json::to_string(&takers).unwrap(), earlier);
        takers.ahead.insert("7.9.00ff".to_owned(), 5);
        let record = serde_json::to_string(&takers).unwrap();
        insta::assert_snapshot!(record, @r#"{"devices":[7,8],"own":[9,true],"ahead":{"7.9.00ff":5}}"#);
        assert_eq!(serde_json::from_str::<Takers>(&record).unwrap(), takers);
    }
}
