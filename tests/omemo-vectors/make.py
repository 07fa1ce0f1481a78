#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: MPL-2.0
"""Makes known answers: what python-twomemo (vectors.json, omemo:2) and python-oldmemo (vectors-legacy.json) say to
themselves, with all secrets, so that another program can play either side.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make.py            writes both files
    venv/bin/python make.py --check    tells whether they are what this script makes

Every random byte comes from one counter, so each run makes the same files. Where a step of the ratchet draws a new
private key, the step says which ("draws"): a program that draws the same has to write the same bytes. "layers" has the
steps of the key derivations one by one.
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

import oldmemo.etree  # noqa: E402
import oldmemo.oldmemo  # noqa: E402
import omemo  # noqa: E402
import twomemo.etree  # noqa: E402
import twomemo.twomemo  # noqa: E402
import xeddsa  # noqa: E402
from doubleratchet.recommended import diffie_hellman_ratchet_curve25519  # noqa: E402
from omemo.identity_key_pair import IdentityKeyPair  # noqa: E402
from omemo.message import Message  # noqa: E402
from omemo.storage import Just, Nothing, Storage  # noqa: E402

FOLDER = pathlib.Path(__file__).parent
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


class Flavour:
    """What differs between the two namespaces."""

    def __init__(self, library, elements, backend, plaintext):
        self.library, self.elements, self.backend, self.plaintext = library, elements, backend, plaintext
        self.namespace = library.NAMESPACE


# The body of a message in legacy OMEMO is the plaintext itself.
FLAVOURS = {
    "vectors.json": ("python twomemo 2.1.0", Flavour(twomemo.twomemo, twomemo.etree, twomemo.twomemo.Twomemo, envelope)),
    "vectors-legacy.json": (
        "python oldmemo 2.1.0",
        Flavour(oldmemo.oldmemo, oldmemo.etree, oldmemo.oldmemo.Oldmemo, lambda sender, text: text.encode()),
    ),
}


class Directory:
    """A stand-in for oldmemo's session manager, whom it asks for the sign of the sender's identity key."""

    def __init__(self, device):
        self.device = device

    async def get_device_information(self, jid):
        key = self.device.identity.identity_key
        return [omemo.DeviceInformation(frozenset(), {}, jid, self.device.id, key, "", None)]


class Device:
    def __init__(self, flavour, jid, number):
        self.flavour, self.jid, self.id = flavour, jid, number
        self.storage = Memory()
        self.backend = flavour.backend(self.storage)

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
        state = self.storage.values[f"/{self.flavour.namespace}/x3dh"]

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
            "bundle": ET.tostring(self.flavour.elements.serialize_bundle(self.bundle), encoding="unicode"),
        }


class Conversation:
    """One session between two devices, written down step by step."""

    def __init__(self, name, initiator, responder):
        self.name, self.initiator, self.responder = name, initiator, responder
        self.flavour = initiator.flavour
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
            plaintext = self.flavour.plaintext(device.jid, text)
            content, material = await device.backend.encrypt_plaintext(plaintext)
        if session is None:
            session, encrypted = await device.backend.build_session_active(peer.jid, peer.id, peer.bundle, material)
            self.sessions[device] = session
        else:
            encrypted = await device.backend.encrypt_key_material(session, material)
        exchange = None
        if session.initiation is omemo.session.Initiation.ACTIVE and not session.confirmed:
            exchange = session.key_exchange
        message = Message(self.flavour.namespace, device.jid, device.id, content, frozenset({(encrypted, exchange)}))
        element = self.flavour.elements.serialize_message(message)
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
        if self.flavour.elements is oldmemo.etree:
            message = await oldmemo.etree.parse_message(self.wire[number], peer.jid, device.jid, Directory(peer))
        else:
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
    state_class = initiator.flavour.library.StateImpl
    original = state_class.get_shared_secret_active

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

    state_class.get_shared_secret_active = spy
    await script(conversation, initiator, responder)
    state_class.get_shared_secret_active = original
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


async def layers(flavour, alice, bob):
    """A conversation's key derivations and encryptions, each with its input and output."""
    found = {"root_chain": [], "chain": [], "messages": []}
    root_chain, chain = flavour.library.RootChainKDFImpl, flavour.library.MessageChainKDFImpl
    ratchet, aead = flavour.library.DoubleRatchetImpl, flavour.library.AEADImpl
    given = []
    originals = root_chain.derive, chain.derive, ratchet._build_associated_data, aead.encrypt

    async def derive_root(key, data, length):
        output = await originals[0](key, data, length)
        found["root_chain"].append({"root_key": key.hex(), "agreement": data.hex(),
                                    "next_root_key": output[:32].hex(), "chain_key": output[32:].hex()})
        return output

    async def derive_chain(key, data, length):
        output = await originals[1](key, data, length)
        found["chain"].append({"chain_key": key.hex(), "next_chain_key": output[:32].hex(), "message_key": output[32:].hex()})
        return output

    def associate(associated_data, header):
        given.append((associated_data, header))
        return originals[2](associated_data, header)

    async def encrypt(plaintext, key, associated_data):
        output = await originals[3](plaintext, key, associated_data)
        own, header = given[-1]
        found["messages"].append({
            "message_key": key.hex(), "plaintext": plaintext.hex(), "associated_data": own.hex(),
            "n": header.sending_chain_length, "pn": header.previous_sending_chain_length,
            "ratchet_key": header.ratchet_pub.hex(), "authenticated_message": output.hex(),
        })
        return output

    root_chain.derive, chain.derive = staticmethod(derive_root), staticmethod(derive_chain)
    ratchet._build_associated_data, aead.encrypt = staticmethod(associate), staticmethod(encrypt)
    await in_order(Conversation("layers", alice, bob), alice, bob)
    root_chain.derive, chain.derive, ratchet._build_associated_data, aead.encrypt = originals
    return found


async def main(made_by, flavour):
    global counter
    counter = 0
    ET.register_namespace("", flavour.namespace)
    alice = Device(flavour, "alice@wonderland.example", 27183)
    bob = Device(flavour, "bob@builders.example", 31415)
    alice.name, bob.name = "alice", "bob"
    await alice.set_up(0)
    await bob.set_up(1)
    vectors = {
        "made_by": made_by,
        "namespace": flavour.namespace,
        "devices": {device.name: device.json() for device in (alice, bob)},
        "payloads": [],
        "conversations": [],
    }
    for length in (0, 1, 15, 16, 17, 1000):
        plaintext = token_bytes(length) if length else b""
        content, material = await alice.backend.encrypt_plaintext(plaintext)
        payload = {"plaintext": plaintext.hex(), "key_material": (material.key + material.auth_tag).hex()}
        if flavour.library is oldmemo.oldmemo:
            payload["iv"] = content.initialization_vector.hex()
        vectors["payloads"].append({**payload, "ciphertext": content.ciphertext.hex()})
    for script in (in_order, ping_pong, out_of_order, crossing, empty):
        for initiator, responder in ((alice, bob), (bob, alice)):
            # Each conversation uses one one-time pre key up; nobody deletes it, so that they stand alone.
            name = f"{script.__name__}: {initiator.name} to {responder.name}"
            vectors["conversations"].append(await converse(name, initiator, responder, script))
    vectors["layers"] = await layers(flavour, alice, bob)
    return json.dumps(vectors, indent=1) + "\n"


for name, flavour in FLAVOURS.items():
    target, text = FOLDER / name, asyncio.run(main(*flavour))
    if "--check" not in sys.argv:
        target.write_text(text)
        print(f"{target}: {len(text)} bytes")
    elif target.read_text() == text:
        print(f"{name} is what make.py makes")
    else:
        sys.exit(f"{name} is not what make.py makes")
