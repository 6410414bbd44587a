//! Longer work is told of while it goes on.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Longer work than this is told of.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// Hears what is being done.
pub type Say<'s> = &'s (dyn Fn(String) + Sync);

/// Does some work that says what it is doing; every two seconds the last word of it is shown.
pub fn told<T>(err: &mut (dyn Write + Send), work: impl FnOnce(Say<'_>) -> T) -> T {
    told_every(PATIENCE, err, work)
}

fn told_every<T>(patience: Duration, err: &mut (dyn Write + Send), work: impl FnOnce(Say<'_>) -> T) -> T {
    let doing = Mutex::new(String::from("beginning"));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (doing, done) = (&doing, &done);
        let teller = scope.spawn(move || tell(patience, doing, done, err));
        let result = work(&|what| {
            if let Ok(mut doing) = doing.lock() {
                *doing = what;
            }
        });
        done.store(true, Ordering::Relaxed);
        teller.thread().unpark();
        result
    })
}

fn tell(patience: Duration, doing: &Mutex<String>, done: &AtomicBool, err: &mut (dyn Write + Send)) {
    let began = Instant::now();
    let mut next = patience;
    while !done.load(Ordering::Relaxed) {
        std::thread::park_timeout(next.saturating_sub(began.elapsed()));
        if began.elapsed() >= next && !done.load(Ordering::Relaxed) {
            let what = doing.lock().map(|what| what.clone()).unwrap_or_default();
            // Progress that cannot be shown is no reason to stop.
            let _ = writeln!(err, "... {} s: {what}", began.elapsed().as_secs());
            next += patience;
        }
    }
}

/// A time in seconds and tenths.
pub fn seconds(time: Duration) -> String {
    format!("{}.{} s", time.as_secs(), time.subsec_millis() / 100)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Hands on what is written.
    struct Heard(mpsc::Sender<String>);

    impl Write for Heard {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_work_that_takes_long_is_told_of() {
        let mut err = Vec::new();
        let hour = Duration::from_secs(3600);
        assert_eq!(told_every(hour, &mut err, |say| (0..3).map(|step| say(format!("{step}"))).count()), 3);
        assert_eq!(err, b"");
        let (sender, receiver) = mpsc::channel();
        // This work ends when it has been told of.
        let text = told_every(Duration::from_millis(1), &mut Heard(sender), |say| {
            say("reading".to_owned());
            let mut text = String::new();
            while !text.contains("s: reading\n") {
                text += &receiver.recv().unwrap();
            }
            text
        });
        assert!(text.starts_with("... 0 s: "), "{text:?}");
    }

    #[test]
    fn times_are_seconds_and_tenths() {
        assert_eq!(seconds(Duration::from_millis(1_990)), "1.9 s");
        assert_eq!(seconds(Duration::from_millis(61_049)), "61.0 s");
    }
}
