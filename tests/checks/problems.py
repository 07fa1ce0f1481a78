# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the engine finds wrong has its sentence in the plugin, which is translated there, and none is there for nothing."""

import pathlib
import re
import sys

ENUMERATIONS = {"rust/engine/src/reason.rs": "ReasonKind", "rust/client/src/problem.rs": "ProblemKind"}
SENTENCES = "cpp/problemtext.cpp"


def kinds(path, name):
    """The values of an enumeration as they are in JSON."""
    body = re.search(rf"pub enum {name} \{{\n(.*?)\n\}}", pathlib.Path(path).read_text(), re.S).group(1)
    values = re.findall(r"^    (\w+),", body, re.M)
    return {re.sub(r"(?<=.)([A-Z])", r"_\1", value).lower() for value in values}


def main():
    told = set(re.findall(r'^    \{"(\w+)",', pathlib.Path(SENTENCES).read_text(), re.M))
    known = set().union(*(kinds(path, name) for path, name in ENUMERATIONS.items()))
    for kind in sorted(known - told):
        print(f"{SENTENCES}: no sentence for {kind}")
    for kind in sorted(told - known):
        print(f"{SENTENCES}: {kind} is no problem that the engine has")
    print(f"{len(known)} kinds looked at")
    return 0 if known and known == told else 1


if __name__ == "__main__":
    sys.exit(main())
