use rackberry::sched::online::{
    Effect, Label, Name, Names, Node, Pod, PodSelector, PodTerm, Requirement, Spread, Taint,
    Toleration, Topology,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Files larger than this, in bytes, are not read.
const LARGEST: usize = 256 << 20;

/// What stands for the node itself.
const HOST: &str = "kubernetes.io/hostname";

/// A node set and a pod set.
#[derive(Clone, Debug, Default)]
pub struct Sets {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The pods, in the order in which they come.
    pub pods: Vec<Pod>,
    node_numbers: BTreeMap<String, usize>,
    pod_names: Vec<String>,
}

/// Per pod in order the node that kube-scheduler chose, if any.
pub type Placements = Vec<Option<usize>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    init: Vec<PodLine>,
    nodes: Vec<NodeLine>,
    pods: Vec<PodLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeLine {
    name: String,
    cpu_m: u64,
    mem_mi: u64,
    pods: u32,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    /// `key=value:NoSchedule`
    taint: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PodLine {
    name: String,
    cpu_m: u64,
    mem_mi: u64,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    node_selector: BTreeMap<String, String>,
    /// Whether it tolerates the taints of the file.
    #[serde(default)]
    tolerate: bool,
    /// The label whose places it is spread over, with skew 1, by its `app`.
    spread: Option<String>,
    /// Keeps pods of its `app` off its node, or away from the places of this label.
    anti: Option<String>,
}

/// Reads a node and a pod set.
///
/// # Errors
///
/// What is wrong, with line and column where it is the JSON.
pub fn read_sets(text: &[u8]) -> Result<Sets, String> {
    if text.len() > LARGEST {
        return Err(format!("{} bytes are too many, {LARGEST} at most", text.len()));
    }
    let file: File = serde_json::from_slice(text).map_err(|why| why.to_string())?;
    let (mut names, mut sets) = (Names::default(), Sets::default());
    for (number, line) in file.nodes.iter().enumerate() {
        sets.nodes.push(node(&mut names, line)?);
        if sets.node_numbers.insert(line.name.clone(), number).is_some() {
            return Err(format!("node `{}` is there twice", line.name));
        }
    }
    for line in file.init.iter().chain(&file.pods) {
        sets.pods.push(pod(&mut names, line)?);
        sets.pod_names.push(line.name.clone());
    }
    Ok(sets)
}

/// Reads kube-scheduler's choices, a line `pod,node` for each pod in order.
///
/// # Errors
///
/// What is wrong, with the line.
pub fn read_placements(text: &str, sets: &Sets) -> Result<Placements, String> {
    let mut all = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let at = at + 1;
        let Some((pod, node)) = line.split_once(',') else {
            return Err(format!("line {at}: `{line}` is not `pod,node`"));
        };
        if sets.pod_names.get(all.len()).is_none_or(|name| name != pod) {
            return Err(format!("line {at}: `{pod}` is not the next pod of the set"));
        }
        let known = sets.node_numbers.get(node).copied();
        if known.is_none() && !node.is_empty() {
            return Err(format!("line {at}: there is no node `{node}`"));
        }
        all.push(known);
    }
    Ok(all)
}

fn label(names: &mut Names, (key, value): (&String, &String)) -> Label {
    Label { key: names.name(key), value: names.name(value) }
}

fn labels(names: &mut Names, all: &BTreeMap<String, String>) -> Vec<Label> {
    all.iter().filter(|it| it.0 != HOST).map(|it| label(names, it)).collect()
}

fn amounts(what: &str, cpu: u64, mebibytes: u64) -> Result<Vec<u64>, String> {
    let bytes = mebibytes.checked_mul(1 << 20);
    Ok(vec![cpu, bytes.ok_or(format!("`{what}` has too much memory"))?])
}

fn node(names: &mut Names, line: &NodeLine) -> Result<Node, String> {
    let taints = line.taint.iter().map(|it| taint(names, it)).collect::<Result<_, _>>()?;
    Ok(Node {
        allocatable: amounts(&line.name, line.cpu_m, line.mem_mi)?,
        pods: line.pods,
        labels: labels(names, &line.labels),
        taints,
        ..Node::default()
    })
}

fn taint(names: &mut Names, text: &str) -> Result<Taint, String> {
    let wrong = || format!("taint `{text}` is not `key=value:effect`");
    let (pair, effect) = text.split_once(':').ok_or_else(wrong)?;
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    let effect = match effect {
        "NoSchedule" => Effect::NoSchedule,
        "PreferNoSchedule" => Effect::PreferNoSchedule,
        "NoExecute" => Effect::NoExecute,
        _ => return Err(wrong()),
    };
    Ok(Taint { key: names.name(key), value: names.name(value), effect })
}

fn topology(names: &mut Names, key: &str) -> Topology {
    if key == HOST { Topology::Node } else { Topology::Label(names.name(key)) }
}

fn pod(names: &mut Names, line: &PodLine) -> Result<Pod, String> {
    let app = line.labels.get_key_value("app").map(|it| label(names, it));
    let alike: Vec<Requirement> =
        app.iter().map(|it| Requirement::In(it.key, vec![it.value])).collect();
    let spread = line.spread.iter().map(|key| Spread {
        topology: topology(names, key),
        all: alike.clone(),
        ..Spread::default()
    });
    let mut it = Pod {
        namespace: Name(0),
        requests: amounts(&line.name, line.cpu_m, line.mem_mi)?,
        spread: spread.collect(),
        ..Pod::default()
    };
    it.labels = labels(names, &line.labels);
    it.selector = labels(names, &line.node_selector);
    if line.tolerate {
        it.tolerations.push(Toleration::default());
    }
    it.apart = line.anti.iter().map(|key| apart(topology(names, key), &alike)).collect();
    Ok(it)
}

fn apart(topology: Topology, alike: &[Requirement]) -> PodTerm {
    PodTerm { topology, pods: PodSelector { all: alike.to_vec(), ..PodSelector::default() } }
}

impl Sets {
    /// Repeats the nodes until there are so many.
    pub fn scale(&mut self, nodes: usize) {
        let given = self.nodes.clone();
        self.nodes = given.into_iter().cycle().take(nodes).collect();
    }

    /// Has every pod keep those of its labels off its node.
    pub fn keep_apart(&mut self) {
        for pod in &mut self.pods {
            let alike = pod.labels.iter().map(|it| Requirement::In(it.key, vec![it.value]));
            pod.apart = vec![apart(Topology::Node, &alike.collect::<Vec<_>>())];
        }
    }
}
