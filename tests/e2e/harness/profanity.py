# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profanity, a chat program on libomemo-c, in a terminal of its own: it is typed to, and its plugin tells what came."""

import base64
import configparser
import fcntl
import json
import os
import pathlib
import pty
import struct
import termios
import threading

from . import xmpp
from .process import Process
from .waiting import DEADLINE_S

PLUGIN = pathlib.Path(__file__).resolve().parents[2] / "profanity-peer" / "judge.py"
ROWS, COLUMNS = 50, 160
EXIT_S = 10
DEVICE_LIST = "eu.siacs.conversations.axolotl.devicelist"
PUBLISH = """<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{node}'><item id='current'>
<list xmlns='eu.siacs.conversations.axolotl'/></item></publish><publish-options><x xmlns='jabber:x:data' type='submit'>
<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>
<field var='pubsub#access_model'><value>open</value></field></x></publish-options></pubsub>"""


class Profanity:
    """Keeps its keys in a folder: `stop` and `start` are one device. `forget` makes it another."""

    def __init__(self, workspace, server, account, name="profanity"):
        self.account, self.server, self.name = account, server, name
        self.home = workspace.folder(f"{name}-home")
        self.logs = workspace.logs
        self.events_file = self.home / "events"
        self.events_file.touch()
        self.process = None
        self.files = 0
        self._configure()

    def _configure(self):
        settings = self.home / "config" / "profanity"
        data = self.home / "data" / "profanity"
        (data / "plugins").mkdir(parents=True, exist_ok=True)
        settings.mkdir(parents=True, exist_ok=True)
        (data / "plugins" / PLUGIN.name).write_text(PLUGIN.read_text())
        (settings / "profrc").write_text(
            f"[plugins]\nload={PLUGIN.name}\n[omemo]\npolicy=always\ntrustmode=blind\n[logging]\nchlog=false\nrotate=false\n"
            "[notifications]\nmessage=off\n[connection]\nautoping=0\n[ui]\nhistory=false\n"
        )
        # The certificate authority is the test's own; whether Profanity checks it is not what is judged.
        host, port = self.server.connect.rsplit(":", 1)
        accounts = data / "accounts"
        accounts.write_text(
            f"[judge]\nenabled=true\njid={self.account}\nserver={host}\nport={port}\nresource={self.name}\ntls.policy=trust\n"
            f"password={self.server.passwords[self.account]}\nomemo.policy=always\n"
        )
        accounts.chmod(0o600)

    @property
    def events(self):
        return [json.loads(line) for line in self.events_file.read_text().splitlines()]

    def start(self):
        """Connected, with its device published."""
        mark = self.mark()
        self.started_at = len(self._said())
        terminal, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        environment = {
            **os.environ, "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "config"), "XDG_DATA_HOME": str(self.home / "data"),
            "TERM": "xterm", "LANG": "C.UTF-8", "JUDGE_EVENTS": str(self.events_file),
        }
        self.process = Process(
            self.name, ["profanity", "-a", "judge", "-l", "DEBUG", "-f", self.logs / f"{self.name}-debug.log"], self.logs,
            environment=environment, terminal=side,
        )
        os.close(side)
        self.terminal = terminal
        threading.Thread(target=self._drain, args=(terminal,), daemon=True).start()
        self.wait_event(lambda event: event["event"] == "connected", "the connection", mark)
        if not self.keys_file.exists():
            self._make_device()
        return self

    def _make_device(self):
        connection = xmpp.Connection(self.server, self.account)
        # Profanity 0.15 announces itself in a list that is there, and takes a missing one for an error.
        if not connection.items(DEVICE_LIST):
            connection.iq("set", PUBLISH.format(node=DEVICE_LIST))
        self.type("/omemo gen")
        self.process.wait_until(self.keys_file.exists, "Profanity's keys")

        def announced():
            items = connection.items(DEVICE_LIST).values()
            return any(device.get("id") == str(self.device) for item in items for device in item.iter() if device.tag.endswith("device"))

        self.process.wait_until(announced, "Profanity's device in its list")
        connection.close()

    def _said(self):
        log = self.logs / f"{self.name}-debug.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def meet(self, jid):
        """Until it has a session with all devices in the list of that address."""
        mark = len(self._said())

        def told(text, since=mark):
            return text in self._said()[since:]

        # Its first request of a list does not start sessions; the second finds the list. Where it has come by the list
        # already, because a message was waiting, it does not request it again.
        self.type(f"/omemo start {jid}")
        self.process.wait_until(lambda: told(f"Setting device list for {jid}", self.started_at) or told(f"session with {jid} device"), f"the device list of {jid}")
        self.type("/omemo end")
        self.type(f"/omemo start {jid}")
        self.process.wait_until(lambda: told(f"session with {jid} device"), f"a session with {jid}")

    def _drain(self, terminal):
        """What it draws goes to a file; a full terminal would stop it."""
        with open(self.logs / f"{self.name}.screen", "ab") as screen:
            try:
                while data := os.read(terminal, 65536):
                    screen.write(data)
            except OSError:
                pass

    def type(self, line):
        os.write(self.terminal, line.encode() + b"\r")

    @property
    def keys_file(self):
        return self.home / "data" / "profanity" / "omemo" / self.account.replace("@", "_at_") / "identity.txt"

    def _identity(self, entry):
        keys = configparser.ConfigParser()
        keys.read(self.keys_file)
        return keys["identity"][entry]

    @property
    def device(self):
        return int(self._identity("device_id"))

    @property
    def fingerprint(self):
        """As this project writes fingerprints; the first byte is the key's type."""
        key = base64.b64decode(self._identity("identity_key_public"))[1:].hex()
        return " ".join(key[at:at + 8] for at in range(0, 64, 8))

    def mark(self):
        return len(self.events)

    def first(self, matches, since=0):
        return next((event for event in self.events[since:] if matches(event)), None)

    def wait_event(self, matches, what, since=0, timeout=DEADLINE_S):
        return self.process.wait_until(lambda: self.first(matches, since), f"{what} at {self.name}", timeout)

    def message(self, to, body):
        self._send(to, [body])

    def many(self, to, body, count):
        self._send(to, [f"{body} {number}" for number in range(1, count + 1)])

    def bodies(self, since=0):
        return [event["body"] for event in self.events[since:] if event["event"] == "message"]

    def go_offline(self):
        self.stop()

    def go_online(self):
        self.start()

    def kill(self):
        self.process.kill()
        os.close(self.terminal)
        self.process = None

    def _send(self, to, bodies):
        """Types one command, by which the plugin sends them all; waits until it has."""
        self.files += 1
        path = self.home / f"send-{self.files}"
        path.write_text("".join(json.dumps({"to": to, "body": body}) + "\n" for body in bodies))
        self.type(f"/judge {path}")
        self.wait_event(lambda event: event.get("file") == str(path), "the messages to be sent")

    def wait_message(self, body, since=0):
        return self.wait_event(lambda event: event["event"] == "message" and event["body"] == body, f"the message {body[:60]!r}", since)

    def stop(self):
        if self.process and self.process.running():
            self.type("/quit")
            if self.process.wait(EXIT_S) is None:
                self.process.kill()
        if self.process:
            self.process.kill()
            self.process = None
            os.close(self.terminal)
