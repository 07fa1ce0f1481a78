// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
use engine::client::{ItemId, ItemKind, PlainItem, PlainTree};

use super::*;

/// Everything that has broken a bookmark file before: markup, quotes, references, line ends, white space at the ends,
/// right-to-left, a combining mark, a character beyond the basic plane, a byte order mark, C1 and no-break space.
const AWKWARD: &str = " <b>&amp; &quot;'\"\\ </A></H3><DL>\t--> 文字 שלום e\u{301} 🦊 \u{feff}\u{a0}\u{85} a\r\nb\rc\nd &#10; %20 ";

fn link(title: &str, url: &str) -> PlainItem {
    PlainItem {
        kind: Some(ItemKind::Link),
        title: title.into(),
        url: url.into(),
        ..PlainItem::default()
    }
}

fn folder(title: &str, children: Vec<PlainItem>) -> PlainItem {
    PlainItem {
        kind: Some(ItemKind::Folder),
        title: title.into(),
        children,
        ..PlainItem::default()
    }
}

fn separator() -> PlainItem {
    PlainItem {
        kind: Some(ItemKind::Separator),
        ..PlainItem::default()
    }
}

fn awkward_tree() -> PlainTree {
    let rich = PlainItem {
        description: AWKWARD.into(),
        keyword: "k\"<&'".into(),
        tags: "a,b <c>".into(),
        added: Some(1_700_000_000_123),
        ..link(AWKWARD, "https://x.example/?a=<\"'>&amp;&b=%20#ü")
    };
    let noted = PlainItem {
        description: AWKWARD.into(),
        ..folder(AWKWARD, vec![separator(), rich.clone(), folder("", vec![])])
    };
    PlainTree {
        toolbar: vec![noted, separator(), link("", "javascript:alert(\"<1 && 2>\")")],
        menu: vec![
            rich,
            folder("empty", vec![]),
            link("after", "https://after.example/"),
            link("no address yet", ""),
        ],
        other: vec![folder(
            "a",
            vec![folder(
                "b",
                vec![folder("c", vec![link("deep", "https://deep.example/")])],
            )],
        )],
    }
}

fn parse(text: &str) -> Parsed {
    read(text.as_bytes(), Root::Menu).unwrap()
}

/// Each format that is written, by name.
fn written(tree: &PlainTree) -> [(&'static str, String); 3] {
    [
        ("html", write_html(tree)),
        ("json", write_json(tree).unwrap()),
        ("xbel", write_xbel(tree)),
    ]
}

#[test]
fn every_format_round_trips_with_every_awkward_character() {
    for (format, text) in written(&awkward_tree()) {
        let parsed = parse(&text);
        assert_eq!(parsed.tree, awkward_tree(), "{format}");
        assert_eq!(parsed.skipped, BTreeMap::new(), "{format}");
    }
}

#[test]
fn every_format_carries_an_empty_tree() {
    for (format, text) in written(&PlainTree::default()) {
        assert_eq!(parse(&text), Parsed::default(), "{format}");
    }
}

#[test]
fn every_format_carries_100_000_items() {
    let folders = (0..1000).map(|f| {
        let links = (0..99).map(|n| PlainItem {
            added: Some(1_600_000_000_000 + f * 1000 + n),
            tags: format!("t{n}"),
            ..link(
                &format!("Link {f} & {n}"),
                &format!("https://x.example/{f}?n={n}&m"),
            )
        });
        folder(&format!("Folder {f}"), links.collect())
    });
    let tree = PlainTree {
        other: folders.collect(),
        ..PlainTree::default()
    };
    assert_eq!(tree.count(), 100_000);
    for (format, text) in written(&tree) {
        assert!(parse(&text).tree == tree, "{format}");
    }
}

#[test]
fn as_deep_as_the_shared_tree_goes_is_read_and_deeper_is_refused() {
    let nested = |depth| {
        (0..depth).fold(link("x", "https://x.example/"), |inner, _| {
            folder("f", vec![inner])
        })
    };
    let tree = PlainTree {
        menu: vec![nested(MAX_FOLDER_DEPTH - 1)],
        ..PlainTree::default()
    };
    for (format, text) in written(&tree) {
        assert!(parse(&text).tree == tree, "{format}");
    }
    let bomb = "[".repeat(1_000_000);
    let json = format!(r#"{{"roots":{{"other":{{"children":{bomb}"#);
    assert!(matches!(
        read(json.as_bytes(), Root::Menu),
        Err(ParseError::TooDeep { .. })
    ));
    let html = "<DL><DT><H3>x</H3>".repeat(1_000_000);
    let xbel = format!("<xbel>{}", "<folder>".repeat(1_000_000));
    for text in [html, xbel] {
        assert!(matches!(
            read(text.as_bytes(), Root::Menu),
            Err(ParseError::TooDeep { .. })
        ));
    }
}

#[test]
fn brackets_in_strings_are_no_depth() {
    let tree = PlainTree {
        menu: vec![link(&"[{\"".repeat(2000), "https://x.example/")],
        ..PlainTree::default()
    };
    assert_eq!(parse(&write_json(&tree).unwrap()).tree, tree);
}

#[test]
fn the_json_is_falkons() {
    let mut tree = PlainTree {
        menu: vec![folder("News", vec![link("A", "https://a.example/"), separator()])],
        ..Default::default()
    };
    tree.menu[0].id = Some(ItemId::new("f1").unwrap());
    tree.menu[0].children[0].added = Some(5);
    insta::assert_snapshot!(write_json(&tree).unwrap(), @r#"
    {
      "roots": {
        "bookmark_bar": {
          "type": "folder",
          "name": "Bookmarks Toolbar",
          "description": "",
          "children": []
        },
        "bookmark_menu": {
          "type": "folder",
          "name": "Bookmarks Menu",
          "description": "",
          "children": [
            {
              "id": "f1",
              "type": "folder",
              "name": "News",
              "description": "",
              "children": [
                {
                  "type": "url",
                  "name": "A",
                  "url": "https://a.example/",
                  "description": "",
                  "keyword": "",
                  "added": 5
                },
                {
                  "type": "separator"
                }
              ]
            }
          ]
        },
        "other": {
          "type": "folder",
          "name": "Unsorted Bookmarks",
          "description": "",
          "children": []
        }
      },
      "version": 1
    }
    "#);
}

#[test]
fn the_html_is_every_browsers() {
    let mut tree = awkward_tree();
    tree.toolbar.truncate(0);
    tree.other.truncate(1);
    tree.menu = vec![
        PlainItem {
            description: "notes & more".into(),
            ..link("A < B", "https://a.example/?x&y")
        },
        separator(),
    ];
    insta::assert_snapshot!(write_html(&tree), @r#"
    <!DOCTYPE NETSCAPE-Bookmark-file-1>
    <!-- Written by xmppsync-bot. Browsers import this file. -->
    <META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
    <TITLE>Bookmarks</TITLE>
    <H1>Bookmarks</H1>
    <DL><p>
        <DT><H3 PERSONAL_TOOLBAR_FOLDER="true">Bookmarks Toolbar</H3>
        <DL><p>
        </DL><p>
        <DT><A HREF="https://a.example/?x&amp;y">A &lt; B</A>
        <DD>notes &amp; more</DD>
        <HR>
        <DT><H3 UNFILED_BOOKMARKS_FOLDER="true">Other Bookmarks</H3>
        <DL><p>
            <DT><H3>a</H3>
            <DL><p>
                <DT><H3>b</H3>
                <DL><p>
                    <DT><H3>c</H3>
                    <DL><p>
                        <DT><A HREF="https://deep.example/">deep</A>
                    </DL><p>
                </DL><p>
            </DL><p>
        </DL><p>
    </DL><p>
    "#);
}

#[test]
fn falkons_own_file_is_read_and_its_ids_are_not() {
    let json = r#"{"roots":{"bookmark_bar":{"children":[
        {"description":"d","keyword":"k","name":"KDE","type":"url","url":"https://kde.org/","visit_count":3},
        {"type":"separator"},
        {"children":[],"description":"","expanded":true,"expanded_sidebar":false,"name":"F","type":"folder"}],
        "description":"","expanded":true,"name":"Lesezeichen-Leiste","type":"folder"},
        "bookmark_menu":{"children":[],"type":"folder"},"other":{"type":"folder"}},"version":1}"#;
    let kde = PlainItem {
        description: "d".into(),
        keyword: "k".into(),
        ..link("KDE", "https://kde.org/")
    };
    assert_eq!(
        parse(json).tree,
        PlainTree {
            toolbar: vec![kde, separator(), folder("F", vec![])],
            ..PlainTree::default()
        }
    );
}

#[test]
fn firefoxs_html_is_read() {
    let html = r#"<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file. -->
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'"></meta>
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks Menu</H1>

<DL><p>
    <DT><H3 ADD_DATE="1700000000" LAST_MODIFIED="1700000001">News &amp; <i>more</i></H3>
    <DD>What happens
    <DL><p>
        <DT><A HREF="https://n.example/?a&amp;b" ADD_DATE="1700000002" ICON="data:image/png;base64,AAAA" SHORTCUTURL="n" TAGS="x,y">N</A>
        <DD>All the news
        <HR>        <DT><A NAME="x">nothing</A>
    </DL><p>
    <DT><H3 PERSONAL_TOOLBAR_FOLDER="true">Toolbar</H3>
    <DL><p>
        <DT><A HREF="https://t.example/">T</A>
        <DT><H3 PERSONAL_TOOLBAR_FOLDER="true">Nested</H3>
        <DL><p>
        </DL><p>
    </DL><p>
    <DT><H3 UNFILED_BOOKMARKS_FOLDER="true">Other</H3>
    <DL><p>
        <DT><A HREF="https://o.example/" ADD_DATE="1700000003000000">O</A>
    </DL><p>
</DL>"#;
    let news = PlainItem {
        keyword: "n".into(),
        tags: "x,y".into(),
        description: "All the news".into(),
        added: Some(1_700_000_002_000),
        ..link("N", "https://n.example/?a&b")
    };
    let folded = PlainItem {
        description: "What happens".into(),
        added: Some(1_700_000_000_000),
        ..folder("News & more", vec![news, separator()])
    };
    let other = PlainItem {
        added: Some(1_700_000_003_000),
        ..link("O", "https://o.example/")
    };
    let parsed = parse(html);
    let expected = PlainTree {
        toolbar: vec![link("T", "https://t.example/"), folder("Nested", vec![])],
        menu: vec![folded],
        other: vec![other],
    };
    assert_eq!(parsed.tree, expected);
    assert_eq!(
        parsed.skipped,
        BTreeMap::from([("bookmark without an address".to_owned(), 1)])
    );
}

#[test]
fn html_that_is_never_closed_is_read_as_far_as_it_goes() {
    let html =
        "<DL><DT><H3>A</H3><DL><DT><A HREF=https://1.example/>one<DT><A HREF=https://2.example/>two</A>";
    let one = link("one", "https://1.example/");
    assert_eq!(
        parse(html).tree.menu,
        [folder("A", vec![one, link("two", "https://2.example/")])]
    );
    assert_eq!(
        parse("<p></DL></DL></DL><DT><A HREF=x>x</A></DL>").tree.menu,
        [link("x", "x")]
    );
}

#[test]
fn what_has_no_root_goes_where_it_was_asked_to() {
    let parsed = read(b"<DL><DT><A HREF=x>x</A></DL>", Root::Other).unwrap();
    assert_eq!(
        parsed.tree,
        PlainTree {
            other: vec![link("x", "x")],
            ..PlainTree::default()
        }
    );
}

#[test]
fn what_is_no_bookmark_file_is_refused_in_words() {
    let refused = |bytes: &[u8]| read(bytes, Root::Menu).unwrap_err().to_string();
    assert_eq!(refused(b" \n"), "it is empty");
    assert!(refused(b"<DL>\xff").starts_with("its text is not UTF-8 (byte 4)"));
    assert!(refused(b"%PDF-1.7").contains("it starts with \"%PDF-1.7\""));
    assert!(refused(b"{").contains("it is not proper JSON"));
    assert!(refused(b"{}").contains("\"roots\""));
    assert!(refused(br#"{"roots":{},"version":2}"#).contains("version 2"));
    assert!(refused(br#"{"roots":{},"version":1} x"#).contains("trailing"));
}
