// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
use std::fs;

use clap::Parser;

use super::*;
use crate::cli::Cli;
use crate::failure::Code;

fn settings(words: &[&str]) -> Result<Settings, Failure> {
    Settings::new(
        Cli::try_parse_from([&["xmppsync-bot", "run"], words].concat())
            .unwrap()
            .options,
    )
}

fn refused(words: &[&str]) -> String {
    let failure = settings(words).err().unwrap();
    assert_eq!(failure.code, Code::Usage);
    failure.text
}

fn password_file(content: &[u8], mode: u32) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, content).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    file
}

fn password_refused(path: &Path) -> String {
    let failure = read_password(path).unwrap_err();
    assert_eq!(failure.code, Code::Usage);
    failure.text
}

#[test]
fn an_address_that_is_none_is_named() {
    for wrong in [
        "",
        "me",
        "me@",
        "@example.org",
        "me@example.org/phone",
        "a@b@c",
        "me@exa mple.org",
    ] {
        let text = refused(&["--account", wrong]);
        assert!(
            text.contains(&format!("{wrong:?} is no address like me@example.org")),
            "{text}"
        );
        let text = refused(&["--account", "me@example.org", "--partner", wrong]);
        assert!(text.starts_with("--partner: "), "{text}");
    }
    assert!(refused(&[]).contains("--account"));
    assert_eq!(
        settings(&["--account", "Me@Example.org"])
            .unwrap()
            .account
            .as_str(),
        "me@example.org"
    );
}

#[test]
fn a_server_is_a_host_and_a_port() {
    let host = |text: &str| (text.to_owned(), 5222);
    assert_eq!(
        parse_connect("xmpp.example.org:5222"),
        Ok(host("xmpp.example.org"))
    );
    assert_eq!(parse_connect("127.0.0.1:5222"), Ok(host("127.0.0.1")));
    assert_eq!(parse_connect("[::1]:5222"), Ok(host("::1")));
    for wrong in [
        "",
        "x",
        "x:",
        ":5222",
        "x:0",
        "x:65536",
        "::1:5222",
        "[::1:5222",
        "x:y",
    ] {
        assert!(
            parse_connect(wrong).unwrap_err().text.contains("HOST:PORT"),
            "{wrong}"
        );
    }
}

#[test]
fn a_pin_is_64_hex_digits() {
    let pin = "AB:".repeat(31) + "cd";
    let bytes = parse_pin(&pin).unwrap();
    assert_eq!((bytes[0], bytes[30], bytes[31]), (0xab, 0xab, 0xcd));
    for wrong in [
        String::new(),
        "ab".repeat(31),
        "ab".repeat(33),
        "zz".repeat(32),
        "ab".repeat(32) + "z",
    ] {
        assert!(parse_pin(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_state_folder_is_in_the_home_folder() {
    let account = BareJid::new("me@example.org").unwrap();
    let found = |state: Option<&str>, home: Option<&str>| {
        let variable = |name: &str| (if name == "HOME" { home } else { state }).map(OsString::from);
        default_state_dir(&account, variable).map_err(|failure| failure.text)
    };
    assert_eq!(
        found(Some("/s"), Some("/h")),
        Ok("/s/xmppsync-bot/me@example.org".into())
    );
    assert_eq!(
        found(None, Some("/h")),
        Ok("/h/.local/state/xmppsync-bot/me@example.org".into())
    );
    assert_eq!(found(Some("relative"), Some("/h")), found(None, Some("/h")));
    assert!(found(None, None).unwrap_err().contains("--state"));
}

#[test]
fn a_password_file_is_its_first_line() {
    for content in ["hunter2", "hunter2\n", "hunter2\r\n", "hunter2\nnotes\n"] {
        assert!(read_password(password_file(content.as_bytes(), 0o600).path()).is_ok());
    }
    assert!(
        read_password(password_file(b"x", 0o440).path()).is_ok(),
        "a group may be meant to read it"
    );
}

#[test]
fn a_password_file_that_is_none_is_told_what_to_do_about() {
    let missing = password_refused(Path::new("/nonexistent/password"));
    assert!(
        missing.contains("cannot read the password file /nonexistent/password"),
        "{missing}"
    );
    assert!(password_refused(&std::env::temp_dir()).contains("is a folder"));
    assert!(password_refused(password_file(b"\nhunter2", 0o600).path()).contains("is empty"));
    assert!(password_refused(password_file(b"", 0o600).path()).contains("is empty"));
    assert!(password_refused(password_file(b"\xff\xfe", 0o600).path()).contains("is not text"));
}

#[test]
fn a_password_file_that_everybody_reads_is_refused_without_telling_the_password() {
    for mode in [0o644, 0o604, 0o666, 0o602] {
        let text = password_refused(password_file(b"hunter2\n", mode).path());
        assert!(
            text.contains("chmod 600") && text.contains(&format!("mode {mode:o}")),
            "{text}"
        );
        assert!(!text.contains("hunter2"));
    }
}
