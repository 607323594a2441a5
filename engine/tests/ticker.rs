//! The ticker rests while no script runs. Alone in its process, so that it does.
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::image::{FaultKind, Runtime};
use lockgate_engine::limits::{Interrupt, Limits, TICK, Termination};

#[test]
fn a_first_script_on_a_thread_wakes_a_resting_ticker() {
    let text = "export function f() { for (;;); }".to_string();
    let entry = SourceFile { name: "test.js".to_string(), text };
    let program = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader).expect("the test compiles");
    let image = program.image(&BARE, &Limits::default()).expect("the test boots");
    Interrupt::start_ticker();
    // Several times what it waits for before it rests.
    std::thread::sleep(1000 * TICK);
    // Were there no tick, fuel would end the loop instead, after minutes.
    let limits = Limits { cpu: Some(20 * TICK), fuel: Some(5_000_000_000), ..Limits::default() };
    let ended = std::thread::spawn(move || {
        let mut runtime = Runtime::from_image(&image, &limits).expect("a cage");
        runtime.call_export("f", |_| Vec::new(), |_, _| ()).map_err(|fault| fault.kind)
    });
    assert_eq!(ended.join().expect("no panic"), Err(FaultKind::Terminated(Termination::Cpu)));
}
