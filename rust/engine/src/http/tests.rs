// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Against servers on loopback that say what a test wants. TLS is in `tests/upload.rs`, with a real server.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

const QUICK: Limits = Limits {
    connect: Duration::from_secs(5),
    silence: Duration::from_millis(300),
    whole: Duration::from_secs(20),
};

/// Moves a file to or from a server that reads a request with a body of so many bytes and says `answer`. Gives what the server
/// read as well.
async fn exchange(
    kind: TransferKind,
    body: usize,
    answer: &'static [u8],
) -> (Result<Vec<u8>, HttpError>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.unwrap();
        let mut read = Vec::new();
        loop {
            let head = read.windows(4).position(|four| four == b"\r\n\r\n");
            if head.is_some_and(|end| read.len() >= end + 4 + body) {
                break;
            }
            let mut buffer = [0; 4096];
            let count = tcp.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "the request ended early");
            read.extend_from_slice(&buffer[..count]);
        }
        tcp.write_all(answer).await.unwrap();
        // A server that says nothing more keeps the connection.
        if answer.is_empty() {
            let _client_gone = tcp.read(&mut [0]).await;
        }
        String::from_utf8(read).unwrap()
    });
    let result = plain().carry_out(transfer(port, kind), |_| ()).await;
    assert_eq!(result.0, 7);
    (result.1, server.await.unwrap())
}

fn plain() -> Http {
    Http {
        limits: QUICK,
        ..Http::new(Security::PlaintextOnLoopback, None)
    }
}

fn transfer(port: u16, kind: TransferKind) -> Transfer {
    Transfer {
        number: 7,
        url: format!("http://127.0.0.1:{port}/a%20b/file?x=1"),
        kind,
    }
}

fn put(size: usize) -> TransferKind {
    TransferKind::Put {
        headers: vec![("Authorization".to_owned(), "Bearer x".to_owned())],
        bytes: vec![b'.'; size],
    }
}

#[tokio::test]
async fn a_file_is_put_with_the_headers_of_its_slot() {
    let (result, seen) = exchange(
        put(40_000),
        40_000,
        b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    assert_eq!(result.unwrap(), Vec::<u8>::new());
    let (head, body) = seen.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(
        head.starts_with("put /a%20b/file?x=1 http/1.1\r\nhost: 127.0.0.1:"),
        "{head}"
    );
    for line in [
        "content-length: 40000",
        "authorization: bearer x",
        "content-type: application/octet-stream",
    ] {
        assert!(head.contains(line), "{head}");
    }
    assert!(!head.contains("chunked"), "{head}");
    assert_eq!(body.len(), 40_000);
}

#[tokio::test]
async fn a_file_is_fetched_whole_or_not_at_all() {
    let get = |size| TransferKind::Get { size };
    let five = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    let (result, seen) = exchange(get(5), 0, five).await;
    assert_eq!(result.unwrap(), b"hello");
    assert!(seen.starts_with("GET /a%20b/file?x=1 HTTP/1.1\r\n"), "{seen}");
    for size in [4, 6] {
        let (result, _) = exchange(get(size), 0, five).await;
        assert!(matches!(result, Err(HttpError::Size { .. })), "{result:?}");
    }
    let endless = b"HTTP/1.1 200 OK\r\n\r\nhello hello hello hello hello";
    let (result, _) = exchange(get(5), 0, endless).await;
    assert!(
        matches!(result, Err(HttpError::Size { expected: 5 })),
        "{result:?}"
    );
    let cut_off = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel";
    let (result, _) = exchange(get(5), 0, cut_off).await;
    assert!(matches!(result, Err(HttpError::Http(_))), "{result:?}");
}

#[tokio::test]
async fn no_other_answer_counts() {
    for answer in [
        &b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello"[..],
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n\r\nhello",
    ] {
        let (result, _) = exchange(TransferKind::Get { size: 5 }, 0, answer).await;
        assert!(matches!(result, Err(HttpError::Status(_))), "{result:?}");
    }
    let (result, _) = exchange(put(3), 3, b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n").await;
    assert!(matches!(
        result,
        Err(HttpError::Status(StatusCode::PAYLOAD_TOO_LARGE))
    ));
    let (result, _) = exchange(TransferKind::Get { size: 5 }, 0, b"nonsense\r\n\r\n").await;
    assert!(matches!(result, Err(HttpError::Http(_))), "{result:?}");
}

#[tokio::test]
async fn silence_ends_it() {
    let (result, _) = exchange(TransferKind::Get { size: 5 }, 0, b"").await;
    assert!(matches!(result, Err(HttpError::TimedOut(limit)) if limit == QUICK.silence));
}

#[tokio::test]
async fn a_server_that_reads_nothing_is_not_flooded() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let port = listener.local_addr().unwrap().port();
    let accepted = tokio::spawn(async move { listener.accept().await.unwrap().0 });
    let (_, result) = plain().carry_out(transfer(port, put(4_000_000)), |_| ()).await;
    assert!(matches!(result, Err(HttpError::TimedOut(_))), "{result:?}");
    let mut tcp = accepted.await.unwrap();
    let mut sent = Vec::new();
    let _reset = tcp.read_to_end(&mut sent).await;
    assert!(sent.len() <= 64 * 1024, "{} bytes were on their way", sent.len());
}

#[tokio::test]
async fn without_encryption_nobody_is_asked_but_this_computer_and_only_where_that_is_wanted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let get = || TransferKind::Get { size: 5 };
    let encrypted = Http::new(Security::Tls(Trust::Pinned([0; 32])), None);
    let (_, result) = encrypted.clone().carry_out(transfer(port, get()), |_| ()).await;
    assert!(matches!(result, Err(HttpError::PlaintextRefused)), "{result:?}");
    for url in ["http://192.0.2.1/x", "ftp://127.0.0.1/x", "nonsense"] {
        let elsewhere = Transfer {
            url: url.to_owned(),
            ..transfer(port, get())
        };
        let (_, result) = plain().carry_out(elsewhere, |_| ()).await;
        assert!(
            matches!(result, Err(HttpError::PlaintextRefused | HttpError::Address)),
            "{url}: {result:?}"
        );
    }
    assert!(
        timeout(Duration::from_millis(50), listener.accept())
            .await
            .is_err()
    );
}
