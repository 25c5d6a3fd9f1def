//! As much HTTP as a scraper needs.

use crate::kept::Kept;
use crate::metrics;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// The longest head of a request that is read, in bytes.
const LONGEST: usize = 8 << 10;

/// How long a client may take to ask, and to take the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The clients that are answered at one time; others wait.
const CLIENTS: usize = 16;

/// Answers scrapers until it is dropped.
pub(crate) async fn serve(listener: TcpListener, kept: Arc<Kept>) {
    let slots = Arc::new(Semaphore::new(CLIENTS));
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let kept = kept.clone();
                tokio::spawn(async move {
                    let _slot = slot;
                    // A client that went away is no matter of ours.
                    let _ = answer(stream, &kept).await;
                });
            }
            // Out of files: others will close theirs.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn answer(mut stream: TcpStream, kept: &Kept) -> io::Result<()> {
    let head = timeout(PATIENCE, head(&mut stream)).await??;
    let mut words = head.split(' ');
    let path = |it: &str| it.split('?').next().unwrap_or_default().to_owned();
    let (method, path) = (words.next().unwrap_or_default(), words.next().map(path));
    let (status, body) = match (method, path.as_deref()) {
        ("GET", Some("/metrics")) => {
            let (seen, age) = kept.reading().await;
            ("200 OK", metrics::text(seen.as_ref(), age))
        }
        ("GET", _) => ("404 Not Found", "the readings are at /metrics\n".into()),
        _ => ("405 Method Not Allowed", "only GET is answered\n".into()),
    };
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    timeout(PATIENCE, stream.write_all((head + &body).as_bytes())).await??;
    stream.shutdown().await
}

/// The head of a request, whole.
async fn head(stream: &mut TcpStream) -> io::Result<String> {
    let (mut bytes, mut part) = (Vec::new(), [0; 1 << 10]);
    while !bytes.windows(4).any(|it| it == b"\r\n\r\n") {
        let many = stream.read(&mut part).await?;
        if many == 0 || bytes.len() + many > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        bytes.extend_from_slice(&part[..many]);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
