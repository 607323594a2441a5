//! `lockgate stats`: what a running gateway counted, as tables.
use super::exposition::Page;
use super::{Exit, SCRIPT_FAILED, StatsArgs};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

/// Where the admin listener's address is looked up when none is given.
const CONFIGURATION: &str = "lockgate.yaml";
/// How long the gateway may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most that is read of an answer.
const MOST: u64 = 64 << 20;
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Reads the metrics of a running gateway and prints them.
pub fn stats(args: &StatsArgs) -> Result<(), Exit> {
    let address = args.admin.map_or_else(configured, Ok).map_err(failed)?;
    let page = metrics(address).map_err(|why| failed(format!("{address}: {why}")))?;
    print!("{}", report(&page));
    Ok(())
}

fn failed(why: String) -> Exit {
    Exit { status: SCRIPT_FAILED, report: format!("lockgate: stats: {why}") }
}

/// The admin listener of the configuration that `run` would take.
fn configured() -> Result<SocketAddr, String> {
    let hint = "name the admin listener: --admin 127.0.0.1:9090";
    let config = lockgate_conf::load(Path::new(CONFIGURATION)).map_err(|_| format!("no ./{CONFIGURATION}; {hint}"))?;
    config.admin.ok_or_else(|| format!("{CONFIGURATION} has no 'admin'; {hint}"))
}

/// Asks for `/metrics` and reads it.
fn metrics(address: SocketAddr) -> Result<Page, String> {
    let text = fetch(address).map_err(|error| error.to_string())?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("no HTTP answer")?;
    let status = head.lines().next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        return Err(format!("no metrics here: {status}"));
    }
    let page = Page::read(body).filter(|page| page.sum("lockgate_config_version", &[]) > 0.0);
    page.ok_or_else(|| "no metrics of a Lockgate".to_owned())
}

fn fetch(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.take(MOST).read_to_string(&mut text)?;
    Ok(text)
}

/// The tables.
fn report(page: &Page) -> String {
    let value = |name: &str| page.sum(&format!("lockgate_{name}"), &[]);
    let mut text = format!(
        "configuration version {}, {} workers, {} connections open, {} MiB resident\n\n",
        value("config_version"),
        value("workers"),
        value("connections_open"),
        (value("process_resident_memory_bytes") / f64::from(1 << 20)).round(),
    );
    text += &routes(page).text();
    text.push('\n');
    let scripts = page.values("lockgate_script_calls_total", "script");
    if !scripts.is_empty() {
        text += &self::scripts(page).text();
        text.push('\n');
    }
    text += &pool(page);
    text
}

fn routes(page: &Page) -> Table {
    let mut table = Table::headed(&["route", "requests", "1xx", "2xx", "3xx", "4xx", "5xx", "avg_us"]);
    for route in page.values("lockgate_requests_total", "route") {
        let of_class = |class| page.sum("lockgate_requests_total", &[("route", route), ("class", class)]);
        let seconds = page.sum("lockgate_request_seconds_sum", &[("route", route)]);
        let all = page.sum("lockgate_request_seconds_count", &[("route", route)]);
        let mut row = vec![route.to_owned(), all.to_string()];
        row.extend(CLASSES.map(|class| of_class(class).to_string()));
        row.push(average(1e6 * seconds, all).to_string());
        table.rows.push(row);
    }
    table
}

fn scripts(page: &Page) -> Table {
    let heads = [
        "script",
        "calls",
        "cpu_ms",
        "avg_us",
        "max_us",
        "wall_ms",
        "bytes/call",
        "slices",
        "waits",
        "wait_ms",
        "faults",
    ];
    let mut table = Table::headed(&heads);
    for script in page.values("lockgate_script_calls_total", "script") {
        let value = |name: &str| page.sum(&format!("lockgate_script_{name}"), &[("script", script)]);
        let calls = value("calls_total");
        table.rows.push(vec![
            script.to_owned(),
            calls.to_string(),
            (1e3 * value("cpu_seconds_total")).round().to_string(),
            average(1e6 * value("cpu_seconds_total"), calls).to_string(),
            (1e6 * value("longest_seconds")).round().to_string(),
            (1e3 * value("wall_seconds_total")).round().to_string(),
            average(value("allocated_bytes_total"), calls).to_string(),
            value("slices_total").to_string(),
            value("waits_total").to_string(),
            (1e3 * value("wait_seconds_total")).round().to_string(),
            faults(page, script),
        ]);
    }
    table
}

/// `threw=2 deadline=1`, or `0`.
fn faults(page: &Page, script: &str) -> String {
    const NAME: &str = "lockgate_script_faults_total";
    let kinds = page.values(NAME, "reason").into_iter();
    let kinds = kinds.map(|reason| (reason, page.sum(NAME, &[("script", script), ("reason", reason)])));
    let seen: Vec<_> = kinds.filter(|(_, n)| *n > 0.0).map(|(reason, n)| format!("{reason}={n}")).collect();
    if seen.is_empty() { "0".to_owned() } else { seen.join(" ") }
}

/// The pool in one line.
fn pool(page: &Page) -> String {
    let value = |name: &str| page.sum(&format!("lockgate_runtimes_{name}"), &[]);
    let scripts = page.values("lockgate_script_longest_seconds", "script").into_iter();
    let longest = scripts.map(|script| page.sum("lockgate_script_longest_seconds", &[("script", script)]));
    format!(
        "pool: in_use={}/{} live={} waiting={} exhausted={} avg_wait_us={} max_exec_us={}\n",
        value("in_use"),
        value("cap"),
        value("live"),
        value("waiting"),
        value("exhausted_total"),
        average(value("wait_us_total"), value("exhausted_total")),
        (1e6 * longest.fold(0.0, f64::max)).round(),
    )
}

/// Whole units; of nothing, 0.
fn average(sum: f64, count: f64) -> f64 {
    if count > 0.0 { (sum / count).round() } else { 0.0 }
}

/// Columns as wide as their widest entry: the first to the left, numbers to the right.
struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    fn headed(heads: &[&str]) -> Self {
        Self { rows: vec![heads.iter().map(|&head| head.to_owned()).collect()] }
    }

    fn text(&self) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<_> = (0..columns).map(width).collect();
        let mut text = String::new();
        for row in &self.rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, &width))| match at {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            text += cells.collect::<Vec<_>>().join("  ").trim_end();
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables() {
        let page = Page::read(
            "lockgate_config_version 3\nlockgate_workers 2\nlockgate_connections_open 5\n\
             lockgate_process_resident_memory_bytes 10485760\n\
             lockgate_requests_total{route=\"/api/*\",class=\"2xx\"} 9\n\
             lockgate_requests_total{route=\"/api/*\",class=\"5xx\"} 1\n\
             lockgate_request_seconds_sum{route=\"/api/*\"} 0.002\nlockgate_request_seconds_count{route=\"/api/*\"} 10\n\
             lockgate_script_calls_total{script=\"/a.js\",hook=\"handler\"} 10\n\
             lockgate_script_cpu_seconds_total{script=\"/a.js\"} 0.0015\n\
             lockgate_script_longest_seconds{script=\"/a.js\"} 0.0009\n\
             lockgate_script_wall_seconds_total{script=\"/a.js\"} 0.2\n\
             lockgate_script_allocated_bytes_total{script=\"/a.js\"} 4000\n\
             lockgate_script_faults_total{script=\"/a.js\",reason=\"threw\"} 1\n\
             lockgate_script_faults_total{script=\"/a.js\",reason=\"memory\"} 0\n\
             lockgate_runtimes_in_use 2\nlockgate_runtimes_cap 8\nlockgate_runtimes_live 4\n\
             lockgate_runtimes_exhausted_total 4\nlockgate_runtimes_wait_us_total 1000\n",
        );
        let expected = "\
configuration version 3, 2 workers, 5 connections open, 10 MiB resident

route   requests  1xx  2xx  3xx  4xx  5xx  avg_us
/api/*        10    0    9    0    0    1     200

script  calls  cpu_ms  avg_us  max_us  wall_ms  bytes/call  slices  waits  wait_ms   faults
/a.js      10       2     150     900      200         400       0      0        0  threw=1

pool: in_use=2/8 live=4 waiting=0 exhausted=4 avg_wait_us=250 max_exec_us=900
";
        assert_eq!(report(&page.unwrap()), expected);
    }
}
