# SPDX-FileCopyrightText: 2026 The XmppSync authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bookmark trees as plain values, so that a test reads like the tree it expects.

A tree is {"toolbar": [...], "menu": [...], "other": [...]}; an item is ("link", title, url), ("folder", title, [...]) or
("separator",).
"""

ROOTS = ("toolbar", "menu", "other")
SEPARATOR = ("separator",)


def link(title, url=None):
    return ("link", title, url or f"https://{title.lower().replace(' ', '-')}.example/")


def folder(title, *children):
    return ("folder", title, list(children))


def bookmarks(toolbar=(), menu=(), other=()):
    return {"toolbar": list(toolbar), "menu": list(menu), "other": list(other)}


def description(item):
    """What the driver's `add` takes."""
    if item[0] == "separator":
        return {"kind": "separator"}
    if item[0] == "link":
        return {"kind": "link", "title": item[1], "url": item[2]}
    return {"kind": "folder", "title": item[1], "children": [description(child) for child in item[2]]}


def from_driver(items):
    """What the driver's `dump` gives for one root."""
    result = []
    for item in items:
        if item["kind"] == "separator":
            result.append(SEPARATOR)
        elif item["kind"] == "link":
            result.append(("link", item["title"], item["url"]))
        else:
            result.append(("folder", item["title"], from_driver(item["children"])))
    return result


def from_plain(items):
    """What the bot's JSON export gives for one root: items of kind, title, url and children (docs/protocol.md)."""
    result = []
    for item in items:
        kind = item.get("kind") or ("link" if "url" in item else "folder")
        if kind == "sep":
            result.append(SEPARATOR)
        elif kind == "link":
            result.append(("link", item.get("title", ""), item.get("url", "")))
        else:
            result.append(("folder", item.get("title", ""), from_plain(item.get("children", []))))
    return result


def ids(nodes):
    """The ids of an export, in order, by depth first."""
    for node in nodes:
        yield node["id"]
        yield from ids(node.get("children", []))


def walk(items):
    for item in items:
        yield item
        if item[0] == "folder":
            yield from walk(item[2])


def count(whole):
    return sum(1 for root in ROOTS for _ in walk(whole[root]))


def titles(whole):
    return [item[1] for root in ROOTS for item in walk(whole[root]) if len(item) > 1]


def draw(whole, indent="    "):
    """The tree as a person reads it."""
    lines = []

    def items(level, children):
        for item in children:
            if item[0] == "separator":
                lines.append(f"{indent}{'  ' * level}────")
            elif item[0] == "link":
                lines.append(f"{indent}{'  ' * level}• {item[1]}  <{item[2]}>")
            else:
                lines.append(f"{indent}{'  ' * level}▸ {item[1]}/")
                items(level + 1, item[2])

    for root in ROOTS:
        if whole[root]:
            lines.append(f"{indent}[{root}]")
            items(1, whole[root])
    return "\n".join(lines) or f"{indent}(empty)"
