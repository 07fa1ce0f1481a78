// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
use engine::client::{Command, Event, PlainItem, PlainTree};

use super::*;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Answers every request with `replies`, and gives back what was asked.
async fn answered(request: Request, replies: Vec<Reply>) -> (Request, Vec<Result<Reply, Failure>>) {
    let folder = tempfile::tempdir().unwrap();
    // Longer than a socket's path may be.
    let state_dir = folder.path().join("x".repeat(120));
    fs::create_dir(&state_dir).unwrap();
    let server = Server::bind(&state_dir).unwrap();
    assert_eq!(
        fs::metadata(state_dir.join(SOCKET)).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let (asked, mut requests) = mpsc::unbounded_channel();
    let count = replies.len();
    let hub = async {
        let (request, sender): Asked = requests.recv().await.unwrap();
        for reply in replies {
            sender.send(reply).unwrap();
        }
        drop(sender);
        request
    };
    let client = async {
        let mut answers = ask(&state_dir, request).await.unwrap().unwrap();
        let mut got = Vec::new();
        for _ in 0..=count {
            got.push(answers.next().await);
        }
        got
    };
    tokio::select! {
        error = server.serve(&asked) => panic!("{error}"),
        both = async { tokio::join!(hub, client) } => both,
    }
}

#[test]
fn a_request_is_answered_until_there_is_no_more() {
    block_on(async {
        let sent = Reply::Event {
            event: Event::Sent { id: "1".into() },
        };
        let (request, replies) = answered(
            Request::Listen,
            vec![Reply::Listening { chat: true }, sent.clone()],
        )
        .await;
        assert_eq!(request, Request::Listen);
        assert_eq!(replies[..2], [Ok(Reply::Listening { chat: true }), Ok(sent)]);
        assert!(replies[2].as_ref().unwrap_err().text.contains("has stopped"));
    });
}

#[test]
fn a_failure_keeps_its_code() {
    block_on(async {
        let failure = Failure::new(Code::Unreachable, "no");
        let (_, replies) = answered(Request::Status, vec![Reply::Failed(failure.clone())]).await;
        assert_eq!(replies[0], Err(failure));
    });
}

#[test]
fn a_deep_and_large_import_gets_through() {
    let mut item = PlainItem {
        title: "x".repeat(200_000),
        ..PlainItem::default()
    };
    for _ in 0..199 {
        item = PlainItem {
            title: "folder".into(),
            children: vec![item],
            ..PlainItem::default()
        };
    }
    let tree = PlainTree {
        menu: vec![item],
        ..PlainTree::default()
    };
    let request = Request::Carry {
        command: Command::Import {
            id: "1".into(),
            tree,
            dry_run: false,
        },
    };
    block_on(async {
        let (got, _) = answered(request.clone(), vec![]).await;
        assert_eq!(got, request);
    });
}

#[test]
fn nobody_there_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    block_on(async {
        assert!(ask(folder.path(), Request::Status).await.unwrap().is_none());
        assert!(
            ask(&folder.path().join("missing"), Request::Status)
                .await
                .unwrap()
                .is_none()
        );
        drop(Server::bind(folder.path()).unwrap());
        assert!(!folder.path().join(SOCKET).exists(), "it takes its socket away");
        // One that died left its socket behind.
        drop(std::os::unix::net::UnixListener::bind(folder.path().join(SOCKET)).unwrap());
        assert!(ask(folder.path(), Request::Status).await.unwrap().is_none());
        assert!(Server::bind(folder.path()).is_ok());
    });
}

#[test]
fn another_version_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    block_on(async {
        let server = Server::bind(folder.path()).unwrap();
        let (asked, _requests) = mpsc::unbounded_channel();
        let talk = async {
            let mut stream = UnixStream::connect(folder.path().join(SOCKET)).await.unwrap();
            stream
                .write_all(b"{\"v\":2,\"request\":{\"type\":\"status\"}}\n")
                .await
                .unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).await.unwrap();
            text
        };
        let text = tokio::select! { _ = server.serve(&asked) => panic!(), text = talk => text };
        insta::assert_snapshot!(text, @r#"{"type":"failed","code":"failure","text":"the running xmppsync-bot does not understand this one (it speaks version 2, not 1): restart it"}"#);
    });
}

#[test]
fn the_serialized_form_is_stable() {
    let line = Line {
        v: VERSION,
        request: Request::Listen,
    };
    insta::assert_snapshot!(serde_json::to_string(&line).unwrap(), @r#"{"v":1,"request":{"type":"listen"}}"#);
    let overview = Overview {
        account: "me@example.org".into(),
        running: true,
        connection: ConnectionState::Offline,
        device: 7,
        fingerprint: "00000000".into(),
        status: Status::default(),
    };
    let reply = Reply::Status(Box::new(overview));
    insta::assert_snapshot!(serde_json::to_string(&reply).unwrap(), @r#"{"type":"status","account":"me@example.org","running":true,"connection":{"state":"offline"},"device":7,"fingerprint":"00000000","status":{"phase":"offline","text":"","joined":false,"bookmarks":0,"unpublished":0,"missing":0,"replicas":0,"dropped":{},"problems":[]}}"#);
}
