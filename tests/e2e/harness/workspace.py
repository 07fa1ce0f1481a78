# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of one run, and the programs under test."""

import os
import pathlib
import shutil
import tempfile

PROGRAMS = {
    "XMPPSYNC_PLUGIN": "the plugin (XmppSync.so)",
    "XMPPSYNC_DRIVER": "the test driver plugin (XmppSyncTestDriver.so)",
    "XMPPSYNC_BOT": "the bot (xmppsync-bot)",
    "XMPPSYNC_QXMPP_PEER": "the QXmpp peer",
    "XMPPSYNC_PYTHON_PEER": "the Python with the libraries of tests/python-peer",
}


class Missing(Exception):
    """A program under test is not there. The message says what to do."""


def program(variable):
    """The path that an environment variable names, checked."""
    value = os.environ.get(variable)
    if not value:
        raise Missing(f"{variable} is not set: it names {PROGRAMS[variable]}. Run `./dev test`, which builds it and sets it.")
    # Not resolved: a Python finds the libraries of its environment by the link that it is called by.
    path = pathlib.Path(value).absolute()
    if not path.is_file():
        raise Missing(f"{variable} names {path}, which is not there. Run `./dev test`, which builds {PROGRAMS[variable]}.")
    return path


# What every run of the tests needs.
CORE = ("XMPPSYNC_PLUGIN", "XMPPSYNC_DRIVER", "XMPPSYNC_BOT")


def check_programs(variables=CORE):
    for variable in variables:
        program(variable)


class Workspace:
    """A temporary folder with a short path (socket paths are limited to 107 bytes), with a folder for logs."""

    def __init__(self, name="e2e"):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix=f"xmppsync-{name}-", dir="/tmp"))
        self.logs = self.path / "logs"
        self.logs.mkdir()

    def folder(self, name):
        path = self.path / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def keep_logs(self, name):
        """Copies the logs to where they outlive the run; returns that folder."""
        place = pathlib.Path(tempfile.gettempdir()) / "xmppsync-e2e-logs"
        target = place / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.logs, target)
        return target

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)
