//! On the first Ctrl-C or SIGTERM the current work is finished or cleaned up; the second ends the process at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use tokio::sync::Notify;

use crate::atomic_write::delete_parts_and_exit;
use crate::failure::Failure;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static WAKE: LazyLock<Notify> = LazyLock::new(Notify::new);

/// Starts to listen. Call it once, at the start.
pub(crate) fn listen() -> Result<(), Failure> {
    // A file above the limit of `ulimit -f` would end the process (SIGXFSZ); with a handler it is an error of the
    // write.
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default())
        .map_err(|error| Failure::Other(error.into()))?;
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            delete_parts_and_exit(130);
        }
        WAKE.notify_one();
    })?;
    Ok(())
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
