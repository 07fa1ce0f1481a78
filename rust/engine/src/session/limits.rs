// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! The limits and time-outs of a session, each with its unit and source.

use std::time::Duration;

/// Time for all DNS lookups of one attempt. Two tries of 5 s each, as resolv.conf(5) has them by default.
pub(crate) const DNS_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for the TCP connection to one host, over all of its addresses.
pub(crate) const TCP_TIMEOUT: Duration = Duration::from_secs(15);
/// Head start of one address over the next: RFC 8305 section 5, the connection attempt delay.
pub(crate) const TCP_STAGGER: Duration = Duration::from_millis(250);
/// Time for the TLS handshake.
pub(crate) const TLS_TIMEOUT: Duration = Duration::from_secs(15);
/// Time for a stream header and the features after it, and for the answer to `<starttls/>`.
pub(crate) const HEADER_TIMEOUT: Duration = Duration::from_secs(20);
/// Time for all of SASL. Servers slow failed attempts down by a few seconds.
pub(crate) const SASL_TIMEOUT: Duration = Duration::from_secs(30);
/// Time for resource binding, and for enabling or resuming stream management.
pub(crate) const BIND_TIMEOUT: Duration = Duration::from_secs(20);
/// Time for a polite end of the stream at a stop.
pub(crate) const CLOSE_TIMEOUT: Duration = Duration::from_millis(300);

/// Silence after which the server is asked for a sign of life. Home routers forget idle TCP connections after five
/// minutes and more (RFC 5382 asks for two hours, many give less).
pub(crate) const KEEP_ALIVE: Duration = Duration::from_secs(120);
/// Time for the answer. What is on its way first must have arrived by then: [`MAX_UNACKNOWLEDGED`] at the 3 kB/s
/// that ejabberd's default shaper grants takes 22 s.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_secs(45);

/// Time for the first acknowledgement in a resumed session. The question goes ahead of all else, so one round trip and
/// the server's own repeated stanzas are all that it waits for.
pub(crate) const RESUMPTION_TIMEOUT: Duration = Duration::from_secs(15);

/// Bytes sent and not yet acknowledged, beyond which nothing more is sent (one stanza may exceed it alone).
pub(crate) const MAX_UNACKNOWLEDGED: usize = 64 * 1024;
/// Largest stanza, in bytes, for a server that announces no limit (XEP-0478): older ejabberd configurations end
/// the stream at 65,536.
pub(crate) const DEFAULT_MAX_STANZA: usize = 60 * 1024;
/// Smallest limit that is believed, in bytes: RFC 6120 section 13.12 asks every server to take 10,000.
pub(crate) const LEAST_MAX_STANZA: usize = 10_000;
/// Largest stanza taken from the server, in bytes of names, values and text. ejabberd and Prosody take 262,144.
pub(crate) const MAX_INBOUND: usize = 4 * 1024 * 1024;
/// Deepest nesting of elements taken from the server. A stanza of ours nests twelve deep at most; without a limit,
/// a hostile one of 60,000 levels overflows the stack of whoever walks or drops it.
pub(crate) const MAX_DEPTH: usize = 128;
/// Seconds that the server is asked to keep a broken session for resumption (XEP-0198 section 3). Prosody keeps 10 min.
pub(crate) const RESUME_SECONDS: u32 = 600;

/// Least PBKDF2 iterations of a SCRAM challenge: RFC 5802 section 5.1, RFC 7677 section 4.
pub(crate) const LEAST_ITERATIONS: u32 = 4096;
/// Most PBKDF2 iterations of a SCRAM challenge: about a second of computing. Prosody asks for 10,000.
pub(crate) const MOST_ITERATIONS: u32 = 1_000_000;

/// First wait of the back-off.
pub(crate) const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Longest wait of the back-off.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Least wait after the server said that we broke its rules.
pub(crate) const PENALTY_WAIT: Duration = Duration::from_secs(60);
/// A wake-up (a new command) ends a wait no earlier than this after the last attempt.
pub(crate) const WAKE_WAIT: Duration = Duration::from_secs(2);
/// A stream that lasted this long was good: the next back-off starts from the beginning.
pub(crate) const GOOD_STREAM: Duration = Duration::from_secs(60);
/// Redirections (`<see-other-host/>`) followed in a row.
pub(crate) const MAX_REDIRECTS: u32 = 3;
