//! `lockgate build --embed`: a binary that serves with no file beside it.
use crate::harness::{Client, Dir, binary};
use crate::serve::Serve;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Output};

fn run(binary: &Path, dir: &Dir, arguments: &[&str]) -> Output {
    Command::new(binary).args(arguments).current_dir(dir.path()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Builds `file` into a binary called `name` by `from`.
fn embed(from: &Path, dir: &Dir, file: &str, name: &str) {
    let built = run(from, dir, &["build", file, "--embed", "-o", name]);
    assert!(built.status.success(), "{built:?}");
}

const CODE: &str = "import { word } from './word'; export default (request: Request): Response =>
  new URL(request.url).pathname === '/grow'
  ? new Response('x'.repeat(3 << 20).split('').length) : Response.json({ word, url: request.url })";

#[test]
fn a_binary_that_serves_with_no_file_beside_it() {
    let sources = Dir::new();
    sources.write("hello.ts", CODE);
    sources.write("word.ts", "export const word = 'one';");
    embed(Path::new(binary()), &sources, "hello.ts", "app");
    let app = sources.path().join("app");
    let version = text(&run(&app, &sources, &["--version"]).stdout);
    assert!(version.contains("(build ") && version.contains("embedded: hello.ts, "), "{version}");

    // Its directory has a configuration, which the binary without an image would run.
    let dir = Dir::new();
    dir.write("lockgate.yaml", "version: 2");
    dir.write("public/a.txt", "a file");
    std::fs::rename(&app, dir.path().join("app")).unwrap();
    let app = dir.path().join("app");
    let flags = ["-h", "127.0.0.1", "-n", "2", "--memory", "1m", "--cors", "--static", "public", "-q"];
    let mut serve = Serve::start_binary(dir, &app, &flags, "-p");
    let mut client = Client::connect(serve.address);
    let answer = client.request("GET", "/x", &[], "");
    assert_eq!(answer.text(), r#"{"word":"one","url":"http://test.example/x"}"#);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(client.request("GET", "/static/a.txt", &[], "").text(), "a file");
    assert_eq!(client.request("GET", "/grow", &[], "").status, 500, "over the memory of -m");
    drop(client);
    serve.stop();
    assert_eq!(serve.said("stdout"), "", "-q writes no access log");
    assert!(serve.said("stderr").contains("lockgate: the embedded image on http://"), "{}", serve.said("stderr"));

    // Another image takes the place of the first, and the commands are all there.
    let dir = &serve.dir;
    dir.write("second.js", "export default () => new Response('two')");
    let before = std::fs::metadata(&app).unwrap().len();
    assert!(run(&app, dir, &["build", "second.js", "-o", "second.image"]).status.success());
    embed(&app, dir, "second.image", "app");
    let after = std::fs::metadata(&app).unwrap().len();
    assert!(after.abs_diff(before) < 200_000, "{before} → {after}");
    let version = text(&run(&app, dir, &["-V"]).stdout);
    assert!(version.contains("embedded: second.js, ") && !version.contains("hello.ts"), "{version}");
    assert_eq!(text(&run(&app, dir, &["check", "second.js"]).stdout), "second.js: ok: handler\n");
    assert!(text(&run(&app, dir, &["--help"]).stdout).contains("--cors"));
    assert_eq!(run(&app, dir, &["--config", "lockgate.yaml"]).status.code(), Some(2));

    refuses_what_is_damaged(&app, dir);
}

/// One binary, as copies are large: each damage is undone before the next.
fn refuses_what_is_damaged(app: &Path, dir: &Dir) {
    let length = std::fs::metadata(app).unwrap().len();
    let mut trailer = [0; 24];
    let file = File::open(app).unwrap();
    file.read_exact_at(&mut trailer, length - 24).unwrap();
    let offset = u64::from_le_bytes(trailer[8..16].try_into().unwrap());
    let mut tail = Vec::new();
    (&file).seek(SeekFrom::Start(offset)).unwrap();
    (&file).read_to_end(&mut tail).unwrap();
    drop(file);

    let flipped = |at: usize| {
        let mut tail = tail.clone();
        tail[at] ^= 1;
        tail
    };
    let image = tail.len() - 24;
    let cases = [
        ("a byte of the heap", flipped(image / 2), "its digest does not match"),
        ("its length", flipped(13), "the image is cut short"),
        ("its first byte", flipped(0), "not a Lockgate image"),
        ("half of it", tail[..image / 2].to_vec(), "the image is cut short"),
        ("one byte of it", tail[..1].to_vec(), "the image is cut short"),
        ("no trailer", tail[..image].to_vec(), "the image is cut short"),
    ];
    for (what, bytes, why) in cases {
        let mut file = OpenOptions::new().write(true).open(app).unwrap();
        file.set_len(offset).unwrap();
        file.seek(SeekFrom::Start(offset)).unwrap();
        file.write_all(&bytes).unwrap();
        drop(file);
        let refused = run(app, dir, &["-p", "0"]);
        assert_eq!(refused.status.code(), Some(78), "{what}: {refused:?}");
        assert!(text(&refused.stderr).contains(why), "{what}: {refused:?}");
        let version = text(&run(app, dir, &["--version"]).stdout);
        assert!(version.contains("embedded: refused: ") && version.contains(why), "{what}: {version}");
    }
    // With nothing behind it, the program is what it was: it takes the directory's configuration.
    OpenOptions::new().write(true).open(app).unwrap().set_len(offset).unwrap();
    let plain = run(app, dir, &[]);
    assert!(text(&plain.stderr).contains("lockgate.yaml"), "{plain:?}");
    assert_eq!(std::fs::metadata(binary()).unwrap().len(), offset);
}
