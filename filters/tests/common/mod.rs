//! A request without a gateway.
#![allow(dead_code, reason = "each test file uses a part of it")]
use bytes::Bytes;
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::limits::Limits;
use lockgate_filters::fault::Fault;
use lockgate_filters::host::Phase;
use lockgate_filters::ops::{HostOp, Outcome};
use lockgate_filters::pool::{self, Lease, Reply, Step};
use lockgate_filters::script::{Script, Settings};
use lockgate_filters::view::{Head, HostView};
use std::net::IpAddr;
use std::sync::Arc;

/// A request in memory.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub params: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    pub upstream: Option<String>,
    pub response_status: u16,
    pub response_headers: Vec<(String, String)>,
    pub reply_status: u16,
    pub reply_headers: Vec<(String, String)>,
}

impl Exchange {
    pub fn new(method: &str, target: &str) -> Exchange {
        Exchange {
            method: method.into(),
            target: target.into(),
            headers: vec![("Host".into(), "example.com".into()), ("X-Test".into(), "1".into())],
            params: Vec::new(),
            body: None,
            upstream: None,
            response_status: 200,
            response_headers: vec![("content-type".into(), "text/plain".into())],
            reply_status: 0,
            reply_headers: Vec::new(),
        }
    }

    pub fn body(mut self, body: &str) -> Exchange {
        self.body = Some(body.as_bytes().to_vec());
        self
    }

    fn list(&self, head: Head) -> &Vec<(String, String)> {
        match head {
            Head::Request => &self.headers,
            Head::Response => &self.response_headers,
        }
    }

    fn list_mut(&mut self, head: Head) -> &mut Vec<(String, String)> {
        match head {
            Head::Request => &mut self.headers,
            Head::Response => &mut self.response_headers,
        }
    }

    pub fn reply_header(&self, name: &str) -> Option<&str> {
        self.reply_headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl HostView for Exchange {
    fn method(&self) -> &str {
        &self.method
    }
    fn target(&self) -> &[u8] {
        self.target.as_bytes()
    }
    fn scheme(&self) -> &str {
        "http"
    }
    fn authority(&self) -> &[u8] {
        b"example.com"
    }
    fn client(&self) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, 1]))
    }
    fn params(&self, each: &mut dyn FnMut(&str, &[u8])) {
        self.params.iter().for_each(|(name, value)| each(name, value.as_bytes()));
    }
    fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }
    fn header(&self, head: Head, name: &str, each: &mut dyn FnMut(&[u8])) {
        self.list(head).iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).for_each(|(_, v)| each(v.as_bytes()));
    }
    fn headers(&self, head: Head, each: &mut dyn FnMut(&[u8], &[u8])) {
        self.list(head).iter().for_each(|(n, v)| each(n.as_bytes(), v.as_bytes()));
    }
    fn set_header(&mut self, head: Head, name: &str, value: &[u8]) -> Result<(), &'static str> {
        self.remove_header(head, name);
        self.append_header(head, name, value)
    }
    fn append_header(&mut self, head: Head, name: &str, value: &[u8]) -> Result<(), &'static str> {
        let value = String::from_utf8_lossy(value).into_owned();
        self.list_mut(head).push((name.into(), value));
        Ok(())
    }
    fn remove_header(&mut self, head: Head, name: &str) {
        self.list_mut(head).retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }
    fn set_method(&mut self, method: &str) -> Result<(), &'static str> {
        self.method = method.into();
        Ok(())
    }
    fn set_target(&mut self, target: &str) -> Result<(), &'static str> {
        self.target = target.into();
        Ok(())
    }
    fn set_upstream(&mut self, name: &str) -> bool {
        self.upstream = Some(name.into());
        name == "known"
    }
    fn status(&self) -> u16 {
        self.response_status
    }
    fn set_status(&mut self, status: u16) {
        self.response_status = status;
    }
    fn begin_reply(&mut self, status: u16) {
        self.reply_status = status;
        self.reply_headers.clear();
    }
    fn reply_header(&mut self, name: &[u8], value: &[u8]) {
        let text = |bytes: &[u8]| bytes.iter().map(|&b| b as char).collect();
        self.reply_headers.push((text(name), text(value)));
    }
}

/// What scripts of these tests may use. The tests that `collected.rs` takes over run with a collection at every poll there.
pub fn limits() -> Limits {
    if env!("CARGO_CRATE_NAME") == "collected" {
        return Limits { heap_mode: HeapMode::Hybrid, gc_stress: true, ..Limits::default() };
    }
    Limits::default()
}

pub fn script(name: &str, text: &str) -> Arc<Script> {
    match Script::of_text(name, text, &Settings { limits: limits(), ..Settings::default() }) {
        Ok(script) => Arc::new(script),
        Err(report) => panic!("{report}"),
    }
}

pub fn lease(script: &Arc<Script>) -> Lease {
    pool::try_acquire(script).expect("a runtime is free")
}

/// Runs a hook to its end; `world` answers operations in the order they are asked.
pub fn run(
    lease: &mut Lease,
    phase: Phase,
    view: &mut Exchange,
    world: &mut dyn FnMut(HostOp) -> Outcome,
) -> Result<Reply, Fault> {
    let mut step = lease.start(phase, view);
    let mut waiting = std::collections::VecDeque::new();
    loop {
        match step {
            Step::Done(reply) => return Ok(reply),
            Step::Fault(fault) => return Err(fault),
            Step::Yield => step = lease.resume(view),
            Step::Wait => {
                let (mut asked, mut cancelled) = (Vec::new(), Vec::new());
                lease.take_ops(&mut asked, &mut cancelled);
                waiting.extend(asked);
                waiting.retain(|(id, _)| !cancelled.contains(id));
                let (id, op) = waiting.pop_front().expect("something is under way");
                step = lease.settle(id, world(op), view);
            }
        }
    }
}

/// The body of an answer as text.
pub fn answer(script: &Arc<Script>, view: &mut Exchange) -> Result<String, Fault> {
    let mut no_world = |_: HostOp| Ok(lockgate_filters::ops::HostValue::Unit);
    match run(&mut lease(script), Phase::Handler, view, &mut no_world)? {
        Reply::Answer(body) => Ok(text(body)),
        Reply::Continue => panic!("no answer"),
    }
}

pub fn text(body: Option<Bytes>) -> String {
    body.map_or(String::new(), |body| String::from_utf8_lossy(&body).into_owned())
}
