# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stanza content encryption (XEP-0420), as far as one body needs it; python-omemo leaves it to the application."""

import datetime
import secrets
import string
import xml.etree.ElementTree as ET

SCE = "urn:xmpp:sce:1"
CLIENT = "jabber:client"
LONGEST_PADDING = 200


class EnvelopeError(Exception):
    """An envelope that XEP-0420 tells to refuse."""


def seal(body, sender):
    """The envelope's bytes."""
    envelope = ET.Element(f"{{{SCE}}}envelope")
    content = ET.SubElement(envelope, f"{{{SCE}}}content")
    ET.SubElement(content, f"{{{CLIENT}}}body").text = body
    padding = "".join(secrets.choice(string.ascii_letters) for _ in range(secrets.randbelow(LONGEST_PADDING)))
    ET.SubElement(envelope, f"{{{SCE}}}rpad").text = padding
    ET.SubElement(envelope, f"{{{SCE}}}from", {"jid": sender})
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    ET.SubElement(envelope, f"{{{SCE}}}time", {"stamp": now})
    return ET.tostring(envelope, encoding="utf-8")


def open_body(data, sender):
    """The body of an envelope; None where it has none.

    Refuses what OMEMO's profile does not allow (XEP-0384 §4.5): no padding, or another sender than the stanza's.
    """
    envelope = ET.fromstring(data)
    if envelope.tag != f"{{{SCE}}}envelope":
        raise EnvelopeError(f"{envelope.tag} is no envelope")
    if envelope.find(f"{{{SCE}}}rpad") is None:
        raise EnvelopeError("there is no rpad")
    author = envelope.find(f"{{{SCE}}}from")
    if author is None or author.get("jid", "").split("/")[0] != sender:
        raise EnvelopeError("from is missing or another than the stanza's")
    return envelope.findtext(f"{{{SCE}}}content/{{{CLIENT}}}body")
