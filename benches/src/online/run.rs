use super::Sets;
use crate::cpu;
use rackberry::sched::online::{By, Cluster, PodId, TemplateId};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What a run took.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Pods that were placed, and those that no node took.
    pub placed: usize,
    /// Those that no node took.
    pub refused: usize,
    /// The processor time of all of them, those that left included.
    pub cpu: Duration,
    /// The pods that came first, in all: the index is made then.
    pub warm: Duration,
    /// How long each placement took, ascending; only if asked for.
    pub latencies: Vec<Duration>,
}

/// Places `pods` pods, those of the set over and over; as many as the set has, or one per node if
/// that is more, run at a time, the oldest leaves when one more comes.
///
/// # Errors
///
/// What the cluster does not take.
pub fn run(sets: &Sets, pods: usize, by: By, timed: bool) -> Result<Run, String> {
    let mut cluster = Cluster::new(rackberry::sched::online::Profile::kubernetes());
    for node in &sets.nodes {
        cluster.add_node(node).map_err(|why| why.to_string())?;
    }
    let templates = templates(&mut cluster, sets)?;
    let mut stream = Stream { cluster, running: VecDeque::with_capacity(sets.pods.len() + 1) };
    let mut run =
        Run { latencies: Vec::with_capacity(if timed { pods } else { 0 }), ..Run::default() };
    let begin = cpu::of_thread();
    // The indexes are made, and as many pods run as ever will.
    let most = templates.len().max(sets.nodes.len());
    let first = templates.iter().cycle().take(most);
    first.for_each(|&template| stream.place(template, by, &mut run));
    run.warm = cpu::of_thread() - begin;
    (run.placed, run.refused) = (0, 0);
    let begin = cpu::of_thread();
    for &template in templates.iter().cycle().take(pods) {
        stream.leave(most);
        let start = timed.then(Instant::now);
        stream.place(template, by, &mut run);
        run.latencies.extend(start.map(|it| it.elapsed()));
    }
    run.cpu = cpu::of_thread() - begin;
    run.latencies.sort_unstable();
    Ok(run)
}

fn templates(cluster: &mut Cluster, sets: &Sets) -> Result<Vec<TemplateId>, String> {
    let all = sets.pods.iter().map(|pod| cluster.template(pod));
    all.collect::<Result<_, _>>().map_err(|why| why.to_string())
}

struct Stream {
    cluster: Cluster,
    running: VecDeque<PodId>,
}

impl Stream {
    fn place(&mut self, template: TemplateId, by: By, run: &mut Run) {
        match self.cluster.place_one(template, by) {
            Ok(choice) => {
                self.running.push_back(choice.pod);
                run.placed += 1;
            }
            Err(_) => run.refused += 1,
        }
    }

    fn leave(&mut self, most: usize) {
        if self.running.len() >= most
            && let Some(pod) = self.running.pop_front()
        {
            let _ = self.cluster.remove(pod);
        }
    }
}
