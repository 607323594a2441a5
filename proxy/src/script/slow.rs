//! The slow-request log: hooks that computed for longer than `slow_log`, with the stack they had then.
use crate::access_log::Quoted;
use crate::complaint::{self, Rate};
use crate::request::{RequestState, UNROUTED};
use lockgate_engine::errors::Position;
use lockgate_filters::host::Phase;
use lockgate_filters::pool::Lease;
use lockgate_filters::tally;
use std::fmt;
use std::time::Duration;

static RATE: Rate = Rate::new();

/// What is known of a hook that may turn out slow.
#[derive(Debug)]
pub struct Slow {
    threshold: Duration,
    /// Of the end of the first slice beyond the threshold; empty for one that was over before it was suspended.
    stack: Vec<Position>,
}

impl Slow {
    /// Nothing yet. Boxed: most gateways have no slow log, and each request's futures would have room for this.
    pub fn new(threshold: Duration) -> Box<Self> {
        Box::new(Self { threshold, stack: Vec::new() })
    }

    /// Takes the stack of a script whose slice is over, if it just passed the threshold.
    pub fn look(&mut self, lease: &mut Lease) {
        if self.stack.is_empty() && self.is_passed(lease) {
            self.stack = lease.stack();
        }
    }

    fn is_passed(&self, lease: &Lease) -> bool {
        lease.took().0 > self.threshold
    }

    /// Writes the line of a hook that is over, if it was slow.
    pub fn report(&self, request: &RequestState, lease: &Lease, phase: Phase) {
        if self.is_passed(lease) {
            let (cpu, wall) = lease.took();
            complaint::write(
                &RATE,
                format_args!(
                    "lockgate: slow: id={} route={} script={} hook={} cpu_us={} wall_us={} stack={}",
                    request.id,
                    Quoted(request.matched().map_or(UNROUTED, |route| &route.name).as_bytes()),
                    Quoted(lease.script().name.as_bytes()),
                    tally::hook_name(phase),
                    cpu.as_micros(),
                    wall.as_micros(),
                    Quoted(Stack(&self.stack).to_string().as_bytes()),
                ),
            );
        }
    }
}

/// `inner (file:line:column) < outer (file:line:column)`
struct Stack<'a>(&'a [Position]);

impl fmt::Display for Stack<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Position { file, function, line, column }) in self.0.iter().enumerate() {
            let between = if at > 0 { " < " } else { "" };
            let function = if function.is_empty() { "(anonymous)" } else { function };
            write!(f, "{between}{function} ({file}:{line}:{column})")?;
        }
        Ok(())
    }
}
