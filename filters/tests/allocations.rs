//! A warm handler makes no allocation in Rust's heap, neither in the engine nor here.
#![allow(unsafe_code, reason = "a counting allocator is an allocator; it only hands on")]
mod common;
use common::*;
use lockgate_filters::host::Phase;
use lockgate_filters::pool::{Reply, Step};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });

// SAFETY: every call is handed to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // The counter is gone while its thread ends.
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's contract is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract is the same.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A view that keeps nothing.
struct Silent(Exchange);

impl lockgate_filters::view::HostView for Silent {
    fn method(&self) -> &str {
        self.0.method()
    }
    fn target(&self) -> &[u8] {
        b"/api/health"
    }
    fn scheme(&self) -> &str {
        "http"
    }
    fn authority(&self) -> &[u8] {
        b"example.com"
    }
    fn client(&self) -> Option<std::net::IpAddr> {
        None
    }
    fn params(&self, _each: &mut dyn FnMut(&str, &[u8])) {}
    fn body(&self) -> Option<&[u8]> {
        None
    }
    fn header(&self, _head: lockgate_filters::view::Head, _name: &str, _each: &mut dyn FnMut(&[u8])) {}
    fn headers(&self, _head: lockgate_filters::view::Head, _each: &mut dyn FnMut(&[u8], &[u8])) {}
    fn set_header(&mut self, _: lockgate_filters::view::Head, _: &str, _: &[u8]) -> Result<(), &'static str> {
        Ok(())
    }
    fn append_header(&mut self, _: lockgate_filters::view::Head, _: &str, _: &[u8]) -> Result<(), &'static str> {
        Ok(())
    }
    fn remove_header(&mut self, _: lockgate_filters::view::Head, _: &str) {}
    fn set_method(&mut self, _: &str) -> Result<(), &'static str> {
        Ok(())
    }
    fn set_target(&mut self, _: &str) -> Result<(), &'static str> {
        Ok(())
    }
    fn set_upstream(&mut self, _: &str) -> bool {
        false
    }
    fn status(&self) -> u16 {
        0
    }
    fn set_status(&mut self, _: u16) {}
    fn begin_reply(&mut self, _: u16) {}
    fn reply_header(&mut self, _: &[u8], _: &[u8]) {}
}

#[test]
fn a_warm_health_answer_allocates_nothing() {
    let script = script(
        "health.js",
        "let answered = 0; export default { fetch() { return Response.json({ status: 'ok', engine: 'lockgate', answered: ++answered }); } }",
    );
    let mut view = Silent(Exchange::new("GET", "/api/health"));
    let mut ask = || {
        let mut lease = lease(&script);
        match lease.start(Phase::Handler, &mut view) {
            Step::Done(Reply::Answer(Some(body))) => assert!(body.starts_with(b"{\"status\":\"ok\"")),
            other => panic!("{other:?}"),
        }
    };
    for _ in 0..50 {
        ask();
    }
    let before = COUNT.with(Cell::get);
    for _ in 0..1000 {
        ask();
    }
    let made = COUNT.with(Cell::get) - before;
    assert_eq!(made, 0, "allocations in 1,000 answers");
}
