//! Starts of processes: the gateway to its first answer, from a source of at least 8,000 statements, from its image and
//! from a binary with that image in it, beside Pingora without it; compiling that source beside oxc's own share; `lockgate exec` beside `/bin/true`.
//!
//! `cargo run --release -p lockgate-benches --bin start`: minima of interleaved rounds, so that other load cancels out.
#![forbid(unsafe_code)]
use lockgate_benches::binaries::{self, Binaries};
use lockgate_benches::client::Client;
use lockgate_benches::generated;
use lockgate_benches::server::{Server, free_port};
use lockgate_engine::compile::{NoLoader, Options, SourceFile, compile};
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// The gateway's, so that compiling costs here what it costs there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 40;
/// Nothing may take longer.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("start: {why}");
            ExitCode::from(2)
        }
    }
}

/// Measures all; whether every bar is met.
fn run() -> Result<bool, String> {
    let scratch = std::env::temp_dir().join(format!("start-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let measured = measure(&binaries::build()?, &scratch);
    // A directory of our own that stays behind is only clutter.
    let _ = std::fs::remove_dir_all(&scratch);
    measured
}

fn measure(binaries: &Binaries, scratch: &Path) -> Result<bool, String> {
    let text = generated::script();
    let [source, image, embedded, empty] = ["app.js", "app.image", "app", "empty.js"].map(|name| scratch.join(name));
    for (file, text) in [(&source, &*text), (&empty, "")] {
        std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    for (output, flag) in [(&image, None), (&embedded, Some("--embed"))] {
        let mut build = Command::new(&binaries.lockgate);
        build.arg("build").arg(&source).args(flag).arg("-o").arg(output).stdout(Stdio::null());
        if !build.status().is_ok_and(|status| status.success()) {
            return Err(format!("{} cannot be built", output.display()));
        }
    }
    let serve = |file: &Path, port: u16| {
        let mut command = Command::new(&binaries.lockgate);
        command.args(["serve", "-q", "-p", &port.to_string()]).arg(file);
        command
    };
    let serve_itself = |port: u16| {
        let mut command = Command::new(&embedded);
        command.args(["-q", "-p", &port.to_string()]);
        command
    };
    let bare = |port: u16| {
        let mut command = Command::new(&binaries.bare);
        command.args(["constant", &port.to_string()]);
        command
    };
    let [bare, from_image, from_binary, from_source, nothing, exec, compiled, front_end] = minima([
        &|| first_answer(bare),
        &|| first_answer(|port| serve(&image, port)),
        &|| first_answer(serve_itself),
        &|| first_answer(|port| serve(&source, port)),
        &|| lifetime(&mut Command::new("/bin/true")),
        &|| lifetime(Command::new(&binaries.lockgate).arg("exec").arg(&empty)),
        &|| compile_whole(&text),
        &|| parse_and_check(&text),
    ])?;
    println!(
        "{} statements, {} KiB; minima of {ROUNDS} interleaved rounds, ms",
        generated::STATEMENTS,
        text.len() / 1024
    );
    let met = [
        row("compile, against 3 x oxc's parse and semantic", compiled, front_end * 3),
        row("first 200 from the image, against bare + 2", from_image, bare + SLACK),
        row("first 200 from an embedded image, against bare + 1", from_binary, bare + EMBEDDED_SLACK),
        row("exec of an empty script, against /bin/true + 2", exec, nothing + SLACK),
    ];
    for (what, took) in [
        ("oxc's parse and semantic", front_end),
        ("bare Pingora's first 200", bare),
        ("first 200 from the source", from_source),
        ("/bin/true", nothing),
    ] {
        println!("{what:<51} {:>8.2}", millis(took));
    }
    Ok(met.iter().all(|&met| met))
}

/// What a start may take beyond its peer's.
const SLACK: Duration = Duration::from_millis(2);
/// What that of an embedded image may take.
const EMBEDDED_SLACK: Duration = Duration::from_millis(1);

fn row(what: &str, took: Duration, bar: Duration) -> bool {
    println!("{what:<51} {:>8.2}   bar {:>6.2}", millis(took), millis(bar));
    took <= bar
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

/// The shortest time of each probe over interleaved rounds.
fn minima<const N: usize>(probes: [&dyn Fn() -> Result<Duration, String>; N]) -> Result<[Duration; N], String> {
    let mut best = [Duration::MAX; N];
    for _ in 0..ROUNDS {
        for (best, probe) in best.iter_mut().zip(probes) {
            *best = probe()?.min(*best);
        }
    }
    Ok(best)
}

/// From the start of the process to the end of its first answer.
fn first_answer(command: impl FnOnce(u16) -> Command) -> Result<Duration, String> {
    let port = free_port()?;
    let command = command(port);
    let started = Instant::now();
    let server = Server::spawn(command, port)?;
    while Client::connect(port, "/").and_then(|mut client| client.ask().map(drop)).is_err() {
        if started.elapsed() > PATIENCE {
            return Err("a server gives no first answer".to_owned());
        }
        // Short enough not to matter, long enough to leave the processor to the server.
        std::thread::sleep(Duration::from_micros(20));
    }
    let took = started.elapsed();
    server.end()?;
    Ok(took)
}

/// From the start of the process to its end.
fn lifetime(command: &mut Command) -> Result<Duration, String> {
    let started = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    let took = started.elapsed();
    if status.is_ok_and(|status| status.success()) { Ok(took) } else { Err(format!("{command:?} failed")) }
}

fn compile_whole(text: &str) -> Result<Duration, String> {
    let file = SourceFile { name: "app.js".to_owned(), text: text.to_owned() };
    let started = Instant::now();
    let module = compile(file, &Options::default(), &mut NoLoader).map_err(|errors| errors.to_string())?;
    let took = started.elapsed();
    black_box(module);
    Ok(took)
}

/// What no compiler over oxc can do without.
fn parse_and_check(text: &str) -> Result<Duration, String> {
    let started = Instant::now();
    let arena = Allocator::default();
    let parsed = Parser::new(&arena, text, SourceType::mjs()).parse();
    let semantic = SemanticBuilder::new_compiler().build(&parsed.program);
    let took = started.elapsed();
    let clean = parsed.diagnostics.is_empty() && semantic.diagnostics.is_empty();
    black_box(semantic);
    if clean { Ok(took) } else { Err("the generated script is not clean".to_owned()) }
}
