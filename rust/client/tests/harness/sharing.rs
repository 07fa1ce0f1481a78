// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Browsers of one account that share their history.

use minidom::Element;

use super::World;

pub const ACCOUNT: &str = "juliet@example.org";

/// So many browsers of one account that know each other and share their history.
pub fn world(seed: u64, browsers: usize) -> World {
    let mut world = World::new(seed);
    for _ in 0..browsers {
        let device = world.browser(ACCOUNT);
        share(&mut world, device, true);
    }
    world.run(120_000);
    world
}

pub fn share(world: &mut World, device: usize, on: bool) {
    world.devices[device].config.share_visits = Some(on);
    world.restart(device);
}

pub fn visit(world: &mut World, device: usize, url: &str) {
    let now = world.now;
    world.devices[device].history.visit(url, now);
    world.run(100);
}

/// An address that is not easily compressed, like most.
pub fn page(number: u64) -> String {
    let noise = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("https://example.org/{noise:016x}")
}

pub fn items_of(world: &World, device: u32, node: &str) -> Vec<(String, Element)> {
    let prefix = format!("{device}.");
    let mut items = world.server.items(ACCOUNT, node);
    items.retain(|(id, _)| id.starts_with(&prefix));
    items
}

pub fn items(world: &World, device: usize, node: &str) -> Vec<(String, Element)> {
    items_of(world, world.client(device).device_id(), node)
}
