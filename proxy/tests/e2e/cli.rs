//! Exit statuses and what the command line says.
use crate::harness::{Dir, binary, free_port};
use std::process::{Command, Output};

fn lockgate(dir: &Dir, arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).current_dir(dir.path()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn help_version_and_usage() {
    let dir = Dir::new();
    let help = lockgate(&dir, &["--help"]);
    assert!(help.status.success() && text(&help.stdout).contains("Examples:"));
    for command in ["run", "serve", "check", "explain", "build", "exec"] {
        assert!(lockgate(&dir, &[command, "--help"]).status.success(), "{command}");
    }
    for flag in ["--version", "-V"] {
        let version = lockgate(&dir, &[flag]);
        assert!(version.status.success() && text(&version.stdout).contains("(build "), "{version:?}");
    }
    for wrong in [&["--no-such-flag"][..], &["serve"], &["build", "a.js"], &["exec", "a.js", "--jit=sometimes"]] {
        assert_eq!(lockgate(&dir, wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_file_in_place_of_a_command_is_told_its_command() {
    let dir = Dir::new();
    for (word, hint) in [("hello.ts", "lockgate serve hello.ts"), ("edge.yaml", "lockgate run --config edge.yaml")] {
        let output = lockgate(&dir, &[word]);
        assert!(output.status.code() == Some(2) && text(&output.stderr).contains(hint), "{output:?}");
    }
    // Lines of the help fit into a terminal.
    let help = text(&lockgate(&dir, &["--help"]).stdout);
    let examples = help.split("Examples:").nth(1).unwrap().split("Exit status").next().unwrap();
    assert!(examples.lines().all(|line| line.is_empty() || line.starts_with("  lockgate")), "{examples}");
}

#[test]
fn a_refused_configuration_is_78() {
    let dir = Dir::new();
    dir.write("broken.yaml", "version: 1\nroutes: [");
    dir.write("empty-listeners.yaml", "version: 1\nlisteners: [{ address: nowhere }]\nroutes: []\n");
    for file in ["broken.yaml", "empty-listeners.yaml", "absent.yaml"] {
        for arguments in [&["run", "--config", file][..], &["check", file]] {
            let output = lockgate(&dir, arguments);
            assert_eq!(output.status.code(), Some(78), "{arguments:?}");
            assert!(text(&output.stderr).contains(file), "{}", text(&output.stderr));
        }
    }
}

#[test]
fn a_port_in_use_is_named() {
    let dir = Dir::new();
    let taken = std::net::TcpListener::bind(("127.0.0.1", free_port())).unwrap();
    let address = taken.local_addr().unwrap();
    dir.write(
        "lockgate.yaml",
        format!("version: 1\nlisteners: [{{ address: \"{address}\" }}]\nroutes: [{{ match: {{ path: \"/*\" }}, static: {{ dir: . }} }}]\n"),
    );
    let refused = || {
        let output = lockgate(&dir, &[]);
        assert_eq!(output.status.code(), Some(78));
        assert!(text(&output.stderr).contains(&format!("cannot listen on {address}: the port is in use")));
    };
    refused();
    drop(taken);
    // Nor does it share the port with a process that would share it.
    let sharing = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    sharing.set_reuse_address(true).unwrap();
    sharing.set_reuse_port(true).unwrap();
    sharing.bind(&address.into()).unwrap();
    sharing.listen(1).unwrap();
    refused();
}

#[test]
fn check_says_ok() {
    let dir = Dir::new();
    dir.write(
        "edge.yaml",
        "version: 1\nlisteners: [{ address: \"127.0.0.1:8080\" }]\nroutes: [{ match: { path: \"/*\" }, static: { dir: . } }]\n",
    );
    let output = lockgate(&dir, &["check", "edge.yaml"]);
    assert!(output.status.success());
    assert_eq!(text(&output.stdout), "edge.yaml: ok: 1 listeners, 1 routes, 0 upstreams, 0 scripts\n");
    let output = lockgate(&dir, &["check", "edge.yaml", "--format=json"]);
    assert!(text(&output.stdout).contains("\"mistakes\":[]"));
    dir.write("wrong.yaml", "version: 1\nlisteners: [{ address: \"127.0.0.1:8080\" }]\nroutes: []\nrouts: 1\n");
    let output = lockgate(&dir, &["check", "wrong.yaml", "--format=json"]);
    assert_eq!(output.status.code(), Some(78));
    assert!(text(&output.stdout).contains("\"line\":4"), "{}", text(&output.stdout));
}

#[test]
fn explain_writes_what_holds() {
    let dir = Dir::new();
    dir.write("a.js", "export default () => 'a'");
    dir.write(
        "edge.yaml",
        "version: 1\nlisteners: [{ address: 127.0.0.1:8080 }]\nroutes: [{ match: { path: /* }, handler: { script: a.js, limits: { cpu: 20ms } } }]\n",
    );
    let output = lockgate(&dir, &["explain", "edge.yaml"]);
    let explained = text(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(explained.contains("        cpu: 20ms\n        wall: 30s # default\n"), "{explained}");
    dir.write("explained.yaml", &explained);
    let check = lockgate(&dir, &["check", "explained.yaml"]);
    assert!(check.status.success() && text(&check.stdout).contains("1 routes"), "{check:?}");
    dir.write("broken.yaml", "version: 2");
    assert_eq!(lockgate(&dir, &["explain", "broken.yaml"]).status.code(), Some(78));
}
