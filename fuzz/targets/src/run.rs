//! Running a program under limits, and what can be observed of it.
use lockgate_engine::image::{FaultKind, Runtime};
use lockgate_engine::limits::{Limits, Termination};
use lockgate_engine::link;
use lockgate_engine::runtime::ConsoleSink;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// Most console output of a run that is kept, in bytes.
const MAX_OUTPUT: usize = 64 << 10;

/// Limits of a run: small enough for many runs a second, large enough for a script to do something.
pub fn limits() -> Limits {
    Limits {
        heap: 16 << 20,
        stack: 256 << 10,
        cpu: Some(Duration::from_secs(2)),
        fuel: Some(20_000),
        ..Limits::default()
    }
}

/// What a run printed, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Console output.
    pub printed: String,
    /// `None`: it ran to its end.
    pub fault: Option<(FaultKind, String)>,
}

impl Outcome {
    /// Whether a limit ended it at a place that another run need not reach: CPU time, or memory, which warm caches save.
    pub fn ended_anywhere(&self) -> bool {
        let ends = |kind| matches!(kind, FaultKind::Terminated(Termination::Cpu | Termination::Memory));
        self.fault.as_ref().is_some_and(|(kind, _)| ends(*kind))
    }
}

/// Runs the bodies of a linked program and its jobs.
///
/// # Panics
/// An engine error.
pub fn bodies(runtime: &mut Runtime) -> Outcome {
    let printed = Rc::new(RefCell::new(String::new()));
    let sink = Sink(Rc::clone(&printed));
    let result = runtime.enter(|rt| {
        rt.host().console.replace(Box::new(sink));
        let module = rt.host().module.borrow().clone();
        link::run_bodies(rt, &module)
    });
    let fault = result.err().map(|fault| (fault.kind, fault.to_string()));
    if let Some((FaultKind::Panic, text)) = &fault {
        panic!("engine panic: {text}");
    }
    let printed = printed.take();
    Outcome { printed, fault }
}

struct Sink(Rc<RefCell<String>>);

impl ConsoleSink for Sink {
    fn line(&mut self, level: &str, text: &str) {
        let mut all = self.0.borrow_mut();
        if all.len() < MAX_OUTPUT {
            all.push_str(level);
            all.push(' ');
            all.push_str(text);
            all.push('\n');
        }
    }
}
