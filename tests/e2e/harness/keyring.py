# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""GNOME Keyring on a message bus of its own: a password store as a desktop has it."""

import os
import subprocess

from .process import Process
from .waiting import wait_for

MASTER = b"the keyring's own password"
APPLICATION = "xmppsync"


class Keyring:
    """Running and unlocked once it is created. `stop` ends both; what it keeps outlives that in its home folder."""

    def __init__(self, workspace, name="keyring"):
        self.home = workspace.folder(name)
        self.logs = workspace.logs
        self.name = name
        self.address = f"unix:path={self.home}/bus"
        runtime = self.home / "runtime"
        runtime.mkdir(mode=0o700)
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_DATA_HOME": str(self.home / "data"),
            "DBUS_SESSION_BUS_ADDRESS": self.address,
        }
        self.bus = Process(
            f"{name}-bus", ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.address}"],
            self.logs, self.environment,
        )
        self.bus.wait_until((self.home / "bus").exists, "the message bus")
        self.daemon = Process(
            name, ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            self.logs, self.environment, pipes=True,
        )
        self.daemon.popen.stdin.write(MASTER)
        self.daemon.popen.stdin.close()
        wait_for(self.answers, "the keyring to answer", alive=(self.bus, self.daemon))

    def call(self, path, method, *arguments):
        """A call on the bus; its answer as text, or None where it fails."""
        result = subprocess.run(
            ["gdbus", "call", "--session", "--timeout", "5", "--dest", "org.freedesktop.secrets", "--object-path", path,
             "--method", method, *arguments],
            env=self.environment, capture_output=True, text=True, timeout=10, check=False,
        )
        return result.stdout if result.returncode == 0 else None

    def answers(self):
        return self.call("/org/freedesktop/secrets", "org.freedesktop.DBus.Peer.Ping") is not None

    def has(self, account):
        """Whether it keeps a password of ours for that account."""
        attributes = f"{{'application': '{APPLICATION}', 'account': '{account}'}}"
        found = self.call("/org/freedesktop/secrets", "org.freedesktop.Secret.Service.SearchItems", attributes)
        assert found is not None, "the keyring does not answer"
        return "/org/freedesktop/secrets/" in found

    def stop(self):
        for process in (self.daemon, self.bus):
            process.terminate()
