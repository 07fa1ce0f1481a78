# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the private servers on loopback share: their certificate, their accounts, and how they are ended."""

import os
import signal
import socket

from . import certificates
from .process import Process

HOST = "localhost"
START_S = 30
PORT_TRIES = 5


def free_ports(count):
    """Ports that were free a moment ago, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


class Server:
    """Starts on creation; the data outlives `stop`, `kill` and `start` until the workspace is removed.

    A server gives `configure()`, which takes free ports and sets `port`, `command()`, `environment()` and
    `make_account(user, password)`, and says in `TAKEN` how it complains of a port that is taken.
    """

    TAKEN = ""

    def __init__(self, workspace, name):
        self.name = name
        self.logs = workspace.logs
        self.folder = workspace.folder(name)
        self.certificates = self.folder / "certificates"
        self.certificates.mkdir()
        self.ca_file = certificates.make(self.certificates)
        self.data = self.folder / "data"
        self.data.mkdir()
        self.passwords = {}
        self.process = None
        for attempt in range(1, PORT_TRIES + 1):
            # Another program may take a port between our asking and the server's binding.
            self.configure()
            self.start()
            if self.TAKEN not in self.process.log_text().lower() or attempt == PORT_TRIES:
                break
            self.stop()

    @property
    def connect(self):
        """HOST:PORT for STARTTLS."""
        return f"127.0.0.1:{self.port}"

    def start(self):
        """Starts it on the same ports with the same data, and waits until it takes connections."""
        self.process = Process(self.name, self.command(), self.logs, environment=self.environment(), folder=self.folder)

        def listening():
            with socket.socket() as probe:
                probe.settimeout(1)
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        self.process.wait_until(listening, f"{self.name} to listen", START_S)

    def stop(self):
        self.process.terminate()

    def kill(self):
        """As a power cut: SIGKILL."""
        self.process.kill()

    def freeze(self):
        """Connections stay open and nothing answers, until `thaw`."""
        self.process.signal(signal.SIGSTOP)

    def thaw(self):
        self.process.signal(signal.SIGCONT)

    def register(self, user, password=None):
        """Makes an account and returns its bare address."""
        password = password or f"secret-{user}-{os.urandom(6).hex()}"
        self.make_account(user, password)
        address = f"{user}@{HOST}"
        self.passwords[address] = password
        return address

    def password_file(self, address):
        path = self.folder / f"password-{address}"
        path.write_text(self.passwords[address] + "\n")
        path.chmod(0o600)
        return path

    def stored_files(self):
        """All files that the server keeps, as (path, bytes)."""
        return [(path, path.read_bytes()) for path in sorted(self.data.rglob("*")) if path.is_file()]
