# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dependencies point one way, as ARCHITECTURE.md draws them: proved from cargo's own dependency graph."""

import json
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
    "hickory-resolver", "rustls", "tempfile", "futures",
}
# Stacks that were decided against.
BANNED = {"aws-lc-rs", "openssl", "openssl-sys", "native-tls", "cxx-qt-lib"}


def main():
    metadata = json.loads(
        subprocess.run(
            ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu"],
            check=True, stdout=subprocess.PIPE,
        ).stdout
    )
    names = {package["id"]: package["name"] for package in metadata["packages"]}
    edges = {
        node["id"]: [
            dependency["pkg"]
            for dependency in node["deps"]
            if any(kind["kind"] in (None, "build") for kind in dependency["dep_kinds"])
        ]
        for node in metadata["resolve"]["nodes"]
    }
    members = {names[member]: member for member in metadata["workspace_members"]}
    problems = []
    for name, allowed in ARROWS.items():
        direct = {names[target] for target in edges[members[name]]} & set(ARROWS)
        problems += [f"{name} depends on {other}" for other in sorted(direct - allowed)]
    for name in PURE:
        reached = {names[package] for package in reach(edges, members[name])}
        problems += [f"{name} pulls in {other}" for other in sorted(reached & IMPURE)]
    everything = {names[package] for name in ARROWS for package in reach(edges, members[name])}
    problems += [f"{other} is pulled in" for other in sorted(everything & BANNED)]
    print("\n".join(problems) if problems else f"{len(ARROWS)} crates, no arrow points back")
    return 1 if problems else 0


def reach(edges, start):
    seen, open_ = set(), [start]
    while open_:
        package = open_.pop()
        if package not in seen:
            seen.add(package)
            open_ += edges[package]
    return seen


if __name__ == "__main__":
    sys.exit(main())
