// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Signing in by SASL (RFC 6120 section 6): SCRAM (RFC 5802, RFC 7677), bound to the TLS channel where both sides
//! can (RFC 9266, XEP-0440), the server's proof always checked. The password itself is sent only where that was
//! allowed and the server knows nothing better.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::SinkExt;
use minidom::Element;
use sasl::client::Mechanism;
use sasl::client::mechanisms::{Plain, Scram};
use sasl::common::scram::{Sha1, Sha256};
use sasl::common::{ChannelBinding, Credentials};
use xso::exports::rxml::xml_ncname;

use super::connect::{Stream, next_element};
use super::element::Incoming;
use super::error::{SessionError, Step, within};
use super::limits::{LEAST_ITERATIONS, MOST_ITERATIONS, SASL_TIMEOUT};
use crate::password::Password;

/// Namespace of SASL.
const NS_SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
/// Namespace of the list of channel binding types (XEP-0440).
const NS_BINDING: &str = "urn:xmpp:sasl-cb:0";

type Boxed = Box<dyn Mechanism + Send + Sync>;

/// Whom to sign in as.
pub(crate) struct Identity<'a> {
    /// The JID's local part.
    pub(crate) username: &'a str,
    pub(crate) password: &'a Password,
    /// Sending the password itself is allowed here.
    pub(crate) allow_plain: bool,
}

/// Signs in on `stream`. On success, the stream is to be started over.
///
/// # Errors
/// Refused, not proven by the server, broken or timed out.
pub(crate) async fn sign_in(
    stream: &mut Stream,
    features: &Element,
    exporter: Option<Vec<u8>>,
    identity: &Identity<'_>,
) -> Result<(), SessionError> {
    let offer = Offer::from_features(features);
    let (choice, mut mechanism) = choose(&offer, exporter, identity)?;
    within(SASL_TIMEOUT, Step::SignIn, async {
        let initial = mechanism.initial();
        let auth = Element::builder("auth", NS_SASL)
            .attr(xml_ncname!("mechanism").into(), mechanism.name())
            .append(encode(&initial))
            .build();
        stream.send(&auth).await?;
        let mut proven = !choice.is_scram();
        loop {
            let Incoming::Whole(answer) = next_element(stream).await? else {
                return Err(protocol("an answer beyond all limits"));
            };
            match (answer.ns().as_str(), answer.name()) {
                (NS_SASL, "challenge") => {
                    let challenge = decode(&answer)?;
                    let response = if !choice.is_scram() {
                        return Err(protocol("a challenge that the mechanism does not have"));
                    } else if challenge.starts_with(b"v=") {
                        mechanism.success(&challenge).map_err(|_| not_proven())?;
                        proven = true;
                        Vec::new()
                    } else {
                        check_challenge(&initial, &challenge)?;
                        // Thousands of rounds of hashing: not on the thread that serves the connection.
                        let (back, response) = tokio::task::spawn_blocking(move || {
                            let response = mechanism.response(&challenge);
                            (mechanism, response)
                        })
                        .await
                        .map_err(|error| SessionError::Internal {
                            detail: error.to_string(),
                        })?;
                        mechanism = back;
                        response.map_err(|error| protocol(&error.to_string()))?
                    };
                    let response = Element::builder("response", NS_SASL)
                        .append(encode(&response))
                        .build();
                    stream.send(&response).await?;
                }
                (NS_SASL, "success") => {
                    if !proven {
                        mechanism.success(&decode(&answer)?).map_err(|_| not_proven())?;
                    }
                    return Ok(());
                }
                (NS_SASL, "failure") => return Err(failure(&answer)),
                (_, name) => return Err(protocol(&format!("<{name}/> while signing in"))),
            }
        }
    })
    .await
}

/// What the server offers.
struct Offer {
    mechanisms: BTreeSet<String>,
    /// The types of channel binding it can do; None if it does not say (XEP-0440).
    bindings: Option<BTreeSet<String>>,
}

impl Offer {
    fn from_features(features: &Element) -> Offer {
        let mechanisms = features.get_child("mechanisms", NS_SASL);
        let bindings = features.get_child("sasl-channel-binding", NS_BINDING);
        Offer {
            mechanisms: mechanisms
                .into_iter()
                .flat_map(Element::children)
                .filter(|child| child.is("mechanism", NS_SASL))
                .map(|child| child.text().trim().to_owned())
                .collect(),
            bindings: bindings.map(|list| {
                list.children()
                    .filter_map(|child| child.attr("type").map(str::to_owned))
                    .collect()
            }),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Sha256Plus,
    Sha1Plus,
    Sha256,
    Sha1,
    Plain,
}

impl Choice {
    const BEST_FIRST: [Choice; 5] = [
        Choice::Sha256Plus,
        Choice::Sha1Plus,
        Choice::Sha256,
        Choice::Sha1,
        Choice::Plain,
    ];

    fn name(self) -> &'static str {
        match self {
            Choice::Sha256Plus => "SCRAM-SHA-256-PLUS",
            Choice::Sha1Plus => "SCRAM-SHA-1-PLUS",
            Choice::Sha256 => "SCRAM-SHA-256",
            Choice::Sha1 => "SCRAM-SHA-1",
            Choice::Plain => "PLAIN",
        }
    }

    fn is_scram(self) -> bool {
        self != Choice::Plain
    }

    fn is_bound(self) -> bool {
        matches!(self, Choice::Sha256Plus | Choice::Sha1Plus)
    }
}

fn choose(
    offer: &Offer,
    exporter: Option<Vec<u8>>,
    identity: &Identity<'_>,
) -> Result<(Choice, Boxed), SessionError> {
    let server_can_bind = offer
        .mechanisms
        .iter()
        .any(|name| name.starts_with("SCRAM-") && name.ends_with("-PLUS"));
    let named = offer
        .bindings
        .as_ref()
        .is_none_or(|types| types.contains("tls-exporter"));
    let can_bind = exporter.is_some() && named;
    let choice = Choice::BEST_FIRST.into_iter().find(|choice| {
        offer.mechanisms.contains(choice.name())
            && (can_bind || !choice.is_bound())
            && (identity.allow_plain || *choice != Choice::Plain)
    });
    let Some(choice) = choice else {
        let offered: Vec<&str> = offer.mechanisms.iter().map(String::as_str).collect();
        return Err(SessionError::NoSafeMechanism {
            offered: offered.join(", "),
        });
    };
    let binding = match exporter {
        Some(material) if choice.is_bound() => ChannelBinding::TlsExporter(material),
        // "We could, but you do not offer it": a server that did offer it sees that somebody took the offer out.
        Some(_) if !server_can_bind => ChannelBinding::Unsupported,
        _ => ChannelBinding::None,
    };
    let password = prepared(identity.password.reveal());
    let failed = |error: sasl::client::MechanismError| SessionError::Internal {
        detail: error.to_string(),
    };
    let mechanism: Boxed = match choice {
        Choice::Sha256Plus | Choice::Sha256 => Box::new(
            Scram::<Sha256>::from_credentials(credentials(scram_name(identity.username), &password, binding))
                .map_err(failed)?,
        ),
        Choice::Sha1Plus | Choice::Sha1 => Box::new(
            Scram::<Sha1>::from_credentials(credentials(scram_name(identity.username), &password, binding))
                .map_err(failed)?,
        ),
        Choice::Plain => Box::new(
            Plain::from_credentials(credentials(
                identity.username.to_owned(),
                &password,
                ChannelBinding::None,
            ))
            .map_err(failed)?,
        ),
    };
    Ok((choice, mechanism))
}

fn credentials(username: String, password: &str, binding: ChannelBinding) -> Credentials {
    Credentials::default()
        .with_username(username)
        .with_password(password)
        .with_channel_binding(binding)
}

/// RFC 5802 section 2.2. A password with characters that SASLprep forbids is used as it is, as servers do.
fn prepared(password: &str) -> zeroize::Zeroizing<String> {
    zeroize::Zeroizing::new(
        stringprep::saslprep(password).map_or_else(|_| password.to_owned(), std::borrow::Cow::into_owned),
    )
}

/// RFC 5802 section 5.1: "," and "=" have a meaning of their own there.
fn scram_name(username: &str) -> String {
    username.replace('=', "=3D").replace(',', "=2C")
}

/// What the `sasl` crate leaves unchecked in the server's first message (RFC 5802 section 5.1): that its nonce
/// begins with ours and adds to it, that it asks for no unknown extension, and that the iterations are sane.
fn check_challenge(initial: &[u8], challenge: &[u8]) -> Result<(), SessionError> {
    let field = |message: &[u8], name: &str| -> Option<String> {
        let text = std::str::from_utf8(message).ok()?;
        text.split(',')
            .find_map(|part| part.strip_prefix(name))
            .map(str::to_owned)
    };
    if challenge.starts_with(b"m=") {
        return Err(protocol("an unknown SCRAM extension"));
    }
    let ours = field(initial, "r=").unwrap_or_default();
    let theirs = field(challenge, "r=").unwrap_or_default();
    if ours.is_empty() || theirs.len() <= ours.len() || !theirs.starts_with(&ours) {
        return Err(SessionError::ServerNotProven {
            detail: "its nonce is not ours",
        });
    }
    let iterations: u32 = field(challenge, "i=")
        .and_then(|count| count.parse().ok())
        .unwrap_or(0);
    if !(LEAST_ITERATIONS..=MOST_ITERATIONS).contains(&iterations) {
        return Err(SessionError::ServerNotProven {
            detail: "its iteration count is out of bounds",
        });
    }
    Ok(())
}

/// RFC 6120 section 6.5.
fn failure(failure: &Element) -> SessionError {
    let condition = failure
        .children()
        .map(Element::name)
        .find(|name| *name != "text")
        .unwrap_or("not-authorized");
    match condition {
        "not-authorized" => SessionError::WrongPassword,
        "account-disabled" | "credentials-expired" => SessionError::AccountDisabled {
            condition: condition.to_owned(),
        },
        other => SessionError::SignInFailed {
            condition: other.to_owned(),
        },
    }
}

/// RFC 6120 section 6.4.2: nothing at all is an equals sign.
fn encode(data: &[u8]) -> String {
    if data.is_empty() {
        "=".to_owned()
    } else {
        STANDARD.encode(data)
    }
}

fn decode(element: &Element) -> Result<Vec<u8>, SessionError> {
    let text = element.text();
    match text.trim() {
        "" | "=" => Ok(Vec::new()),
        text => STANDARD
            .decode(text)
            .map_err(|_| protocol("SASL data that is no Base64")),
    }
}

fn not_proven() -> SessionError {
    SessionError::ServerNotProven {
        detail: "its proof is wrong or missing",
    }
}

fn protocol(detail: &str) -> SessionError {
    SessionError::Protocol {
        detail: detail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(
        mechanisms: &[&str],
        bindings: Option<&[&str]>,
        exporter: bool,
        allow_plain: bool,
    ) -> Option<(Choice, String)> {
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let offer = Offer {
            mechanisms: set(mechanisms),
            bindings: bindings.map(set),
        };
        let password = Password::new("pencil");
        let identity = Identity {
            username: "a,b=c",
            password: &password,
            allow_plain,
        };
        let (choice, mut mechanism) = choose(&offer, exporter.then(|| vec![1; 32]), &identity).ok()?;
        assert_eq!(mechanism.name(), choice.name());
        let initial = String::from_utf8(mechanism.initial()).unwrap();
        Some((choice, initial.split(",r=").next().unwrap().to_owned()))
    }

    #[test]
    fn the_best_mechanism_is_chosen_and_downgrades_show() {
        let all = [
            "PLAIN",
            "SCRAM-SHA-1",
            "SCRAM-SHA-1-PLUS",
            "SCRAM-SHA-256",
            "SCRAM-SHA-256-PLUS",
        ];
        let expect = |choice, header: &str| Some((choice, format!("{header}n=a=2Cb=3Dc")));
        assert_eq!(
            chosen(&all, None, true, true),
            expect(Choice::Sha256Plus, "p=tls-exporter,,")
        );
        assert_eq!(
            chosen(&all, Some(&["tls-exporter"]), true, true),
            expect(Choice::Sha256Plus, "p=tls-exporter,,")
        );
        assert_eq!(
            chosen(&all, Some(&["tls-unique"]), true, true),
            expect(Choice::Sha256, "n,,")
        );
        assert_eq!(chosen(&all, None, false, true), expect(Choice::Sha256, "n,,"));
        assert_eq!(chosen(&all[..2], None, true, true), expect(Choice::Sha1, "y,,"));
        assert_eq!(chosen(&["PLAIN"], None, true, false), None);
        assert_eq!(chosen(&["PLAIN"], None, true, true).unwrap().0, Choice::Plain);
        assert_eq!(chosen(&["EXTERNAL", "DIGEST-MD5"], None, true, true), None);
    }

    #[test]
    fn challenges_are_checked() {
        let check = |challenge: &str| check_challenge(b"n,,n=user,r=abc", challenge.as_bytes()).is_ok();
        assert!(check("r=abcdef,s=QSXCR+Q6sek8bf92,i=4096"));
        assert!(!check("r=abc,s=QSXCR+Q6sek8bf92,i=4096"), "nothing added");
        assert!(!check("r=abdef,s=QSXCR+Q6sek8bf92,i=4096"), "another nonce");
        assert!(!check("r=abcdef,s=QSXCR+Q6sek8bf92,i=4095"), "too cheap");
        assert!(
            !check("r=abcdef,s=QSXCR+Q6sek8bf92,i=4294967295"),
            "would compute for an hour"
        );
        assert!(!check("m=x,r=abcdef,s=QSXCR+Q6sek8bf92,i=4096"));
        assert!(!check("s=QSXCR+Q6sek8bf92,i=4096"));
    }

    #[test]
    fn failures_are_sorted() {
        let sorted = |inner: &str| {
            failure(
                &format!("<failure xmlns='{NS_SASL}'>{inner}</failure>")
                    .parse()
                    .unwrap(),
            )
        };
        assert!(matches!(
            sorted("<text>x</text><not-authorized/>"),
            SessionError::WrongPassword
        ));
        assert!(matches!(
            sorted("<account-disabled/>"),
            SessionError::AccountDisabled { .. }
        ));
        assert!(!sorted("<temporary-auth-failure/>").is_final());
    }

    #[test]
    fn passwords_are_prepared() {
        assert_eq!(*prepared("I\u{ad}X"), "IX");
        assert_eq!(*prepared("\u{2168}"), "IX");
        assert_eq!(*prepared("a\u{0}b"), "a\u{0}b");
    }
}
