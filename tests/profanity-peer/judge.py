# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plugin for Profanity: tells what was decrypted, and sends what a file says.

Events go as JSON lines to the file that JUDGE_EVENTS names. `/judge FILE` sends each line of FILE, a JSON object with
`to` and `body`.
"""

import json
import os

import prof


def report(event, **fields):
    with open(os.environ["JUDGE_EVENTS"], "a", encoding="utf-8") as events:
        events.write(json.dumps({"event": event, **fields}) + "\n")


def send(path):
    with open(path, encoding="utf-8") as lines:
        messages = [json.loads(line) for line in lines]
    for message in messages:
        prof.send_line(f"/msg {message['to']} {message['body']}")
    report("sentMany", count=len(messages), file=path)


def prof_init(version, status, account_name, fulljid):
    prof.register_command(
        "/judge", 1, 1, ["/judge <file>"], "Send what a file says.", [["<file>", "Lines of JSON with to and body"]], [], send
    )


def prof_on_connect(account_name, fulljid):
    report("connected", jid=fulljid)


def prof_on_disconnect(account_name, fulljid):
    report("disconnected", jid=fulljid)


def prof_post_chat_message_display(barejid, resource, message):
    report("message", **{"from": barejid}, resource=resource, body=message)
