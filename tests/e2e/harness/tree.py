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


# The roots' names in Falkon's bookmarks.json and in the bot's export.
FILE_ROOTS = {"toolbar": "bookmark_bar", "menu": "bookmark_menu", "other": "other"}


def from_file(content):
    """What a bookmarks.json, or the bot's export in that shape, holds."""

    def items(nodes):
        for node in nodes:
            if node["type"] == "separator":
                yield SEPARATOR
            elif node["type"] == "url":
                yield ("link", node.get("name", ""), node["url"])
            else:
                yield ("folder", node.get("name", ""), list(items(node.get("children", []))))

    return {root: list(items(content["roots"][name].get("children", []))) for root, name in FILE_ROOTS.items()}


def to_file(whole):
    """The same the other way round: what Falkon loads at its start."""

    def node(item):
        if item[0] == "separator":
            return {"type": "separator"}
        if item[0] == "link":
            return {"type": "url", "name": item[1], "url": item[2], "description": "", "keyword": "", "visit_count": 0}
        return {"type": "folder", "name": item[1], "description": "", "expanded": False, "expanded_sidebar": True,
                "children": [node(child) for child in item[2]]}

    roots = {
        name: {"type": "folder", "name": root, "description": "", "expanded": True, "expanded_sidebar": True,
               "children": [node(item) for item in whole[root]]}
        for root, name in FILE_ROOTS.items()
    }
    return {"version": 1, "roots": roots}


def ids(content):
    """The ids of an export by title: {title: [id, …]}."""
    result = {}

    def collect(nodes):
        for node in nodes:
            result.setdefault(node.get("name", ""), []).append(node["id"])
            collect(node.get("children", []))

    for name in FILE_ROOTS.values():
        collect(content["roots"][name].get("children", []))
    return result


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
