// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Two devices that have the same small library.

use replica::Kind;

use super::device::{Device, exchange};
use super::host::Texts;

pub const LIBRARY: &str = "
    toolbar
      News <https://news.example/>
      + Trip
        Map <https://map.example/>
        ---
        Hut <https://hut.example/>
    other
      Old <https://old.example/>
";

/// Two devices with the same library.
pub fn pair() -> Vec<Device> {
    let mut devices = vec![Device::first(1, LIBRARY, 1000), Device::new(2)];
    devices[0].publish();
    for delta in devices[0].published.clone() {
        devices[1].merge(&delta, 1000);
    }
    devices[1].join(1000);
    exchange(&mut devices, 2000);
    devices
}

pub fn add(device: &mut Device, title: &str, now: u64) -> u64 {
    let texts = Texts {
        title: title.into(),
        url: format!("https://{title}.example/"),
        ..Texts::default()
    };
    let token = device.host.add(2, 0, Kind::Link, texts);
    device.collect(now);
    token
}
