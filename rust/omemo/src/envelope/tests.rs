// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
use super::*;

fn body(text: &str) -> Element {
    Element::builder("body", "jabber:client").append(text).build()
}

fn envelope() -> Envelope {
    Envelope {
        content: vec![body("O Romeo & <Romeo>"), Element::bare("x", "urn:example:x")],
        from: Some("juliet@capulet.example".to_owned()),
        to: Some("romeo@montague.example".to_owned()),
        time: Some(1_775_478_600_250),
    }
}

#[test]
fn reads_what_it_writes() {
    let full = envelope();
    let bare = Envelope {
        content: Vec::new(),
        from: None,
        to: None,
        time: None,
    };
    for envelope in [full, bare] {
        let text = envelope.clone().serialize(&mut rand::rng()).unwrap();
        assert_eq!(Envelope::parse(&text).unwrap(), envelope);
    }
}

#[test]
fn padding_hides_the_length() {
    let lengths: std::collections::BTreeSet<_> = (0..50)
        .map(|_| envelope().serialize(&mut rand::rng()).unwrap().len())
        .collect();
    assert!(lengths.len() > 20, "{lengths:?}");
}

#[test]
fn reads_the_example_of_xep_0420() {
    let text = b"<envelope xmlns='urn:xmpp:sce:1'>
        <content>
          <body xmlns='jabber:client'>Have you seen that new movie?</body>
          <x xmlns='jabber:x:oob'><url>https://en.wikipedia.example/wiki/Fight_Club</url></x>
        </content>
        <time stamp='2004-01-25T06:05:00+01:00'/>
        <to jid='missioncontrol@houston.example'/>
        <from jid='opportunity@mars.example'/>
        <rpad>C1DHN9HK-9A25tSmwK4hU!Jji9%GKYK^syIlHJT9TnI4</rpad>
      </envelope>";
    let envelope = Envelope::parse(text).unwrap();
    assert_eq!(envelope.content.len(), 2);
    assert_eq!(envelope.content[0], body("Have you seen that new movie?"));
    assert_eq!(envelope.from.as_deref(), Some("opportunity@mars.example"));
    assert_eq!(envelope.to.as_deref(), Some("missioncontrol@houston.example"));
    assert_eq!(envelope.time, Some(1_075_007_100_000));
}

#[test]
fn refuses_what_is_none() {
    let cases: [(&str, EnvelopeError); 8] = [
        ("", EnvelopeError::Xml("no well-formed XML".to_owned())),
        (
            "<envelope xmlns='urn:xmpp:sce:1'>",
            EnvelopeError::Xml("no well-formed XML".to_owned()),
        ),
        (
            "<envelope xmlns='urn:xmpp:sce:0'/>",
            EnvelopeError::WrongElement {
                found: "envelope xmlns='urn:xmpp:sce:0'".to_owned(),
            },
        ),
        (
            "<envelope xmlns='urn:xmpp:sce:1'><content/></envelope>",
            EnvelopeError::Missing("rpad"),
        ),
        (
            "<envelope xmlns='urn:xmpp:sce:1'><rpad/></envelope>",
            EnvelopeError::Missing("content"),
        ),
        (
            "<envelope xmlns='urn:xmpp:sce:1'><content/><rpad/><from/></envelope>",
            EnvelopeError::Malformed("from"),
        ),
        (
            "<envelope xmlns='urn:xmpp:sce:1'><content/><rpad/><to/></envelope>",
            EnvelopeError::Malformed("to"),
        ),
        (
            "<envelope xmlns='urn:xmpp:sce:1'><content/><rpad/><time stamp='yesterday'/></envelope>",
            EnvelopeError::Malformed("time"),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(Envelope::parse(text.as_bytes()), Err(expected), "{text}");
    }
}

#[test]
fn characters_that_xml_forbids_are_an_error() {
    let with = |content| Envelope {
        content: vec![content],
        from: None,
        to: None,
        time: None,
    };
    for character in ['\u{0}', '\u{8}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
        let text = format!("a{character}b");
        let mut nested = body("fine");
        nested.append_child(body(&text));
        let mut attribute = body("fine");
        crate::xml::set_attribute(&mut attribute, "a", text.as_str());
        for content in [body(&text), nested, attribute] {
            assert!(
                matches!(
                    with(content).serialize(&mut rand::rng()),
                    Err(EnvelopeError::Xml(_))
                ),
                "{character:?}"
            );
        }
    }
    let awkward = "tab\t line\n <&>\"' ]]> \u{7f} \u{85} \u{d7ff} \u{e000} \u{fffd} \u{10000} \u{10ffff}";
    let envelope = with(body(awkward));
    let text = envelope.clone().serialize(&mut rand::rng()).unwrap();
    assert_eq!(Envelope::parse(&text).unwrap(), envelope);
}
