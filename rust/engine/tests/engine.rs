// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Whole engines against a real Prosody.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use std::path::Path;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use engine::client::{Client, Command, Event as ClientEvent, HostInput, HostTree};
use engine::{
    Access, Config, ConnectionState, Credentials, Engine, Event, Password, ReasonKind, StartError,
    StateError, open_state,
};
use support::device::{Device, PATIENCE, STOP_LIMIT, client_config, config, offline, titles};
use support::prosody::Prosody;

/// A folder whose device has met its account and holds one bookmark, "apricot".
fn prepared() -> tempfile::TempDir {
    let prosody = Prosody::start(&["alice"]);
    let folder = tempfile::tempdir().unwrap();
    let device = Device::start(config(&prosody, "alice", folder.path()));
    device.joined();
    device.add("apricot");
    until_saved(folder.path(), &["apricot"]);
    device.stop();
    folder
}

/// Waits until the folder holds these on its toolbar.
fn until_saved(folder: &Path, wanted: &[&str]) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let saved = saved(folder);
        if saved == wanted {
            return;
        }
        assert!(Instant::now() < deadline, "{saved:?} instead of {wanted:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What the folder holds on its toolbar.
fn saved(folder: &Path) -> Vec<String> {
    titles(
        open_state(folder, client_config("alice"), Access::Read)
            .unwrap()
            .client(),
    )
}

#[test]
fn two_devices_of_one_account_share_bookmarks_and_the_server_reads_none() {
    let mut prosody = Prosody::start(&["alice"]);
    let folder = tempfile::tempdir().unwrap();
    let one = Device::start(config(&prosody, "alice", &folder.path().join("one")));
    one.joined();
    one.add("apricot");
    let two = Device::start(config(&prosody, "alice", &folder.path().join("two")));
    two.joined();
    two.until_titles(&["apricot"]);
    two.add("banana");
    one.until_titles(&["apricot", "banana"]);
    // The same through a server that lost its power.
    prosody.kill();
    one.add("cherry");
    prosody.launch();
    two.until_titles(&["apricot", "banana", "cherry"]);
    one.stop();
    two.stop();
    let stored = prosody.stored();
    assert!(stored.contains("urn:xmppsync:bookmarks:1"), "nothing was stored");
    for word in ["apricot", "banana", "cherry"] {
        assert!(!stored.contains(word), "{word} is on the server in the clear");
    }
}

#[test]
fn a_restart_keeps_keys_identity_and_bookmarks() {
    let prosody = Prosody::start(&["alice"]);
    let folder = tempfile::tempdir().unwrap();
    let start = || Device::start(config(&prosody, "alice", folder.path()));
    let first = start();
    first.joined();
    first.add("apricot");
    first.until_titles(&["apricot"]);
    let identity = first.identity();
    let before = first.look(|client| serde_json::to_string(&client.bookmarks()).unwrap());
    first.stop();
    let second = start();
    second.online();
    assert_eq!(second.identity(), identity);
    assert_eq!(
        second.look(|client| serde_json::to_string(&client.bookmarks()).unwrap()),
        before
    );
    second.stop();
}

#[test]
fn what_was_saved_before_a_crash_is_there_after_it() {
    // A crash is a copy of the folder while the engine runs: what a machine without power would find.
    let folder = prepared();
    let state = folder.path().to_owned();
    let device = Device::start(offline(&state));
    device.add("banana");
    until_saved(&state, &["apricot", "banana"]);
    let identity = device.identity();
    let copy_folder = tempfile::tempdir().unwrap();
    let copy = copy_folder.path().to_owned();
    for entry in std::fs::read_dir(&state).unwrap() {
        let path = entry.unwrap().path();
        // The log's index is memory that a crash takes away.
        if !path.to_str().unwrap().ends_with("-shm") {
            std::fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
        }
    }
    let after = Device::start(offline(&copy));
    assert_eq!(after.identity(), identity);
    assert_eq!(after.titles(), ["apricot", "banana"]);
    after.stop();
    device.stop();
}

#[test]
fn final_failures_are_told_and_the_engine_still_stops() {
    let prosody = Prosody::start(&["alice"]);
    let folder = tempfile::tempdir().unwrap();
    let wrong = Config {
        credentials: Credentials::Given(Password::new("wrong")),
        ..config(&prosody, "alice", folder.path())
    };
    let device = Device::start(wrong);
    assert_eq!(device.failed(), ReasonKind::WrongPassword);
    device.stop();
    let refused = Config {
        pin_sha256: Some([1; 32]),
        ..config(&prosody, "alice", folder.path())
    };
    let device = Device::start(refused);
    assert_eq!(device.failed(), ReasonKind::Certificate);
    device.stop();
}

#[test]
fn a_copied_profile_becomes_a_new_device() {
    let prosody = Prosody::start(&["alice"]);
    let folder = tempfile::tempdir().unwrap();
    let (state, copy) = (folder.path().join("state"), folder.path().join("copy"));
    let device = Device::start(config(&prosody, "alice", &state));
    device.online();
    device.stop();
    std::fs::create_dir(&copy).unwrap();
    std::fs::copy(state.join("state.sqlite3"), copy.join("state.sqlite3")).unwrap();
    let original = Device::start(config(&prosody, "alice", &state));
    original.online();
    let clone = Device::start(config(&prosody, "alice", &copy));
    clone.online();
    let deadline = Instant::now() + PATIENCE;
    while original.look(Client::device_id) == clone.look(Client::device_id) {
        assert!(Instant::now() < deadline, "both copies went on as one device");
        std::thread::sleep(Duration::from_millis(20));
    }
    original.stop();
    clone.stop();
}

#[test]
fn one_folder_runs_once() {
    let folder = tempfile::tempdir().unwrap();
    let device = Device::start(offline(folder.path()));
    let error = Engine::start(offline(folder.path()), drop).unwrap_err();
    assert!(
        error.to_string().contains("in use by another running process"),
        "{error}"
    );
    device.stop();
    // Stopped means that the folder is free.
    Device::start(offline(folder.path())).stop();
}

#[test]
fn a_stop_is_quick_offline_and_twice_and_from_within() {
    let folder = tempfile::tempdir().unwrap();
    let device = Device::start(offline(folder.path()));
    device.wait("a wait", |event| {
        matches!(event, Event::Connection(ConnectionState::Waiting { .. })).then_some(())
    });
    assert!(device.engine.stop(STOP_LIMIT));
    assert!(device.engine.stop(Duration::ZERO));
    device.engine.host(HostInput::Started).unwrap_err();
    device.engine.command(Command::Refresh).unwrap_err();

    // Connecting to where nobody answers.
    let silent = Config {
        connect: Some(("192.0.2.1".to_owned(), 5222)),
        ..offline(folder.path())
    };
    let device = Device::start(silent);
    device.wait("connecting", |event| {
        matches!(event, Event::Connection(ConnectionState::Connecting)).then_some(())
    });
    device.stop();

    // A host whose function hangs: the stop comes back all the same.
    let (release, released) = channel::<()>();
    let released = std::sync::Mutex::new(released);
    let hanging = Engine::start(offline(folder.path()), move |_event| {
        // The test ends the wait by dropping the other end.
        let _released = released.lock().unwrap().recv();
    })
    .unwrap();
    let started = Instant::now();
    assert!(!hanging.stop(Duration::from_millis(300)));
    assert!(started.elapsed() < Duration::from_millis(600));
    drop(release);
    assert!(hanging.stop(STOP_LIMIT));

    // From within the host's function.
    let slot: std::sync::Arc<std::sync::Mutex<Option<Engine>>> = std::sync::Arc::default();
    let (sender, stopped) = channel();
    let inner = std::sync::Arc::clone(&slot);
    let mut guard = slot.lock().unwrap();
    let engine = Engine::start(offline(folder.path()), move |_event| {
        if let Some(engine) = &*inner.lock().unwrap() {
            let started = Instant::now();
            let _not_yet = engine.stop(STOP_LIMIT);
            let _later_events = sender.send(started.elapsed());
        }
    })
    .unwrap();
    *guard = Some(engine);
    drop(guard);
    assert!(stopped.recv_timeout(PATIENCE).unwrap() < Duration::from_millis(500));
    let engine = slot.lock().unwrap().take().unwrap();
    assert!(engine.stop(STOP_LIMIT));
}

#[test]
fn a_panic_in_the_hosts_function_stays_there() {
    let folder = tempfile::tempdir().unwrap();
    let (sender, events) = channel();
    let engine = Engine::start(offline(folder.path()), move |event| {
        let waiting = matches!(event, Event::Connection(ConnectionState::Waiting { .. }));
        let _ended = sender.send(waiting);
        assert!(waiting, "a host with a bug");
    })
    .unwrap();
    while !events.recv_timeout(PATIENCE).unwrap() {}
    assert!(engine.stop(STOP_LIMIT));
}

#[test]
fn a_panic_in_the_task_is_a_final_state() {
    let folder = tempfile::tempdir().unwrap();
    let device = Device::start(offline(folder.path()));
    device.engine.inspect(|_client| panic!("a bug")).unwrap();
    assert_eq!(device.failed(), ReasonKind::Internal);
    device.stop();
    Device::start(offline(folder.path())).stop();
}

#[test]
fn a_damaged_state_is_a_final_state_and_stays_as_it_is() {
    let folder = prepared();
    // A row that makes no client.
    let path = folder.path().join("state.sqlite3");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute("UPDATE client_state SET value = x'00'", ())
        .unwrap();
    database.close().unwrap();
    let before = std::fs::read(&path).unwrap();
    let device = Device::start(offline(folder.path()));
    assert_eq!(device.failed(), ReasonKind::StateDamaged);
    device.stop();
    assert_eq!(std::fs::read(&path).unwrap(), before);
    // A file that is no database is told at once.
    std::fs::write(&path, "no database ".repeat(500)).unwrap();
    assert!(matches!(
        Engine::start(offline(folder.path()), drop),
        Err(StartError::State(_))
    ));
}

#[test]
fn a_disk_that_cannot_be_written_is_a_final_state() {
    let folder = prepared();
    let device = Device::start(offline(folder.path()));
    // Another writer that never lets go, as a full disk would not either.
    let blocker = rusqlite::Connection::open(folder.path().join("state.sqlite3")).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    device.add("banana");
    assert_eq!(device.failed(), ReasonKind::StateFailed);
    drop(blocker);
    device.stop();
    // What could not be saved is not there.
    assert_eq!(saved(folder.path()), ["apricot"]);
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |config| matches!(Engine::start(config, drop), Err(StartError::Settings(_)));
    assert!(refused(Config {
        account: "localhost".parse().unwrap(),
        ..offline(folder.path())
    }));
    assert!(refused(Config {
        account: "bob@localhost".parse().unwrap(),
        ..offline(folder.path())
    }));
    assert!(refused(Config {
        connect: None,
        allow_plain_tcp_on_loopback: true,
        ..offline(folder.path())
    }));
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing was made"
    );
}

#[test]
fn a_state_is_read_beside_its_engine_and_changed_without_one() {
    let prosody = Prosody::start(&["alice"]);
    let folder = tempfile::tempdir().unwrap();
    let open = |access| open_state(folder.path(), client_config("alice"), access);
    assert!(matches!(open(Access::Read), Err(StateError::Open(_))));
    let device = Device::start(config(&prosody, "alice", folder.path()));
    device.joined();
    device.add("apricot");
    until_saved(folder.path(), &["apricot"]);
    assert!(matches!(open(Access::Write), Err(StateError::Open(_))));
    device.stop();
    let mut state = open(Access::Write).unwrap();
    let json = r#"{"type":"edit","id":"1","op":{"op":"add","parent":"toolbar","kind":"link","fields":{"title":"banana","url":"https://b.example/"}}}"#;
    let events = state.command(serde_json::from_str(json).unwrap()).unwrap();
    assert!(
        events
            .iter()
            .any(|event| matches!(event, ClientEvent::Edited { .. })),
        "{events:?}"
    );
    drop(state);
    assert_eq!(
        titles(open(Access::Read).unwrap().client()),
        ["apricot", "banana"]
    );
    assert!(open(Access::Read).unwrap().command(Command::Refresh).is_err());
    // What was changed without a network reaches the others once there is one.
    let other = tempfile::tempdir().unwrap();
    let device = Device::start(config(&prosody, "alice", folder.path()));
    let second = Device::start(config(&prosody, "alice", other.path()));
    second.until_titles(&["apricot", "banana"]);
    device.stop();
    second.stop();
}

#[test]
fn what_was_given_before_a_stop_is_saved() {
    let folder = prepared();
    let device = Device::start(offline(folder.path()));
    device.add("banana");
    device.stop();
    assert_eq!(saved(folder.path()), ["apricot", "banana"]);
}

#[test]
fn what_was_edited_just_before_a_stop_is_published() {
    let prosody = Prosody::start(&["alice"]);
    let folder = tempfile::tempdir().unwrap();
    let one = Device::start(config(&prosody, "alice", &folder.path().join("one")));
    one.joined();
    let two = Device::start(config(&prosody, "alice", &folder.path().join("two")));
    two.joined();
    one.add("apricot");
    two.until_titles(&["apricot"]);
    one.until_titles(&["apricot"]);
    two.stop();
    // The first of a run of edits goes at once, the others wait for more to come: not when it ends.
    for title in ["banana", "cherry", "date"] {
        one.add(title);
    }
    one.stop();
    let two = Device::start(config(&prosody, "alice", &folder.path().join("two")));
    two.until_titles(&["apricot", "banana", "cherry", "date"]);
    two.stop();
}

#[test]
fn the_host_is_given_what_others_did() {
    let prosody = Prosody::start(&["alice"]);
    let folder = tempfile::tempdir().unwrap();
    let device = Device::start(config(&prosody, "alice", folder.path()));
    device.engine.host(HostInput::Started).unwrap();
    device
        .engine
        .host(HostInput::Tree {
            generation: 1,
            tree: HostTree { items: Vec::new() },
        })
        .unwrap();
    device.joined();
    device.add("apricot");
    let batch = device.wait("edits", |event| match event {
        Event::Client(ClientEvent::HostEdits(batch)) => Some(batch),
        _ => None,
    });
    assert_eq!((batch.generation, batch.edits.len()), (1, 1));
    device
        .engine
        .host(HostInput::Applied { number: batch.number })
        .unwrap();
    device.engine.host(HostInput::Saved { generation: 1 }).unwrap();
    device.until_titles(&["apricot"]);
    device.stop();
}
