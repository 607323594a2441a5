//! Carrying out what scripts ask: timers by tokio, fetches by Pingora's connector, as tasks of the worker.
use super::slow::Slow;
use super::{failure, fetch};
use crate::failure::{Failure, FailureKind};
use crate::stream::ClientSocket;
use lockgate_filters::host::Phase;
use lockgate_filters::ops::{HostError, HostOp, HostValue, OpId, Outcome};
use lockgate_filters::pool::{Lease, Reply, Step};
use lockgate_filters::view::HostView;
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

/// The operations of a lease under way. Dropping it gives them up.
#[derive(Debug)]
pub struct Driver {
    tasks: JoinSet<(OpId, Outcome)>,
    /// Tasks by operation, and whether each is a fetch.
    handles: Vec<(OpId, bool, AbortHandle)>,
    /// Fetches that wait for their turn.
    waiting: VecDeque<(OpId, HostOp)>,
    fetching: Fetching,
}

/// How many fetches run at a time.
#[derive(Debug)]
struct Fetching {
    now: usize,
    most: usize,
}

impl Driver {
    /// The operations of a lease's request.
    fn of(lease: &Lease) -> Box<Self> {
        let fetching = Fetching { now: 0, most: lease.script().concurrent_subrequests as usize };
        Box::new(Self { fetching, tasks: JoinSet::new(), handles: Vec::new(), waiting: VecDeque::new() })
    }

    /// Starts what the script asked and ends what it gave up.
    fn take(&mut self, lease: &mut Lease) {
        let (mut asked, mut cancelled) = (Vec::new(), Vec::new());
        lease.take_ops(&mut asked, &mut cancelled);
        for id in cancelled {
            self.waiting.retain(|(waiting, _)| *waiting != id);
            if let Some(at) = self.handles.iter().position(|(known, ..)| *known == id) {
                let (_, is_fetch, task) = self.handles.swap_remove(at);
                task.abort();
                self.fetching.now -= usize::from(is_fetch);
            }
        }
        for (id, op) in asked {
            match op {
                HostOp::Timer(delay) => {
                    let due = Instant::now() + delay;
                    let task = self.tasks.spawn(async move {
                        tokio::time::sleep_until(due).await;
                        (id, Ok(HostValue::Unit))
                    });
                    self.handles.push((id, false, task));
                }
                HostOp::Fetch(_) => self.waiting.push_back((id, op)),
            }
        }
        self.start_fetches();
    }

    fn start_fetches(&mut self) {
        while self.fetching.now < self.fetching.most
            && let Some((id, op)) = self.waiting.pop_front()
        {
            let HostOp::Fetch(request) = op else { continue };
            self.fetching.now += 1;
            let task = self.tasks.spawn(async move {
                let outcome = fetch::fetch(*request).await;
                (id, outcome.map(|response| HostValue::Response(Box::new(response))).map_err(HostError))
            });
            self.handles.push((id, true, task));
        }
    }

    /// The next operation that ends; pending while there is none.
    async fn next(&mut self) -> (OpId, Outcome) {
        loop {
            match self.tasks.join_next().await {
                None => std::future::pending().await,
                Some(Ok((id, outcome))) => {
                    // What was given up after it had ended is no news.
                    let Some(at) = self.handles.iter().position(|(known, ..)| *known == id) else { continue };
                    self.fetching.now -= usize::from(self.handles.swap_remove(at).1);
                    self.start_fetches();
                    return (id, outcome);
                }
                Some(Err(_)) => {}
            }
        }
    }
}

/// Runs a hook to its end, its operations with it. Ends when the client leaves and at the wall time.
///
/// # Errors
/// The script failed, the client left, or time is up.
pub async fn run(
    lease: &mut Lease,
    driver: &mut Option<Box<Driver>>,
    phase: Phase,
    view: &mut (dyn HostView + Send),
    client: Option<Arc<ClientSocket>>,
    wall: impl Fn() -> Instant,
    slow: &mut Option<Box<Slow>>,
) -> Result<Reply, Failure> {
    match lease.start(phase, view) {
        Step::Done(reply) if driver.is_none() && !lease.is_busy() => Ok(reply),
        step => {
            // After the answer nobody waits for the client any more.
            let client = client.filter(|_| phase != Phase::OnLog);
            // Boxed: the futures of every request would have room for this one, and are copied whole.
            Box::pin(go_on(step, lease, driver, view, client, wall(), slow)).await
        }
    }
}

/// Runs a hook on from the end of its first step.
async fn go_on(
    mut step: Step,
    lease: &mut Lease,
    driver: &mut Option<Box<Driver>>,
    view: &mut (dyn HostView + Send),
    client: Option<Arc<ClientSocket>>,
    wall: Instant,
    slow: &mut Option<Box<Slow>>,
) -> Result<Reply, Failure> {
    loop {
        match step {
            Step::Done(reply) => {
                if driver.is_some() || lease.is_busy() {
                    driver.get_or_insert_with(|| Driver::of(lease)).take(lease);
                }
                return Ok(reply);
            }
            Step::Fault(fault) => return Err(failure(&fault)),
            Step::Yield => {
                if let Some(slow) = slow {
                    slow.look(lease);
                }
                // Whatever else is ready on this worker comes first.
                tokio::select! {
                    biased;
                    why = no_longer_wanted(client.as_deref(), wall) => return Err(why),
                    () = tokio::task::yield_now() => {}
                }
                step = lease.resume(view);
                continue;
            }
            Step::Wait => {}
        }
        let driver = driver.get_or_insert_with(|| Driver::of(lease));
        driver.take(lease);
        let (id, outcome) = tokio::select! {
            ended = driver.next() => ended,
            why = no_longer_wanted(client.as_deref(), wall) => return Err(why),
        };
        step = lease.settle(id, outcome, view);
    }
}

/// Pending until the client leaves or time is up; then which.
async fn no_longer_wanted(client: Option<&ClientSocket>, wall: Instant) -> Failure {
    let gone = async {
        match client {
            Some(client) => client.closed().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = gone => FailureKind::ClientGone.into(),
        () = tokio::time::sleep_until(wall) => {
            Failure::because(FailureKind::ScriptWall, "no answer within the wall time")
        }
    }
}

/// Goes on after the answer for what is under `waitUntil`, to its end or the wall time.
pub async fn finish_alone(mut lease: Lease, mut driver: Box<Driver>, wall: Instant) {
    let script = lease.script().name.clone();
    let work = async {
        while lease.is_busy() {
            driver.take(&mut lease);
            let (id, outcome) = driver.next().await;
            let mut step = lease.settle_alone(id, outcome);
            while step == Step::Yield {
                tokio::task::yield_now().await;
                step = lease.resume_alone();
            }
            if let Step::Fault(fault) = step {
                return Err(fault.to_string());
            }
        }
        Ok(())
    };
    let outcome = tokio::time::timeout_at(wall, work).await;
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(why)) => eprintln!("lockgate: {script}: in waitUntil: {why}"),
        Err(_) => eprintln!("lockgate: {script}: waitUntil was ended at the wall time"),
    }
}
