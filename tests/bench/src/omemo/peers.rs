// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Beside other OMEMO libraries, where these are installed: libomemo-c and python-twomemo. Both, like ours, leave with
//! each message what is to be stored of its session; libomemo-c reads it as well.
//!
//! Each runs in a program of `tests/bench/peers/` that times itself: it reads the name of an operation from a line and
//! answers with nanoseconds. So the operations of both sides take turns.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use omemo::Device;

use super::NAMESPACE;
use super::devices::{ALICE, BOB, pair};
use crate::report::{Report, time};

const OPERATIONS: [(&str, Operation); 5] = [
    ("encrypt", Both::encrypt),
    ("decrypt", Both::decrypt),
    ("turn", Both::turn),
    ("active", Both::active),
    ("passive", Both::passive),
];

pub(super) fn run(report: &mut Report) {
    for (name, command) in [("libomemo-c", libomemo()), ("python-twomemo", twomemo())] {
        let Some(command) = command else {
            println!("{name}: left out, it is not installed");
            continue;
        };
        match Peer::start(command) {
            Ok(peer) => beside(report, name, peer),
            Err(error) => println!("{name}: left out, {error}"),
        }
    }
}

fn libomemo() -> Option<Command> {
    env::var_os("XMPPSYNC_BENCH_LIBOMEMO").map(Command::new)
}

fn twomemo() -> Option<Command> {
    let mut command = Command::new(env::var_os("XMPPSYNC_PYTHON_PEER")?);
    // Without its own folder on the path: the script has the library's name.
    command.args(["-P", concat!(env!("CARGO_MANIFEST_DIR"), "/peers/twomemo.py")]);
    Some(command)
}

fn beside(report: &mut Report, name: &str, mut peer: Peer) {
    let rng = &mut rand::rng();
    let (alice, bob) = pair(rng);
    let mut both = Both { alice, bob };
    for (operation, ours) in OPERATIONS {
        let figure = match operation {
            "encrypt" => "OMEMO key for a device, same chain",
            "decrypt" => "OMEMO key from a device, same chain",
            "turn" => "OMEMO key there, ping-pong",
            "active" => "OMEMO session from a bundle",
            _ => "OMEMO session from a key exchange",
        };
        report.compare(figure, || ours(&mut both), name, || peer.time(operation));
    }
}

/// One operation, and how long its timed part took.
type Operation = fn(&mut Both) -> Duration;

/// Two devices; what is to be stored is taken from each within the time.
struct Both {
    alice: Device,
    bob: Device,
}

impl Both {
    fn encrypt(&mut self) -> Duration {
        let mut sent = None;
        let took = time(|| sent = Some(say(&mut self.alice, BOB, self.bob.id())));
        hear(&mut self.bob, ALICE, &sent.expect("encrypted above"));
        took
    }

    fn decrypt(&mut self) -> Duration {
        let sent = say(&mut self.alice, BOB, self.bob.id());
        time(|| hear(&mut self.bob, ALICE, &sent))
    }

    fn turn(&mut self) -> Duration {
        let took = time(|| {
            let sent = say(&mut self.alice, BOB, self.bob.id());
            hear(&mut self.bob, ALICE, &sent);
        });
        self.answer();
        took
    }

    fn answer(&mut self) {
        let answer = say(&mut self.bob, ALICE, self.alice.id());
        hear(&mut self.alice, BOB, &answer);
    }

    fn active(&mut self) -> Duration {
        self.begin().0
    }

    fn passive(&mut self) -> Duration {
        self.begin().1
    }

    /// A new session: how long each side took to its first message.
    fn begin(&mut self) -> (Duration, Duration) {
        let rng = &mut rand::rng();
        let id = self.bob.id();
        let bundle = self.bob.bundle(NAMESPACE);
        self.alice.reset_session(BOB, id);
        let mut sent = None;
        let active = time(|| {
            let made = self.alice.handle_bundle(BOB, id, &bundle, 1, rng);
            made.expect("Bob's bundle");
            sent = Some(say(&mut self.alice, BOB, id));
        });
        let sent = sent.expect("encrypted above");
        let passive = time(|| hear(&mut self.bob, ALICE, &sent));
        // So late that the pre key goes at once, and the stock stays at its size.
        self.bob.handle_caught_up(u64::MAX);
        self.answer();
        (active, passive)
    }
}

/// A message without a payload: a key for one device.
fn say(device: &mut Device, jid: &str, id: omemo::DeviceId) -> minidom::Element {
    let element = device.encrypt_empty(jid, id, NAMESPACE, 1, &mut rand::rng());
    device.take_changes();
    element.expect("a session")
}

fn hear(device: &mut Device, from: &str, element: &minidom::Element) {
    let heard = device.decrypt(from, element, 1, &mut rand::rng());
    device.take_changes();
    heard.expect("the peer's message");
}

/// The other library's program; it ends when its input does.
struct Peer {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Peer {
    fn start(mut command: Command) -> std::io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let missing = || std::io::Error::other("it has no input or output");
        Ok(Self {
            input: Some(child.stdin.take().ok_or_else(missing)?),
            output: BufReader::new(child.stdout.take().ok_or_else(missing)?),
            child,
        })
    }

    fn time(&mut self, operation: &str) -> Duration {
        let input = self.input.as_mut().expect("open until dropped");
        writeln!(input, "{operation}").expect("the peer runs");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the peer answers");
        Duration::from_nanos(
            line.trim()
                .parse()
                .expect("nanoseconds; see the peer's error above"),
        )
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
