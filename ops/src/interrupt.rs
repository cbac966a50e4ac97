//! On the first Ctrl-C or SIGTERM the current work is finished or cleaned up; the second ends the process at once.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static WAKE: LazyLock<Notify> = LazyLock::new(Notify::new);

/// Starts to listen. Call it once, at the start.
pub(crate) fn listen() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        WAKE.notify_one();
    })
}

/// Whether Ctrl-C was pressed.
pub(crate) fn was_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Returns when Ctrl-C is pressed, or at once if it was pressed before. One waiter at a time.
pub(crate) async fn wait() {
    if !was_interrupted() {
        WAKE.notified().await;
    }
}
