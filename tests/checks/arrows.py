# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dependencies point one way, as ARCHITECTURE.md draws them: proved from cargo's own dependency graph."""

import subprocess
import sys

# What each crate may use of the others.
ARROWS = {
    "omemo": set(),
    "replica": set(),
    "client": {"omemo", "replica"},
    "engine": {"client"},
    "bridge": {"engine"},
    "bot": {"engine"},
}
PURE = ["omemo", "replica", "client"]
# What a crate without I/O never pulls in, however deep.
IMPURE = {
    "tokio", "tokio-xmpp", "rusqlite", "libsqlite3-sys", "mio", "socket2", "cxx", "cxx-qt", "async-std", "reqwest",
    "hickory-resolver", "rustls", "tempfile",
}
# Stacks that were decided against.
BANNED = {"aws-lc-rs", "openssl", "openssl-sys", "native-tls", "cxx-qt-lib"}


def main():
    problems = []
    everything = set()
    for name, allowed in ARROWS.items():
        direct = pulled_in(name, depth=1) & set(ARROWS) - {name}
        problems += [f"{name} depends on {other}" for other in sorted(direct - allowed)]
        reached = pulled_in(name)
        everything |= reached
        if name in PURE:
            problems += [f"{name} pulls in {other}" for other in sorted(reached & IMPURE)]
    problems += [f"{other} is pulled in" for other in sorted(everything & BANNED)]
    print("\n".join(problems) if problems else f"{len(ARROWS)} crates, no arrow points back")
    return 1 if problems else 0


def pulled_in(crate, depth=None):
    """The names of all packages that a crate builds with; its tests' own are left out."""
    command = ["cargo", "tree", "--locked", "-p", crate, "-e", "normal,build", "--prefix", "none", "--format", "{p}"]
    if depth is not None:
        command += ["--depth", str(depth)]
    tree = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {line.split()[0] for line in tree.splitlines() if line.strip()}


if __name__ == "__main__":
    sys.exit(main())
