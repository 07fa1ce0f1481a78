#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: MPL-2.0
"""Makes vectors.json: what python-twomemo says to itself, with all secrets, so that another program can play either side.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make.py            writes vectors.json
    venv/bin/python make.py --check    tells whether vectors.json is what this script makes

Every random byte comes from one counter, so each run makes the same file. Where a step of the ratchet draws a new
private key, the step says which ("draws"): a program that draws the same has to write the same bytes.
"""

import asyncio
import base64
import hashlib
import json
import os
import pathlib
import secrets
import sys
import xml.etree.ElementTree as ET

if os.environ.get("PYTHONHASHSEED") != "0":
    # twomemo numbers pre keys in the order of a set.
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, *sys.argv])

counter = 0


def token_bytes(length=32):
    global counter
    data = b""
    while len(data) < length:
        counter += 1
        data += hashlib.sha256(b"omemo vectors %d" % counter).digest()
    return data[:length]


secrets.token_bytes = token_bytes
secrets.choice = lambda choices: sorted(choices)[0]

import omemo  # noqa: E402
import twomemo  # noqa: E402
import twomemo.etree  # noqa: E402
import xeddsa  # noqa: E402
from doubleratchet.recommended import diffie_hellman_ratchet_curve25519  # noqa: E402
from omemo.identity_key_pair import IdentityKeyPair  # noqa: E402
from omemo.message import Message  # noqa: E402
from omemo.storage import Just, Nothing, Storage  # noqa: E402
from twomemo.twomemo import PlainKeyMaterialImpl, StateImpl, Twomemo  # noqa: E402

ET.register_namespace("", twomemo.twomemo.NAMESPACE)
TARGET = pathlib.Path(__file__).with_name("vectors.json")
draws = []


def generate_priv():
    draws.append(token_bytes(32))
    return draws[-1]


diffie_hellman_ratchet_curve25519.DiffieHellmanRatchet._generate_priv = staticmethod(generate_priv)


class Memory(Storage):
    def __init__(self):
        super().__init__(True)
        self.values = {}

    async def _load(self, key):
        return Just(self.values[key]) if key in self.values else Nothing()

    async def _store(self, key, value):
        self.values[key] = value

    async def _delete(self, key):
        self.values.pop(key, None)


def envelope(sender, text):
    return (
        f"<envelope xmlns='urn:xmpp:sce:1'><content><body xmlns='jabber:client'>{text}</body></content>"
        f"<rpad>{'x' * len(text)}</rpad><from jid='{sender}'/></envelope>"
    ).encode()


class Device:
    def __init__(self, jid, number):
        self.jid, self.id = jid, number
        self.storage = Memory()
        self.backend = Twomemo(self.storage)

    async def set_up(self, sign):
        """The sign bit of the identity key is given: a program that loses it fails with one of both devices."""
        while True:
            self.identity = await IdentityKeyPair.get(self.storage)
            if self.identity.identity_key[31] >> 7 == sign:
                break
            self.storage.values.clear()
        await self.backend.generate_pre_keys(5)
        self.bundle = await self.backend.get_bundle(self.jid, self.id)

    def json(self):
        state = self.storage.values["/urn:xmpp:omemo:2/x3dh"]

        def bytes_of(text):
            return text.encode("latin-1")

        ids = self.bundle.pre_key_ids
        return {
            "jid": self.jid,
            "id": self.id,
            "seed": self.identity.seed.hex(),
            "identity_key": self.identity.identity_key.hex(),
            "fingerprint": xeddsa.ed25519_pub_to_curve25519_pub(self.identity.identity_key).hex(),
            "signed_pre_key": {"id": self.bundle.signed_pre_key_id, "secret": bytes_of(state["signed_pre_key"]["priv"]).hex()},
            "pre_keys": {
                ids[xeddsa.priv_to_curve25519_pub(bytes_of(key))]: bytes_of(key).hex()
                for key in sorted(state["pre_keys"])
            },
            "bundle": ET.tostring(twomemo.etree.serialize_bundle(self.bundle), encoding="unicode"),
        }


class Conversation:
    """One session between two devices, written down step by step."""

    def __init__(self, name, initiator, responder):
        self.name, self.initiator, self.responder = name, initiator, responder
        self.sessions = {initiator: None, responder: None}
        self.steps = []
        self.wire = {}

    def other(self, device):
        return self.responder if device is self.initiator else self.initiator

    async def send(self, device, text=None):
        """Sends a message, or an empty one, and gives its number."""
        number, peer, session = len(self.wire), self.other(device), self.sessions[device]
        draws.clear()
        if text is None:
            content, material = await device.backend.encrypt_empty()
            plaintext = None
        else:
            plaintext = envelope(device.jid, text)
            content, material = await device.backend.encrypt_plaintext(plaintext)
        if session is None:
            session, encrypted = await device.backend.build_session_active(peer.jid, peer.id, peer.bundle, material)
            self.sessions[device] = session
        else:
            encrypted = await device.backend.encrypt_key_material(session, material)
        exchange = None
        if session.initiation is omemo.session.Initiation.ACTIVE and not session.confirmed:
            exchange = session.key_exchange
        message = Message(twomemo.twomemo.NAMESPACE, device.jid, device.id, content, frozenset({(encrypted, exchange)}))
        element = twomemo.etree.serialize_message(message)
        self.wire[number] = element
        self.steps.append({
            "send": device.name,
            "message": number,
            "draws": [draw.hex() for draw in draws],
            "key_material": (material.key + material.auth_tag).hex(),
            "key": base64.b64decode(element.find(".//{*}key").text).hex(),
            "plaintext": None if plaintext is None else plaintext.decode(),
            "element": ET.tostring(element, encoding="unicode"),
        })
        return number

    async def receive(self, device, number):
        draws.clear()
        peer = self.other(device)
        message = twomemo.etree.parse_message(self.wire[number], peer.jid)
        ((encrypted, exchange),) = message.keys
        if self.sessions[device] is None:
            session, material = await device.backend.build_session_passive(peer.jid, peer.id, exchange, encrypted)
            self.sessions[device] = session
        else:
            material = await device.backend.decrypt_key_material(self.sessions[device], encrypted)
        if not message.content.empty:
            await device.backend.decrypt_plaintext(message.content, material)
        self.steps.append({"receive": device.name, "message": number, "draws": [draw.hex() for draw in draws]})

    def json(self, x3dh):
        return {
            "name": self.name,
            "initiator": self.initiator.name,
            "responder": self.responder.name,
            **x3dh,
            "steps": self.steps,
        }


async def converse(name, initiator, responder, script):
    """Runs a script, and keeps what X3DH derived."""
    conversation = Conversation(name, initiator, responder)
    found = {}
    original = StateImpl.get_shared_secret_active

    async def spy(state, bundle, *args, **kwargs):
        before = counter
        shared, associated_data, header = await original(state, bundle, *args, **kwargs)
        ephemeral = hashlib.sha256(b"omemo vectors %d" % (before + 1)).digest()
        assert xeddsa.priv_to_curve25519_pub(ephemeral) == header.ephemeral_key
        found.update({
            "ephemeral": ephemeral.hex(),
            "signed_pre_key": responder.bundle.signed_pre_key_id,
            "pre_key": responder.bundle.pre_key_ids[header.pre_key],
            "shared_secret": shared.hex(),
            "associated_data": associated_data.hex(),
        })
        return shared, associated_data, header

    StateImpl.get_shared_secret_active = spy
    await script(conversation, initiator, responder)
    StateImpl.get_shared_secret_active = original
    return conversation.json(found)


async def in_order(talk, one, other):
    for text in ["first", "second", "third"]:
        await talk.receive(other, await talk.send(one, text))
    for text in ["answer", "another"]:
        await talk.receive(one, await talk.send(other, text))
    for text in ["fourth", "fifth"]:
        await talk.receive(other, await talk.send(one, text))


async def ping_pong(talk, one, other):
    for turn in range(10):
        await talk.receive(other, await talk.send(one, f"ping {turn}"))
        await talk.receive(one, await talk.send(other, f"pong {turn}"))


async def out_of_order(talk, one, other):
    first = [await talk.send(one, f"first chain {n}") for n in range(6)]
    for n in [3, 0, 5]:
        await talk.receive(other, first[n])
    answers = [await talk.send(other, f"answer {n}") for n in range(3)]
    await talk.receive(one, answers[2])
    second = [await talk.send(one, f"second chain {n}") for n in range(4)]
    await talk.receive(other, second[2])
    await talk.receive(other, first[1])
    await talk.receive(one, answers[0])
    await talk.receive(other, second[0])
    await talk.receive(other, first[4])
    await talk.receive(one, await talk.send(other, "turned"))
    third = await talk.send(one, "third chain")
    await talk.receive(other, third)
    await talk.receive(other, second[3])
    await talk.receive(other, first[2])
    await talk.receive(one, answers[1])
    await talk.receive(other, second[1])


async def crossing(talk, one, other):
    await talk.receive(other, await talk.send(one, "hello"))
    await talk.receive(one, await talk.send(other, "hello"))
    for turn in range(4):
        left = await talk.send(one, f"left {turn}")
        right = await talk.send(other, f"right {turn}")
        await talk.receive(one, right)
        await talk.receive(other, left)


async def empty(talk, one, other):
    await talk.receive(other, await talk.send(one, "hello"))
    await talk.receive(one, await talk.send(other))
    for text in ["after the answer", "and again"]:
        await talk.receive(other, await talk.send(one, text))
    await talk.receive(one, await talk.send(other))
    await talk.receive(other, await talk.send(one))


async def main():
    alice, bob = Device("alice@wonderland.example", 27183), Device("bob@builders.example", 31415)
    alice.name, bob.name = "alice", "bob"
    await alice.set_up(0)
    await bob.set_up(1)
    vectors = {
        "made_by": "python twomemo 2.1.0",
        "namespace": twomemo.twomemo.NAMESPACE,
        "devices": {device.name: device.json() for device in (alice, bob)},
        "payloads": [],
        "conversations": [],
    }
    for length in (0, 1, 15, 16, 17, 1000):
        plaintext = token_bytes(length) if length else b""
        content, material = await alice.backend.encrypt_plaintext(plaintext)
        vectors["payloads"].append({
            "plaintext": plaintext.hex(),
            "key_material": (material.key + material.auth_tag).hex(),
            "ciphertext": content.ciphertext.hex(),
        })
    for script in (in_order, ping_pong, out_of_order, crossing, empty):
        for initiator, responder in ((alice, bob), (bob, alice)):
            # Each conversation uses one one-time pre key up; nobody deletes it, so that they stand alone.
            name = f"{script.__name__}: {initiator.name} to {responder.name}"
            vectors["conversations"].append(await converse(name, initiator, responder, script))
    return json.dumps(vectors, indent=1) + "\n"


text = asyncio.run(main())
if "--check" in sys.argv:
    if TARGET.read_text() != text:
        sys.exit("vectors.json is not what make.py makes")
    print("vectors.json is what make.py makes")
else:
    TARGET.write_text(text)
    print(f"{TARGET}: {len(text)} bytes")
