// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! What an engine is started with.

use std::path::PathBuf;

use jid::BareJid;

use crate::password::Credentials;

/// What an engine is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The account that is signed in to.
    pub account: BareJid,
    /// Its password, or where that is.
    pub credentials: Credentials,
    /// The folder of this device's state; created where missing, used by one process at a time.
    pub state_dir: PathBuf,
    /// Host and port instead of what the DNS says of the account's domain. The certificate must still be the domain's.
    pub connect: Option<(String, u16)>,
    /// TLS from the first byte (XEP-0368) on [`Config::connect`], instead of STARTTLS.
    pub direct_tls: bool,
    /// PEM file of the certificate authorities to trust, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// SHA-256 of the server's certificate (DER): then this certificate and no other is accepted, whatever it says.
    pub pin_sha256: Option<[u8; 32]>,
    /// No TLS at all. Refused unless [`Config::connect`] leads to a loopback address.
    pub allow_plain_tcp_on_loopback: bool,
    /// Allows to send the password itself (SASL PLAIN) to a server that knows nothing better. Never without TLS,
    /// except over loopback.
    pub allow_sasl_plain: bool,
    /// What the client does with the connection.
    pub client: client::Config,
}
