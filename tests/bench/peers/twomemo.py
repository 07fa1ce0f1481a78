# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times python-twomemo. Reads the name of an operation from a line, does it once and answers with its nanoseconds."""

import asyncio
import sys
import time

from omemo.storage import Just, Nothing, Storage
from twomemo.twomemo import PlainKeyMaterialImpl, Twomemo

MATERIAL = PlainKeyMaterialImpl(bytes(32), bytes(16))


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


class Device:
    def __init__(self, jid):
        self.jid = jid
        self.backend = Twomemo(Memory())
        self.session = None

    async def initiate(self, other, bundle):
        self.session, message = await self.backend.build_session_active(other, 1, bundle, MATERIAL)
        return message

    async def encrypt(self):
        return await self.backend.encrypt_key_material(self.session, MATERIAL)

    async def decrypt(self, message):
        await self.backend.decrypt_key_material(self.session, message)


class Clock:
    """Nanoseconds spent within its block."""

    ns = 0

    def __enter__(self):
        self.begin = time.perf_counter_ns()

    def __exit__(self, *_):
        self.ns = time.perf_counter_ns() - self.begin


async def measure(operation, alice, bob):
    clock = Clock()
    if operation == "encrypt":
        with clock:
            message = await alice.encrypt()
        await bob.decrypt(message)
    elif operation == "decrypt":
        message = await alice.encrypt()
        with clock:
            await bob.decrypt(message)
    elif operation == "turn":
        with clock:
            await bob.decrypt(await alice.encrypt())
        await alice.decrypt(await bob.encrypt())
    elif operation in ("active", "passive"):
        await bob.backend.generate_pre_keys(1)
        bundle = await bob.backend.get_bundle(bob.jid, 1)
        timed = [clock, Clock()]
        if operation == "passive":
            timed.reverse()
        with timed[0]:
            message = await alice.initiate(bob.jid, bundle)
        with timed[1]:
            bob.session, _ = await bob.backend.build_session_passive(alice.jid, 1, alice.session.key_exchange, message)
        await alice.decrypt(await bob.encrypt())
    else:
        sys.exit(f"no operation {operation}")
    return clock.ns


async def main():
    alice, bob = Device("alice@wonderland.example"), Device("bob@builders.example")
    await measure("active", alice, bob)
    for line in sys.stdin:
        print(await measure(line.strip(), alice, bob), flush=True)


asyncio.run(main())
