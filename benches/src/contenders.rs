//! The two engines that the benches compare, each with one script loaded.
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{Goal, NoLoader, Options, SourceFile, compile};
use lockgate_engine::heap::space::HeapMode;
use lockgate_engine::image::{Image, Runtime, Stage};
use lockgate_engine::limits::Limits;
use lockgate_engine::{job, link};
use std::sync::Arc;

/// A runtime of ours.
pub struct Ours {
    image: Arc<Image>,
    runtime: Runtime,
    limits: Limits,
}

impl Ours {
    /// The script evaluated and sealed, and a first runtime of the image.
    pub fn new(name: &str, source: &str, heap_mode: HeapMode) -> Result<Ours, String> {
        let file = SourceFile { name: format!("{name}.js"), text: source.to_string() };
        let module = compile(file, &Options::new(Goal::Script), &mut NoLoader).map_err(|e| e.to_string())?;
        let limits = Limits { heap_mode, ..Limits::default() };
        let image =
            Image::boot(Arc::new(module), &BARE, &limits, Stage::Evaluated, |_| {}).map_err(|e| e.to_string())?;
        let image = Arc::new(image);
        let runtime = Runtime::from_image(&image, &limits).map_err(|e| e.to_string())?;
        Ok(Ours { image, runtime, limits })
    }

    /// Another runtime of the same image: nothing of the script was called in it yet.
    pub fn fresh(&self) -> Result<Ours, String> {
        let runtime = Runtime::from_image(&self.image, &self.limits).map_err(|e| e.to_string())?;
        Ok(Ours { image: self.image.clone(), runtime, limits: self.limits.clone() })
    }

    /// One request: `bench()`, its jobs, the reset.
    pub fn sample(&mut self, check: bool) -> Result<(), String> {
        let result = self.runtime.enter(|rt| {
            let Some(bench) = link::global_value(rt, "bench") else { return Err(rt.throw_type("no function bench")) };
            rt.call(bench, lockgate_engine::value::Value::UNDEFINED, &[])?;
            job::run_all(rt)?;
            if check {
                let (got, want) = (link::global_value(rt, "result"), link::global_value(rt, "expected"));
                let same = matches!((got, want), (Some(a), Some(b)) if rt.strict_equals(a, b));
                if !same {
                    let text = |rt: &lockgate_engine::runtime::Rt, v: Option<_>| {
                        v.map(|v| rt.describe_thrown(v)).unwrap_or_default()
                    };
                    let message = format!("result {} is not {}", text(rt, got), text(rt, want));
                    return Err(rt.throw_type(&message));
                }
            }
            Ok(())
        });
        self.runtime.reset();
        result.map_err(|e| e.to_string())
    }
}

/// A context of quickjs-ng.
pub struct Theirs {
    runtime: rquickjs::Runtime,
    context: rquickjs::Context,
}

impl Theirs {
    /// The script evaluated in a new context.
    pub fn new(source: &str) -> Result<Theirs, String> {
        let runtime = rquickjs::Runtime::new().map_err(|e| e.to_string())?;
        let context = rquickjs::Context::full(&runtime).map_err(|e| e.to_string())?;
        let mut options = rquickjs::context::EvalOptions::default();
        options.strict = false;
        context.with(|ctx| ctx.eval_with_options::<(), _>(source, options)).map_err(|e| e.to_string())?;
        Ok(Theirs { runtime, context })
    }

    /// `bench()` and its jobs.
    pub fn sample(&self) -> Result<(), String> {
        self.context.with(|ctx| {
            let bench: rquickjs::Function = ctx.globals().get("bench").map_err(|e| e.to_string())?;
            bench.call::<_, ()>(()).map_err(|e| e.to_string())
        })?;
        while self.runtime.is_job_pending() {
            self.runtime.execute_pending_job().map_err(|_| "a job threw".to_string())?;
        }
        Ok(())
    }

    /// One sample, compared with what the script expects.
    pub fn check(&self) -> Result<(), String> {
        self.sample()?;
        let same: bool = self.context.with(|ctx| ctx.eval("result === expected")).map_err(|e| e.to_string())?;
        if same { Ok(()) } else { Err("quickjs-ng gives another result".to_string()) }
    }
}
