//! The command line.
mod check;
mod demo;
mod explain;
mod exposition;
mod run;
mod scripts;
mod serve;
mod stats;

use crate::embedded::Binary;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand, ValueEnum};
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::native::Policy;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit status when a script failed, or no gateway answered.
pub const SCRIPT_FAILED: u8 = 1;
/// Exit status for a wrong command line.
pub const USAGE: u8 = 2;
/// Exit status when a configuration or script is refused (sysexits.h: EX_CONFIG).
pub const REFUSED: u8 = 78;

const EXAMPLES: &str = "\
Examples:
  lockgate                         ./lockgate.yaml, else the built-in demo
  lockgate run --config edge.yaml  a file; SIGHUP reloads it, SIGTERM ends it
  lockgate check edge.yaml         every mistake at once, nothing started
  lockgate explain edge.yaml       every setting and limit as it holds
  lockgate check a.ts --format=json  mistakes of a script, for an editor
  lockgate serve a.ts -p 3000      one script, live on a port
  lockgate build a.ts -o a.image   compiled, booted and sealed; served alike
  lockgate build a.ts --embed -o a a binary that serves it: ./a -p 3000
  lockgate exec bench.js --stats   a script without HTTP
  lockgate stats                   what the running gateway counted

Exit status: 0 done, 1 a script failed or no gateway answered `stats`, 2 wrong command line, 78 configuration or script refused.";

/// A programmable edge: proxies to origins, runs JavaScript and TypeScript in the request path.
#[derive(Debug, Parser)]
#[command(
    name = "lockgate",
    version = crate::build::VERSION,
    after_help = EXAMPLES,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the gateway of a configuration file (the default).
    Run(RunArgs),
    /// Serve one script or image on a port.
    #[command(disable_help_flag = true)]
    Serve(ServeArgs),
    /// Check a configuration or a script, and report every mistake.
    Check(CheckArgs),
    /// Write a configuration out with the value that holds for every setting, defaults and limits included.
    Explain(ExplainArgs),
    /// Compile, boot and seal a script into an image file.
    Build(BuildArgs),
    /// Run a script without HTTP; `print` writes, uncaught errors end with status 1.
    Exec(ExecArgs),
    /// Write what a running gateway counted: requests, scripts, the pool of runtimes.
    Stats(StatsArgs),
    /// Serve the image in this binary: what it does without a command if there is one.
    #[command(skip)]
    Embedded(ServeFlags),
}

/// The command line of a binary with an image in it.
#[derive(Debug, Parser)]
#[command(
    name = "lockgate",
    version = crate::build::VERSION,
    about = "Serves the image in this binary, or does what the command says.",
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    disable_help_flag = true
)]
struct EmbeddedCli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeFlags,
}

/// `lockgate run`
#[derive(Debug, Default, Args)]
pub struct RunArgs {
    /// Configuration file; without it ./lockgate.yaml, else the built-in demo.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `lockgate serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// A .js .mjs .ts .tsx .jsx source or an image.
    #[arg(value_name = "FILE", required_unless_present = "eval", conflicts_with = "eval")]
    pub file: Option<PathBuf>,
    /// Serve this code instead of a file.
    #[arg(short, long, value_name = "CODE")]
    pub eval: Option<String>,
    /// How it is served.
    #[command(flatten)]
    pub flags: ServeFlags,
}

/// How a script is served.
#[derive(Debug, Args)]
pub struct ServeFlags {
    /// Port to listen on; 0 takes a free one.
    #[arg(short, long, default_value_t = 8080)]
    pub port: u16,
    /// Address to listen on.
    #[arg(short = 'h', long, default_value = "127.0.0.1")]
    pub host: String,
    /// Runtimes kept warm [default: max(8, 2 × cores)].
    #[arg(short = 'n', long = "runtimes", value_name = "N")]
    pub runtimes: Option<usize>,
    /// Memory of one request: 64k, 16m; the script's own image does not count [default: 64m].
    #[arg(short, long, value_name = "SIZE", value_parser = serve::size)]
    pub memory: Option<u64>,
    /// How the memory of a request is managed: hybrid (collected when a budget is spent) or arena (never collected).
    #[arg(long, value_name = "MODE", default_value = "hybrid", value_parser = heap_mode)]
    pub heap_mode: HeapMode,
    /// Allow every origin to read answers (CORS).
    #[arg(long)]
    pub cors: bool,
    /// Serve the files of this directory under /static/.
    #[arg(long = "static", value_name = "DIR")]
    pub static_dir: Option<PathBuf>,
    /// Write no access log.
    #[arg(short, long)]
    pub quiet: bool,
    /// Print help.
    #[arg(long, action = clap::ArgAction::Help)]
    help: Option<bool>,
}

/// `lockgate check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// A configuration (.yaml, .yml) or a script.
    #[arg(value_name = "FILE|CONFIG", default_value = "lockgate.yaml")]
    pub file: PathBuf,
    /// How mistakes are written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Say what compiling each script took; text only.
    #[arg(long)]
    pub stats: bool,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// `lockgate explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A configuration (.yaml, .yml).
    #[arg(value_name = "CONFIG", default_value = "lockgate.yaml")]
    pub file: PathBuf,
}

/// `lockgate build`
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// A .js .mjs .ts .tsx .jsx source or an image.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The file to write: an image, or with --embed a binary.
    #[arg(short, long, value_name = "IMAGE|BINARY")]
    pub output: PathBuf,
    /// Write a copy of this binary with the image in it: started without a command, it serves that image.
    #[arg(long)]
    pub embed: bool,
}

/// `lockgate exec`
#[derive(Debug, Args)]
pub struct ExecArgs {
    /// The script.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Run it as a module: strict, with imports.
    #[arg(long)]
    pub module: bool,
    /// When machine code is made: off, lazy or eager.
    #[arg(long, value_name = "POLICY", default_value_t)]
    pub jit: Policy,
    /// Reset, poison and check the heap at the end; with `--heap-mode hybrid`, collect at every poll.
    #[arg(long)]
    pub gc_stress: bool,
    /// How memory is managed: arena (never collected) or hybrid (collected when a budget is spent).
    #[arg(long, value_name = "MODE", default_value = "arena", value_parser = heap_mode)]
    pub heap_mode: HeapMode,
    /// End the script after so many back-edges and calls.
    #[arg(long, value_name = "N")]
    pub fuel: Option<u64>,
    /// Memory the script may take: 64k, 16m.
    #[arg(long, value_name = "SIZE", value_parser = serve::size)]
    pub heap: Option<u64>,
    /// Write counters to standard error at the end.
    #[arg(long)]
    pub stats: bool,
}

/// `lockgate stats`
#[derive(Debug, Args)]
pub struct StatsArgs {
    /// The gateway's admin listener [default: that of ./lockgate.yaml].
    #[arg(long, value_name = "ADDRESS")]
    pub admin: Option<SocketAddr>,
}

fn heap_mode(text: &str) -> Result<HeapMode, String> {
    HeapMode::from_name(text).ok_or_else(|| "arena or hybrid".into())
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    // Without /proc there is no looking: the binary is then what it is without an image.
    let embedded = Binary::running().ok().filter(Binary::has_image);
    let command = match parse(embedded.is_some()) {
        Ok(command) => command,
        Err(error) => {
            // Standard output may be closed; the status still says what happened.
            let _ = error.print();
            if let Some(hint) = hint(&error) {
                eprintln!("{hint}");
            }
            if let Some(binary) = embedded.filter(|_| error.kind() == ErrorKind::DisplayVersion) {
                println!("embedded: {}", binary.describe());
            }
            return ExitCode::from(if error.use_stderr() { USAGE } else { 0 });
        }
    };
    let outcome = match command {
        Command::Run(args) => run::run(&args),
        Command::Serve(args) => serve::serve(&args),
        Command::Check(args) => check::check(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Build(args) => scripts::build(&args),
        Command::Exec(args) => scripts::exec(&args),
        Command::Embedded(flags) => serve::serve_embedded(&flags),
        Command::Stats(args) => stats::stats(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Exit { status, report }) => {
            if !report.is_empty() {
                eprintln!("{}", report.trim_end());
            }
            ExitCode::from(status)
        }
    }
}

/// What the arguments of this process ask for; what none asks for depends on whether there is an image in the binary.
fn parse(embedded: bool) -> Result<Command, clap::Error> {
    if embedded {
        let cli = EmbeddedCli::try_parse()?;
        return Ok(cli.command.unwrap_or(Command::Embedded(cli.serve)));
    }
    let cli = Cli::try_parse()?;
    Ok(cli.command.unwrap_or(Command::Run(cli.run)))
}

/// What to type instead, for who names a file where a command stands.
fn hint(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let command = match std::path::Path::new(word).extension()?.to_str()? {
        "yaml" | "yml" => "run --config",
        _ => "serve",
    };
    Some(format!("  hint: lockgate {command} {word}"))
}

/// Why a command ends with another status than 0.
#[derive(Debug)]
pub struct Exit {
    status: u8,
    /// For standard error.
    report: String,
}

impl Exit {
    /// A configuration or script is refused.
    pub fn refused(report: impl Into<String>) -> Self {
        Self { status: REFUSED, report: report.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
        EmbeddedCli::command().debug_assert();
    }

    #[test]
    fn h_is_the_host_and_help_has_no_short_form() {
        let cli = Cli::try_parse_from(["lockgate", "serve", "a.js", "-h", "0.0.0.0", "-p", "1", "-m", "64k"]).unwrap();
        let Some(Command::Serve(args)) = cli.command else { panic!("serve") };
        let flags = args.flags;
        assert_eq!((flags.host.as_str(), flags.port, flags.memory), ("0.0.0.0", 1, Some(64 << 10)));
        assert!(Cli::try_parse_from(["lockgate", "serve"]).is_err());
        assert!(Cli::try_parse_from(["lockgate", "serve", "a.js", "-e", "1"]).is_err());
        let help = Cli::try_parse_from(["lockgate", "serve", "--help"]).unwrap_err();
        assert!(!help.use_stderr());
    }
}
