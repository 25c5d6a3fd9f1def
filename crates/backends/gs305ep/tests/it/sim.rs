//! The program that serves the simulated switch.

use crate::fake::rig::Client;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The program, and the first line that it says; it ends with the test.
async fn started(arguments: &[&str], password: Option<&str>) -> (Child, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gs305ep-sim"));
    command.args(arguments).stdout(Stdio::piped()).kill_on_drop(true);
    command.env_remove("GS305EP_SIM_PASSWORD");
    command.envs(password.map(|it| ("GS305EP_SIM_PASSWORD", it)));
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = tokio::time::timeout(Duration::from_secs(60), lines.next_line()).await;
    (child, line.unwrap().unwrap().unwrap_or_default())
}

fn client(line: &str) -> Client {
    let address = line.strip_prefix("http://").unwrap().trim_end_matches('/');
    Client { address: address.parse().unwrap(), sid: None }
}

#[tokio::test]
async fn it_says_where_it_listens_and_writes_the_port_to_a_file() {
    let folder = std::env::temp_dir().join(format!("gs305ep-sim-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("port");
    let (_child, line) = started(&["--port-file", file.to_str().unwrap()], None).await;
    let mut client = client(&line);
    for _ in 0..500 {
        if file.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let port = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(port.trim(), client.address.port().to_string());
    client.log_in("Password1").await;
    let page = client.get("/getPoePortStatus.cgi").await;
    assert_eq!(page.matches("<span>Delivering Power</span>").count(), 3);
}

#[tokio::test]
async fn its_password_comes_from_a_file_the_environment_or_the_arguments() {
    let folder = std::env::temp_dir().join(format!("gs305ep-sim-password-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("password");
    std::fs::write(&file, "from a file\n").unwrap();
    let from_file = ["--password-file", file.to_str().unwrap(), "--model", "gs308epp"];
    let started_with: [(&[&str], _, _); 3] = [
        (&from_file, None, "from a file"),
        (&[], Some("from outside"), "from outside"),
        (&["--password", "given", "--sessions", "2"], Some("from outside"), "given"),
    ];
    for (arguments, variable, password) in started_with {
        let (_child, line) = started(arguments, variable).await;
        let mut client = client(&line);
        client.log_in("Password1").await;
        assert_eq!(client.sid, None);
        client.log_in(password).await;
        assert!(client.sid.is_some(), "{password}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_model_that_does_not_exist_is_refused() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gs305ep-sim"));
    let output = command.args(["--model", "GS999"]).output().await.unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("GS305EP, GS305EPP, GS308EP, GS308EPP"), "{said}");
}
