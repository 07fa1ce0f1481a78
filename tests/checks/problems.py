# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the engine finds wrong has its sentence in the plugin, which is translated there, and its line in the table of what to do."""

import pathlib
import re
import sys

ENUMERATIONS = {
    "rust/engine/src/reason.rs": "ReasonKind",
    "rust/client/src/problem.rs": "ProblemKind",
    "rust/client/src/refusal.rs": "RefusalKind",
    "rust/client/src/verify.rs": "EndKind",
    "rust/client/src/event.rs": "DropReason",
    "rust/bridge/src/error.rs": "CallErrorKind",
}
SENTENCES = "cpp/problemtext.cpp"
HELP = "docs/troubleshooting.md"


def kinds(path, name):
    """The values of an enumeration as they are in JSON."""
    body = re.search(rf"pub(?:\(crate\))? enum {name} \{{\n(.*?)\n\}}", pathlib.Path(path).read_text(), re.S).group(1)
    values = re.findall(r"^    (\w+),", body, re.M)
    return {re.sub(r"(?<=.)([A-Z])", r"_\1", value).lower() for value in values}


def sentences():
    """Of each kind, the beginning of what is said, up to its first stop."""
    entries = re.findall(r'^    \{"(\w+)",\s*QT_TRANSLATE_NOOP\(\s*"ProblemText",((?:\s*"[^"]*")+)\)', pathlib.Path(SENTENCES).read_text(), re.M)
    return {kind: re.split(r"[.:] |[.(]", "".join(re.findall(r'"([^"]*)"', text)))[0].strip() for kind, text in entries}


def main():
    said = sentences()
    told = set(said)
    help_text = pathlib.Path(HELP).read_text().lower()
    unexplained = sorted(kind for kind, sentence in said.items() if sentence.lower() not in help_text)
    for kind in unexplained:
        print(f"{HELP}: nothing on {kind}: {said[kind]}")
    every = [kind for path, name in ENUMERATIONS.items() for kind in kinds(path, name)]
    known = set(every)
    for kind in sorted(known):
        if every.count(kind) > 1:
            print(f"{SENTENCES}: {kind} would have to be said in two ways")
    for kind in sorted(known - told):
        print(f"{SENTENCES}: no sentence for {kind}")
    for kind in sorted(told - known):
        print(f"{SENTENCES}: {kind} is no problem that the engine has")
    print(f"{len(known)} kinds looked at")
    return 0 if known == told and len(every) == len(known) > 0 and not unexplained else 1


if __name__ == "__main__":
    sys.exit(main())
