// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Files as other programs write them, and in other encodings.
use engine::client::{ItemKind, PlainItem, PlainTree};

use super::*;

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

fn parse(text: &str) -> Parsed {
    read(text.as_bytes(), Root::Menu).unwrap()
}

fn skipped(parsed: &Parsed) -> Vec<(&str, u64)> {
    parsed
        .skipped
        .iter()
        .map(|(reason, count)| (reason.as_str(), *count))
        .collect()
}

fn refused(bytes: &[u8]) -> String {
    read(bytes, Root::Menu).unwrap_err().to_string()
}

#[test]
fn chromes_json_is_read_with_its_dates_and_its_phones() {
    let parsed = parse(
        r#"{"checksum":"x","roots":{
        "bookmark_bar":{"children":[{"date_added":"13344473600123456","date_last_used":"0","guid":"g","id":"5",
            "meta_info":{"power_bookmark_meta":""},"name":"A","type":"url","url":"https://a.example/"}],"id":"1","type":"folder"},
        "other":{"children":[{"name":"no address","type":"url"},{"name":"what","type":"app"}],"type":"folder"},
        "sync_transaction_version":"12",
        "synced":{"children":[{"name":"B","type":"url","url":"https://b.example/"}],"name":"Mobile bookmarks","type":"folder"}},
        "sync_metadata":"AAAA","version":1}"#,
    );
    let expected = PlainTree {
        toolbar: vec![PlainItem {
            added: Some(1_700_000_000_123),
            ..link("A", "https://a.example/")
        }],
        other: vec![folder("Mobile bookmarks", vec![link("B", "https://b.example/")])],
        ..PlainTree::default()
    };
    assert_eq!(parsed.tree, expected);
    assert_eq!(
        skipped(&parsed),
        [("bookmark without an address", 1), ("unknown type \"app\"", 1)]
    );
}

#[test]
fn firefoxs_backup_is_read() {
    let parsed = parse(
        r#"{"guid":"root________","title":"","index":0,"dateAdded":1700000000000000,"id":1,"typeCode":2,
      "type":"text/x-moz-place-container","root":"placesRoot","children":[
      {"guid":"menu________","title":"menu","type":"text/x-moz-place-container","typeCode":2,"root":"bookmarksMenuFolder","children":[
        {"guid":"aaaaaaaaaaaa","title":"News","type":"text/x-moz-place-container","typeCode":2,"dateAdded":1700000001000000,"children":[
          {"guid":"bbbbbbbbbbbb","title":"N & <b>","type":"text/x-moz-place","typeCode":1,"uri":"https://n.example/?a&b","dateAdded":1700000002123456,
           "tags":"x,y","keyword":"n","iconUri":"https://n.example/favicon.ico",
           "annos":[{"name":"other","value":3},{"name":"bookmarkProperties/description","value":"All the news"}]},
          {"type":"text/x-moz-place-separator","typeCode":3},
          {"title":"Recent","type":"text/x-moz-place","uri":"place:sort=12&maxResults=10"},
          {"title":null,"type":"text/x-moz-place","uri":""},
          {"title":"feed","type":"text/x-moz-place-feed"}]}]},
      {"guid":"toolbar_____","title":"toolbar","type":"text/x-moz-place-container","root":"toolbarFolder","children":[
        {"title":"T","typeCode":1,"uri":"https://t.example/"}]},
      {"guid":"unfiled_____","title":"unfiled","type":"text/x-moz-place-container","root":"unfiledBookmarksFolder"},
      {"guid":"mobile______","title":"mobile","type":"text/x-moz-place-container","root":"mobileFolder","children":[
        {"title":"M","type":"text/x-moz-place","uri":"https://m.example/"}]},
      {"guid":"tags________","title":"tags","type":"text/x-moz-place-container","root":"tagsFolder","children":[
        {"title":"x","type":"text/x-moz-place-container","children":[{"type":"text/x-moz-place","uri":"https://n.example/?a&b"}]}]}]}"#,
    );
    let news = PlainItem {
        tags: "x,y".into(),
        keyword: "n".into(),
        description: "All the news".into(),
        added: Some(1_700_000_002_123),
        ..link("N & <b>", "https://n.example/?a&b")
    };
    let separator = PlainItem {
        kind: Some(ItemKind::Separator),
        ..PlainItem::default()
    };
    let expected = PlainTree {
        toolbar: vec![link("T", "https://t.example/")],
        menu: vec![PlainItem {
            added: Some(1_700_000_001_000),
            ..folder("News", vec![news, separator, link("", "")])
        }],
        other: vec![folder("mobile", vec![link("M", "https://m.example/")])],
    };
    assert_eq!(parsed.tree, expected);
    assert_eq!(
        skipped(&parsed),
        [
            ("query of Firefox (place:), which no other browser knows", 1),
            ("unknown type \"text/x-moz-place-feed\"", 1)
        ]
    );
    assert!(refused(b"mozLz40\0\x10\0\0\0").contains("Backup"));
}

#[test]
fn xbel_of_other_programs_is_read() {
    let parsed = parse(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xbel>
<xbel xmlns:bookmark="http://www.freedesktop.org/standards/desktop-bookmarks" xmlns:mime="urn:m" dbusName="konqueror">
 <title>Mine</title>
 <folder toolbar="yes" folded="no">
  <title>Toolbar</title>
  <bookmark icon="kde" href="https://kde.org/?a&amp;b"><title>KDE &amp; <![CDATA[<friends>]]> &eacute;&#x1F98A;</title>
   <info><metadata owner="http://freedesktop.org"><bookmark:icon name="kde"/><title>not this</title></metadata></info></bookmark>
  <folder toolbar="yes"><title>Nested</title></folder>
 </folder>
 <!-- nothing -->
 <bookmark href="https://d.example/" id="d" added="2023-11-14T22:13:20" visited="2024-01-01">
  <title>D</title><desc>two
lines</desc></bookmark>
 <separator/>
 <alias ref="d"/>
 <bookmark><title>nowhere</title></bookmark>
 <folder/>
</xbel>"#,
    );
    let kde = link("KDE & <friends> é🦊", "https://kde.org/?a&b");
    let dated = PlainItem {
        added: Some(1_700_000_000_000),
        description: "two\nlines".into(),
        ..link("D", "https://d.example/")
    };
    let separator = PlainItem {
        kind: Some(ItemKind::Separator),
        ..PlainItem::default()
    };
    assert_eq!(parsed.tree.toolbar, [kde, folder("Nested", vec![])]);
    assert_eq!(parsed.tree.menu, [dated, separator, folder("", vec![])]);
    assert_eq!(
        skipped(&parsed),
        [
            ("alias: what it stands for is imported where it is", 1),
            ("bookmark without an address", 1)
        ]
    );
}

#[test]
fn xbel_that_is_broken_is_refused_with_its_line() {
    assert!(refused(b"<?xml version='1.0'?>\n<xbel>\n<folder></xbel>").contains("(line 3)"));
    assert!(refused(b"<xbel>\n<folder>").contains("ends too early"));
    assert!(refused(b"<xbel><bookmark href='&what;'/></xbel>").contains("what"));
    assert!(refused(b"<xbel><bookmark href='x'><title>&what;</title></bookmark></xbel>").contains("&what;"));
    assert!(refused(b"<?xml version='1.0'?><rss/>").contains("<xbel>"));
}

#[test]
fn what_xml_cannot_carry_is_replaced_in_xbel() {
    let tree = PlainTree {
        menu: vec![link("bell \u{7}", "https://x.example/\u{1}")],
        ..PlainTree::default()
    };
    let read_back = parse(&write_xbel(&tree)).tree;
    assert_eq!(
        read_back.menu,
        [link("bell \u{fffd}", "https://x.example/\u{fffd}")]
    );
}

#[test]
fn the_xbel_is_what_its_readers_expect() {
    let tree = PlainTree {
        menu: vec![folder(
            "News",
            vec![PlainItem {
                tags: "a,b".into(),
                added: Some(1_700_000_000_000),
                ..link("A", "https://a.example/?x&y")
            }],
        )],
        ..PlainTree::default()
    };
    insta::assert_snapshot!(write_xbel(&tree), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <!DOCTYPE xbel PUBLIC "+//IDN python.org//DTD XML Bookmark Exchange Language 1.0//EN//XML" "http://pyxml.sourceforge.net/topics/dtds/xbel.dtd">
    <xbel version="1.0">
        <folder>
            <title>Bookmarks Toolbar</title>
            <info><metadata owner="urn:xmppsync:xbel:1" root="toolbar"/></info>
        </folder>
        <folder>
            <title>Bookmarks Menu</title>
            <info><metadata owner="urn:xmppsync:xbel:1" root="menu"/></info>
            <folder>
                <title>News</title>
                <bookmark href="https://a.example/?x&amp;y" added="2023-11-14T22:13:20.000Z">
                    <title>A</title>
                    <info><metadata owner="urn:xmppsync:xbel:1" tags="a,b"/></info>
                </bookmark>
            </folder>
        </folder>
        <folder>
            <title>Unsorted Bookmarks</title>
            <info><metadata owner="urn:xmppsync:xbel:1" root="other"/></info>
        </folder>
    </xbel>
    "#);
}

#[test]
fn byte_order_marks_and_declared_encodings_are_followed() {
    let html = "<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=windows-1252\"><DL><DT><A HREF=x>Käse €</A></DL>";
    let expected = [link("Käse €", "x")];
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        ['\u{feff}']
            .into_iter()
            .chain(html.chars())
            .flat_map(|c| bytes(c as u16))
            .collect()
    };
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(html);
    let marked = format!("\u{feff}{html}").into_bytes();
    let files = [
        html.as_bytes().to_vec(),
        marked,
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        windows.into_owned(),
    ];
    for file in files {
        assert_eq!(read(&file, Root::Menu).unwrap().tree.menu, expected, "{file:?}");
    }
    let xbel = b"<?xml version='1.0' encoding='ISO-8859-1'?><xbel><bookmark href='x'><title>K\xe4se</title></bookmark></xbel>";
    assert_eq!(read(xbel, Root::Menu).unwrap().tree.menu, [link("Käse", "x")]);
    let json = "\u{feff}{\"roots\":{\"other\":{\"children\":[{\"url\":\"x\",\"name\":\"Käse\"}]}}}";
    assert_eq!(parse(json).tree.other, [link("Käse", "x")]);
}

#[test]
fn text_that_is_not_what_it_says_is_refused() {
    assert!(refused(b"\xff\xfe<\0D").contains("UTF-16LE"));
    assert!(refused(b"<META charset=shift_jis><A HREF=x>\xff</A>").contains("Shift_JIS"));
    assert!(refused(b"<META charset=utf-8><A HREF=x>\xe4</A>").contains("not UTF-8"));
}
