//! The online scheduler: pods come and go one by one, nodes too, and each pod is put where it is
//! best at that moment.
//!
//! Filters and scores mean what they mean in the default profile of kube-scheduler 1.36, and weigh
//! the same. The answer is always that of a full scan of all nodes, but nodes are not scanned: an
//! index keeps what each node says to each kind of pod, and asks only those again that changed.
//!
//! | in the order of asking | |
//! |---|---|
//! | filters | cordon · taints · selector and node affinity · host ports · pods · resources · node affinity of volumes · hard topology spread · affinity and anti-affinity between pods |
//! | scores | [`Fit`]: least or most allocated · balance · images · taints that say rather not · preferred node affinity · soft topology spread · preferred affinity between pods, both ways · [`Score`]: your own |
//! | otherwise | [`Cluster::preempt`]: who would have to go |
//!
//! **Where it differs.** The node itself is a topology, [`Topology::Node`], so there is no label
//! for the name of the host. Every score is counted in integers, so where kube-scheduler rounds a
//! fraction down that is a whole number but for its last bit, it may be one point off. A spread
//! whose selector asks for nothing counts all pods of the namespace. Selectors of namespaces have
//! to be lists of namespaces. All nodes are considered, never a share of them.
//!
//! ```
//! use rackberry_sched::online::{
//!     Cluster, Label, Names, Node, NodeId, NodeView, Pod, Profile, Unplaced, Weights,
//! };
//!
//! let mut names = Names::default();
//! let ssd = Label { key: names.name("disk"), value: names.name("ssd") };
//! let board = |labels| Node { allocatable: vec![4000, 8 << 30], pods: 110, labels, ..Node::default() };
//! let web = Pod { requests: vec![500, 1 << 30], ..Pod::default() };
//! let database = Pod { selector: vec![ssd], requests: vec![1000, 4 << 30], ..Pod::default() };
//!
//! let mut cluster = Cluster::new(Profile::kubernetes());
//! let (plain, fast) = (cluster.add_node(&board(vec![]))?, cluster.add_node(&board(vec![ssd]))?);
//! assert_eq!(cluster.place(&database)?.node, fast);
//! assert_eq!(cluster.place(&web)?.node, plain); // the emptier one
//! cluster.place(&database)?;
//! let Err(Unplaced::Refused(why)) = cluster.place(&database) else { return Ok(()) };
//! assert_eq!(
//!     why.to_string(),
//!     "0 of 2 nodes take it: 1 not among those asked for, 1 with too little left"
//! );
//!
//! // Your own score instead of all others: the lowest number.
//! let weights = Weights { fit: 0, balance: 0, images: 0, taints: 0, affinity: 0, spread: 0, pods: 0 };
//! let lowest = |node: &NodeView<'_>, _: &Pod| 100 - node.node.0.min(100);
//! let profile = Profile { weights, scores: vec![(1, Box::new(lowest))], ..Profile::kubernetes() };
//! let mut cluster = Cluster::new(profile);
//! cluster.add_node(&board(vec![]))?;
//! cluster.add_node(&board(vec![]))?;
//! assert_eq!(cluster.place(&web)?.node, NodeId(0));
//! assert_eq!(cluster.place(&web)?.node, NodeId(0));
//! # Ok::<(), Unplaced>(())
//! ```

mod assess;
mod block;
mod cache;
mod class;
mod cluster;
mod contest;
mod counter;
mod heap;
mod idle;
mod invalid;
mod leaf;
mod log;
mod lowest;
mod matching;
mod names;
mod node;
mod nodes;
mod pod;
mod pods;
mod pool;
mod preempt;
mod profile;
mod quick;
mod refused;
mod register;
mod scale;
mod seats;
mod standing;
mod template;
mod tree;
mod world;

pub use assess::{Scene, Verdict, assess};
pub use cluster::{Best, By, Choice, Cluster, Points, Unplaced};
pub use invalid::Invalid;
pub use names::{Name, Names};
pub use node::{Effect, Label, Node, NodeId, Taint, Toleration};
pub use pod::{NodeTerm, Pod, PodId, PodSelector, PodTerm, Port, Requirement, Spread, Topology};
pub use preempt::{Budget, Preemption};
pub use profile::{Fit, NodeView, Profile, Reach, Resource, Score, Ties, Weights};
pub use refused::{Filter, Refused};
pub use template::TemplateId;
