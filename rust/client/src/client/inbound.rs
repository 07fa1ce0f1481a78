// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Messages that come in: notifications of nodes, and encrypted chat messages. What is neither is dropped.

use jid::{BareJid, Jid};
use minidom::Element;
use omemo::{DecryptError, Decrypted, DeviceId, Namespace, TrustLevel};
use rand_core::CryptoRng;

use super::Client;
use super::link::Fetch;
use crate::event::NotTaken;
use crate::pubsub::{self, NodeEvent};
use crate::sealed::SealedError;
use crate::{DropReason, Event, body, ns, stanza};

impl Client {
    pub(super) fn handle_message(&mut self, message: &Element, now: u64, rng: &mut impl CryptoRng) {
        let Some(from) = self.sender(message) else {
            let detail = "the sender's address is none".to_owned();
            return self.drop_input(
                DropReason::Malformed,
                message.attr("from").unwrap_or_default(),
                None,
                detail,
            );
        };
        match message.attr("type") {
            Some("error") => return self.chat_bounced(message),
            Some("groupchat") => return,
            _ => {}
        }
        if message.has_child("result", ns::MAM) {
            return self.take_archived(&from, message, now, rng);
        }
        if let Some(event) = pubsub::read_event(message) {
            return self.take_event(&from, event, now, rng);
        }
        if let Some(copy) = self.carbon(&from, message) {
            return self.take_copy(copy, now, rng);
        }
        self.archive_soon(now);
        self.take_message(&from, message, false, now, rng);
    }

    /// The copy of a message that another of the user's clients got (XEP-0280). Only the own server makes such copies.
    fn carbon<'a>(&self, from: &Jid, message: &'a Element) -> Option<&'a Element> {
        let received = message.get_child("received", ns::CARBONS)?;
        if from.resource().is_some() || from.to_bare() != self.config.account {
            return None;
        }
        received
            .get_child("forwarded", ns::FORWARD)?
            .get_child("message", ns::CLIENT)
    }

    /// Takes a message that the server sends once more: a copy of what another client got, or one of the archive.
    pub(super) fn take_copy(&mut self, message: &Element, now: u64, rng: &mut impl CryptoRng) {
        let to = message.attr("to").and_then(|to| Jid::new(to).ok());
        // What the user's other clients wrote to others is in the archive as well, and meant for those.
        let foreign = to.is_some_and(|to| to.to_bare() != self.config.account);
        if foreign || ["error", "groupchat"].map(Some).contains(&message.attr("type")) {
            return;
        }
        if let Some(from) = self.sender(message) {
            self.archive_soon(now);
            self.take_message(&from, message, true, now, rng);
        }
    }

    /// Takes a message that somebody sent: live, or as a copy.
    fn take_message(
        &mut self,
        from: &Jid,
        message: &Element,
        copy: bool,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let encrypted = Namespace::ALL
            .into_iter()
            .filter_map(|namespace| message.get_child("encrypted", namespace.uri()));
        // Where there is more than one, each of the sender's readers has a key in one of them.
        let mut encrypted: Vec<&Element> = encrypted.collect();
        encrypted.sort_by_key(|element| !self.device.is_for_this(element));
        if let Some(encrypted) = encrypted.first() {
            return self.take_chat(from, message, encrypted, copy, now, rng);
        }
        if message.has_child("body", ns::CLIENT) {
            let detail = "a message that is not encrypted".to_owned();
            self.drop_input(DropReason::Unencrypted, &from.to_string(), None, detail);
        }
    }

    /// Who sent a stanza; without an address it is the own account (RFC 6120 §8.1.2.1).
    fn sender(&self, stanza: &Element) -> Option<Jid> {
        match stanza.attr("from") {
            Some(from) => Jid::new(from).ok(),
            None => Some(Jid::from(self.config.account.clone())),
        }
    }

    fn take_event(&mut self, from: &Jid, event: NodeEvent, now: u64, rng: &mut impl CryptoRng) {
        let owner = from.to_bare();
        let mut namespaces = self.config.namespaces().into_iter();
        if let Some(namespace) = namespaces.find(|namespace| namespace.devices_node() == event.node) {
            return self.take_list_event(&owner, namespace, event, now);
        }
        match event.node.as_str() {
            ns::NODE_DEVICE if owner == self.config.account && from.resource().is_none() => {
                self.take_generation_event(event, now, rng);
            }
            ns::NODE_BOOKMARKS if !self.config.sync_bookmarks => {}
            ns::NODE_BOOKMARKS if owner == self.config.account && from.resource().is_none() => {
                for item in event.items {
                    self.take_item(item, now, rng);
                }
                let own = self.replica.id().to_string();
                if event.emptied || event.retracted.iter().any(|item| item.starts_with(&own)) {
                    // Somebody cleared what is this replica's: it is published again.
                    self.link.node = Fetch::Wanted;
                    self.link.node_read = false;
                }
            }
            ns::NODE_BOOKMARKS => {
                let detail = "bookmarks of somebody else's node".to_owned();
                self.drop_input(DropReason::WrongSender, &from.to_string(), None, detail);
            }
            ns::NODE_TABS if owner == self.config.account && from.resource().is_none() => {
                self.take_tabs_event(event, now, rng);
            }
            ns::NODE_VISITS if !self.config.shares_visits() => {}
            ns::NODE_VISITS if owner == self.config.account && from.resource().is_none() => {
                self.take_visits_event(event, now, rng);
            }
            ns::NODE_PARCELS if owner == self.config.account && from.resource().is_none() => {
                self.take_parcels_event(event, now, rng);
            }
            ns::NODE_TRUST if owner == self.config.account && from.resource().is_none() => {
                for item in event.items {
                    self.take_trust_item(item, now, rng);
                }
            }
            _ => {}
        }
    }

    /// The JSON that another own device encrypted for this one (XEP-0335), in an element that is not a chat message; nothing if it is
    /// for others, or was read before. Whose it is says [`stanza::encrypting_device`], to be looked at first: a key is used up
    /// under whatever name.
    pub(super) fn decrypt_json(
        &mut self,
        encrypted: &Element,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<String>, NotTaken> {
        let account = self.account();
        let decrypted = match self.device.decrypt(&account, encrypted, now, rng) {
            Ok(decrypted) => decrypted,
            Err(
                DecryptError::Duplicate { .. }
                | DecryptError::KeyGone { .. }
                | DecryptError::OwnMessage
                | DecryptError::NotForThisDevice { .. },
            ) => return Ok(None),
            Err(error) => {
                if matches!(error, DecryptError::NoSession { .. }) {
                    // It has a session that this device has not; a head that carries a new key exchange gives it one.
                    self.answer_ratchet(now, rng);
                }
                return Err((DropReason::Undecryptable, error.to_string()));
            }
        };
        self.bundle_soon(now);
        if decrypted.answer_due {
            self.answer_ratchet(now, rng);
        }
        if !decrypted.trust.is_trusted() {
            return Err((DropReason::Untrusted, format!("its key is {:?}", decrypted.trust)));
        }
        let json = decrypted.envelope.map(|envelope| {
            let mut content = envelope.content.iter();
            let json = content.find(|element| element.is("json", ns::JSON));
            json.map(Element::text).unwrap_or_default()
        });
        Ok(json)
    }

    /// Why something that another own device has sealed is not taken.
    pub(super) fn refused(&mut self, error: &SealedError) -> NotTaken {
        let reason = match error {
            SealedError::UnknownVersion(_) => {
                self.note_newer_version();
                DropReason::UnknownVersion
            }
            SealedError::Key => DropReason::Undecryptable,
            SealedError::Malformed(_) => DropReason::Malformed,
        };
        (reason, error.to_string())
    }

    /// Whether that device is one of the account's.
    pub(super) fn is_listed(&self, device: DeviceId) -> bool {
        let listed = self.device.device_list(self.config.account.as_str());
        listed.iter().any(|known| known.id == device && known.active)
    }

    /// Whether the key of that device of the account is known and not trusted.
    pub(super) fn is_refused(&self, device: DeviceId) -> bool {
        let trust = self.device.trust(self.config.account.as_str(), device);
        trust.is_some_and(|trust| !trust.is_trusted())
    }

    fn take_list_event(&mut self, owner: &BareJid, namespace: Namespace, event: NodeEvent, now: u64) {
        let known = self.config.is_partner(owner)
            || self.link.lists.keys().any(|(listed, _)| listed == owner)
            || !self.device.device_list(owner.as_str()).is_empty();
        let list = event.items.into_iter().next_back().and_then(|item| item.payload);
        if let Some(list) = list.filter(|_| known) {
            self.take_device_list(owner.as_str(), namespace, &list, now);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn take_chat(
        &mut self,
        from: &Jid,
        message: &Element,
        encrypted: &Element,
        copy: bool,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let sender = from.to_bare();
        let device = stanza::encrypting_device(encrypted);
        if let Some(trust) = device.and_then(|device| self.device.trust(sender.as_str(), device))
            && trust == TrustLevel::ManuallyDistrusted
        {
            let detail = format!("its key is {trust:?}");
            return self.drop_input(DropReason::Untrusted, sender.as_str(), device, detail);
        }
        let decrypted = match self.device.decrypt(sender.as_str(), encrypted, now, rng) {
            Ok(decrypted) => decrypted,
            Err(DecryptError::Duplicate { .. } | DecryptError::OwnMessage) => return,
            // The archive has what came live long ago, and what was written before this device was there. Of a chain that
            // the ratchet has forgotten it cannot tell more than that the code does not fit.
            Err(
                DecryptError::KeyGone { .. }
                | DecryptError::BadMac { .. }
                | DecryptError::NotForThisDevice { .. },
            ) if copy => return,
            Err(error) => {
                let reason = match error {
                    DecryptError::WrongSender { .. } => DropReason::WrongSender,
                    DecryptError::Malformed(_) | DecryptError::BadEnvelope { .. } => DropReason::Malformed,
                    _ => DropReason::Undecryptable,
                };
                return self.drop_input(reason, sender.as_str(), device, error.to_string());
            }
        };
        self.bundle_soon(now);
        if sender != self.config.account {
            self.state.meet(sender.as_str());
        }
        let about_trust = self.take_trust_content(sender.as_str(), &decrypted, now, rng);
        if !decrypted.trust.is_trusted() && about_trust {
            return;
        }
        if !decrypted.trust.is_trusted() {
            let detail = format!("its key is {:?}", decrypted.trust);
            return self.drop_input(DropReason::Untrusted, sender.as_str(), device, detail);
        }
        self.look_for_device(&sender, decrypted.device, now);
        if decrypted.answer_due {
            self.answer_chat(from, &decrypted, now, rng);
        }
        self.read_chat(&sender, message, decrypted, now, rng);
    }

    /// A message of a device that is in no list that is known here: the list has changed.
    fn look_for_device(&mut self, sender: &BareJid, device: omemo::DeviceId, now: u64) {
        let listed = |info: &omemo::DeviceInfo| info.id == device && info.active;
        let asked = self.link.fetches_list_of(sender.as_str());
        let own = *sender == self.config.account;
        if self.link.up && !own && !asked && !self.device.device_list(sender.as_str()).iter().any(listed) {
            self.fetch_lists(sender, now);
        }
    }

    fn read_chat(
        &mut self,
        sender: &BareJid,
        message: &Element,
        decrypted: Decrypted,
        now: u64,
        rng: &mut impl CryptoRng,
    ) {
        let Some(envelope) = decrypted.envelope else {
            return;
        };
        let Some(text) = envelope
            .content
            .iter()
            .find(|child| child.is("body", ns::CLIENT))
            .map(Element::text)
        else {
            return;
        };
        let told = Event::Message {
            from: sender.to_string(),
            device: decrypted.device,
            fingerprint: decrypted.fingerprint.to_string(),
            trust: decrypted.trust,
            namespace: decrypted.namespace.uri().to_owned(),
            body: text.clone(),
            time: envelope.time,
        };
        self.state.receive(told.clone());
        self.events.push(told);
        if let Some(request) = body::as_request(&text) {
            self.take_request(sender, decrypted.device, message.attr("id"), request, now, rng);
        } else if !text.trim_start().starts_with('{') {
            self.file_links(sender, message.attr("id"), &text, now, rng);
        }
    }

    /// Sends the empty message that lets the other side's ratchet turn (XEP-0384 §5.6).
    fn answer_chat(&mut self, from: &Jid, decrypted: &Decrypted, now: u64, rng: &mut impl CryptoRng) {
        if !self.may_encrypt() {
            return;
        }
        let sender = from.to_bare();
        match self
            .device
            .encrypt_empty(sender.as_str(), decrypted.device, decrypted.namespace, now, rng)
        {
            Ok(element) => {
                let id = format!("answer-{}", self.state.count());
                // Another resource of the own account may take no messages that go to the bare address.
                let to = if sender == self.config.account {
                    from.to_string()
                } else {
                    sender.to_string()
                };
                self.sends
                    .push(stanza::encrypted_message(&to, &id, vec![element]));
            }
            Err(error) => tracing::debug!(%error, "no empty message"),
        }
    }
}
