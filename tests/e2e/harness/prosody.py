# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private Prosody on loopback, with its own certificate authority, in a temporary folder."""

import base64
import os
import re

from .process import run
from .server import HOST, START_S, Server, free_ports
from .waiting import wait_for

REGISTER_S = 20
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
http_ports = {{ }}
https_ports = {{ {https} }}
https_interfaces = {{ "127.0.0.1" }}
https_ssl = {{ key = "{folder}/certificates/localhost.key", certificate = "{folder}/certificates/localhost.crt" }}
http_default_host = "localhost"
run_as_root = {root}
storage = "internal"
authentication = "internal_hashed"
c2s_require_encryption = true
allow_registration = false
use_libevent = false
smacks_hibernation_time = 120
log = {{ {level} = "*console" }}
{limits}
modules_enabled = {{ "disco", "roster", "saslauth", "tls", "blocklist", "carbons", "pep", "private", "smacks", "csi_simple",
    "ping", "time", "offline", "admin_shell"{modules} }}
modules_disabled = {{ "s2s" }}
VirtualHost "localhost"
{host}
"""


class Prosody(Server):
    TAKEN = "unable to open"

    def __init__(self, workspace, name="prosody", uploads=False, as_debian=False):
        """With `uploads`, it takes files (XEP-0363) and logs each request for one. `as_debian`: as slow as Debian's own configuration makes it, and
        without an archive, as there."""
        self.uploads = uploads
        self.as_debian = as_debian
        super().__init__(workspace, name)

    def configure(self):
        self.port, self.direct_port, self.https_port = free_ports(3)
        self.configuration = self.folder / "prosody.cfg.lua"
        limits = 'limits = { c2s = { rate = "10kb/s" } }' if self.as_debian else ""
        modules = ["limits"] if self.as_debian else ["mam"]
        modules = "".join(f', "{module}"' for module in modules + ["http_file_share"] * self.uploads)
        host = f'http_external_url = "https://{HOST}:{self.https_port}/"' if self.uploads else ""
        self.configuration.write_text(
            CONFIGURATION.format(
                folder=self.folder, c2s=self.port, direct=self.direct_port,
                https=self.https_port if self.uploads else "", level="debug" if self.uploads else "info",
                root="true" if os.geteuid() == 0 else "false", limits=limits, modules=modules, host=host,
            )
        )

    def command(self):
        return ["prosody", "-F", "--config", self.configuration]

    def environment(self):
        return {**os.environ, "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def make_account(self, user, password):
        run(
            ["prosodyctl", "--config", self.configuration, "register", user, HOST, password],
            REGISTER_S, environment=self.environment(),
        )

    def change_password(self, address, password):
        user = address.split("@")[0]
        run(
            ["prosodyctl", "--config", self.configuration, "passwd", address],
            REGISTER_S, environment=self.environment(), stdin=f"{password}\n{password}\n",
        )
        self.passwords[f"{user}@{HOST}"] = password

    def pep_files(self, user, node=""):
        """The data files of a user's PEP nodes whose name contains `node`."""
        # Prosody percent-encodes names with lower-case hex digits for all that is not a letter or a digit.
        wanted = "".join(c if c.isascii() and c.isalnum() else f"%{ord(c):02x}" for c in node)
        return [
            path for path in sorted(self.data.rglob("*"))
            if path.is_file() and wanted in str(path.relative_to(self.data)) and path.name.startswith(user)
            and "pep" in str(path.relative_to(self.data))
        ]

    def uploaded_files(self):
        """The files that users have uploaded."""
        return sorted(self.data.rglob("*.bin"))

    def requests(self, method):
        """How many HTTP requests of this method came for files."""
        return self.process.log_text().count(f"{method} /file_share/")

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
