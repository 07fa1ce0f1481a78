# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The QXmpp peer: an OMEMO client of another hand (tests/qxmpp-peer/README.md)."""

import os

from .lines import LineProcess
from .workspace import program

LIFE_S = 600


class Peer(LineProcess):
    """Started on creation; its keys live in memory, so each is a new device."""

    def __init__(self, workspace, server, account, name="peer", echo=False):
        self.account = account
        home = workspace.folder(f"{name}-home")
        options = ["--echo"] if echo else []
        super().__init__(
            name,
            [program("XMPPSYNC_QXMPP_PEER"), "--jid", account, "--password-file", server.password_file(account),
             "--connect", server.connect, "--ca-file", server.ca_file, "--label", name, "--timeout", LIFE_S, *options],
            workspace.logs,
            environment={**os.environ, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        )
        self.ready = self.wait_event(lambda event: event.get("event") == "ready", f"{name} to be ready")

    def start(self):
        """It runs since it was made."""

    @property
    def fingerprint(self):
        return self.ready["fingerprint"]

    @property
    def device(self):
        return self.ready["deviceId"]

    def many(self, to, body, count):
        """`body 1` … `body COUNT`; returns at once."""
        self.send(command="sendMany", to=to, body=body, count=count)

    def bodies(self, since=0):
        return [event["body"] for event in self.events[since:] if event.get("event") == "message"]

    def message(self, to, body):
        """Sends one encrypted message and waits until the server has it."""
        number = f"m{len(self.events)}"
        mark = self.mark()
        self.send(command="send", to=to, body=body, id=number)
        event = self.wait_event(lambda event: event.get("id") == number and "sent" in event.get("event", ""), "the message to be sent", mark)
        assert event["event"] == "sent", event

    def wait_message(self, body, since=0):
        return self.wait_event(
            lambda event: event.get("event") == "message" and event.get("body") == body, f"the message {body!r} at {self.process.name}", since
        )

    def decide(self, jid, authenticate="", distrust=""):
        """As after the user's comparison of a key; other devices and contacts are told (XEP-0450)."""
        mark = self.mark()
        self.send(command="decide", jid=jid, authenticate=authenticate, distrust=distrust)
        self.wait_event(lambda event: event.get("event") == "keys" and event.get("jid") == jid, "the decision", mark)

    def meet(self, jid):
        return self.wait_device_of(jid)

    def wait_device_of(self, jid):
        """Until it knows a device of that address; it fetches the list anew each time."""
        def known():
            mark = self.mark()
            self.send(command="refresh", jid=jid)
            keys = self.wait_event(lambda event: event.get("event") == "keys" and event.get("jid") == jid, "keys", mark)
            return keys["devices"]

        return self.process.wait_until(known, f"a device of {jid}")
