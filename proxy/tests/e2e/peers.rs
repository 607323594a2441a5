//! Programs of others that the gateway meets in the field: nginx as an origin, curl as a client, openssl for certificates.
//! `.ci/run` installs them; a test that misses one fails and says so.
use crate::harness::{Dir, PATIENCE, free_port};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A command of a program that must be there.
fn program(name: &str, package: &str) -> Command {
    let places = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/usr/local/sbin";
    let found = places.split(':').map(|place| Path::new(place).join(name)).find(|path| path.is_file());
    Command::new(found.unwrap_or_else(|| {
        panic!("{name} is not installed, and this test needs it: `apt-get install {package}`, as .ci/run does")
    }))
}

/// Runs curl and returns what it wrote; a transfer that fails fails the test.
pub fn curl(arguments: &[&str]) -> String {
    let output = program("curl", "curl").args(["-sS", "--max-time", "30"]).args(arguments).output().unwrap();
    assert!(output.status.success(), "curl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Makes `NAME.pem`, a certificate authority, and `server.pem` with `server.key`, which it signed for `localhost`.
pub fn certificates(dir: &Dir, name: &str) {
    let openssl = |arguments: &str| {
        let output = program("openssl", "openssl").args(arguments.split(' ')).current_dir(dir.path()).output().unwrap();
        assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {key} -days 2 -subj /CN={name} -keyout {name}.key -out {name}.pem"));
    openssl(&format!("req {key} -subj /CN=localhost -keyout server.key -out server.csr"));
    dir.write("server.ext", "subjectAltName=DNS:localhost\n");
    openssl(&format!(
        "x509 -req -in server.csr -days 2 -CA {name}.pem -CAkey {name}.key -CAcreateserial -extfile server.ext -out server.pem"
    ));
}

/// A running nginx with its directory; it ends with the test.
pub struct Nginx {
    pub dir: Dir,
    pub address: SocketAddr,
    /// The same over TLS, if `server.pem` was in the directory.
    pub tls: SocketAddr,
    child: Child,
}

impl Nginx {
    /// Starts with these directives of the one server, whose files are in `www` below the directory.
    pub fn start(dir: Dir, server: &str) -> Self {
        let [address, tls] = [free_port(), free_port()].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let secure = if dir.path().join("server.pem").exists() {
            format!("listen {tls} ssl; ssl_certificate server.pem; ssl_certificate_key server.key;")
        } else {
            String::new()
        };
        // As root, its worker gives up its rights and could not read the directory.
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
        let user = if is_root { "user root;" } else { "" };
        let scratch: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|what| format!("{what}_temp_path scratch/{what}; "))
            .concat();
        dir.write("scratch/empty", "");
        dir.write(
            "nginx.conf",
            format!(
                "{user} worker_processes 1; pid nginx.pid; error_log error.log; events {{}}
                 http {{ {scratch} client_max_body_size 100m;
                   log_format seen '$request_method $request_uri $status connection=$connection';
                   access_log seen.log seen;
                   server {{ listen {address}; {secure} root www; {server} }} }}"
            ),
        );
        let child = program("nginx", "nginx-light")
            .arg("-p")
            .arg(dir.path())
            .args(["-e", "error.log", "-c", "nginx.conf", "-g", "daemon off;"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut nginx = Self { dir, address, tls, child };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            let gone = nginx.child.try_wait().unwrap();
            assert!(Instant::now() < deadline && gone.is_none(), "nginx does not start: {}", nginx.read("error.log"));
            std::thread::sleep(Duration::from_millis(10));
        }
        nginx
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.dir.path().join(name)).unwrap_or_default()
    }

    /// What it served so far: a line a request.
    pub fn seen(&self) -> Vec<String> {
        self.read("seen.log").lines().map(str::to_owned).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // In order, so that its worker ends too.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
