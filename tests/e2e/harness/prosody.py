# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Prosody on loopback, with its own certificate authority, in a temporary folder."""

import base64
import os
import re
import signal
import socket

from . import certificates
from .process import Process, run
from .waiting import wait_for

HOST = "localhost"
START_S = 20
REGISTER_S = 20
PORT_TRIES = 5
# Prosody's escapes in its data files, beside decimal ones.
LUA_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\n": "\n"}

CONFIGURATION = """\
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
certificates = "{folder}/certificates"
admin_socket = "{folder}/admin.sock"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {c2s} }}
c2s_direct_tls_ports = {{ {direct} }}
s2s_ports = {{ }}
http_ports = {{ {http} }}
https_ports = {{ }}
http_interfaces = {{ "127.0.0.1" }}
http_default_host = "localhost"
run_as_root = {root}
storage = "internal"
authentication = "internal_hashed"
c2s_require_encryption = true
allow_registration = false
use_libevent = false
smacks_hibernation_time = 120
log = {{ info = "*console" }}
{limits}
modules_enabled = {{ "disco", "roster", "saslauth", "tls", "blocklist", "carbons", "pep", "private", "smacks", "csi_simple",
    "mam", "ping", "offline", "admin_shell"{modules} }}
modules_disabled = {{ "s2s" }}
VirtualHost "localhost"
{host}
"""


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


class Prosody:
    """Starts on creation; the data outlives `stop`, `kill` and `start` until the workspace is removed."""

    def __init__(self, workspace, name="prosody", uploads=False, rate_limits=False):
        self.name = name
        self.logs = workspace.logs
        self.folder = workspace.folder(name)
        self.uploads = uploads
        self.rate_limits = rate_limits
        certificate_folder = self.folder / "certificates"
        certificate_folder.mkdir()
        self.ca_file = certificates.make(certificate_folder)
        self.configuration = self.folder / "prosody.cfg.lua"
        self.data = self.folder / "data"
        self.data.mkdir()
        self.passwords = {}
        self.process = None
        for attempt in range(1, PORT_TRIES + 1):
            # Another program may take a port between our asking and Prosody's binding.
            self.port, self.direct_port, self.http_port = free_ports(3)
            self._configure()
            self.start()
            if "unable to open" not in self.process.log_text().lower() or attempt == PORT_TRIES:
                break
            self.stop()

    @property
    def connect(self):
        """HOST:PORT for STARTTLS."""
        return f"127.0.0.1:{self.port}"

    def _configure(self):
        # The rate is what Debian's own configuration of Prosody sets.
        limits = 'limits = { c2s = { rate = "10kb/s" } }' if self.rate_limits else ""
        modules = "".join(f', "{module}"' for module, wanted in (("http_file_share", self.uploads), ("limits", self.rate_limits)) if wanted)
        host = f'http_external_url = "http://127.0.0.1:{self.http_port}/"' if self.uploads else ""
        self.configuration.write_text(
            CONFIGURATION.format(
                folder=self.folder, c2s=self.port, direct=self.direct_port, http=self.http_port if self.uploads else "",
                root="true" if os.geteuid() == 0 else "false", limits=limits, modules=modules, host=host,
            )
        )

    def _environment(self):
        return {**os.environ, "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def start(self):
        """Starts it on the same ports with the same data, and waits until it takes connections."""
        self.process = Process(
            self.name, ["prosody", "-F", "--config", self.configuration], self.logs, environment=self._environment()
        )

        def listening():
            with socket.socket() as probe:
                probe.settimeout(1)
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        self.process.wait_until(listening, "Prosody to listen", START_S)

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
        run(
            ["prosodyctl", "--config", self.configuration, "register", user, HOST, password],
            REGISTER_S, environment=self._environment(),
        )
        address = f"{user}@{HOST}"
        self.passwords[address] = password
        return address

    def change_password(self, address, password):
        user = address.split("@")[0]
        run(
            ["prosodyctl", "--config", self.configuration, "passwd", address],
            REGISTER_S, environment=self._environment(), stdin=f"{password}\n{password}\n",
        )
        self.passwords[f"{user}@{HOST}"] = password

    def password_file(self, address):
        path = self.folder / f"password-{address}"
        path.write_text(self.passwords[address] + "\n")
        path.chmod(0o600)
        return path

    def stored_files(self):
        """All files that the server keeps, as (path, bytes)."""
        return [(path, path.read_bytes()) for path in sorted(self.data.rglob("*")) if path.is_file()]

    def pep_files(self, user, node=""):
        """The data files of a user's PEP nodes whose name contains `node`."""
        # Prosody percent-encodes names with lower-case hex digits for all that is not a letter or a digit.
        wanted = "".join(c if c.isascii() and c.isalnum() else f"%{ord(c):02x}" for c in node)
        return [
            path for path in sorted(self.data.rglob("*"))
            if path.is_file() and wanted in str(path.relative_to(self.data)) and path.name.startswith(user)
            and "pep" in str(path.relative_to(self.data))
        ]

    def _kept(self, user):
        """The file of messages that are kept for a user who is offline, and its parts."""
        path = self.data / HOST / "offline" / f"{user}.list"
        text = path.read_bytes().decode("utf-8", "surrogateescape") if path.exists() else ""
        return path, [f"item({part}" for part in re.split(r"^item\(", text, flags=re.M)[1:]]

    def wait_kept(self, user, count):
        """Until so many messages are kept for a user who is offline."""
        self.process.wait_until(lambda: len(self._kept(user)[1]) >= count, f"{count} messages to be kept for {user}")

    def reverse_kept(self, user):
        """Turns the order around of what is kept for a user who is offline."""
        path, parts = self._kept(user)
        path.with_suffix(".lidx").unlink(missing_ok=True)
        path.write_bytes("".join(reversed(parts)).encode("utf-8", "surrogateescape"))

    def plaintext_found(self, needles):
        """Which of the texts are in the server's files: as they are, as XML or JSON would escape them, or as base64."""
        files = [(path, _unescaped(content)) for path, content in self.stored_files()]
        found = []
        for needle in needles:
            for form in _forms(needle):
                found += [(needle, str(path.relative_to(self.data))) for path, content in files if form in content]
        return found


def _unescaped(content):
    """The content of a Lua data file with the escapes of its strings undone (an escaped text would hide from a search)."""

    def byte(match):
        token = match.group(1)
        if token.isdigit():
            return bytes([int(token) & 0xFF])
        text = token.decode("latin-1")
        return LUA_ESCAPES.get(text, text).encode("latin-1")

    return re.sub(rb"\\(\d{1,3}|.)", byte, content, flags=re.DOTALL)


def _forms(text):
    raw = text.encode()
    yield raw
    for old, new in ((b"&", b"&amp;"), (b"<", b"&lt;")):
        if old in raw:
            yield raw.replace(old, new)
    # The middle of the base64 of a longer text that holds this one, at each of three alignments.
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        middle = encoded[4 if shift else 0 : len(encoded) // 4 * 4 - 4]
        if len(middle) >= 12:
            yield middle


def wait_for_login(prosody, address, timeout=START_S):
    """Until the server's log shows an authenticated session of this account."""
    wait_for(lambda: f"Authenticated as {address}" in prosody.process.log_text(), f"{address} to log in", timeout)
