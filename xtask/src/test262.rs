//! The public conformance suite, run beside the project: never part of it.
//!
//! The parent hands lists of files to child processes, so that a crash costs one test and is counted as one; a test that uses
//! more than its CPU limit counts as a failure named `hang`.
use lockgate_engine::builtins::spec::{ClassSpec, Embedding, Row};
use lockgate_engine::compile::{FsLoader, Goal, Options, SourceFile, compile};
use lockgate_engine::engine::print;
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::image::{FaultKind, Image, Runtime, Stage};
use lockgate_engine::limits::{Limits, Termination};
use lockgate_engine::link;
use lockgate_engine::runtime::ConsoleSink;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

static EMBEDDING: Embedding =
    Embedding { name: "test262", classes: &[&GLOBALS], install: |_| Ok(()), before_seal: |_| Ok(()) };
static GLOBALS: ClassSpec = ClassSpec::globals(&[Row::method("print", 0, print)]);

/// What the suite expects of a host, as far as a single realm without agents has it.
const HOST: &str = "var $262 = { global: globalThis, gc() {}, detachArrayBuffer(b) { if (!b.detached) b.transfer(); }, \
    createRealm() { throw new Error('no second realm'); }, evalScript() { throw new Error('no evalScript'); }, \
    AbstractModuleSource: function () { throw new TypeError(); }, \
    agent: { start() { throw new Error('no agents'); }, broadcast() {}, getReport() { return null; }, sleep() {}, monotonicNow() { return performance.now(); } } };\n";

/// Runs the suite.
pub fn main(args: &[String]) -> ExitCode {
    let (mut suite, mut under, mut jobs, mut report, mut stress) = (None, Vec::new(), 2, None, false);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--gc-stress" {
            stress = true;
            continue;
        }
        match (arg.as_str(), args.next()) {
            ("--suite", Some(dir)) => suite = Some(PathBuf::from(dir)),
            ("--under", Some(path)) => under.push(path.clone()),
            ("--jobs", Some(n)) => jobs = n.parse().unwrap_or(jobs),
            ("--report", Some(file)) => report = Some(PathBuf::from(file)),
            _ => return usage(),
        }
    }
    let Some(suite) = suite else { return usage() };
    if under.is_empty() {
        under = vec!["language".into(), "built-ins".into()];
    }
    let mut files = Vec::new();
    for path in &under {
        collect(&suite.join("test").join(path), &mut files);
    }
    files.retain(|f| !f.to_string_lossy().contains("_FIXTURE") && !f.components().any(|c| c.as_os_str() == "Temporal"));
    files.sort();
    let mut shares: Vec<Vec<PathBuf>> = vec![Vec::new(); jobs];
    for (i, file) in files.into_iter().enumerate() {
        shares[(i / 32) % jobs].push(file);
    }
    let results: Vec<(PathBuf, String)> = std::thread::scope(|threads| {
        let running: Vec<_> =
            shares.into_iter().map(|share| threads.spawn(|| run_share(&suite, share, stress))).collect();
        running.into_iter().flat_map(|t| t.join().unwrap_or_default()).collect()
    });
    summarize(&suite, &results, report.as_deref())
}

fn usage() -> ExitCode {
    eprintln!("usage: cargo xtask test262 --suite DIR [--under PATH]… [--jobs N] [--report FILE] [--gc-stress]");
    ExitCode::from(2)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        return files.push(path.to_path_buf());
    }
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() || path.extension().is_some_and(|e| e == "js") {
            collect(&path, files);
        }
    }
}

/// Runs files in child processes, starting another after a crash.
fn run_share(suite: &Path, files: Vec<PathBuf>, stress: bool) -> Vec<(PathBuf, String)> {
    let mut results = Vec::new();
    let mut rest = &files[..];
    while !rest.is_empty() {
        let Ok(exe) = std::env::current_exe() else { return results };
        let child = Command::new(exe)
            .arg("test262-worker")
            .arg(suite)
            .args(stress.then_some("--gc-stress"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = child else { return results };
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else { return results };
        let mut lines = BufReader::new(output).lines();
        let mut done = 0;
        for file in rest {
            if writeln!(input, "{}", file.display()).is_err() {
                break;
            }
            match lines.next() {
                Some(Ok(verdict)) => results.push((file.clone(), verdict)),
                _ => break,
            }
            done += 1;
        }
        drop(input);
        let _ = child.wait();
        if done < rest.len() {
            results.push((rest[done].clone(), "FAIL crash".to_string()));
            done += 1;
        }
        rest = &rest[done..];
    }
    results
}

fn summarize(suite: &Path, results: &[(PathBuf, String)], report: Option<&Path>) -> ExitCode {
    let mut table: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut reasons: BTreeMap<String, u32> = BTreeMap::new();
    let mut failures = String::new();
    let (mut crashes, mut hangs) = (0, 0);
    for (file, verdict) in results {
        let relative = file.strip_prefix(suite.join("test")).unwrap_or(file);
        let mut parts = relative.components().map(|c| c.as_os_str().to_string_lossy().into_owned());
        let (top, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        for key in [top.clone(), format!("{top}/{second}")] {
            let row = table.entry(key).or_default();
            row.1 += 1;
            row.0 += u32::from(verdict == "PASS");
        }
        if verdict != "PASS" {
            failures.push_str(&format!("{} {verdict}\n", relative.display()));
            crashes += u32::from(verdict.ends_with("FAIL crash"));
            hangs += u32::from(verdict.ends_with(" hang"));
            *reasons.entry(verdict.chars().take(70).collect()).or_default() += 1;
        }
    }
    for (folder, (passed, all)) in &table {
        println!("{folder:<50} {passed:>6} / {all:<6} {:>5.1} %", 100.0 * f64::from(*passed) / f64::from(*all));
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    for (reason, n) in reasons.iter().take(25) {
        println!("{n:>6}  {reason}");
    }
    println!("{crashes} crashes, {hangs} hangs");
    if let Some(path) = report
        && let Err(e) = std::fs::write(path, failures)
    {
        eprintln!("{}: {e}", path.display());
    }
    if crashes + hangs == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

// ---- the child

/// Reads file names, answers a verdict a line.
pub fn worker(args: &[String]) -> ExitCode {
    let Some(suite) = args.first() else { return usage() };
    let stress = args.iter().any(|arg| arg == "--gc-stress");
    let harness = Path::new(suite).join("harness");
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let verdict = run_file(&harness, Path::new(&line), stress)
            .map_or_else(|why| format!("FAIL {}", why.replace('\n', " ")), |()| "PASS".into());
        if writeln!(out, "{verdict}").and_then(|()| out.flush()).is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

#[derive(Default)]
struct Meta {
    includes: Vec<String>,
    flags: Vec<String>,
    negative: Option<(String, String)>,
}

/// The YAML-like head of a test, of which the suite uses a small part.
fn parse_meta(text: &str) -> Meta {
    let mut meta = Meta::default();
    let Some(head) = text.split("/*---").nth(1).and_then(|t| t.split("---*/").next()) else { return meta };
    let list = |line: &str| -> Vec<String> {
        let inner = line.split_once(':').map_or("", |(_, v)| v).trim();
        inner.trim_matches(['[', ']']).split(',').map(|s| s.trim().to_string()).filter(|s| !s.is_empty()).collect()
    };
    let (mut section, mut phase, mut kind) = ("", String::new(), String::new());
    for line in head.lines() {
        let trimmed = line.trim();
        let indented = line.starts_with(' ');
        if !indented && trimmed.contains(':') {
            section = trimmed.split(':').next().unwrap_or_default();
            match section {
                "includes" => meta.includes.extend(list(trimmed)),
                "flags" => meta.flags.extend(list(trimmed)),
                _ => {}
            }
        } else if let Some(item) = trimmed.strip_prefix("- ") {
            match section {
                "includes" => meta.includes.push(item.trim().to_string()),
                "flags" => meta.flags.push(item.trim().to_string()),
                _ => {}
            }
        } else if section == "negative" {
            match trimmed.split_once(':') {
                Some(("phase", v)) => phase = v.trim().to_string(),
                Some(("type", v)) => kind = v.trim().to_string(),
                _ => {}
            }
        }
    }
    if !kind.is_empty() {
        meta.negative = Some((phase, kind));
    }
    meta
}

fn run_file(harness: &Path, file: &Path, stress: bool) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|e| e.to_string())?;
    let meta = parse_meta(&text);
    let has = |flag: &str| meta.flags.iter().any(|f| f == flag);
    let mut prelude = String::new();
    if !has("raw") {
        prelude.push_str(HOST);
        let mut includes = vec!["assert.js", "sta.js"];
        if has("async") {
            includes.push("doneprintHandle.js");
        }
        includes.extend(meta.includes.iter().map(String::as_str));
        for include in includes {
            prelude.push_str(&std::fs::read_to_string(harness.join(include)).map_err(|e| format!("{include}: {e}"))?);
            prelude.push('\n');
        }
    }
    let modes: &[bool] = if has("module") || has("raw") || has("noStrict") {
        &[false]
    } else if has("onlyStrict") {
        &[true]
    } else {
        &[false, true]
    };
    for &strict in modes {
        let directive = if strict { "\"use strict\";\n" } else { "" };
        let source = format!("{directive}{prelude}{text}");
        run(file, source, has("module"), has("async"), meta.negative.as_ref(), stress)
            .map_err(|why| if strict { format!("strict: {why}") } else { why })?;
    }
    Ok(())
}

/// Collects what is printed.
struct Lines(Rc<std::cell::RefCell<Vec<String>>>);

impl ConsoleSink for Lines {
    fn line(&mut self, _level: &str, text: &str) {
        self.0.borrow_mut().push(text.to_string());
    }
}

fn run(
    file: &Path,
    source: String,
    module: bool,
    is_async: bool,
    negative: Option<&(String, String)>,
    stress: bool,
) -> Result<(), String> {
    let goal = if module { Goal::Module } else { Goal::Script };
    let entry = SourceFile { name: file.to_string_lossy().into_owned(), text: source };
    let early = negative.is_some_and(|(phase, _)| phase == "parse" || phase == "resolution");
    let module = match compile(entry, &Options::new(goal), &mut FsLoader) {
        Ok(_) if early => return Err("compiled, but must be refused".into()),
        Ok(module) => module,
        Err(e) => {
            let unsupported = e.to_string().contains("not supported");
            return if early && !unsupported {
                Ok(())
            } else {
                Err(format!("compile: {}", first_line(&e.to_string())))
            };
        }
    };
    let limits = Limits { cpu: Some(Duration::from_secs(10)), heap: 512 << 20, ..Limits::default() };
    let module = Arc::new(module);
    let mut runtime = if stress {
        let limits = Limits { heap_mode: HeapMode::Hybrid, gc_stress: true, ..limits };
        let image = Image::boot(Arc::clone(&module), &EMBEDDING, &limits, Stage::Linked, |_| {});
        let image = Arc::new(image.map_err(|e| format!("boot: {e}"))?);
        Runtime::from_image(&image, &limits).map_err(|e| format!("clone: {e}"))?
    } else {
        Runtime::boot(&EMBEDDING, Arc::clone(&module), &limits, true).map_err(|e| format!("boot: {e:?}"))?
    };
    let lines = Rc::new(std::cell::RefCell::new(Vec::new()));
    let result = runtime.enter(|rt| {
        rt.host().console.replace(Box::new(Lines(Rc::clone(&lines))));
        if !stress {
            link::link(rt, &module)?;
        }
        link::run_bodies(rt, &module)
    });
    match (result, negative) {
        (Err(fault), _) if fault.kind == FaultKind::Terminated(Termination::Cpu) => Err("hang".into()),
        (Err(fault), _) if fault.kind == FaultKind::Panic => Err(format!("panic: {}", first_line(&fault.text))),
        (Err(fault), Some((_, kind))) if fault.text.split(':').next() == Some(kind) => Ok(()),
        (Err(fault), _) => Err(first_line(&fault.text).to_string()),
        (Ok(()), Some((_, kind))) => Err(format!("no {kind}")),
        (Ok(()), None) if is_async => {
            let lines = lines.borrow();
            match lines.iter().find(|l| l.starts_with("Test262:")) {
                Some(line) if line == "Test262:AsyncTestComplete" => Ok(()),
                Some(line) => Err(line.clone()),
                None => Err("async test did not complete".into()),
            }
        }
        (Ok(()), None) => Ok(()),
    }
}

fn first_line(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    // Positions differ from test to test: only what happened is counted.
    line.split_once("SyntaxError: ").map_or(line, |(_, message)| message)
}
