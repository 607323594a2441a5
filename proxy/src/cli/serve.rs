//! `lockgate serve`: a configuration made from flags.
use super::{Exit, ServeArgs, ServeFlags, run};
use crate::builtin;
use lockgate_conf::model::{
    AccessLog, Action, Config, Filter, HeaderEdits, HeaderOps, HeapMode, Listener, PathPattern, Route, Runtimes,
    Script, StaticCache, StaticDir,
};
use lockgate_engine::heap::space;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Serves one script.
pub fn serve(args: &ServeArgs) -> Result<(), Exit> {
    let eval = Path::new(builtin::EVAL);
    let file = match (&args.file, &args.eval) {
        (Some(file), _) => file.as_path(),
        (None, code) => {
            builtin::set_eval(code.as_deref().unwrap_or_default());
            eval
        }
    };
    let source = args.file.as_ref().map_or("-e".into(), |file| file.display().to_string());
    serve_script(&args.flags, file, &source)
}

/// Serves the image in this binary.
pub fn serve_embedded(flags: &ServeFlags) -> Result<(), Exit> {
    serve_script(flags, Path::new(builtin::EMBEDDED), "the embedded image")
}

fn serve_script(flags: &ServeFlags, file: &Path, source: &str) -> Result<(), Exit> {
    let first = config(flags, file).map_err(Exit::refused)?;
    // Port 0 took a port that a second look at the flags would not find.
    let again = first.clone();
    run::serve(first, source, Some(Arc::new(move || Ok(again.clone()))), None)
}

/// The configuration that the flags stand for.
///
/// # Errors
/// The host has no address, or a path does not exist.
pub fn config(args: &ServeFlags, file: &Path) -> Result<Config, String> {
    let absolute = |path: &Path| {
        std::path::absolute(path)
            .ok()
            .filter(|absolute| absolute.exists())
            .ok_or_else(|| format!("lockgate: {}: no such file or directory", path.display()))
    };
    let script = if builtin::is_one(file) { file.to_owned() } else { absolute(file)? };
    let usual = Runtimes::default();
    let filters: Vec<_> = args.cors.then(cors).into_iter().collect();
    let route = |name: &str, action| Route {
        name: name.into(),
        host: None,
        path: PathPattern::Prefix(name.trim_end_matches('*').into()),
        methods: Vec::new(),
        filters: filters.clone(),
        action,
    };
    let mut routes = vec![route("/*", Action::Handler(0))];
    if let Some(dir) = &args.static_dir {
        routes.push(route("/static/*", Action::Static(StaticDir { dir: absolute(dir)?, strip: true })));
    }
    Ok(Config {
        listeners: vec![Listener { address: address(&args.host, args.port)? }],
        admin: None,
        workers: None,
        runtimes: Runtimes { warm: args.runtimes.map_or(usual.warm, |warm| warm.min(usual.max)), ..usual },
        access_log: if args.quiet { AccessLog::Off } else { AccessLog::Stdout },
        slow_log: None,
        static_cache: StaticCache { max_bytes: 2 << 20, max_file: 128 << 10 },
        image_cache: None,
        shutdown_grace: Duration::from_secs(30),
        keep_alive: Duration::from_secs(60),
        head_timeout: Duration::from_secs(10),
        write_timeout: Duration::from_secs(60),
        max_connections: 10_000,
        upstreams: Vec::new(),
        scripts: vec![handler_script(script, args)],
        routes,
    })
}

fn handler_script(path: PathBuf, args: &ServeFlags) -> Script {
    let mut script = Script::handler(path);
    script.heap = match args.heap_mode {
        space::HeapMode::Arena => HeapMode::Arena,
        space::HeapMode::Hybrid => HeapMode::Hybrid,
    };
    script.limits.heap = args.memory.unwrap_or(script.limits.heap);
    script
}

/// What `--cors` adds to every response.
fn cors() -> Filter {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let set = vec![
        pair("access-control-allow-origin", "*"),
        pair("access-control-allow-methods", "GET, POST, PUT, DELETE, OPTIONS"),
        pair("access-control-allow-headers", "Content-Type, Authorization"),
    ];
    let response = HeaderOps { set, ..HeaderOps::default() };
    Filter::Headers(HeaderEdits { request: HeaderOps::default(), response })
}

fn address(host: &str, port: u16) -> Result<SocketAddr, String> {
    if let Ok(ip) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        return Ok(SocketAddr::new(ip, port));
    }
    let found = (host, port).to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    found.ok_or_else(|| format!("lockgate: -h {host}: no such host"))
}

/// `64k`, `16m`, `1g`, `65536`, also with `b` or `ib` behind the unit.
pub fn size(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let shift = match text[digits..].to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err("a size is a number with k, m or g, such as 64k".into()),
    };
    let number: u64 = text[..digits].parse().map_err(|_| "a size begins with a number, such as 64k".to_owned())?;
    number.checked_mul(1 << shift).filter(|&bytes| bytes > 0).ok_or_else(|| "out of range".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn sizes() {
        assert_eq!(size("64k"), Ok(64 << 10));
        assert_eq!(size("16MiB"), Ok(16 << 20));
        assert_eq!(size("1"), Ok(1));
        assert!(["", "k", "0", "1.5m", "4x", "99999999999g"].iter().all(|text| size(text).is_err()));
    }

    #[test]
    fn flags_become_a_configuration() {
        let cli = super::super::Cli::try_parse_from([
            "lockgate",
            "serve",
            "/etc/hostname",
            "-p",
            "0",
            "-n",
            "3",
            "-m",
            "1m",
            "--cors",
            "--static",
            "/etc",
            "-q",
        ]);
        let Some(super::super::Command::Serve(args)) = cli.unwrap().command else { panic!("serve") };
        let config = config(&args.flags, Path::new("/etc/hostname")).unwrap();
        assert_eq!((config.runtimes.warm, config.scripts[0].limits.heap), (3, 1 << 20));
        assert_eq!(config.access_log, AccessLog::Off);
        assert!(config.routes.iter().all(|route| route.filters.len() == 1) && config.routes.len() == 2);
        assert!(super::config(&args.flags, Path::new("/no/such/file.js")).is_err());
    }
}
