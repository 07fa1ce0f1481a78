# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Child processes: each in a process group of its own, logged to a file, ended by its id and never by a name."""

import ctypes
import os
import pathlib
import signal
import subprocess
import tempfile

from .waiting import wait_for

STOP_S = 10.0
PR_SET_PDEATHSIG = 1

_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """For a child: a test run that is killed must not leave browsers and servers behind."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """One started program. Its output goes to `<log folder>/<name>.log`, appended to over restarts."""

    def __init__(self, name, arguments, logs, environment=None, pipes=False, folder=None, keep_open=(), terminal=None):
        self.name = name
        self.arguments = [str(argument) for argument in arguments]
        self.log = logs / f"{name}.log"
        with open(self.log, "ab") as log:
            # With pipes or a terminal, standard output is a conversation; only standard error is a log.
            self.popen = subprocess.Popen(
                self.arguments,
                stdin=subprocess.PIPE if pipes else subprocess.DEVNULL if terminal is None else terminal,
                stdout=subprocess.PIPE if pipes else log if terminal is None else terminal,
                stderr=log,
                env=environment,
                cwd=folder,
                pass_fds=keep_open,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    @property
    def pid(self):
        return self.popen.pid

    def running(self):
        return self.popen.poll() is None

    def code(self):
        return self.popen.poll()

    def log_text(self):
        return self.log.read_text(errors="replace")

    def log_hint(self, lines=12):
        tail = "\n    ".join(self.log_text().splitlines()[-lines:])
        return f"the end of {self.log}:\n    {tail}"

    def signal(self, number):
        if self.running():
            self.popen.send_signal(number)

    def wait(self, timeout):
        """The exit code; None if it still runs after `timeout` seconds."""
        try:
            return self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def terminate(self, timeout=STOP_S):
        """SIGTERM, then SIGKILL if it does not obey. Returns whether it obeyed."""
        self.signal(signal.SIGTERM)
        obeyed = self.wait(timeout) is not None
        self.kill()
        return obeyed

    def kill(self):
        """SIGKILL to it and to what it started (its own process group), and reaps it."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.popen.wait(STOP_S)
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    pass

    def wait_until(self, condition, what, timeout=None):
        arguments = {} if timeout is None else {"timeout": timeout}
        return wait_for(condition, what, alive=(self,), **arguments)


def _what_it_waits_for(pid):
    """The threads of a process, each with what the kernel says of it: for a failure that cannot be seen again."""
    threads = []
    for thread in sorted(pathlib.Path(f"/proc/{pid}/task").glob("*")):
        try:
            threads.append(" ".join((thread / name).read_text().strip() for name in ("comm", "wchan", "syscall")))
        except OSError as error:
            threads.append(str(error))
    files = [os.readlink(file) for file in pathlib.Path(f"/proc/{pid}/fd").glob("*") if file.is_symlink()]
    return f"threads {threads}, files {files}"


def run(arguments, timeout, environment=None, folder=None, stdin=None, check=True):
    """Runs a short program to its end. Raises with its output if it fails (when `check`), or does not end in time."""
    arguments = [str(argument) for argument in arguments]
    # Through files, not pipes: on some virtual machines a poll() of a pipe is not always woken when its writer ends.
    with _text_file() as given, _text_file() as output, _text_file() as errors:
        given.write(stdin or "")
        given.seek(0)
        with subprocess.Popen(
            arguments, env=environment, cwd=folder, stdin=None if stdin is None else given, stdout=output, stderr=errors
        ) as child:
            try:
                child.wait(timeout)
                waits = None
            except subprocess.TimeoutExpired:
                waits = _what_it_waits_for(child.pid)
                child.kill()
        output.seek(0)
        errors.seek(0)
        result = subprocess.CompletedProcess(arguments, child.returncode, output.read(), errors.read())
    command = " ".join(arguments)
    if waits is not None:
        raise TimeoutError(f"{command} did not end within {timeout:g} s; {waits}:\n{result.stdout}{result.stderr}")
    if check and result.returncode != 0:
        raise RuntimeError(f"{command} ended with code {result.returncode}:\n{result.stdout}{result.stderr}")
    return result


def _text_file():
    return tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
