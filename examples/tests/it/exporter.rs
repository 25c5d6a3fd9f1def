//! The exporter: what it serves is what Prometheus reads, and the switch is asked no more often than it may be.

use crate::desk::Desk;
use crate::program::arg;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// The program, until the test ends.
struct Exporter {
    child: Child,
    address: String,
}

impl Drop for Exporter {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Exporter {
    fn new(desk: &Desk, password: &str, every: &str) -> Self {
        let password = desk.write("for-exporter", password);
        let mut command = Command::new(env!("CARGO_BIN_EXE_poe-exporter"));
        command.args(["--address", &desk.address(), "--model", "GS305EP", "--pace", "0ms"]);
        command.args(["--password-file", arg(&password), "--every", every]);
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("start the program");
        let mut line = String::new();
        let out = child.stdout.take().expect("its standard output");
        BufReader::new(out).read_line(&mut line).expect("see it listen");
        let address =
            line.trim().strip_prefix("http://").and_then(|it| it.strip_suffix("/metrics"));
        let address = address.expect("an address").to_owned();
        Self { child, address }
    }

    /// The status line and the body.
    fn ask(&self, request: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("connect");
        stream.write_all(format!("{request}\r\nHost: x\r\n\r\n").as_bytes()).expect("ask");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head.lines().next().unwrap_or_default().into(), body.into())
    }

    fn scrape(&self) -> Samples {
        let (status, body) = self.ask("GET /metrics HTTP/1.1");
        assert_eq!(status, "HTTP/1.1 200 OK");
        parsed(&body).unwrap_or_else(|why| panic!("{why}\n{body}"))
    }
}

type Samples = BTreeMap<(String, BTreeMap<String, String>), f64>;

/// A strict reader of the text format 0.0.4: every family has its help and its kind, comes in one piece, and no sample
/// comes twice.
fn parsed(body: &str) -> Result<Samples, String> {
    let (mut samples, mut families) = (Samples::new(), BTreeSet::new());
    let (mut helped, mut kind) = (String::new(), (String::new(), String::new()));
    if !body.ends_with('\n') {
        return Err("the last line does not end".into());
    }
    for line in body.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            helped = help.split_once(' ').ok_or(line)?.0.into();
        } else if let Some(typed) = line.strip_prefix("# TYPE ") {
            let (name, it) = typed.split_once(' ').ok_or(line)?;
            let known = ["counter", "gauge"].contains(&it) && name == helped;
            if !known || !families.insert(name.to_owned()) {
                return Err(format!("no sound family: {line}"));
            }
            kind = (name.into(), it.into());
        } else {
            let (sample, value) = sample(line)?;
            let counts = kind.1 == "counter";
            if sample.0 != kind.0 || counts != sample.0.ends_with("_total") {
                return Err(format!("not of its family: {line}"));
            }
            if samples.insert(sample, value).is_some() {
                return Err(format!("twice: {line}"));
            }
        }
    }
    Ok(samples)
}

type Sample = ((String, BTreeMap<String, String>), f64);

fn sample(line: &str) -> Result<Sample, String> {
    let wrong = || format!("no sample: {line}");
    let end = line.find(['{', ' ']).ok_or_else(wrong)?;
    let (name, mut rest) = line.split_at(end);
    let sound = |it: &str| {
        it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
            && it.starts_with(|it: char| it.is_ascii_alphabetic())
    };
    let mut labels = BTreeMap::new();
    while let Some(more) = rest.strip_prefix(['{', ',']) {
        let (label, quoted) = more.split_once("=\"").ok_or_else(wrong)?;
        let (value, left) = unquoted(quoted).ok_or_else(wrong)?;
        if !sound(label) || labels.insert(label.to_owned(), value).is_some() {
            return Err(wrong());
        }
        rest = left;
    }
    let rest = rest.strip_prefix('}').unwrap_or(rest);
    let value = rest.strip_prefix(' ').and_then(|it| it.parse().ok()).ok_or_else(wrong)?;
    if sound(name) { Ok(((name.to_owned(), labels), value)) } else { Err(wrong()) }
}

/// A value up to its closing quote, and what follows.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let (mut value, mut chars) = (String::new(), text.char_indices());
    while let Some((at, it)) = chars.next() {
        match it {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(match chars.next()?.1 {
                'n' => '\n',
                it @ ('\\' | '"') => it,
                _ => return None,
            }),
            it => value.push(it),
        }
    }
    None
}

fn value(samples: &Samples, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let labels = labels.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
    samples.get(&(name.to_owned(), labels)).copied()
}

#[test]
fn the_reader_of_this_test_refuses_what_prometheus_would() {
    let head = "# HELP a it\n# TYPE a gauge\n";
    assert!(parsed(&format!("{head}a{{b=\"c\\\"\\n\"}} 1.5\na 2\n")).is_ok());
    for wrong in ["a 1\na 1\n", "b 1\n", "a{b=\"c} 1\n", "a{b=\"\\x\"} 1\n", "a one\n", "a 1"] {
        assert!(parsed(&format!("{head}{wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn a_switch_is_scraped_and_what_is_said_is_so() {
    let desk = Desk::new("exporter");
    let exporter = Exporter::new(&desk, "Password1", "1h");
    let seen = exporter.scrape();
    assert_eq!(value(&seen, "rackberry_switch_up", &[]), Some(1.0));
    assert_eq!(value(&seen, "rackberry_poe_budget_watts", &[]), Some(63.0));
    assert_eq!(value(&seen, "rackberry_port_link_up", &[("port", "4")]), Some(0.0));
    assert_eq!(value(&seen, "rackberry_port_link_bits_per_second", &[("port", "1")]), Some(1e9));
    assert_eq!(value(&seen, "rackberry_port_receive_errors_total", &[("port", "1")]), Some(0.0));
    assert_eq!(value(&seen, "rackberry_port_info", &[("name", "pi1"), ("port", "1")]), Some(1.0));
    assert_eq!(value(&seen, "rackberry_port_power_watts", &[("port", "5")]), None);
    let ports = ["1", "2", "3", "4"].map(|it| [("port", it)]);
    let watts = ports.iter().map(|it| value(&seen, "rackberry_port_power_watts", it).unwrap());
    let all = value(&seen, "rackberry_poe_measured_watts", &[]).unwrap();
    assert!(all > 10.0 && (watts.sum::<f64>() - all).abs() < 0.01, "{seen:?}");
    assert!(desk.is_free());
}

#[test]
fn a_scrape_soon_after_another_gets_the_same_reading() {
    let desk = Desk::new("exporter-kept");
    let exporter = Exporter::new(&desk, "Password1", "1h");
    let first = exporter.scrape();
    let asked = desk.served.requests();
    let second = exporter.scrape();
    assert_eq!(desk.served.requests(), asked);
    let age = |it: &Samples| value(it, "rackberry_switch_reading_age_seconds", &[]).unwrap();
    assert!(age(&second) >= age(&first));
    let eager = Exporter::new(&desk, "Password1", "0s");
    eager.scrape();
    eager.scrape();
    assert!(desk.served.requests() >= 2 * asked, "each of these is a reading of its own");
}

#[test]
fn a_refused_password_is_not_tried_again() {
    let desk = Desk::new("exporter-password");
    let exporter = Exporter::new(&desk, "hunter2", "0s");
    for _ in 0..3 {
        let seen = exporter.scrape();
        assert_eq!(value(&seen, "rackberry_switch_up", &[]), Some(0.0));
        assert_eq!(seen.len(), 2, "{seen:?}");
    }
    let logins = desk.served.journal().into_iter().filter(|it| it.method == "POST").count();
    assert_eq!(logins, 1);
}

#[test]
fn what_is_no_scrape_asks_nothing_of_the_switch() {
    let desk = Desk::new("exporter-other");
    let exporter = Exporter::new(&desk, "Password1", "0s");
    assert_eq!(exporter.ask("GET / HTTP/1.1").0, "HTTP/1.1 404 Not Found");
    assert_eq!(exporter.ask("POST /metrics HTTP/1.1").0, "HTTP/1.1 405 Method Not Allowed");
    let mut stream = TcpStream::connect(&exporter.address).expect("connect");
    // It may hang up before all of it is written.
    let _ = stream.write_all(&[b'x'; 1 << 16]);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.is_empty());
    assert!(desk.served.journal().is_empty());
}
