// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Comparing two devices by emoji, as a state machine without I/O. `docs/protocol.md` states the protocol.
//!
//! Each side keeps one list of all that it has said, and the other reads it from where it stopped: nothing depends on
//! seeing every version of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minidom::Element;
use minidom::rxml::xml_ncname;
use omemo::DeviceId;
use omemo::sas::{self, Sas, SharedSas};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::ns;

/// How long each step of a person or of the other device may take, in milliseconds.
pub(crate) const TIMEOUT_MS: u64 = 10 * 60_000;

/// Most steps that are read of one verification: there are three, and an end.
const MAX_STEPS: usize = 8;

/// An emoji as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emoji {
    /// The emoji itself.
    pub symbol: String,
    /// Its English name.
    pub name: String,
}

/// How far the comparison with another device is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum VerificationState {
    /// The other device was asked; its user has not answered yet.
    Waiting,
    /// The other device asks; answered by [`crate::Command::Verify`] or [`crate::Command::CancelVerification`].
    Requested,
    /// The user compares; answered by [`crate::Command::ConfirmEmoji`].
    Compare {
        /// Seven of them.
        emoji: Vec<Emoji>,
    },
    /// The user said that they match; the other device's user has not yet.
    Confirmed,
    /// Both users said so: both keys are authenticated.
    Authenticated,
    /// It has ended without that.
    Cancelled {
        /// Why, for programs.
        kind: EndKind,
        /// Why, in a sentence.
        reason: String,
    },
}

/// Why a verification ends without an authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EndKind {
    /// One of the users does not want to.
    Declined,
    /// The emoji differ, or a proof is wrong: somebody may be in between. The keys are distrusted now.
    Mismatch,
    /// A step took too long.
    Timeout,
    /// A process was started anew.
    Restarted,
    /// The other side is comparing with a third device.
    Busy,
    /// The other side does not keep to the protocol.
    Unexpected,
}

impl EndKind {
    const ALL: [EndKind; 6] = [
        EndKind::Declined,
        EndKind::Mismatch,
        EndKind::Timeout,
        EndKind::Restarted,
        EndKind::Busy,
        EndKind::Unexpected,
    ];

    fn name(self) -> &'static str {
        match self {
            EndKind::Declined => "declined",
            EndKind::Mismatch => "mismatch",
            EndKind::Timeout => "timeout",
            EndKind::Restarted => "restarted",
            EndKind::Busy => "busy",
            EndKind::Unexpected => "unexpected",
        }
    }

    /// In a sentence for people.
    pub(crate) fn text(self) -> &'static str {
        match self {
            EndKind::Declined => "The comparison was cancelled.",
            EndKind::Mismatch => {
                "The two devices do not see the same keys: somebody may be listening in. Neither trusts the other any more."
            }
            EndKind::Timeout => {
                "The comparison took too long. Start it again while both devices are at hand."
            }
            EndKind::Restarted => {
                "One of the devices was started anew meanwhile. Start the comparison again."
            }
            EndKind::Busy => "The other device is being compared with a third one. Finish that first.",
            EndKind::Unexpected => "The other device does not keep to the protocol: update both.",
        }
    }
}

/// One thing that one side says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Request,
    Accept { commitment: [u8; 32] },
    Key { key: [u8; 32] },
    Mac { mac: [u8; 32] },
    Cancel { reason: EndKind },
}

/// All that one side has said in one verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// The verification's name, drawn by who asked.
    pub(crate) id: String,
    pub(crate) steps: Vec<Step>,
}

impl Said {
    pub(crate) fn serialize(&self) -> Element {
        let step = |step: &Step| {
            let element = |name: &str| Element::builder(name, ns::NODE_TRUST);
            match step {
                Step::Request => element("request").build(),
                Step::Accept { commitment } => element("accept").append(STANDARD.encode(commitment)).build(),
                Step::Key { key } => element("key").append(STANDARD.encode(key)).build(),
                Step::Mac { mac } => element("mac").append(STANDARD.encode(mac)).build(),
                Step::Cancel { reason } => element("cancel")
                    .attr(xml_ncname!("reason").to_owned(), reason.name())
                    .build(),
            }
        };
        Element::builder("verification", ns::NODE_TRUST)
            .attr(xml_ncname!("id").to_owned(), self.id.as_str())
            .append_all(self.steps.iter().map(step))
            .build()
    }

    /// Reads `<verification/>`; `None` when it is none.
    pub(crate) fn parse(element: &Element) -> Option<Said> {
        let id = element.attr("id").filter(|id| (1..=64).contains(&id.len()))?;
        let bytes = |element: &Element| STANDARD.decode(element.text().trim()).ok()?.try_into().ok();
        let step = |child: &Element| {
            Some(match child.name() {
                "request" => Step::Request,
                "accept" => Step::Accept {
                    commitment: bytes(child)?,
                },
                "key" => Step::Key { key: bytes(child)? },
                "mac" => Step::Mac { mac: bytes(child)? },
                "cancel" => {
                    let name = child.attr("reason").unwrap_or_default();
                    let known = EndKind::ALL.into_iter().find(|reason| reason.name() == name);
                    Step::Cancel {
                        reason: known.unwrap_or(EndKind::Declined),
                    }
                }
                _ => return None,
            })
        };
        let children: Vec<&Element> = element.children().take(MAX_STEPS).collect();
        let steps = children.into_iter().map(step).collect::<Option<Vec<_>>>()?;
        Some(Said {
            id: id.to_owned(),
            steps,
        })
    }
}

/// One side's device and identity key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Party {
    pub(crate) device: DeviceId,
    pub(crate) key: [u8; 32],
}

/// What is to be done after a step.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// There is something new in [`Verification::said`].
    pub(crate) say: bool,
    /// How it stands now, where that changed.
    pub(crate) state: Option<VerificationState>,
    /// It has ended: both users agree (true), or the keys are not what they should be (false).
    pub(crate) verdict: Option<bool>,
    /// It has ended.
    pub(crate) over: bool,
}

enum Stage {
    /// This side has asked.
    Asked {
        sas: Sas,
    },
    /// The other side has asked; the user has not answered.
    Offered,
    /// This side has accepted and bound itself to its key.
    Accepted {
        sas: Sas,
    },
    /// This side has asked and sent its key; the other is bound to its own.
    SentKey {
        sas: Sas,
        commitment: [u8; 32],
    },
    /// Both know the secret.
    Compare {
        shared: SharedSas,
        confirmed: bool,
        mac: Option<[u8; 32]>,
    },
    Over,
}

/// A comparison with one other device of the account.
pub(crate) struct Verification {
    account: String,
    own: Party,
    /// The other side; its key is known once it has said something.
    pub(crate) peer: DeviceId,
    peer_key: Option<[u8; 32]>,
    /// Whether this side has asked.
    asked: bool,
    stage: Stage,
    pub(crate) said: Said,
    heard: usize,
    /// When it is given up, in milliseconds since the Unix epoch.
    pub(crate) deadline: u64,
}

impl Verification {
    /// This side asks.
    pub(crate) fn ask(
        account: &str,
        own: Party,
        peer: DeviceId,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Verification {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        let said = Said {
            id: hex::encode(id),
            steps: vec![Step::Request],
        };
        let sas = Sas::generate(rng);
        Verification::new(account, own, peer, true, Stage::Asked { sas }, said, now)
    }

    /// The other side asks.
    pub(crate) fn offered(account: &str, own: Party, peer: Party, id: &str, now: u64) -> Verification {
        let said = Said {
            id: id.to_owned(),
            steps: Vec::new(),
        };
        let mut verification = Verification::new(account, own, peer.device, false, Stage::Offered, said, now);
        verification.peer_key = Some(peer.key);
        verification.heard = 1;
        verification
    }

    fn new(
        account: &str,
        own: Party,
        peer: DeviceId,
        asked: bool,
        stage: Stage,
        said: Said,
        now: u64,
    ) -> Verification {
        Verification {
            account: account.to_owned(),
            own,
            peer,
            peer_key: None,
            asked,
            stage,
            said,
            heard: 0,
            deadline: now.saturating_add(TIMEOUT_MS),
        }
    }

    /// Whether this side has asked and heard nothing yet.
    pub(crate) fn is_unanswered(&self) -> bool {
        matches!(self.stage, Stage::Asked { .. })
    }

    /// The other side's identity key, once it has said something.
    pub(crate) fn peer_key(&self) -> Option<[u8; 32]> {
        self.peer_key
    }

    /// The user wants what the other side has asked for.
    pub(crate) fn accept(&mut self, now: u64, rng: &mut impl CryptoRng) -> Outcome {
        if !matches!(self.stage, Stage::Offered) {
            return Outcome::default();
        }
        let sas = Sas::generate(rng);
        let commitment = sas::commitment(sas.public(), &self.said.id);
        self.stage = Stage::Accepted { sas };
        let mut outcome = self.say(Step::Accept { commitment }, now);
        outcome.state = Some(VerificationState::Waiting);
        outcome
    }

    /// The user has compared the emoji.
    pub(crate) fn confirm(&mut self, matches: bool, now: u64) -> Outcome {
        if !matches {
            return match self.stage {
                Stage::Compare { .. } => self.cancel(EndKind::Mismatch, now),
                _ => Outcome::default(),
            };
        }
        let info = self.mac_info(true);
        let Stage::Compare {
            shared, confirmed, ..
        } = &mut self.stage
        else {
            return Outcome::default();
        };
        if std::mem::replace(confirmed, true) {
            return Outcome::default();
        }
        let mac = shared.mac(&self.own.key, &info);
        let mut outcome = self.say(Step::Mac { mac }, now);
        outcome.state = Some(VerificationState::Confirmed);
        self.settle(&mut outcome, now);
        outcome
    }

    /// It ends here, for that reason, and the other side is told.
    pub(crate) fn cancel(&mut self, reason: EndKind, now: u64) -> Outcome {
        let mut outcome = self.say(Step::Cancel { reason }, now);
        self.end(&mut outcome, reason);
        outcome
    }

    /// The other side has said more. All of it comes from a device with that key.
    pub(crate) fn hear(&mut self, said: &Said, key: &[u8; 32], now: u64) -> Outcome {
        let mut outcome = Outcome::default();
        if matches!(self.stage, Stage::Over) {
            return outcome;
        }
        if *self.peer_key.get_or_insert(*key) != *key {
            return self.cancel(EndKind::Mismatch, now);
        }
        // Who has begun anew says that it has, and nothing of what it said before.
        if let Some(Step::Cancel { reason }) = said.steps.last() {
            self.end(&mut outcome, *reason);
            return outcome;
        }
        let news: Vec<Step> = said.steps.iter().skip(self.heard).cloned().collect();
        for step in news {
            self.heard = self.heard.saturating_add(1);
            let next = self.hear_step(step, now);
            outcome.say |= next.say;
            outcome.state = next.state.or(outcome.state);
            outcome.verdict = next.verdict.or(outcome.verdict);
            outcome.over |= next.over;
            if outcome.over {
                break;
            }
        }
        outcome
    }

    fn hear_step(&mut self, step: Step, now: u64) -> Outcome {
        match (std::mem::replace(&mut self.stage, Stage::Over), step) {
            (Stage::Asked { sas }, Step::Accept { commitment }) => {
                let key = *sas.public();
                self.stage = Stage::SentKey { sas, commitment };
                self.say(Step::Key { key }, now)
            }
            (Stage::Accepted { sas }, Step::Key { key }) => {
                let own = *sas.public();
                let mut outcome = self.agree(sas, key, now);
                if !outcome.over {
                    outcome.say |= self.say(Step::Key { key: own }, now).say;
                }
                outcome
            }
            (Stage::SentKey { sas, commitment }, Step::Key { key }) => {
                // Who may choose its key after having seen ours could look for one whose emoji fit.
                if sas::commitment(&key, &self.said.id) != commitment {
                    return self.cancel(EndKind::Mismatch, now);
                }
                self.agree(sas, key, now)
            }
            (
                Stage::Compare {
                    shared,
                    confirmed,
                    mac: None,
                },
                Step::Mac { mac },
            ) => {
                self.stage = Stage::Compare {
                    shared,
                    confirmed,
                    mac: Some(mac),
                };
                let mut outcome = Outcome::default();
                self.settle(&mut outcome, now);
                outcome
            }
            _ => self.cancel(EndKind::Unexpected, now),
        }
    }

    fn agree(&mut self, sas: Sas, theirs: [u8; 32], now: u64) -> Outcome {
        let ours = *sas.public();
        let Ok(shared) = sas.agree(&theirs) else {
            return self.cancel(EndKind::Mismatch, now);
        };
        let info = self.emoji_info(&ours, &theirs);
        let emoji = shared.emoji(&info).map(|index| {
            let (symbol, name) = sas::emoji(index);
            Emoji {
                symbol: symbol.to_owned(),
                name: name.to_owned(),
            }
        });
        self.stage = Stage::Compare {
            shared,
            confirmed: false,
            mac: None,
        };
        self.deadline = now.saturating_add(TIMEOUT_MS);
        Outcome {
            state: Some(VerificationState::Compare {
                emoji: emoji.to_vec(),
            }),
            ..Outcome::default()
        }
    }

    /// Where both users have confirmed: whether the other's proof holds. A wrong one is told at once.
    fn settle(&mut self, outcome: &mut Outcome, now: u64) {
        let info = self.mac_info(false);
        let Stage::Compare {
            shared,
            confirmed,
            mac: Some(mac),
        } = &self.stage
        else {
            return;
        };
        let holds = self
            .peer_key
            .is_some_and(|key| shared.verify_mac(&key, &info, mac));
        if !holds {
            let cancelled = self.cancel(EndKind::Mismatch, now);
            *outcome = Outcome {
                say: true,
                ..cancelled
            };
        } else if *confirmed {
            self.stage = Stage::Over;
            outcome.state = Some(VerificationState::Authenticated);
            outcome.verdict = Some(true);
            outcome.over = true;
        }
    }

    fn say(&mut self, step: Step, now: u64) -> Outcome {
        self.said.steps.push(step);
        self.deadline = now.saturating_add(TIMEOUT_MS);
        Outcome {
            say: true,
            ..Outcome::default()
        }
    }

    fn end(&mut self, outcome: &mut Outcome, reason: EndKind) {
        self.stage = Stage::Over;
        outcome.state = Some(VerificationState::Cancelled {
            kind: reason,
            reason: reason.text().to_owned(),
        });
        outcome.verdict = (reason == EndKind::Mismatch).then_some(false);
        outcome.over = true;
    }

    /// All that both sides must agree on, who asked first.
    fn emoji_info(&self, ours: &[u8; 32], theirs: &[u8; 32]) -> String {
        let side = |device: DeviceId, identity: &[u8; 32], key: &[u8; 32]| {
            format!("{device}|{}|{}", hex::encode(identity), hex::encode(key))
        };
        let own = side(self.own.device, &self.own.key, ours);
        let peer = side(self.peer, &self.peer_key.unwrap_or_default(), theirs);
        let (first, second) = if self.asked { (own, peer) } else { (peer, own) };
        format!(
            "{} emoji|{}|{first}|{second}|{}",
            ns::NODE_TRUST,
            self.account,
            self.said.id
        )
    }

    /// Whose proof for whom.
    fn mac_info(&self, ours: bool) -> String {
        let (from, to) = if ours {
            (self.own.device, self.peer)
        } else {
            (self.peer, self.own.device)
        };
        format!(
            "{} mac|{}|{from}|{to}|{}",
            ns::NODE_TRUST,
            self.account,
            self.said.id
        )
    }
}

#[cfg(test)]
mod tests;
