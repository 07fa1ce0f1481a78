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
                        "--connect", server.connect, "--ca-file", server.ca_file]
        self.partners = [option for partner in partners for option in ("--partner", partner)]
        self.process = None
        self.lines = None

    def environment(self):
        return {**os.environ, "HOME": str(self.home)}

    def arguments(self, command, *more):
        return [program("XMPPSYNC_BOT"), *self.options, command, *more]

    def command(self, command, *more, check=True, timeout=COMMAND_S):
        """Runs one command to its end."""
        return run(self.arguments(command, *more), timeout, environment=self.environment(), check=check)

    def start(self):
        """`run`: the replica that stays on."""
        self.process = Process(self.name, self.arguments("run", *self.partners), self.logs, environment=self.environment())
        return self

    def listen(self):
        """`listen --json`: each decrypted message is one event of the LineProcess returned."""
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
        whole = self.export()
        return {root: tree.from_plain(whole.get(root, [])) for root in tree.ROOTS}

    def ids(self):
        whole = self.export()
        return {root: list(tree.ids(whole.get(root, []))) for root in tree.ROOTS}

    def fingerprint(self):
        return self.command("fingerprint").stdout.strip().splitlines()[-1].strip()

    def wait_tree(self, expected, timeout=DEADLINE_S):
        def same():
            result = self.command("export", "--format", "json", check=False)
            # Until its first step is stored there is no state to read.
            assert result.returncode == 0, result.stderr
            whole = json.loads(result.stdout)
            now = {root: tree.from_plain(whole.get(root, [])) for root in tree.ROOTS}
            assert now == expected, f"\n{tree.draw(now)}\n  instead of\n{tree.draw(expected)}"
            return True

        wait_for(same, f"{self.name} to export the expected tree", timeout, alive=(self.process,) if self.process else ())
