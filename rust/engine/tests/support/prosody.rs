// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! A private Prosody with a certificate authority of its own.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

/// Time for Prosody to listen; it takes 60 ms on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(20);
/// Time for Prosody to end after SIGTERM.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// A running Prosody for the domain `localhost`. Dropping it ends it and removes its folder.
pub struct Prosody {
    folder: tempfile::TempDir,
    child: Option<Child>,
    /// The port for STARTTLS.
    pub port: u16,
    /// The port for direct TLS.
    pub direct_port: u16,
}

impl Prosody {
    /// Starts one with these users; each password is the name with `-password` behind it.
    pub fn start(users: &[&str]) -> Prosody {
        Prosody::start_with(users, "")
    }

    /// The same with more lines for the configuration.
    pub fn start_with(users: &[&str], more: &str) -> Prosody {
        Prosody::start_named(users, more, "localhost")
    }

    /// The same with a certificate for another name.
    pub fn start_named(users: &[&str], more: &str, name: &str) -> Prosody {
        Prosody::start_for(users, more, "localhost", name)
    }

    /// The same for another domain.
    pub fn start_domain(users: &[&str], domain: &str) -> Prosody {
        Prosody::start_for(users, "", domain, domain)
    }

    fn start_for(users: &[&str], more: &str, domain: &str, name: &str) -> Prosody {
        let found = Command::new("prosodyctl")
            .arg("--help")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(
            found.is_ok(),
            "Prosody is not installed here. Run the tests by `./dev test`, which provides it"
        );
        let folder = tempfile::tempdir().unwrap();
        let mut prosody = Prosody {
            folder,
            child: None,
            port: free_port(),
            direct_port: free_port(),
        };
        std::fs::create_dir(prosody.path("data")).unwrap();
        prosody.make_certificates(name);
        std::fs::write(prosody.config(), prosody.configuration(more, domain)).unwrap();
        for user in users {
            run(Command::new("prosodyctl")
                .arg("--config")
                .arg(prosody.config())
                .args(["register", user, domain, &password(user)]));
        }
        prosody.launch();
        prosody
    }

    /// Starts it again after [`Prosody::kill`] or [`Prosody::stop`], on the same ports with the same data.
    pub fn launch(&mut self) {
        let mut child = Command::new("prosody")
            .args(["-F", "--config"])
            .arg(self.config())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while [self.port, self.direct_port]
            .iter()
            .any(|port| std::net::TcpStream::connect(("127.0.0.1", *port)).is_err())
        {
            if let Some(status) = child.try_wait().unwrap() {
                panic!("Prosody ended with {status}:\n{}", self.log());
            }
            if started.elapsed() > START_LIMIT {
                let _ended = child.kill();
                panic!("Prosody does not listen:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child = Some(child);
    }

    /// Ends it at once by SIGKILL, as a power cut would.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Ends it by SIGTERM.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        let _sent = Command::new("sh")
            .args(["-c", &format!("kill -TERM {}", child.id())])
            .status();
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if started.elapsed() > STOP_LIMIT {
                child.kill().unwrap();
                child.wait().unwrap();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The certificate of the authority that signed the server's.
    pub fn ca_file(&self) -> PathBuf {
        self.path("ca.crt")
    }

    /// SHA-256 of the server's certificate.
    pub fn fingerprint(&self) -> [u8; 32] {
        let der = self.path("localhost.der");
        run(Command::new("openssl")
            .args(["x509", "-outform", "DER", "-in"])
            .arg(self.path("localhost.crt"))
            .arg("-out")
            .arg(&der));
        Sha256::digest(std::fs::read(der).unwrap()).into()
    }

    /// What Prosody logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// All that the server keeps of this user, as one text.
    pub fn stored(&self) -> String {
        let mut text = String::new();
        collect(&self.path("data"), &mut text);
        text
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self) -> PathBuf {
        self.path("prosody.cfg.lua")
    }

    fn configuration(&self, more: &str, domain: &str) -> String {
        let mut text = String::new();
        let folder = self.folder.path().display();
        let (port, direct_port) = (self.port, self.direct_port);
        write!(
            text,
            r#"pidfile = "{folder}/pid"
data_path = "{folder}/data"
certificates = "{folder}"
admin_socket = "{folder}/admin"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{ {direct_port} }}
s2s_ports = {{}}
s2s_direct_tls_ports = {{}}
http_ports = {{}}
https_ports = {{}}
run_as_root = true
storage = "internal"
authentication = "internal_hashed"
modules_enabled = {{ "disco", "roster", "saslauth", "tls", "blocklist", "carbons", "pep", "private", "smacks", "csi_simple", "mam", "ping", "offline" }}
modules_disabled = {{ "s2s" }}
c2s_require_encryption = true
log = {{ {{ levels = {{ min = "debug" }}, to = "file", filename = "{folder}/log" }} }}
{more}
VirtualHost "{domain}"
    ssl = {{ key = "{folder}/localhost.key", certificate = "{folder}/localhost.crt" }}
"#
        )
        .unwrap();
        text
    }

    fn make_certificates(&self, name: &str) {
        let new_key = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ];
        run(Command::new("openssl")
            .args(["req", "-x509", "-subj", "/CN=Test authority"])
            .args(new_key)
            .arg("-keyout")
            .arg(self.path("ca.key"))
            .arg("-out")
            .arg(self.ca_file()));
        run(Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-subj",
                "/CN=localhost",
                "-addext",
                &format!("subjectAltName=DNS:{name}"),
            ])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(new_key)
            .arg("-CA")
            .arg(self.ca_file())
            .arg("-CAkey")
            .arg(self.path("ca.key"))
            .arg("-keyout")
            .arg(self.path("localhost.key"))
            .arg("-out")
            .arg(self.path("localhost.crt")));
    }
}

impl Drop for Prosody {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("Prosody's log:\n{}", self.log());
        }
        self.stop();
    }
}

/// The password of a test user.
pub fn password(user: &str) -> String {
    format!("{user}-password")
}

/// A port that nothing listens on.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn collect(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, text);
        } else {
            text.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
        }
    }
}
