#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An OMEMO peer on slixmpp and python-omemo, driven by JSON lines on stdin; README.md has the commands and events."""

import argparse
import asyncio
import json
import logging
import pathlib
import sys

import omemo
import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

import envelope
from sessions import ELEMENTS, LEGACY, OMEMO_2, FileStorage, open_sessions, parse, send_encrypted

NAMESPACES = {"omemo:2": OMEMO_2, "legacy": LEGACY}
CONNECT_S = 30
LEAVE_S = 5
FAILED, TIMED_OUT = 1, 3


def report(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


class Peer(slixmpp.ClientXMPP):
    """One device. What it sends and receives goes through one queue, so that a ratchet is moved by one task alone."""

    def __init__(self, options):
        password = options.password_file.read_text().splitlines()[0]
        super().__init__(options.jid, password)
        self.options = options
        self.namespaces = [NAMESPACES[name] for name in options.namespace or NAMESPACES]
        self.ca_certs = options.ca_file
        self.storage = FileStorage(options.state)
        self.sessions = None
        # Addresses whose device lists were asked for: without presence nobody sends them.
        self.asked = set()
        self.work = asyncio.Queue()
        self.leaving = False
        self.add_event_handler("disconnected", self.lost)
        self.add_event_handler("failed_all_auth", lambda _: self.work.put_nowait(("fail", "the password was refused")))
        for namespace in self.namespaces:
            self.register_handler(
                Callback(f"encrypted {namespace}", MatchXPath(f"{{jabber:client}}message/{{{namespace}}}encrypted"), self.encrypted(namespace))
            )

    def elements(self, message):
        """What of a message is encrypted in a namespace that is spoken here. One stanza may carry both, for different readers."""
        found = {child.tag[1:].split("}")[0]: child for child in message.xml if child.tag.endswith("}encrypted")}
        return [found[namespace] for namespace in self.namespaces if namespace in found]

    def encrypted(self, namespace):
        def take(message):
            # There is a handler for each namespace, and each message is taken once.
            if self.elements(message)[0].tag == f"{{{namespace}}}encrypted":
                self.work.put_nowait(("receive", message))

        return take

    def lost(self, _):
        if not self.leaving:
            self.work.put_nowait(("fail", "the connection is lost"))

    async def sign_in(self):
        self.leaving = False
        host, port = self.options.connect
        self.connect(host, port)
        await self.wait_until("session_start", CONNECT_S)
        if self.sessions is None:
            self.sessions = await open_sessions(self, self.namespaces, self.storage, self.options.label)
            self.storage.save()
        own, _ = await self.sessions.get_own_device_information()
        # Before this nothing is delivered: whatever was kept on the server finds its keys.
        self.send_presence()
        fingerprint = " ".join(self.sessions.format_identity_key(own.identity_key))
        report("ready", jid=self.boundjid.bare, deviceId=own.device_id, fingerprint=fingerprint)

    async def sign_out(self):
        self.leaving = True
        # What the server has handed over it keeps no longer: it is worked off first.
        commands = []
        while not self.work.empty():
            kind, value = self.work.get_nowait()
            if kind == "receive":
                await self.receive(value)
            else:
                commands.append((kind, value))
        for command in commands:
            self.work.put_nowait(command)
        await asyncio.wait_for(self.disconnect(wait=LEAVE_S), LEAVE_S + 1)

    async def receive(self, message):
        sender = message["from"].bare
        elements = self.elements(message)
        try:
            for element in elements:
                namespace = element.tag[1:].split("}")[0]
                parsed = await parse(self.sessions, element, sender, self.boundjid.bare)
                try:
                    plaintext, device, _ = await self.sessions.decrypt(parsed)
                    break
                except omemo.MessageNotForUs:
                    if element is elements[-1]:
                        report("forOthers", **{"from": sender}, id=message["id"])
                        return
            if plaintext is None:
                body = None
            elif namespace == LEGACY:
                body = plaintext.decode()
            else:
                body = envelope.open_body(plaintext, sender)
        except Exception as error:
            report("undecrypted", **{"from": sender}, id=message["id"], encryption=namespace, reason=f"{type(error).__name__}: {error}")
            return
        finally:
            self.storage.save()
        fields = {"from": sender, "id": message["id"], "encryption": namespace, "deviceId": device.device_id,
                  "fingerprint": " ".join(self.sessions.format_identity_key(device.identity_key))}
        if body is None:
            report("empty", **fields)
            return
        report("message", **fields, body=body)
        if self.options.echo:
            await self.say(sender, body, None)

    async def say(self, to, body, identifier):
        """Whether it was sent."""
        plaintexts = {namespace: body.encode() if namespace == LEGACY else envelope.seal(body, self.boundjid.bare) for namespace in self.namespaces}
        try:
            if to not in self.asked:
                await self.sessions.refresh_device_lists(to)
                self.asked.add(to)
            messages, errors = await self.sessions.encrypt(frozenset({to}), plaintexts)
            for message in messages:
                send_encrypted(self, to, ELEMENTS[message.namespace].serialize_message(message), identifier)
        except Exception as error:
            report("sendFailed", id=identifier, to=to, reason=f"{type(error).__name__}: {error}")
            return False
        finally:
            # Only what the manager keeps; the stanza leaves with the next turn of the loop.
            self.storage.save()
        report("sent", id=identifier, to=to, skipped=[f"{error.bare_jid} {error.device_id}: {error.exception!r}" for error in errors])
        return True

    async def command(self, command):
        """Carries out one command; whether it goes on."""
        name, to = command.get("command"), command.get("to")
        if name == "send":
            await self.say(to, command["body"], command.get("id"))
        elif name == "sendMany":
            for number in range(1, command["count"] + 1):
                if not await self.say(to, f"{command['body']} {number}", None):
                    break
                await asyncio.sleep(command.get("pauseMs", 0) / 1000)
            report("sentMany", to=to, count=command["count"])
        elif name == "refresh":
            jid = command["jid"]
            await self.sessions.refresh_device_lists(jid)
            devices = [{"deviceId": device.device_id, "active": any(active for _, active in device.active),
                        "fingerprint": " ".join(self.sessions.format_identity_key(device.identity_key))}
                       for device in await self.sessions.get_device_information(jid)]
            self.storage.save()
            report("keys", jid=jid, devices=[device for device in devices if device["active"]])
        elif name == "offline":
            await self.sign_out()
            report("offline")
        elif name == "online":
            await self.sign_in()
        elif name == "echo":
            self.options.echo = command["on"]
        elif name == "forget":
            await self.leave()
            await self.sign_in()
        elif name == "leave":
            await self.leave()
            return False
        elif name == "quit":
            await self.sign_out()
            return False
        else:
            report("error", reason=f"there is no command {name!r}")
        return True

    async def leave(self):
        """Takes the device out of the lists and forgets its keys."""
        for namespace in self.namespaces:
            await self.sessions.purge_backend(namespace)
        await self.sessions.shutdown()
        await self.sign_out()
        self.storage.values.clear()
        self.sessions = None
        self.asked.clear()
        self.storage.save()

    async def handle(self, work):
        kind, value = work
        if kind == "receive":
            await self.receive(value)
            return True
        if kind == "command":
            return await self.command(value)
        raise ConnectionError(value)

    async def live(self):
        """Until it is told to quit or stdin ends."""
        await self.sign_in()
        reading = asyncio.create_task(self.read())
        try:
            while await self.handle(await self.work.get()):
                pass
        finally:
            reading.cancel()
            if self.sessions:
                await self.sessions.shutdown()
                self.storage.save()

    async def read(self):
        reader = asyncio.StreamReader(limit=16 * 1024 * 1024)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            try:
                self.work.put_nowait(("command", json.loads(line)))
            except json.JSONDecodeError as error:
                report("error", reason=str(error))
        self.work.put_nowait(("command", {"command": "quit"}))


def address(text):
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"HOST:PORT is needed, not {text!r}")
    return host, int(port)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jid", required=True, help="bare address to sign in with")
    parser.add_argument("--password-file", required=True, type=pathlib.Path, help="file whose first line is the password")
    parser.add_argument("--connect", required=True, type=address, metavar="HOST:PORT", help="server, with STARTTLS")
    parser.add_argument("--ca-file", required=True, type=pathlib.Path, help="certificate authority of the server")
    parser.add_argument("--state", required=True, type=pathlib.Path, help="file of its keys; made where there is none")
    parser.add_argument("--namespace", action="append", choices=NAMESPACES, help="what it speaks; both unless given, the first is preferred")
    parser.add_argument("--label", default="python-peer", help="label of the device (omemo:2)")
    parser.add_argument("--echo", action="store_true", help="answer each decrypted message with the same body")
    parser.add_argument("--timeout", type=float, default=60, help="end after that many seconds")
    parser.add_argument("--verbose", action="store_true", help="slixmpp's log on stderr, with all stanzas")
    options = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING)
    try:
        await asyncio.wait_for(Peer(options).live(), options.timeout)
    except asyncio.TimeoutError:
        report("end", reason="the time of --timeout is over, or a step of the connection took too long")
        return TIMED_OUT
    except Exception as error:
        report("end", reason=f"{type(error).__name__}: {error}")
        logging.exception("ended")
        return FAILED
    report("end", reason="quit")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
