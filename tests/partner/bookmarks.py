#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A partner of XmppSync in a few lines: reads and edits somebody's bookmarks by encrypted chat messages.

    bookmarks.py YOUR_BOT_OPTIONS... OWNER REQUEST      such as: … me@example.org '{"type": "export"}'

`Bookmarks` works over whatever sends and receives OMEMO messages: here over the programs `xmppsync-bot send` and `listen`,
in the tests over a client on QXmpp. The owner names the partner with `xmppsync-bot run --partner ADDRESS`.
"""

import json
import subprocess
import sys
import uuid


class Bookmarks:
    """`send(text)` sends one message to the owner, `receive()` gives the next text that comes from there."""

    def __init__(self, send, receive):
        self.send, self.receive = send, receive

    def ask(self, kind, **fields):
        """Sends a request; gives its answers, of which an export has several. Raises when it is refused."""
        request = {"v": 1, "type": kind, "id": str(uuid.uuid4()), **fields}
        self.send(json.dumps(request))
        answers = []
        while not answers or len(answers) < answers[0].get("part", [1, 1])[1]:
            text = self.receive()
            answer = json.loads(text) if text.startswith("{") else {}
            if answer.get("of") != request["id"]:
                continue
            if answer["type"] == "nack":
                raise ValueError(f"{answer['reason']}: {answer['text']}")
            answers.append(answer)
        return answers

    def items(self):
        """All bookmarks, each after its folder."""
        parts = sorted(self.ask("export"), key=lambda answer: answer["part"][0])
        return [item for part in parts for item in part["items"]]


def main():
    *options, owner, request = sys.argv[1:]
    program = ["xmppsync-bot", *options]
    listen = subprocess.Popen([*program, "listen", "--json"], stdout=subprocess.PIPE, text=True)
    messages = (json.loads(line) for line in listen.stdout)
    texts = (message["body"] for message in messages if message["from"] == owner)
    bookmarks = Bookmarks(lambda text: subprocess.run([*program, "send", owner, text], check=True), lambda: next(texts))
    fields = json.loads(request)
    try:
        print(json.dumps(bookmarks.ask(fields.pop("type"), **fields), indent=2, ensure_ascii=False))
    finally:
        listen.terminate()


if __name__ == "__main__":
    main()
