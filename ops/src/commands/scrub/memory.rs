//! One budget of memory for all workers. A rotation takes many times what its file does: if each worker took what one
//! photo may, a machine with many CPUs would run out of memory.

use std::sync::{Condvar, Mutex, PoisonError};

/// The budget. Whoever asks first gets first, so a photo that needs much is not passed over for ever.
#[derive(Debug)]
pub(crate) struct Memory {
    total: u64,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    free: u64,
    /// How many have asked.
    asked: u64,
    /// How many of them have got their part.
    served: u64,
}

/// A part of the budget, which is given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Taken<'a> {
    memory: &'a Memory,
    bytes: u64,
}

impl Memory {
    pub(crate) fn new(total: u64) -> Self {
        let state = Mutex::new(State { free: total, asked: 0, served: 0 });
        Self { total, state, changed: Condvar::new() }
    }

    /// Waits until so much is free. More than all of it means all of it: then nobody else works.
    pub(crate) fn take(&self, bytes: u64) -> Taken<'_> {
        let bytes = bytes.min(self.total);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let number = state.asked;
        state.asked += 1;
        let waits = |state: &mut State| state.served != number || state.free < bytes;
        let mut state = self.changed.wait_while(state, waits).unwrap_or_else(PoisonError::into_inner);
        state.served += 1;
        state.free -= bytes;
        self.changed.notify_all();
        Taken { memory: self, bytes }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut state = self.memory.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.free += self.bytes;
        self.memory.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn workers_together_never_have_more_than_the_budget_and_all_get_their_turn() {
        let (memory, now, most) = (Memory::new(100), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for worker in 0..8 {
                let (memory, now, most) = (&memory, &now, &most);
                scope.spawn(move || {
                    for turn in 0..200 {
                        // From nothing to twice the budget, which counts as all of it.
                        let bytes = (worker * 37 + turn * 53) % 201;
                        let taken = memory.take(bytes);
                        let together = now.fetch_add(taken.bytes, Ordering::SeqCst) + taken.bytes;
                        most.fetch_max(together, Ordering::SeqCst);
                        std::thread::yield_now();
                        now.fetch_sub(taken.bytes, Ordering::SeqCst);
                    }
                });
            }
        });
        println!("at most {most:?} of 100 at a time");
        assert_eq!(most.into_inner(), 100);
        assert_eq!(memory.state.into_inner().unwrap_or_else(PoisonError::into_inner).free, 100);
    }

    #[test]
    fn who_needs_much_is_not_passed_over_by_those_who_need_little() {
        let memory = Memory::new(100);
        let first = memory.take(60);
        let order = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for bytes in [80, 10] {
                let (memory, order) = (&memory, &order);
                scope.spawn(move || {
                    let _taken = memory.take(bytes);
                    order.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
                });
                // Until it has asked.
                let asked = || memory.state.lock().unwrap_or_else(PoisonError::into_inner).asked;
                while asked() < if bytes == 80 { 2 } else { 3 } {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
            assert!(order.lock().unwrap_or_else(PoisonError::into_inner).is_empty(), "10 has to wait for 80");
            drop(first);
        });
        assert_eq!(order.into_inner().unwrap_or_else(PoisonError::into_inner), [80, 10]);
    }
}
