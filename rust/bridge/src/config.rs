// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The configuration that C++ hands over as one JSON object.

use std::path::PathBuf;

use engine::client;
use engine::jid::BareJid;
use engine::{Config, Credentials, Password};
use serde::Deserialize;

/// The keys of the JSON object; those of the user's `config.json` and three more. Unknown keys are ignored.
#[derive(Deserialize)]
struct Settings {
    /// The address to sign in to.
    account: String,
    /// Its password; never in `config.json`. Missing where the password store has it.
    #[serde(default)]
    password: Option<String>,
    /// Where the password is kept.
    #[serde(default)]
    password_storage: Storage,
    /// The folder for the engine's state; added by the plugin.
    state_dir: PathBuf,
    /// The name of this device in the user's other devices.
    label: String,
    /// `host:port`, with brackets around an IPv6 address.
    #[serde(default)]
    connect: Option<String>,
    #[serde(default)]
    direct_tls: bool,
    #[serde(default)]
    ca_file: Option<PathBuf>,
    /// 64 hex digits; colons and spaces are ignored.
    #[serde(default)]
    pin_sha256: Option<String>,
    #[serde(default)]
    allow_plain_tcp_on_loopback: bool,
    #[serde(default)]
    allow_sasl_plain: bool,
    #[serde(default = "yes")]
    sync_bookmarks: bool,
    /// What happens to keys that nobody has decided about; left as it is where it is missing.
    #[serde(default)]
    trust_policy: Option<client::TrustPolicy>,
    #[serde(default)]
    chat: bool,
    /// After how many days of silence a device is left out; 0 for never.
    #[serde(default)]
    stale_after_days: Option<u32>,
    #[serde(default)]
    partners: Vec<String>,
    /// `merge`, `ask`, `theirs` or `mine`: see [`client::JoinPolicy`].
    #[serde(default)]
    join: client::JoinPolicy,
    /// Before many copies of what is here are taken from another device.
    #[serde(default = "yes")]
    ask_about_doubles: bool,
    /// Tells the account's other devices what is open in this browser.
    #[serde(default)]
    share_tabs: bool,
    /// Opens tabs that the account's other devices send to this one.
    #[serde(default = "yes")]
    take_tabs: bool,
    /// Shares the browsing history with the account's other devices that do so.
    #[serde(default)]
    share_visits: bool,
}

/// Where the browser has the password from.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Storage {
    /// A file, which the plugin reads.
    #[default]
    File,
    /// The user, at each start.
    Ask,
    /// The user's password store: see [`Credentials::Keep`] and [`Credentials::Stored`].
    SecretService,
}

fn yes() -> bool {
    true
}

/// Why a configuration cannot be used; a sentence for the user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("the settings cannot be used: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("the password is missing. Enter it in the settings.")]
    NoPassword,
    #[error("{0:?} is not an XMPP address. An address looks like name@example.org.")]
    NotAnAddress(String),
    #[error("{0:?} is not a server. Write it as host:port, for instance xmpp.example.org:5222.")]
    NotAServer(String),
    #[error("the certificate's fingerprint must have 64 hexadecimal digits (SHA-256); {0:?} has not")]
    NotAFingerprint(String),
}

/// Parses the configuration of an engine in a browser.
///
/// # Errors
/// When a required key is missing, or a value is none of its kind. Nothing secret is in the error.
pub(crate) fn parse(json: &str) -> Result<Config, ConfigError> {
    let settings: Settings = serde_json::from_str(json)?;
    let client = client_config(&settings)?;
    Ok(Config {
        account: client.account.clone(),
        client,
        credentials: credentials(settings.password, settings.password_storage)?,
        state_dir: settings.state_dir,
        connect: settings.connect.as_deref().map(host_and_port).transpose()?,
        direct_tls: settings.direct_tls,
        ca_file: settings.ca_file,
        pin_sha256: settings.pin_sha256.as_deref().map(fingerprint).transpose()?,
        allow_plain_tcp_on_loopback: settings.allow_plain_tcp_on_loopback,
        allow_sasl_plain: settings.allow_sasl_plain,
    })
}

fn credentials(password: Option<String>, storage: Storage) -> Result<Credentials, ConfigError> {
    match (password.map(Password::new), storage) {
        (Some(password), Storage::SecretService) => Ok(Credentials::Keep(password)),
        (Some(password), Storage::File | Storage::Ask) => Ok(Credentials::Given(password)),
        (None, Storage::SecretService) => Ok(Credentials::Stored),
        (None, Storage::File | Storage::Ask) => Err(ConfigError::NoPassword),
    }
}

fn client_config(settings: &Settings) -> Result<client::Config, ConfigError> {
    let refused = |text: &str| ConfigError::NotAnAddress(text.to_owned());
    let with = |account: &str| {
        let config = serde_json::json!({
            "account": account.trim(),
            "label": settings.label,
            "kind": client::Kind::Desktop,
            "sync_bookmarks": settings.sync_bookmarks,
            "chat": settings.chat,
            "stale_after_days": settings.stale_after_days.unwrap_or(client::STALE_AFTER_DAYS),
            "join": settings.join,
            "ask_about_doubles": settings.ask_about_doubles,
            "share_tabs": settings.share_tabs,
            "take_tabs": settings.take_tabs,
            "share_visits": settings.share_visits,
        });
        let config = serde_json::from_value::<client::Config>(config).map_err(|_| refused(account))?;
        let whole = config.account.node().is_some();
        whole.then_some(config).ok_or_else(|| refused(account))
    };
    let mut config = with(&settings.account)?;
    config.trust_policy = settings.trust_policy;
    for partner in &settings.partners {
        config.partners.push(with(partner)?.account);
    }
    Ok(config)
}

/// Parses the address of an account.
///
/// # Errors
/// When it is none.
pub(crate) fn address(text: &str) -> Result<BareJid, ConfigError> {
    let refused = |_| ConfigError::NotAnAddress(text.to_owned());
    text.trim().parse().map_err(refused)
}

fn host_and_port(text: &str) -> Result<(String, u16), ConfigError> {
    let refused = || ConfigError::NotAServer(text.to_owned());
    let (host, port) = text.trim().rsplit_once(':').ok_or_else(refused)?;
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if bare.is_none() && host.contains(':') {
        return Err(refused());
    }
    let host = bare.unwrap_or(host);
    let port = port
        .parse::<u16>()
        .ok()
        .filter(|port| *port > 0)
        .ok_or_else(refused)?;
    if host.is_empty() || host.contains(char::is_whitespace) {
        return Err(refused());
    }
    Ok((host.to_owned(), port))
}

fn fingerprint(text: &str) -> Result<[u8; 32], ConfigError> {
    let refused = || ConfigError::NotAFingerprint(text.to_owned());
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .map(|c| c.to_digit(16).ok_or_else(refused))
        .collect::<Result<_, _>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .filter_map(|pair| match pair {
            [high, low] => u8::try_from(high << 4 | low).ok(),
            _ => None,
        })
        .collect();
    let whole = digits.len() == 64;
    <[u8; 32]>::try_from(bytes)
        .ok()
        .filter(|_| whole)
        .ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(extra: &str) -> Result<Config, ConfigError> {
        parse(&format!(
            r#"{{"account":"romeo@example.org","password":"secret","state_dir":"/s","label":"L"{extra}}}"#
        ))
    }

    #[test]
    fn defaults_are_safe() {
        let config = with("").unwrap();
        assert_eq!(config.account.to_string(), "romeo@example.org");
        assert!(config.connect.is_none() && config.ca_file.is_none() && config.pin_sha256.is_none());
        assert!(!config.allow_plain_tcp_on_loopback && !config.allow_sasl_plain && !config.direct_tls);
        assert!(config.client.sync_bookmarks && !config.client.chat);
    }

    #[test]
    fn passwords_come_from_where_they_are_kept() {
        let of = |keys: &str| {
            parse(&format!(
                r#"{{"account":"romeo@example.org","state_dir":"/s","label":"L"{keys}}}"#
            ))
            .map(|config| config.credentials)
        };
        let store = r#","password_storage":"secret_service""#;
        assert!(matches!(of(store), Ok(Credentials::Stored)));
        let typed = format!(r#"{store},"password":"secret""#);
        assert!(matches!(of(&typed), Ok(Credentials::Keep(_))));
        let asked = r#","password_storage":"ask","password":"secret""#;
        assert!(matches!(of(asked), Ok(Credentials::Given(_))));
        for missing in ["", r#","password_storage":"ask""#] {
            assert!(matches!(of(missing), Err(ConfigError::NoPassword)), "{missing}");
        }
    }

    #[test]
    fn servers() {
        let server = |text: &str| host_and_port(text).ok();
        assert_eq!(
            server("xmpp.example.org:5222"),
            Some(("xmpp.example.org".to_owned(), 5222))
        );
        assert_eq!(server(" [::1]:5222 "), Some(("::1".to_owned(), 5222)));
        for bad in ["xmpp.example.org", "::1:5222", ":5222", "a:0", "a:65536", "a b:1"] {
            assert_eq!(server(bad), None, "{bad}");
        }
    }

    #[test]
    fn pins() {
        let digits = "0f".repeat(32);
        assert_eq!(fingerprint(&digits).unwrap(), [0x0f; 32]);
        let colons = vec!["0F"; 32].join(":");
        assert_eq!(fingerprint(&colons).unwrap(), [0x0f; 32]);
        for bad in [&digits[1..], &digits[2..], "zz", ""] {
            assert!(fingerprint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn errors_name_what_is_wrong_but_never_the_password() {
        let error = parse(r#"{"account":"example.org","password":"hunter2","state_dir":"/s","label":"L"}"#);
        let text = error.unwrap_err().to_string();
        assert!(text.contains("not an XMPP address"), "{text}");
        let text = parse(r#"{"password":"hunter2"}"#).unwrap_err().to_string();
        assert!(text.contains("account") && !text.contains("hunter2"), "{text}");
        assert!(
            with(r#","connect":"nowhere""#)
                .unwrap_err()
                .to_string()
                .contains("host:port")
        );
    }
}
