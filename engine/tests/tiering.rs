//! The seam to a native compiler: which functions it is asked for, and when. A process has one compiler, so this file has one test.
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::bytecode::module::{FunctionId, JsStr, Module};
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::image::Runtime;
use lockgate_engine::limits::Limits;
use lockgate_engine::native::{self, HOT, NativeCode, NativeCompiler, Policy, Refusal, SAMPLE};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Takes note of what it is asked for; has code for every function but `unsupported`.
struct Notes(Mutex<Vec<String>>);

static NOTES: Notes = Notes(Mutex::new(Vec::new()));

impl NativeCompiler for Notes {
    fn machine(&self) -> Option<&'static str> {
        Some("notes")
    }

    fn compile(&self, module: &Module, function: FunctionId) -> Result<NativeCode, Refusal> {
        let name = module.strings[module.functions[function as usize].name as usize].clone();
        let name = JsStr::to_text(&name);
        let refused = name == "unsupported";
        self.0.lock().unwrap().push(name);
        if refused { Err(Refusal::Unsupported) } else { Ok(NativeCode { entry: 16, bytes: 100, memory: Box::new(()) }) }
    }
}

#[test]
fn hot_functions_are_compiled_once_for_all_runtimes() {
    assert!(native::install(&NOTES, Policy::Lazy));
    assert!(!native::install(&NOTES, Policy::Eager), "the first stays");
    let text = "
        let sum = 0;
        export function called() { return callee(); }
        function callee() { return sum; }
        export function loops() { for (let i = 0; i < 400; i++) sum += i; return sum; }
        export function unsupported() { for (let i = 0; i < 400; i++) sum -= i; return sum; }
        export function seldom() { return 1; }
    ";
    let entry = SourceFile { name: "hot.js".into(), text: text.into() };
    let program = Program::compile(entry, &Options::new(Goal::Module), &mut NoLoader).expect("compiles");
    let image = program.image(&BARE, &Limits::default()).expect("boots");
    assert_eq!(image.code().statistics(), native::Statistics::default());
    // Requests that are much shorter than a sample, in two runtimes of the image.
    let mut runtimes = [(); 2].map(|()| Runtime::from_image(&image, &Limits::default()).expect("a cage"));
    let mut request = |name: &str, at: usize| {
        runtimes[at].call_export(name, |_| Vec::new(), |_, _| ()).expect("answers");
        runtimes[at].reset();
    };
    for round in 0..4 * HOT as usize * SAMPLE as usize {
        request("called", round % 2);
    }
    for round in 0..4 * HOT as usize {
        request("loops", round % 2);
        request("unsupported", round % 2);
    }
    request("seldom", 0);
    let settled = |statistics: &native::Statistics| statistics.compiled + statistics.refused == statistics.hot;
    let patience = Instant::now() + Duration::from_secs(60);
    while !settled(&image.code().statistics()) && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut asked = NOTES.0.lock().unwrap().clone();
    asked.sort();
    let statistics = image.code().statistics();
    // Which of a caller and its callee the samples meet depends on where they begin.
    asked.retain(|name| name != "called" && name != "callee");
    assert_eq!(asked, ["loops", "unsupported"]);
    assert!((3..=4).contains(&statistics.hot), "{statistics:?}");
    assert_eq!((statistics.refused, statistics.compiled), (1, statistics.hot - 1), "{statistics:?}");
    assert_eq!(statistics.bytes, 100 * statistics.compiled);
    let published = (0..image.module().functions.len()).filter(|&id| image.code().entry(id as FunctionId) == Some(16));
    assert_eq!(published.count(), statistics.compiled);
}
