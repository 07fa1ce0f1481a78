// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A chat program that speaks legacy OMEMO alone.

use minidom::Element;
use minidom::rxml::{Namespace as XmlNamespace, xml_ncname};
use omemo::{Decrypted, Device, Namespace};

use super::World;

const FORM: Namespace = Namespace::Legacy;

pub struct OlderProgram {
    pub device: Device,
    account: String,
    full: String,
}

impl OlderProgram {
    /// Connects, and publishes its keys.
    pub fn start(world: &mut World, account: &str) -> OlderProgram {
        let device = Device::create(account, world.now, &mut world.rng);
        let full = format!("{account}/older");
        world.server.connect(&full);
        world
            .server
            .receive(&full, "<presence xmlns='jabber:client'/>".parse().unwrap());
        let program = OlderProgram {
            device,
            account: account.to_owned(),
            full,
        };
        let (node, item) = FORM.bundle_node(program.device.id());
        program.publish(world, &node, &item, program.device.bundle(FORM));
        program.announce(world);
        program
    }

    /// Enters itself into its account's device list, beside who is there.
    pub fn announce(&self, world: &mut World) {
        let node = FORM.devices_node();
        let known = world.server.items(&self.account, node).pop();
        let mut list = known.map_or_else(|| omemo::empty_device_list(FORM), |(_, list)| list);
        let mut device = Element::bare("device", FORM.uri());
        device.set_attr(XmlNamespace::NONE, xml_ncname!("id").to_owned(), self.device.id());
        list.append_child(device);
        self.publish(world, node, "current", list);
    }

    fn publish(&self, world: &mut World, node: &str, item: &str, payload: Element) {
        world
            .server
            .set_node_option(&self.account, node, "access_model", "open");
        world.server.put(&self.account, node, item, payload);
    }

    /// Looks at the devices of `to` and writes to them.
    pub fn say(&mut self, world: &mut World, to: &str, text: &str) {
        let (_, list) = world
            .server
            .items(to, FORM.devices_node())
            .pop()
            .expect("a device list");
        self.device.handle_device_list(to, &list, world.now).unwrap();
        for (jid, id, namespace) in self.device.missing_bundles(&[to]) {
            assert_eq!(namespace, FORM);
            let (node, _) = FORM.bundle_node(id);
            let (_, bundle) = world.server.items(&jid, &node).pop().expect("a bundle");
            self.device
                .handle_bundle(&jid, id, &bundle, world.now, &mut world.rng)
                .unwrap();
        }
        let body = Element::builder("body", "jabber:client").append(text).build();
        let sent = self
            .device
            .encrypt(vec![body], &[to], world.now, &mut world.rng)
            .unwrap();
        let message = Element::builder("message", "jabber:client")
            .attr(xml_ncname!("to").to_owned(), to)
            .attr(xml_ncname!("type").to_owned(), "chat")
            .append_all(sent.elements)
            .build();
        world.server.receive(&self.full, message);
        world.run(30_000);
    }

    /// Reads what came; empty messages are among it.
    pub fn hear(&mut self, world: &mut World) -> Vec<Decrypted> {
        let mut heard = Vec::new();
        while let Some(stanza) = world.server.deliver(&self.full) {
            let Some(encrypted) = stanza.get_child("encrypted", FORM.uri()) else {
                continue;
            };
            let from = stanza.attr("from").unwrap().split('/').next().unwrap().to_owned();
            heard.push(
                self.device
                    .decrypt(&from, encrypted, world.now, &mut world.rng)
                    .unwrap(),
            );
        }
        heard
    }

    /// The texts among what came.
    pub fn texts(&mut self, world: &mut World) -> Vec<String> {
        let heard = self.hear(world).into_iter();
        let envelopes = heard.filter_map(|decrypted| decrypted.envelope);
        envelopes.map(|envelope| envelope.content[0].text()).collect()
    }
}
