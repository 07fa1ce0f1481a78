# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of requests and answers in docs/protocol.md are what docs/requests.schema.json says, and it refuses others."""

import json
import pathlib
import re
import sys

from jsonschema import Draft202012Validator

DOCS = pathlib.Path(__file__).parents[2] / "docs"

# Each is wrong in one place.
WRONG = (
    '{"v": 2, "type": "export", "id": "r"}',
    '{"v": 1, "type": "export"}',
    '{"v": 1, "type": "dance", "id": "r"}',
    '{"v": 1, "type": "add", "id": "r", "parent": "menu", "items": []}',
    '{"v": 1, "type": "add", "id": "r", "parent": "menu", "items": [{"title": 1}]}',
    '{"v": 1, "type": "import", "id": "r", "bookmarks": {"menu": [{"children": [{"url": null}]}]}}',
    '{"v": 1, "type": "move", "id": "r", "item": "i"}',
    '{"v": 1, "type": "nack", "of": "r", "reason": "mood", "text": ""}',
)


def main():
    schema = json.loads((DOCS / "requests.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    examples = re.findall(r"```json (?:request|answer)\n(.*?)```", (DOCS / "protocol.md").read_text(encoding="utf-8"), re.DOTALL)
    problems = [f"{example}: {error.message}" for example in examples for error in validator.iter_errors(json.loads(example))]
    problems += [f"{wrong} is taken" for wrong in WRONG if validator.is_valid(json.loads(wrong))]
    print("\n".join(problems) if problems else f"{len(examples)} examples looked at")
    return 1 if problems or len(examples) < 14 else 0


if __name__ == "__main__":
    sys.exit(main())
