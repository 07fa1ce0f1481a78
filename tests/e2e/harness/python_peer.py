# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python peer: slixmpp with python-omemo's libraries (tests/python-peer/README.md)."""

import pathlib

from .lines import LineProcess
from .workspace import program

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "python-peer" / "peer.py"
LIFE_S = 600
PAUSE_MS = 2


class PythonPeer:
    """One device with its keys in a file: `stop` or `kill`, then `start`, is the same device."""

    def __init__(self, workspace, server, account, namespaces, name="python"):
        self.account, self.name, self.logs = account, name, workspace.logs
        self.arguments = [
            program("XMPPSYNC_PYTHON_PEER"), PROGRAM, "--jid", account, "--password-file", server.password_file(account),
            "--connect", server.connect, "--ca-file", server.ca_file, "--state", workspace.folder(f"{name}-home") / "state.json",
            "--label", name, "--timeout", LIFE_S,
        ]
        for namespace in namespaces:
            self.arguments += ["--namespace", namespace]
        self.lines = self.ready = None

    def start(self):
        self.lines = LineProcess(self.name, self.arguments, self.logs)
        self._wait_ready(0)
        return self

    def _wait_ready(self, mark):
        self.ready = self.lines.wait_event(lambda event: event["event"] == "ready", f"{self.name} to be ready", mark)

    @property
    def fingerprint(self):
        return self.ready["fingerprint"]

    @property
    def device(self):
        return self.ready["deviceId"]

    def mark(self):
        return self.lines.mark()

    def message(self, to, body):
        """Sends one message and waits until it is sent."""
        number, mark = f"m{self.lines.mark()}", self.lines.mark()
        self.lines.send(command="send", to=to, body=body, id=number)
        event = self.lines.wait_event(lambda event: event.get("id") == number and "sent" in event["event"], "the message to be sent", mark)
        assert event["event"] == "sent" and not event["skipped"], event

    def many(self, to, body, count):
        """`body 1` … `body COUNT`, with short pauses; returns at once."""
        self.lines.send(command="sendMany", to=to, body=body, count=count, pauseMs=PAUSE_MS)

    def echo(self, on):
        """Whether it answers each message with the same body."""
        self.lines.send(command="echo", on=on)

    def wait_message(self, body, since=0):
        return self.lines.wait_event(
            lambda event: event["event"] == "message" and event["body"] == body, f"the message {body[:60]!r} at {self.name}", since
        )

    def bodies(self, since=0):
        return [event["body"] for event in self.lines.events[since:] if event["event"] == "message"]

    def undecrypted(self):
        return [event for event in self.lines.events if event["event"] == "undecrypted"]

    def meet(self, jid):
        """Fetches the device list of an address; the fingerprints that it names."""
        mark = self.mark()
        self.lines.send(command="refresh", jid=jid)
        keys = self.lines.wait_event(lambda event: event["event"] == "keys" and event["jid"] == jid, "keys", mark)
        return {device["fingerprint"] for device in keys["devices"]}

    def go_offline(self):
        mark = self.mark()
        self.lines.send(command="offline")
        self.lines.wait_event(lambda event: event["event"] == "offline", f"{self.name} to be offline", mark)

    def go_online(self):
        mark = self.mark()
        self.lines.send(command="online")
        self._wait_ready(mark)

    def forget(self):
        """Becomes a new device; the old one leaves the lists."""
        mark = self.mark()
        self.lines.send(command="forget")
        self._wait_ready(mark)

    def leave(self):
        """Takes its device out of the lists, and ends."""
        self.lines.send(command="leave")
        self.lines.wait_event(lambda event: event["event"] == "end", f"{self.name} to leave")
        self.lines.stop()

    def kill(self):
        self.lines.process.kill()

    def stop(self):
        if self.lines:
            self.lines.stop()
