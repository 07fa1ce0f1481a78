// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The built program, as far as it goes without a server: what it says, and with which exit code it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

struct Bot {
    folder: tempfile::TempDir,
}

impl Bot {
    fn new() -> Bot {
        let folder = tempfile::tempdir().unwrap();
        let password = folder.path().join("password");
        fs::write(&password, "hunter2\n").unwrap();
        fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).unwrap();
        Bot { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xmppsync-bot"));
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .args(words)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs with an account, a password and a state folder.
    fn run_as_me(&self, words: &[&str]) -> Output {
        let (password, state) = (self.path("password"), self.path("state"));
        let (password, state) = (password.to_str().unwrap(), state.to_str().unwrap());
        let options = [
            "--account",
            "me@localhost",
            "--password-file",
            password,
            "--state",
            state,
        ];
        self.run(&[&options, words].concat())
    }
}

fn failed(output: &Output, code: i32, parts: &[&str]) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{text}");
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in: {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
    assert!(!text.contains("panicked"), "{text}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

#[test]
fn help_and_version_are_no_failures() {
    let bot = Bot::new();
    for words in [
        &["--help"][..],
        &["help", "import"],
        &["listen", "--help"],
        &["--version"],
    ] {
        let output = bot.run(words);
        assert_eq!(output.status.code(), Some(0));
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn usage_errors_end_with_2_and_say_what_to_do() {
    let bot = Bot::new();
    failed(&bot.run(&["status"]), 2, &["--account"]);
    failed(
        &bot.run(&["status", "--account", "nobody"]),
        2,
        &["\"nobody\" is no address like me@example.org"],
    );
    failed(&bot.run(&["frobnicate"]), 2, &["frobnicate"]);
    failed(
        &bot.run(&["run", "--account", "me@localhost"]),
        2,
        &["--password-file", "XMPPSYNC_PASSWORD"],
    );
    failed(
        &bot.run_as_me(&["run", "--connect", "nowhere"]),
        2,
        &["HOST:PORT"],
    );
    failed(
        &bot.run_as_me(&["send", "nobody", "text"]),
        2,
        &["the receiver", "is no address"],
    );
    failed(&bot.run_as_me(&["send", "friend@localhost"]), 2, &["<TEXT>"]);
    failed(
        &bot.run_as_me(&["send", "friend@localhost", "text", "--lines"]),
        2,
        &["cannot be used with"],
    );
    failed(&bot.run_as_me(&["trust", "0a1b"]), 2, &["64 hex digits"]);
}

#[test]
fn a_password_file_that_others_read_is_refused() {
    let bot = Bot::new();
    fs::set_permissions(bot.path("password"), fs::Permissions::from_mode(0o644)).unwrap();
    failed(&bot.run_as_me(&["run"]), 2, &["chmod 600"]);
    fs::remove_file(bot.path("password")).unwrap();
    failed(
        &bot.run_as_me(&["run"]),
        2,
        &["cannot read the password file", "No such file"],
    );
    assert!(!bot.path("state").exists(), "nothing was begun");
}

#[test]
fn files_that_cannot_be_imported_are_named() {
    let bot = Bot::new();
    failed(
        &bot.run_as_me(&["import", "/nonexistent.html"]),
        2,
        &["cannot read /nonexistent.html"],
    );
    let file = bot.path("wrong.pdf");
    fs::write(&file, "%PDF-1.7").unwrap();
    failed(
        &bot.run_as_me(&["import", file.to_str().unwrap()]),
        2,
        &["wrong.pdf", "neither a JSON file"],
    );
    assert!(!bot.path("state").exists(), "nothing was begun");
}

#[test]
fn without_a_state_there_is_nothing_to_look_at_and_none_is_made() {
    let bot = Bot::new();
    for words in [
        &["status"][..],
        &["devices"],
        &["fingerprint"],
        &["export", "--format", "json"],
    ] {
        failed(
            &bot.run_as_me(words),
            5,
            &["there is no device in this state folder yet", "--state"],
        );
    }
    assert!(!bot.path("state").exists());
}

#[test]
fn a_state_folder_that_cannot_be_made_is_told_so() {
    let bot = Bot::new();
    fs::write(bot.path("state"), "a file, no folder").unwrap();
    failed(&bot.run_as_me(&["run"]), 5, &["state folder", "state"]);
}

#[test]
fn a_database_of_others_is_never_touched() {
    let bot = Bot::new();
    fs::create_dir(bot.path("state")).unwrap();
    let database = bot.path("state/state.sqlite3");
    fs::write(
        &database,
        "not a database at all, but long enough to look like one to whoever reads it",
    )
    .unwrap();
    let before = fs::read(&database).unwrap();
    failed(&bot.run_as_me(&["run"]), 5, &["state"]);
    failed(&bot.run_as_me(&["status"]), 5, &["state"]);
    assert_eq!(fs::read(&database).unwrap(), before);
}

#[test]
fn a_server_that_is_not_there_is_told_in_time_and_the_keys_are_kept() {
    let bot = Bot::new();
    // Nobody listens on a port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let server = format!("127.0.0.1:{port}");
    let started = Instant::now();
    let output = bot.run_as_me(&[
        "send",
        "friend@localhost",
        "hello",
        "--connect",
        &server,
        "--timeout",
        "2",
    ]);
    failed(&output, 4, &["the message was not sent in time"]);
    assert!(started.elapsed() < Duration::from_secs(15));

    let fingerprint = bot.run_as_me(&["fingerprint"]);
    let text = String::from_utf8(fingerprint.stdout).unwrap();
    assert_eq!(
        text.trim().split(' ').map(str::len).collect::<Vec<_>>(),
        [8; 8],
        "{text}"
    );
    assert_eq!(
        String::from_utf8(bot.run_as_me(&["fingerprint"]).stdout).unwrap(),
        text
    );
    let status = bot.run_as_me(&["status"]);
    assert!(String::from_utf8_lossy(&status.stdout).contains(text.trim()));
    check_permissions(&bot.path("state"));
}

#[test]
fn a_running_bot_serves_the_others_and_stops_on_a_signal() {
    let bot = Bot::new();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let server = format!("127.0.0.1:{port}");
    let (password, state) = (bot.path("password"), bot.path("state"));
    let words = ["run", "--account", "me@localhost", "--connect", &server];
    let mut running = bot
        .command(&words)
        .args([
            Path::new("--password-file"),
            &password,
            Path::new("--state"),
            &state,
        ])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let socket = state.join("control");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !socket.exists() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(50));
    }
    check_permissions(&state);

    let status = bot.run_as_me(&["status", "--json"]);
    let overview: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(overview["running"], true);
    assert_eq!(overview["account"], "me@localhost");
    // A second one must not run on the same state.
    failed(
        &bot.run_as_me(&["run", "--connect", &server]),
        5,
        &["in use by another running process"],
    );
    let exported = bot.run_as_me(&["export", "--format", "html"]);
    assert!(String::from_utf8_lossy(&exported.stdout).starts_with("<!DOCTYPE NETSCAPE-Bookmark-file-1>"));

    let started = Instant::now();
    let killed = Command::new("kill")
        .arg(running.id().to_string())
        .status()
        .unwrap();
    assert!(killed.success());
    let code = running.wait().unwrap().code();
    assert_eq!(code, Some(0));
    assert!(
        started.elapsed() < Duration::from_secs(6),
        "stopping took {:?}",
        started.elapsed()
    );
    assert!(!socket.exists(), "the socket is gone");
    let status = bot.run_as_me(&["status", "--json"]);
    let overview: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(overview["running"], false);
}

/// The folder and everything in it belong to their owner alone.
fn check_permissions(folder: &Path) {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!(mode(folder), 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0, "{}", path.display());
    }
}
