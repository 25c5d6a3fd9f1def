//! A backend of your own, whole: the outlets of NETIO power strips, over their line protocol (KSHELL, TCP 1234).
//! The strip is played by a task on 127.0.0.1; `laws.rs` holds the backend to the laws of its trait.
//! `cargo run --bin write-a-backend`

#[cfg(test)]
mod laws;

use rackberry::core::{Error, ErrorKind, Milliwatts, Power, PowerCtl, Result};
use secrecy::{ExposeSecret, SecretString};
use std::io::{self, ErrorKind as Io};
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One outlet of a strip. What is secret keeps itself out of `Debug`.
#[derive(Debug)]
struct NetioOutlet {
    strip: SocketAddr,
    password: SecretString,
    number: u8,
}

/// What a line means. A code that says why the strip declined is an answer: nothing has changed. One that nobody
/// understands is a doubt.
fn read(doing: &str, line: &str) -> Result<String> {
    let (code, text) = line.trim_end().split_once(' ').unwrap_or((line, ""));
    let kind = match code {
        "100" | "250" => return Ok(text.into()),
        "501" => ErrorKind::NotFound, // Of what is sent, only the number of the outlet can be wrong.
        "500" | "502" => ErrorKind::Invalid,
        "503" | "505" => ErrorKind::Denied,
        "507" => ErrorKind::Refused, // Too many connections: it may work later.
        _ => ErrorKind::Protocol,
    };
    Err(Error::new(kind, doing).because(format!("{line:?}")))
}

/// A connection that breaks is a doubt: the order may have arrived, and only its answer was lost.
fn lost(doing: &str) -> impl Fn(io::Error) -> Error {
    move |it| {
        let garbled = it.kind() == Io::InvalidData;
        let kind = if garbled { ErrorKind::Protocol } else { ErrorKind::Unreachable };
        Error::new(kind, doing).because(it)
    }
}

async fn line(strip: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    strip.take(128).read_line(&mut line).await?;
    // A line that breaks off is none: `250 1` may have been going to be `250 11`.
    if line.ends_with('\n') { Ok(line) } else { Err(Io::UnexpectedEof.into()) }
}

impl NetioOutlet {
    /// Logs in and says one line, once. Whoever calls knows how long to wait and whether to try again.
    async fn ask(&self, doing: &str, order: &str) -> Result<String> {
        let connected = TcpStream::connect(self.strip).await.map_err(lost(doing))?;
        let mut strip = BufReader::new(connected);
        read(doing, &line(&mut strip).await.map_err(lost(doing))?)?;
        let login = format!("login admin {}", self.password.expose_secret());
        let mut answer = String::new();
        for said in [&login, order] {
            strip.write_all(format!("{said}\r\n").as_bytes()).await.map_err(lost(doing))?;
            answer = read(doing, &line(&mut strip).await.map_err(lost(doing))?)?;
        }
        Ok(answer)
    }
}

#[async_trait::async_trait]
impl PowerCtl for NetioOutlet {
    async fn power(&self) -> Result<Power> {
        match self.ask("read an outlet", &format!("port {}", self.number)).await?.as_str() {
            "0" => Ok(Power::Off),
            "1" => Ok(Power::On),
            _ => Err(Error::new(ErrorKind::Protocol, "read an outlet")), // Never a guess.
        }
    }

    async fn set_power(&self, power: Power) -> Result<()> {
        // The strip has a word that interrupts the power for a while, too; said twice, it would do so twice.
        let order = format!("port {} {}", self.number, u8::from(power == Power::On));
        match self.ask("switch an outlet", &order).await?.as_str() {
            "OK" => Ok(()),
            _ => Err(Error::new(ErrorKind::Protocol, "switch an outlet")),
        }
    }

    async fn draw(&self) -> Result<Option<Milliwatts>> {
        Ok(None) // This protocol does not measure.
    }
}

/// A strip on 127.0.0.1, which answers orders as `obey` says, or hangs up.
async fn strip(
    mut obey: impl FnMut(&str) -> Option<String> + Send + 'static,
) -> io::Result<SocketAddr> {
    let door = TcpListener::bind("127.0.0.1:0").await?;
    let address = door.local_addr();
    tokio::spawn(async move {
        while let Ok((guest, _)) = door.accept().await {
            let _ = serve(BufReader::new(guest), &mut obey).await;
        }
    });
    address
}

async fn serve(
    mut guest: BufReader<TcpStream>,
    obey: &mut (impl FnMut(&str) -> Option<String> + Send),
) -> io::Result<()> {
    guest.write_all(b"100 HELLO 5EED5EED - KSHELL V1.2\r\n").await?;
    let known = line(&mut guest).await? == "login admin sesame\r\n";
    guest.write_all(if known { b"250 OK\r\n" } else { b"503 INVALID LOGIN\r\n" }).await?;
    let Some(answer) = obey(line(&mut guest).await?.trim_end()) else { return Ok(()) };
    guest.write_all(format!("{answer}\r\n").as_bytes()).await
}

/// Four outlets, of which one is switched as `switch` says: from what it was and what is ordered.
fn four(switch: fn(bool, bool) -> bool) -> impl FnMut(&str) -> Option<String> + Send {
    let mut on = [false; 4];
    move |order| {
        let words: Vec<&str> = order.split(' ').collect();
        let number = words.get(1).and_then(|it| it.parse::<usize>().ok()).unwrap_or(0);
        Some(match (on.get_mut(number.wrapping_sub(1)), words.get(2)) {
            (None, _) => "501 INVALID PARAMETR".into(),
            (Some(is), None) => format!("250 {}", u8::from(*is)),
            (Some(is), Some(to)) => {
                *is = switch(*is, *to == "1");
                "250 OK".into()
            }
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let strip = strip(four(|_, to| to)).await?;
    for (number, password) in [(1, "sesame"), (9, "sesame"), (1, "guessed")] {
        let outlet = NetioOutlet { strip, password: password.into(), number };
        let told = outlet.set_power(Power::On).await.map_err(|it| it.kind());
        let seen = outlet.power().await.map_err(|it| it.kind());
        println!("outlet {number}, password {password:?}: told {told:?}, seen {seen:?}");
    }
    Ok(())
}
