// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A DNS server on loopback (RFC 1035 section 4) that knows what a test tells it: A and SRV records, over UDP.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const A: u16 = 1;
const SRV: u16 = 33;
const INTERNET: u16 = 1;
/// An authoritative answer, recursion available.
const ANSWER: u16 = 0x8580;
const NO_SUCH_NAME: u16 = 3;

/// Records to serve.
#[derive(Default)]
pub struct Zone(BTreeMap<(String, u16), Vec<Vec<u8>>>);

impl Zone {
    /// `name` is this computer.
    pub fn loopback(mut self, name: &str) -> Zone {
        self.add(name, A, vec![127, 0, 0, 1]);
        self
    }

    /// A service of `domain` is at `target`.
    pub fn service(mut self, service: &str, domain: &str, priority: u16, port: u16, target: &str) -> Zone {
        let weight = 0_u16;
        let mut data: Vec<u8> = [priority, weight, port]
            .into_iter()
            .flat_map(u16::to_be_bytes)
            .collect();
        data.extend(encode(target));
        self.add(&format!("_{service}._tcp.{domain}"), SRV, data);
        self
    }

    fn add(&mut self, name: &str, kind: u16, data: Vec<u8>) {
        self.0.entry((name.to_owned(), kind)).or_default().push(data);
    }
}

/// A running server. Dropping it ends it.
pub struct Dns {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Dns {
    pub fn start(zone: Zone) -> Dns {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let address = socket.local_addr().unwrap();
        let (asked, stop) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<AtomicBool>::default());
        let (log, stopped) = (Arc::clone(&asked), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let mut query = [0; 1_500];
            while !stopped.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut query) else {
                    continue;
                };
                let (name, reply) = answer(&zone, &query[..length]);
                log.lock().unwrap().push(name);
                socket.send_to(&reply, from).unwrap();
            }
        });
        Dns {
            address,
            asked,
            stop,
            thread: Some(thread),
        }
    }

    /// The names that were asked for, in their order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _panicked = self.thread.take().unwrap().join();
    }
}

/// The name that is asked for, and the reply.
fn answer(zone: &Zone, query: &[u8]) -> (String, Vec<u8>) {
    let mut position = 12;
    let mut labels = Vec::new();
    while query[position] != 0 {
        let end = position + 1 + usize::from(query[position]);
        labels.push(String::from_utf8_lossy(&query[position + 1..end]).to_lowercase());
        position = end;
    }
    let name = labels.join(".");
    let question = &query[12..position + 5];
    let kind = u16::from_be_bytes([query[position + 1], query[position + 2]]);
    let none = Vec::new();
    let records = zone.0.get(&(name.clone(), kind)).unwrap_or(&none);
    let known = zone.0.keys().any(|(known, _)| *known == name);
    let flags = if known { ANSWER } else { ANSWER | NO_SUCH_NAME };
    let count = u16::try_from(records.len()).unwrap();
    let mut reply = query[..2].to_vec();
    reply.extend([flags, 1, count, 0, 0].into_iter().flat_map(u16::to_be_bytes));
    reply.extend(question);
    for data in records {
        reply.extend(encode(&name));
        reply.extend([kind, INTERNET].into_iter().flat_map(u16::to_be_bytes));
        // No caching.
        reply.extend(0_u32.to_be_bytes());
        reply.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        reply.extend(data);
    }
    (name, reply)
}

fn encode(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name.split('.').filter(|label| !label.is_empty()) {
        bytes.push(u8::try_from(label.len()).unwrap());
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    bytes
}
