// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A TCP proxy that can cut connections, fall silent and count.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the proxy does with its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Bytes pass.
    Pass,
    /// Bytes to the server pass, those from it stay.
    Deaf,
    /// Bytes stay; the connections remain open, as when a cable is pulled.
    Silent,
}

/// A running proxy; dropping it cuts everything.
pub struct Proxy {
    pub port: u16,
    mode: watch::Sender<Mode>,
    epoch: watch::Sender<u32>,
    connections: Arc<AtomicU32>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Starts one before `port`.
    pub async fn start(port: u16) -> Proxy {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let own_port = listener.local_addr().unwrap().port();
        let (mode, mode_receiver) = watch::channel(Mode::Pass);
        let (epoch, epoch_receiver) = watch::channel(0);
        let connections = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                let (mode, mut epoch) = (mode_receiver.clone(), epoch_receiver.clone());
                epoch.mark_unchanged();
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else {
                        return;
                    };
                    let (near_read, near_write) = near.into_split();
                    let (far_read, far_write) = far.into_split();
                    tokio::select! {
                        () = copy(near_read, far_write, mode.clone(), &[Mode::Pass, Mode::Deaf]) => {}
                        () = copy(far_read, near_write, mode, &[Mode::Pass]) => {}
                        _ = epoch.changed() => {}
                    }
                });
            }
        });
        Proxy {
            port: own_port,
            mode,
            epoch,
            connections,
            task,
        }
    }

    /// Closes all connections. New ones are taken.
    pub fn cut(&self) {
        self.epoch.send_modify(|epoch| *epoch += 1);
    }

    /// Changes what happens to bytes.
    pub fn set_mode(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u32 {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
        self.task.abort();
    }
}

async fn copy(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut mode: watch::Receiver<Mode>,
    passing: &[Mode],
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count) = from.read(&mut buffer).await {
        if mode.wait_for(|mode| passing.contains(mode)).await.is_err() || count == 0 {
            return;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
