//! Scheduling kernels over plain integers: where things go, how they get there, and what is lost
//! with what.
//!
//! Callers number their bins and items, and translate the answer back. That is why one kernel
//! serves pods on nodes, virtual machines on hosts and benchmark files.
//!
//! | kernel | answers |
//! |---|---|
//! | [`place()`] | Where do these items go, if nothing else moves? |
//! | [`rebalance()`] | Which assignment is better, moves included? |
//! | [`anneal()`] | Which is the best that can be found in the time given? |
//! | [`bound()`] | How much better could it be at most? |
//! | [`order()`] | In which waves can the moves be made? |
//! | [`pace()`] | How long does that take, and what do detours cost? |
//! | [`orderable()`] | Which assignment can be reached, if not that one? |
//! | [`lost()`], [`Survivor`] | What goes down with what? |
//! | [`absorb()`], [`Absorber`] | Where would the items of a lost bin go? |
//! | [`losses()`], [`double_losses()`] | Which nodes, switches or zones may be lost, which pairs? |
//! | [`reserve()`] | Where must things be so that any one node may be lost? |
//! | [`explain()`], [`obstacles()`] | Why not there, and what would it change? |
//! | [`online`] | Where does this pod go now, on up to 100,000 nodes, as pods come and go? |
//! | [`verify()`], [`verify_order()`] | Is it right? Counted anew, without the code that made it. |
//!
//! **The promise.** The same input gives the same output: no clock, no floating point, no
//! randomness but a seed. (Only [`anneal()`] counts temperatures in floating point, and looks at a
//! clock if it is given a deadline; so does [`online::assess`], a checker, for one score.) Whatever the input, no kernel panics: [`Problem::check`] refuses what is
//! inconsistent, and all else takes the [`Checked`] problem. No rule that holds at the start is
//! broken at the end, and none that is broken becomes more so.
//!
//! With the feature `serde`, problems, costs and answers are data that can be written and read. What
//! is read is checked like all else.
//!
//! # Packing virtual machines
//!
//! ```
//! use rackberry_sched::{Problem, Rows, place, rebalance};
//!
//! let problem = Problem {
//!     resources: 2, // gibibytes of memory, cores
//!     capacity: vec![16, 4, 16, 4, 8, 4],
//!     demand: vec![6, 1, 6, 1, 4, 2, 4, 1],
//!     balance: vec![1, 1],
//!     // The first two are replicas of one thing: both hold a key that both refuse.
//!     keys: vec![0],
//!     holds: [vec![0], vec![0]].into_iter().collect(),
//!     refuses: [vec![0], vec![0]].into_iter().collect::<Rows<u32>>(),
//!     ..Problem::default()
//! };
//! let checked = problem.check()?;
//! let placement = place(&checked, &[]);
//! assert!(placement.unplaced.is_empty());
//! assert_ne!(placement.at[0], placement.at[1]);
//!
//! let better = rebalance(&checked, &placement.at, Default::default());
//! assert!(better.cost <= placement.cost);
//! # Ok::<(), rackberry_sched::Malformed>(())
//! ```
//!
//! # Rebalancing a Kubernetes cluster
//!
//! ```
//! use rackberry_sched::{Handover, Problem, Rows, order, rebalance, verify};
//!
//! // Three nodes and six pods, by the mebibytes that they request. A node came back empty.
//! let cluster = Problem {
//!     resources: 1,
//!     capacity: vec![8192, 8192, 8192],
//!     demand: vec![3000, 2000, 1500, 1000, 1000, 500],
//!     balance: vec![10],
//!     home: [0, 1, 1, 0, 0, 1].map(Some).to_vec(),
//!     // An eviction has a price, and that of the database a higher one.
//!     move_cost: vec![1_000_000, 50, 50, 50, 50, 50],
//!     // The second and the third pod are replicas: hostname anti-affinity keeps them apart, though
//!     // they share a node now.
//!     keys: vec![0],
//!     holds: [vec![], vec![0], vec![0]].into_iter().collect::<Rows<u32>>(),
//!     refuses: [vec![], vec![0], vec![0]].into_iter().collect::<Rows<u32>>(),
//!     ..Problem::default()
//! };
//! let now = cluster.home.clone();
//! let checked = cluster.check()?;
//!
//! let better = rebalance(&checked, &now, Default::default());
//! assert!(verify(&checked, &better.at).is_ok());
//! assert_eq!(better.at[0], Some(0)); // the database stays
//! assert!(better.at.contains(&Some(2)));
//!
//! // Evictions in waves, so that nothing is ever without room.
//! let order = order(&checked, &now, &better.at, &[Handover::default(); 6], &[]);
//! assert!(order.held.is_empty());
//! # Ok::<(), rackberry_sched::Malformed>(())
//! ```
//!
//! # Ordering migrations
//!
//! ```
//! use rackberry_sched::{BytesPerSecond, Handover, HopKind, Links, Millis, Problem, order, pace};
//!
//! // Two full hosts exchange their machines by way of a third.
//! let hosts = Problem { resources: 1, capacity: vec![8, 8, 8], demand: vec![7, 6], ..Problem::default() };
//! let checked = hosts.check()?;
//! let (from, to) = ([Some(0), Some(1)], [Some(1), Some(0)]);
//! let bytes = |copy| Handover { copy, ..Handover::default() };
//!
//! let order = order(&checked, &from, &to, &[bytes(70), bytes(60)], &[]);
//! let kinds: Vec<HopKind> = order.waves.iter().flatten().map(|hop| hop.kind).collect();
//! assert_eq!(kinds, [HopKind::ToTemporary, HopKind::Move, HopKind::FromTemporary]);
//! assert_eq!(order.waves[0][0].item, 1); // the one that is cheaper to copy
//! assert!(order.held.is_empty());
//!
//! // Each host sends and receives 10 bytes in a second. The second was copied twice.
//! let links = Links { bins: vec![BytesPerSecond(10); 3], ..Links::default() };
//! let pace = pace(&order, &[bytes(70), bytes(60)], &links);
//! assert_eq!(pace.waves, [Millis(6000), Millis(7000), Millis(6000)]);
//! assert_eq!((pace.detours[0].item, pace.detours[0].bytes.0), (1, 60));
//! # Ok::<(), rackberry_sched::Malformed>(())
//! ```
//!
//! # Surviving a loss
//!
//! ```
//! use rackberry_sched::{Down, Problem, domains, double_losses, losses, reserve};
//!
//! // Four nodes in two zones, with four services of two units each.
//! let problem = Problem {
//!     resources: 1,
//!     capacity: vec![6, 6, 3, 3],
//!     demand: vec![2; 4],
//!     topologies: vec![vec![0, 0, 1, 1]],
//!     ..Problem::default()
//! };
//! let checked = problem.check()?;
//! let (nodes, zones) = (domains(&checked, 0), domains(&checked, 1));
//!
//! let at = [Some(0), Some(0), Some(0), Some(1)];
//! assert!(losses(&checked, &at, &nodes).is_empty());
//! let lost = losses(&checked, &at, &zones);
//! assert_eq!(lost[0].parts, (0, None));
//! assert_eq!(lost[0].down[0].1, Down::NoRoom { resource: 0 });
//! assert_eq!(double_losses(&checked, &at, &nodes)[0].parts, (0, Some(1)));
//!
//! // Both large ones could not go elsewhere, because both small ones are where one would.
//! let small = Problem { resources: 1, capacity: vec![7, 4, 4], demand: vec![3, 3, 1, 1], ..Problem::default() };
//! let small = small.check()?;
//! let (at, nodes) = ([Some(0), Some(0), Some(1), Some(1)], domains(&small, 0));
//! assert_eq!(losses(&small, &at, &nodes)[0].parts, (0, None));
//! let safe = reserve(&small, &at, &nodes, Default::default());
//! assert!(losses(&small, &safe.at, &nodes).is_empty());
//! # Ok::<(), rackberry_sched::Malformed>(())
//! ```

mod absorb;
mod anneal;
mod away;
mod balance;
mod bits;
mod bonds;
mod bound;
mod bridge;
mod check;
mod checked;
mod cost;
mod counts;
mod descend;
mod dice;
mod eject;
mod explain;
mod goal;
mod heat;
mod hunt;
mod index;
mod loads;
mod losses;
mod malformed;
mod occupancy;
pub mod online;
mod order;
mod orderable;
mod pace;
mod pack;
mod place;
mod polish;
mod prepare;
mod problem;
mod reassign;
mod rebalance;
mod reserve;
mod room;
mod roster;
mod rows;
mod scene;
mod search;
mod shorten;
mod state;
mod survive;
mod swap;
mod tally;
mod terms;
mod trail;
mod unlock;
mod verify;
mod verify_order;
mod verify_terms;
mod walk;
mod walker;
mod waves;

pub use absorb::{Absorb, Absorber, Down, absorb};
pub use anneal::{Patience, anneal};
pub use bits::Bits;
pub use bound::bound;
pub use checked::Checked;
pub use cost::{Cost, UNPLACED};
pub use explain::{Obstacle, explain, obstacles};
pub use losses::{Loss, domains, double_losses, losses};
pub use malformed::Malformed;
pub use order::{Handover, Held, Hop, HopKind, Order, Why, order};
pub use orderable::{Orderable, orderable};
pub use pace::{Bytes, BytesPerSecond, Detour, Links, Millis, Pace, pace};
pub use place::{Placement, place};
pub use problem::{Class, Follow, Problem, Ratio, Scatter, Spread, Want};
pub use rebalance::{Effort, Solution, rebalance};
pub use reserve::reserve;
pub use rows::Rows;
pub use state::State;
pub use survive::{Lost, Needs, Survivor, lost};
pub use verify::{Violation, cost_of, verify};
pub use verify_order::{Misstep, verify_order};
