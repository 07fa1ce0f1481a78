# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message bus of its own, as a desktop session has one, and a desktop's notifications on it."""

import os

from .process import Process


class Bus:
    """Running once it is created."""

    def __init__(self, workspace, name="bus"):
        self.home = workspace.folder(name)
        self.logs = workspace.logs
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
        self.process = Process(
            name, ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.address}"],
            self.logs, self.environment,
        )
        self.process.wait_until((self.home / "bus").exists, "the message bus")

    def stop(self):
        self.process.terminate()


class Notifications:
    """A notification service on a bus, and what it is asked to show."""

    def __init__(self, bus, display):
        environment = bus.environment | display.environment()
        rule = "type='method_call',interface='org.freedesktop.Notifications',member='Notify'"
        self.monitor = Process("notified", ["dbus-monitor", "--session", rule], bus.logs, environment)
        self.service = Process("dunst", ["dunst"], bus.logs, environment)

    def shown(self):
        """All of them, as the bus saw them."""
        return self.monitor.log_text()

    def stop(self):
        for process in (self.service, self.monitor):
            process.terminate()
