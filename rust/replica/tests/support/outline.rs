// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: MPL-2.0
//! Trees as outlines that a reader sees at a glance:
//!
//! ```text
//! toolbar
//!   News <https://news.example/>
//!   + Trip
//!     Map <https://map.example/>
//!     ---
//! menu
//! other
//! ```

use replica::{HostTree, Kind, Tree, TreeNode};

use super::host::{Host, Texts};

const ROOTS: [&str; 3] = ["toolbar", "menu", "other"];

/// Fills an empty host. Roots that hold nothing may be left out.
pub fn plant(host: &mut Host, outline: &str) {
    let lines: Vec<&str> = outline.lines().filter(|line| !line.trim().is_empty()).collect();
    let margin = lines.iter().map(|line| indent(line)).min().unwrap_or(0);
    let mut path: Vec<u64> = Vec::new();
    for line in lines {
        let depth = (indent(line) - margin) / 2;
        let text = line.trim();
        path.truncate(depth);
        if depth == 0 {
            path.push(ROOTS.iter().position(|root| *root == text).expect("a root") as u64 + 1);
            continue;
        }
        let parent = *path.last().unwrap();
        let end = host.children(parent).len();
        let (kind, title, url) = match (text, text.strip_prefix("+ "), text.split_once(" <")) {
            ("---", _, _) => (Kind::Separator, "", ""),
            (_, Some(title), _) => (Kind::Folder, title, ""),
            (_, None, Some((title, url))) => (Kind::Link, title, url.strip_suffix('>').expect("<url>")),
            (title, None, None) => (Kind::Link, title, ""),
        };
        let texts = Texts {
            title: title.into(),
            url: url.into(),
            ..Texts::default()
        };
        path.push(host.add(parent, end, kind, texts));
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

pub fn of_tree(tree: &Tree) -> String {
    let mut text = String::new();
    for (name, list) in ROOTS.iter().zip([&tree.toolbar, &tree.menu, &tree.other]) {
        text += &format!("{name}\n");
        list.iter().for_each(|node| of_node(node, 1, &mut text));
    }
    text
}

fn of_node(node: &TreeNode, depth: usize, text: &mut String) {
    *text += &line(depth, node.kind, node.field("title"), node.field("url"));
    node.children
        .iter()
        .for_each(|child| of_node(child, depth + 1, text));
}

pub fn of_host(tree: &HostTree) -> String {
    let mut text = String::new();
    for (name, token) in ROOTS.iter().zip(1..) {
        text += &format!("{name}\n");
        of_folder(tree, token, 1, &mut text);
    }
    text
}

fn of_folder(tree: &HostTree, folder: u64, depth: usize, text: &mut String) {
    for item in tree.items.iter().filter(|item| item.parent == folder) {
        *text += &line(depth, item.kind, &item.title, &item.url);
        of_folder(tree, item.token, depth + 1, text);
    }
}

fn line(depth: usize, kind: Kind, title: &str, url: &str) -> String {
    let margin = "  ".repeat(depth);
    match kind {
        Kind::Folder => format!("{margin}+ {title}\n"),
        Kind::Separator => format!("{margin}---\n"),
        Kind::Link if url.is_empty() => format!("{margin}{title}\n"),
        Kind::Link => format!("{margin}{title} <{}>\n", replica::canonical_url(url)),
    }
}

/// Checks an outline against one written in a test, whatever its margin; roots that hold nothing may be left out there.
#[track_caller]
pub fn assert_outline(found: &str, expected: &str) {
    let mut host = Host::new();
    plant(&mut host, expected);
    pretty(found, &of_host(&host.collect()));
}

#[track_caller]
fn pretty(found: &str, expected: &str) {
    assert!(found == expected, "\nfound:\n{found}\nexpected:\n{expected}");
}
