# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private ejabberd on loopback: Debian's own configuration with all its limits, on other ports."""

import glob
import json
import os
import pathlib
import re
import ssl
import urllib.request

from .server import HOST, Server, free_ports

CONFIGURATION = pathlib.Path("/usr/share/ejabberd/ejabberd.yml.example")
CERTIFICATE = "/etc/ejabberd/ejabberd.pem"
C2S, API = 5222, 5443
REQUEST_S = 20
MAY_REGISTER = """\
api_permissions:
  "tests":
    from: mod_http_api
    who:
      ip: 127.0.0.1/8
    what: register
"""


class Ejabberd(Server):
    """Only ports, addresses, the certificate, who makes accounts, and uploads where asked for, are not Debian's. It is run by Erlang itself: `ejabberdctl` wants a
    user of its own, and tests may run as anybody."""

    TAKEN = "eaddrinuse"

    def __init__(self, workspace, name="ejabberd", uploads=False):
        """With `uploads`, it takes files (XEP-0363), as the configuration has it in comments."""
        self.uploads = uploads
        super().__init__(workspace, name)

    def configure(self):
        text = CONFIGURATION.read_text().replace('"::"', '"127.0.0.1"')
        certificate = self.certificates / "ejabberd.pem"
        certificate.write_text("".join((self.certificates / f"localhost.{part}").read_text() for part in ("crt", "key")))
        text = text.replace(CERTIFICATE, str(certificate)).replace("api_permissions:\n", MAY_REGISTER)
        listening = re.compile(r"^( +port: )(\d+)$", re.MULTILINE)
        ports = dict(zip(listening.findall(text), free_ports(len(listening.findall(text))), strict=True))
        ports = {int(shipped): free for (_, shipped), free in ports.items()}
        self.port, self.api_port = ports[C2S], ports[API]
        if self.uploads:
            text = text.replace("## /upload: mod_http_upload", "/upload: mod_http_upload")
            text = text.replace("## mod_http_upload:\n", "mod_http_upload:\n")
            text = text.replace("##   put_url: https://@HOST@:5443/upload", f"  put_url: https://@HOST@:{self.api_port}/upload")
        self.configuration = self.folder / "ejabberd.yml"
        self.configuration.write_text(listening.sub(lambda match: f"{match[1]}{ports[int(match[2])]}", text))

    def command(self):
        return ["erl", "-noinput", "+K", "true", "-mnesia", "dir", f'"{self.data}"', "-s", "ejabberd"]

    def uploaded_files(self):
        """The files that users have uploaded."""
        return sorted(path for path in (self.folder / "upload").rglob("*") if path.is_file())

    def environment(self):
        # The folder of libraries, whatever this machine's processor calls it; more than one name may lead there.
        program = glob.glob("/usr/lib/*/ejabberd-*/ebin/ejabberd.beam")[0]
        return {
            **os.environ, "HOME": str(self.folder), "LANG": "C.UTF-8", "ERL_LIBS": str(pathlib.Path(program).parents[2]),
            "EJABBERD_CONFIG_PATH": str(self.configuration), "EJABBERD_LOG_PATH": str(self.logs / f"{self.name}-file.log"),
        }

    def make_account(self, user, password):
        """By its interface for programs."""
        request = urllib.request.Request(
            f"https://{HOST}:{self.api_port}/api/register",
            json.dumps({"user": user, "host": HOST, "password": password}).encode(),
            {"Content-Type": "application/json"},
        )
        context = ssl.create_default_context(cafile=str(self.ca_file))
        with urllib.request.urlopen(request, timeout=REQUEST_S, context=context) as answer:
            assert "successfully registered" in answer.read().decode()
