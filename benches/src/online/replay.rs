use super::{Placements, Sets};
use rackberry::sched::online::{
    By, Cluster, Node, NodeId, Pod, Points, Profile, Scene, Unplaced, assess,
};

/// How many choices are among the best.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judged {
    /// All choices, pods that found no place included.
    pub choices: usize,
    /// Those that are among the best by the cluster's own account.
    pub best: usize,
    /// Those that are among the best by the checker's.
    pub checked: usize,
}

/// Both ways.
pub type Agreement = Result<Judged, String>;

/// Nodes, pods and a cluster, side by side.
struct Stage<'a> {
    sets: &'a Sets,
    cluster: Cluster,
    nodes: Vec<(NodeId, Node)>,
    pods: Vec<(NodeId, Pod)>,
}

impl Stage<'_> {
    fn new(sets: &Sets) -> Result<Stage<'_>, String> {
        let mut cluster = Cluster::new(Profile::kubernetes());
        let mut nodes = Vec::new();
        for node in &sets.nodes {
            let number = cluster.add_node(node).map_err(|why| why.to_string())?;
            nodes.push((number, node.clone()));
        }
        Ok(Stage { sets, cluster, nodes, pods: Vec::new() })
    }

    /// Whether a choice is among the best, by the checker's account.
    fn is_best(&self, pod: &Pod, chosen: Option<NodeId>, points: Option<Points>) -> bool {
        let scene = Scene {
            profile: self.cluster.profile(),
            nodes: &self.nodes,
            pods: &self.pods,
            images: &[],
        };
        let verdicts = assess(scene, pod);
        let most = verdicts.iter().filter_map(|it| it.1.ok()).max();
        let ours = verdicts.iter().find(|it| Some(it.0) == chosen).and_then(|it| it.1.ok());
        most == ours && points.is_none_or(|points| Some(points) == most)
    }
}

/// Follows kube-scheduler's choices, and asks before each what the best nodes are.
///
/// # Errors
///
/// What the cluster does not take.
pub fn theirs(sets: &Sets, placements: &Placements) -> Agreement {
    let (mut stage, mut judged) = (Stage::new(sets)?, Judged::default());
    for (pod, chosen) in stage.sets.pods.iter().zip(placements) {
        let chosen = chosen.and_then(|it| u32::try_from(it).ok()).map(NodeId);
        let template = stage.cluster.template(pod).map_err(|why| why.to_string())?;
        let agrees = match stage.cluster.best(template, By::Index) {
            Ok(best) => chosen.is_some_and(|it| best.nodes.binary_search(&it).is_ok()),
            Err(_) => chosen.is_none(),
        };
        judged.choices += 1;
        judged.best += usize::from(agrees);
        judged.checked += usize::from(stage.is_best(pod, chosen, None));
        if let Some(node) = chosen {
            stage.cluster.bind(template, node).map_err(|why| why.to_string())?;
            stage.pods.push((node, pod.clone()));
        }
    }
    Ok(judged)
}

/// Places all pods, and has the checker judge each choice.
///
/// # Errors
///
/// What the cluster does not take.
pub fn ours(sets: &Sets) -> Agreement {
    let (mut stage, mut judged) = (Stage::new(sets)?, Judged::default());
    for pod in &stage.sets.pods {
        judged.choices += 1;
        let (node, points) = match stage.cluster.place(pod) {
            Ok(choice) => (Some(choice.node), Some(choice.points)),
            Err(Unplaced::Refused(_)) => (None, None),
            Err(Unplaced::Invalid(why)) => return Err(why.to_string()),
        };
        let is_best = stage.is_best(pod, node, points);
        (judged.best, judged.checked) =
            (judged.best + usize::from(node.is_some()), judged.checked + usize::from(is_best));
        stage.pods.extend(node.map(|node| (node, pod.clone())));
    }
    Ok(judged)
}
