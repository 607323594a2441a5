//! A timer that is put off with every request, for next to nothing.
//!
//! Setting a timer of the reactor and taking it back costs about 900 instructions, and most timers of a connection never
//! fire. An alarm stands in the reactor once: put off, it stays at its earlier time, wakes its task then, and is set to
//! the later one only if the task still waits.
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use tokio::time::{Instant, Sleep, sleep_until};

/// A timer of one task.
#[derive(Debug, Default)]
pub struct Alarm {
    set: Option<(Pin<Box<Sleep>>, Waker)>,
}

impl Alarm {
    /// Ready once `due` is past; until then the task is woken at `due` at the latest.
    pub fn poll(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        if let Some((sleep, waker)) = &mut self.set {
            if sleep.deadline() <= due && !sleep.is_elapsed() && waker.will_wake(cx.waker()) {
                return Poll::Pending;
            }
            waker.clone_from(cx.waker());
            if sleep.deadline() != due {
                sleep.as_mut().reset(due);
            }
        }
        let (sleep, _) = self.set.get_or_insert_with(|| (Box::pin(sleep_until(due)), cx.waker().clone()));
        // Without tokio's budget: a poll that it puts off would leave the timer unset.
        Pin::new(&mut tokio::task::coop::unconstrained(sleep.as_mut())).poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::time::Duration;

    const PATIENCE: Duration = Duration::from_secs(60);

    fn after(ms: u64) -> Instant {
        Instant::now() + Duration::from_millis(ms)
    }

    async fn fires(alarm: &mut Alarm, due: Instant) {
        tokio::time::timeout(PATIENCE, poll_fn(|cx| alarm.poll(due, cx))).await.expect("it fires");
        assert!(Instant::now() >= due);
    }

    #[tokio::test]
    async fn fires_when_due_and_again_when_set_again() {
        let mut alarm = Alarm::default();
        fires(&mut alarm, after(30)).await;
        fires(&mut alarm, after(30)).await;
        fires(&mut alarm, Instant::now()).await;
    }

    #[tokio::test]
    async fn is_put_off_and_brought_forward() {
        let mut alarm = Alarm::default();
        for ms in [30, 90, 60_000, 30] {
            let due = after(ms);
            assert!(poll_fn(|cx| Poll::Ready(alarm.poll(due, cx))).await.is_pending());
        }
        fires(&mut alarm, after(60)).await;
        assert!(poll_fn(|cx| Poll::Ready(alarm.poll(after(60_000), cx))).await.is_pending());
        fires(&mut alarm, after(30)).await;
    }

    #[tokio::test]
    async fn wakes_the_task_that_polled_last() {
        let mut alarm = Alarm::default();
        let due = after(50);
        assert!(alarm.poll(due, &mut Context::from_waker(Waker::noop())).is_pending());
        fires(&mut alarm, due).await;
    }
}
