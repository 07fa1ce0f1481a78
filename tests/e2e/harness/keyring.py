# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""GNOME Keyring on a message bus of its own: a password store as a desktop has it."""

import subprocess

from .bus import Bus
from .process import Process
from .waiting import wait_for

MASTER = b"the keyring's own password"
APPLICATION = "xmppsync"
SERVICE = "org.freedesktop.secrets"


class Keyring:
    """Running and unlocked once it is created. `stop` ends both."""

    def __init__(self, workspace, name="keyring"):
        self.bus = Bus(workspace, f"{name}-bus")
        self.address = self.bus.address
        self.environment = self.bus.environment
        self.daemon = Process(
            name, ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            workspace.logs, self.environment, pipes=True,
        )
        self.daemon.popen.stdin.write(MASTER)
        self.daemon.popen.stdin.close()
        wait_for(self.answers, "the keyring to answer", alive=(self.bus.process, self.daemon))

    def call(self, name, path, method, *arguments):
        """A call on the bus; its answer as text, or None where it fails."""
        result = subprocess.run(
            ["gdbus", "call", "--session", "--timeout", "5", "--dest", name, "--object-path", path, "--method", method, *arguments],
            env=self.environment, capture_output=True, text=True, timeout=10, check=False,
        )
        return result.stdout if result.returncode == 0 else None

    def answers(self):
        # A call of the service itself would have the bus start a second keyring, which is locked, where this one is not there yet.
        owner = self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", SERVICE)
        return owner is not None and "true" in owner

    def has(self, account):
        """Whether it keeps a password of ours for that account."""
        attributes = f"{{'application': '{APPLICATION}', 'account': '{account}'}}"
        found = self.call(SERVICE, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.SearchItems", attributes)
        assert found is not None, "the keyring does not answer"
        return "/org/freedesktop/secrets/" in found

    def stop(self):
        self.daemon.terminate()
        self.bus.stop()
