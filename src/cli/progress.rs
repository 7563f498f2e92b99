//! Progress of long work, on a terminal alone and after a second.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Session;
use super::process::bar as bar_target;

/// Work that is shorter is not worth a bar.
const WORTH_SHOWING: Duration = Duration::from_secs(1);

/// How often the bar moves where nothing is reported.
const TICK: Duration = Duration::from_millis(200);

/// A bar that appears where work takes longer than a second and leaves nothing behind.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Ends the thread that shows and moves the bar.
    wait: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins; `what` stands beside the bar.
    pub(super) fn start(session: &Session<'_>, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(100), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {percent} %") {
            bar.set_style(style);
        }
        bar.set_message(what);
        let Some(target) = bar_target(session) else { return Self { bar, wait: None } };
        let (done, wait) = channel();
        let shown = bar.clone();
        // Work goes on without a bar where no thread can be started for it.
        let thread = session.workers().in_background(move || {
            if wait.recv_timeout(WORTH_SHOWING) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            shown.set_draw_target(target);
            while wait.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                shown.tick();
            }
        });
        Self { bar, wait: thread.map(|thread| (done, thread)) }
    }

    /// What is being done now.
    pub(super) fn doing(&self, what: String) {
        self.bar.set_message(what);
    }

    /// How much is done, in percent.
    pub(super) fn at(&self, percent: u64) {
        self.bar.set_position(percent);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.wait.take() {
            let _ = done.send(());
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}
