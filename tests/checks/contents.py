# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No file names a path of somebody's machine, and nothing is left undone: what a stranger would stumble over."""

import pathlib
import re
import subprocess
import sys

# Written so that this file does not match itself.
FORBIDDEN = {
    "a path of one machine": re.compile(r"/(?:work|farm|home/\w+|root)/(?!\.)"),
    "work left undone": re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b|(?:to" r"do|unimple" r"mented)!\("),
    "a test that is switched off": re.compile(r"#\[ig" r"nore"),
}
TEXT = {".rs", ".toml", ".md", ".cpp", ".h", ".py", ".sh", ".txt", ".cmake", ".json", ".in", ".xml", ""}


def main():
    files = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True).stdout.split("\n")
    problems = []
    for name in filter(None, files):
        path = pathlib.Path(name)
        if path.suffix not in TEXT or not path.is_file() or path.parts[0] == "LICENSES":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            problems += [f"{name}:{number}: {what}" for what, pattern in FORBIDDEN.items() if pattern.search(line)]
    print("\n".join(problems) if problems else f"{len(files)} files looked at")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
