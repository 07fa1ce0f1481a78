# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of the test driver plugin: one JSON object a line over a local socket (tests/falkon-driver/README.md)."""

import json
import socket

REPLY_S = 60.0


class DriverError(AssertionError):
    """The driver refused a command, or could not do it."""


class Driver:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(REPLY_S)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("r", encoding="utf-8")

    def call(self, name, /, **arguments):
        """Sends one command and returns its reply. Raises DriverError where it failed."""
        self.socket.sendall(json.dumps({"cmd": name, **arguments}).encode() + b"\n")
        line = self.lines.readline()
        if not line:
            raise ConnectionError("the browser closed the driver's socket")
        reply = json.loads(line)
        if not reply.get("ok"):
            raise DriverError(f"{name}: {reply.get('error', 'refused')}")
        return reply

    def close(self):
        self.lines.close()
        self.socket.close()
