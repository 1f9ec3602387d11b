//! `report.json`: where the time went and what was found. It may differ between runs.

use std::{
    collections::BTreeMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use serde::Serialize;

/// Seconds of work by stage, summed over threads.
#[derive(Debug, Default)]
pub struct Stopwatch(Mutex<BTreeMap<&'static str, (Duration, u64)>>);

impl Stopwatch {
    /// Runs a piece of work of a stage and adds its time.
    pub fn time<T>(&self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        let mut table = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let entry = table.entry(stage).or_default();
        entry.0 += start.elapsed();
        entry.1 += 1;
        result
    }

    /// The table so far.
    #[must_use]
    pub fn table(&self) -> Vec<StageTime> {
        let table = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let row = |(stage, (time, count)): (&&'static str, &(Duration, u64))| StageTime {
            stage,
            seconds: (time.as_secs_f64() * 1e3).round() / 1e3,
            times: *count,
        };
        table.iter().map(row).collect()
    }
}

/// Time of one stage.
#[derive(Clone, Debug, Serialize)]
pub struct StageTime {
    /// Stage.
    pub stage: &'static str,
    /// Seconds, summed over the frames in flight at once.
    pub seconds: f64,
    /// How often it ran.
    pub times: u64,
}

/// The report of one run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Always `"report/1"`.
    pub schema: &'static str,
    /// Engine.
    pub engine_version: &'static str,
    /// `passed` or `degraded`.
    pub status: talos_core::artefact::Status,
    /// Why degraded, and remarks.
    pub findings: Vec<talos_core::artefact::Finding>,
    /// First and last frame asked for.
    pub frames: (u32, u32),
    /// Frames computed now; the others were in the store.
    pub computed: u32,
    /// Threads.
    pub threads: usize,
    /// Wall-clock seconds of the run.
    pub wall_seconds: f64,
    /// Largest resident memory of the process, MiB; 0 where the system does not say.
    pub peak_memory_mib: u64,
    /// Where the time went.
    pub stages: Vec<StageTime>,
    /// Quality figures of the film, worst frame of each.
    pub quality: BTreeMap<String, f64>,
}

/// Largest resident memory of this process so far, MiB (Linux; 0 elsewhere).
#[must_use]
pub fn peak_memory_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse::<u64>().ok())
        .map_or(0, |k| k / 1024)
}
