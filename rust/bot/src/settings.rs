// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The command line's options, checked, as the engine wants them.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use engine::client::{self, Kind};
use engine::{Credentials, Password};
use jid::BareJid;
use zeroize::Zeroizing;

use crate::cli::{Options, YesNo};
use crate::failure::Failure;

/// The environment's variable for the password itself.
const PASSWORD_VARIABLE: &str = "XMPPSYNC_PASSWORD";

/// Largest password file that is read, in bytes; a larger one is some other file.
const MAX_PASSWORD_FILE_BYTES: u64 = 64 * 1024;

/// Checked options.
pub(crate) struct Settings {
    pub(crate) account: BareJid,
    pub(crate) state_dir: PathBuf,
    pub(crate) timeout: Duration,
    partners: Vec<BareJid>,
    trust_policy: Option<client::TrustPolicy>,
    label: String,
    share_visits: Option<bool>,
    stale_after_days: u32,
    password_file: Option<PathBuf>,
    connect: Option<(String, u16)>,
    direct_tls: bool,
    ca_file: Option<PathBuf>,
    pin_sha256: Option<[u8; 32]>,
    plain_tcp_on_loopback: bool,
    allow_sasl_plain: bool,
}

/// What a process takes upon itself beside the bookmarks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Role {
    /// Takes messages that go to the account's bare address.
    pub(crate) chat: bool,
    /// Files links that come by message.
    pub(crate) file_links: bool,
}

impl Settings {
    /// Checks the options of the command line. Nothing is opened yet.
    pub(crate) fn new(options: Options) -> Result<Settings, Failure> {
        let Some(account) = options.account else {
            return Err(Failure::usage(
                "whose bookmarks? Give your address with --account, such as me@example.org",
            ));
        };
        let account = parse_account("--account", &account)?;
        let partners = options
            .partner
            .iter()
            .map(|partner| parse_account("--partner", partner))
            .collect::<Result<_, _>>()?;
        let state_dir = match options.state {
            Some(folder) => folder,
            None => default_state_dir(&account, |name| env::var_os(name))?,
        };
        Ok(Settings {
            account,
            state_dir,
            timeout: Duration::from_secs(options.timeout),
            partners,
            trust_policy: options.trust_policy.map(client::TrustPolicy::from),
            label: options.label,
            share_visits: options.share_visits.map(|answer| answer == YesNo::Yes),
            stale_after_days: options.stale_after_days,
            password_file: options.password_file,
            connect: options.connect.as_deref().map(parse_connect).transpose()?,
            direct_tls: options.direct_tls,
            ca_file: options.ca_file,
            pin_sha256: options.pin_sha256.as_deref().map(parse_pin).transpose()?,
            plain_tcp_on_loopback: options.plain_tcp_on_loopback,
            allow_sasl_plain: options.allow_sasl_plain,
        })
    }

    /// What the client is told.
    pub(crate) fn client(&self, role: Role) -> client::Config {
        client::Config {
            account: self.account.clone(),
            label: self.label.clone(),
            kind: Kind::Bot,
            partners: self.partners.clone(),
            sync_bookmarks: true,
            chat: role.chat,
            file_links: role.file_links,
            stale_after_days: self.stale_after_days,
            join: client::JoinPolicy::default(),
            ask_about_doubles: false,
            share_tabs: false,
            take_tabs: false,
            share_visits: self.share_visits,
            trust_policy: self.trust_policy,
        }
    }

    /// What the engine is told; reads the password.
    pub(crate) fn engine(&self, role: Role) -> Result<engine::Config, Failure> {
        Ok(engine::Config {
            account: self.account.clone(),
            credentials: Credentials::Given(self.password()?),
            state_dir: self.state_dir.clone(),
            connect: self.connect.clone(),
            direct_tls: self.direct_tls,
            ca_file: self.ca_file.clone(),
            pin_sha256: self.pin_sha256,
            allow_plain_tcp_on_loopback: self.plain_tcp_on_loopback,
            allow_sasl_plain: self.allow_sasl_plain,
            client: self.client(role),
        })
    }

    fn password(&self) -> Result<Password, Failure> {
        match (&self.password_file, env::var(PASSWORD_VARIABLE)) {
            (Some(path), _) => read_password(path),
            (None, Ok(password)) if !password.is_empty() => Ok(Password::new(password)),
            _ => Err(Failure::usage(format!(
                "the password of {} is needed: name a file that holds it with --password-file, or set {PASSWORD_VARIABLE}",
                self.account
            ))),
        }
    }
}

/// An address of an account: a part before the @ and a domain, no resource.
pub(crate) fn parse_account(what: &str, text: &str) -> Result<BareJid, Failure> {
    let wrong = |why: &str| {
        Failure::usage(format!(
            "{what}: {text:?} is no address like me@example.org ({why})"
        ))
    };
    let jid = jid::Jid::new(text).map_err(|error| wrong(&error.to_string()))?;
    if jid.resource().is_some() {
        return Err(wrong("leave out the / and what follows"));
    }
    if jid.node().is_none() {
        return Err(wrong("the part before the @ is missing"));
    }
    Ok(jid.to_bare())
}

/// `HOST:PORT`, with an IPv6 address in brackets.
fn parse_connect(text: &str) -> Result<(String, u16), Failure> {
    let parse = || {
        let (host, port) = text.rsplit_once(':')?;
        let port = port.parse().ok().filter(|port| *port > 0)?;
        let host = match host.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']')?,
            None if host.contains(':') => return None,
            None => host,
        };
        (!host.is_empty()).then(|| (host.to_owned(), port))
    };
    parse().ok_or_else(|| {
        Failure::usage(format!(
            "--connect: {text:?} is not HOST:PORT, such as xmpp.example.org:5222 or [::1]:5222"
        ))
    })
}

fn parse_pin(text: &str) -> Result<[u8; 32], Failure> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| *c != ':')
        .filter_map(|c| c.to_digit(16))
        .filter_map(|d| u8::try_from(d).ok())
        .collect();
    let only_hex = text.chars().all(|c| c == ':' || c.is_ascii_hexdigit());
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| (byte << 4) | digit))
        .collect();
    match (<[u8; 32]>::try_from(bytes), only_hex && digits.len() == 64) {
        (Ok(pin), true) => Ok(pin),
        _ => Err(Failure::usage(
            "--pin-sha256 needs 64 hex digits, as `openssl x509 -fingerprint -sha256` shows them",
        )),
    }
}

/// `$XDG_STATE_HOME/xmppsync-bot/ADDRESS`, or the same in `~/.local/state`.
fn default_state_dir(
    account: &BareJid,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, Failure> {
    let folder = |name| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let base = folder("XDG_STATE_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".local/state")))
        .ok_or_else(|| Failure::usage("there is no home folder: name a folder for the state with --state"))?;
    // An address may hold no slash before its resource, so it is a file name.
    Ok(base.join("xmppsync-bot").join(account.as_str()))
}

/// The first line of the file.
fn read_password(path: &Path) -> Result<Password, Failure> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| {
        Failure::usage(format!(
            "cannot read the password file {shown}: {error}. Check --password-file"
        ))
    };
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(Failure::usage(format!(
            "the password file {shown} is a folder. Check --password-file"
        )));
    }
    let mode = metadata.permissions().mode();
    if metadata.is_file() && mode & 0o007 != 0 {
        let mode = mode & 0o777;
        return Err(Failure::usage(format!(
            "everybody on this computer can read or change the password file {shown} (mode {mode:o}). Close it with \
             `chmod 600 {shown}`, and change the password if others may have seen it"
        )));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    file.by_ref()
        .take(MAX_PASSWORD_FILE_BYTES)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        Failure::usage(format!(
            "the password file {shown} is not text. Check --password-file"
        ))
    })?;
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(password) => Ok(Password::new(password)),
        None => Err(Failure::usage(format!(
            "the first line of the password file {shown} is empty: write the password there"
        ))),
    }
}

#[cfg(test)]
mod tests;
