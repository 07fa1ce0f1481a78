// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A connection that counts what goes through it, so that silence is noticed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub(super) struct Counted<P> {
    pipe: P,
    moved: Arc<AtomicU64>,
}

impl<P> Counted<P> {
    /// Adds the bytes of both directions to `moved`.
    pub(super) fn new(pipe: P, moved: Arc<AtomicU64>) -> Counted<P> {
        Counted { pipe, moved }
    }

    fn add(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.moved.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl<P: AsyncRead + Unpin> AsyncRead for Counted<P> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.pipe).poll_read(context, buffer))?;
        self.add(buffer.filled().len().saturating_sub(before));
        Poll::Ready(Ok(()))
    }
}

impl<P: AsyncWrite + Unpin> AsyncWrite for Counted<P> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let count = ready!(Pin::new(&mut self.pipe).poll_write(context, bytes))?;
        self.add(count);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(context)
    }
}
