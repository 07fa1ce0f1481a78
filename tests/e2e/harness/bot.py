# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bot: its command line, and `run` in the background."""

import json
import os

from . import tree
from .lines import LineProcess
from .process import Process, run
from .waiting import DEADLINE_S, wait_for
from .workspace import program

COMMAND_S = 60


class Bot:
    """One bot with a state folder of its own. Nothing runs until `start` or `listen`."""

    def __init__(self, workspace, server, account, name="bot", partners=()):
        self.name = name
        self.account = account
        self.logs = workspace.logs
        self.home = workspace.folder(f"{name}-home")
        self.state = self.home / "state"
        self.options = ["--account", account, "--password-file", server.password_file(account), "--state", self.state,
                        "--connect", server.connect, "--ca-file", server.ca_file, "--label", name]
        self.options += [option for partner in partners for option in ("--partner", partner)]
        self.process = None
        self.lines = None
        # How much it logs (XMPPSYNC_LOG); None is as it comes.
        self.log = None

    def environment(self):
        more = {"XMPPSYNC_LOG": self.log} if self.log else {}
        return {**os.environ, "HOME": str(self.home), **more}

    def arguments(self, command, *more):
        return [program("XMPPSYNC_BOT"), *self.options, command, *more]

    def command(self, command, *more, check=True, timeout=COMMAND_S):
        """Runs one command to its end."""
        return run(self.arguments(command, *more), timeout, environment=self.environment(), check=check)

    def start(self, *options):
        """`run`: the replica that stays on."""
        self.process = Process(self.name, self.arguments("run", *options), self.logs, environment=self.environment())
        return self

    def wait_synced(self, timeout=DEADLINE_S):
        """Until `run` is online and has, as far as the server knows, what everybody has."""

        def synced():
            result = self.command("status", "--json", check=False)
            assert result.returncode == 0, result.stderr
            status = json.loads(result.stdout)
            assert "online" in json.dumps(status["connection"]) and status["status"]["phase"] == "up_to_date", status
            return True

        wait_for(synced, f"{self.name} to be up to date", timeout, alive=(self.process,))

    def status(self):
        return json.loads(self.command("status", "--json").stdout)

    def devices(self):
        return json.loads(self.command("devices", "--json").stdout)

    def listen(self):
        """`listen --json` beside `run`: each decrypted message is one event of the LineProcess returned."""
        self.lines = LineProcess(f"{self.name}-listen", self.arguments("listen", "--json"), self.logs, environment=self.environment())
        return self.lines

    def stop(self):
        if self.process:
            self.process.terminate(5)
        if self.lines:
            self.lines.stop()

    def export(self):
        """The plain bookmarks as the bot exports them."""
        return json.loads(self.command("export", "--format", "json").stdout)

    def tree(self):
        return tree.from_file(self.export())

    def ids(self):
        """Ids by title."""
        return tree.ids(self.export())

    def fingerprint(self):
        return self.command("fingerprint").stdout.strip().splitlines()[-1].strip()

    def wait_tree(self, expected, timeout=DEADLINE_S):
        def same():
            result = self.command("export", "--format", "json", check=False)
            # Until its first step is stored there is no state to read.
            assert result.returncode == 0, result.stderr
            now = tree.from_file(json.loads(result.stdout))
            assert now == expected, f"\n{tree.draw(now)}\n  instead of\n{tree.draw(expected)}"
            return True

        wait_for(same, f"{self.name} to export the expected tree", timeout, alive=(self.process,) if self.process else ())
