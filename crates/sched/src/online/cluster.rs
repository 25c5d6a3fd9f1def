use super::cache::Cache;
use super::contest::{Candidate, Contest, Matter};
use super::invalid::Invalid;
use super::names::Name;
use super::node::{Node, NodeId};
use super::pod::{Pod, PodId};
use super::profile::Profile;
use super::refused::{Filter, Refused};
use super::register::row;
use super::seats::Seats;
use super::standing::{Says, ask};
use super::template::TemplateId;
use super::world::{LIMIT, World};

/// Nodes, the pods on them, and where the next pod should go.
#[derive(Debug)]
pub struct Cluster {
    pub(super) profile: Profile,
    pub(super) world: World,
    cache: Cache,
    pub(super) contest: Contest,
    /// For full scans: what classes say, and to which shape.
    pub(super) seats: Seats,
    pub(super) seated: Option<u32>,
}

/// Where a pod was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The pod, which has its place from now on.
    pub pod: PodId,
    /// Its node.
    pub node: NodeId,
    /// The score of the node, which is the best.
    pub points: Points,
}

/// The sum of all scores of a node, each from 0 to 100 times its weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(pub i64);

/// All nodes that are as good as any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Best {
    /// The nodes, ascending.
    pub nodes: Vec<NodeId>,
    /// Their score.
    pub points: Points,
}

/// Why a pod has no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unplaced {
    /// No node takes it now.
    Refused(Refused),
    /// It cannot be understood.
    Invalid(Invalid),
}

impl From<Invalid> for Unplaced {
    fn from(why: Invalid) -> Self {
        Unplaced::Invalid(why)
    }
}

impl std::fmt::Display for Unplaced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unplaced::Refused(why) => why.fmt(f),
            Unplaced::Invalid(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for Unplaced {}

/// Who answers: the index where there is one, or every node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The index, or the full scan where it has no room for the template.
    Index,
    /// The full scan.
    Scan,
}

impl Cluster {
    /// The most of a resource that a node may have or a pod may request.
    pub const LIMIT: u64 = LIMIT;

    /// A cluster without nodes.
    pub fn new(profile: Profile) -> Cluster {
        Cluster {
            world: World::new(profile.resources.len()),
            cache: Cache::new(&profile),
            contest: Contest::default(),
            seats: Seats::default(),
            seated: None,
            profile,
        }
    }

    /// How nodes are compared.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Adds a node.
    ///
    /// # Errors
    ///
    /// [`Invalid::Resources`], [`Invalid::Amount`].
    pub fn add_node(&mut self, node: &Node) -> Result<NodeId, Invalid> {
        row(&self.profile, &node.allocatable)?;
        Ok(NodeId(self.world.add_node(node)))
    }

    /// Takes over what a node says of itself now. Its pods stay, also where they no longer may.
    ///
    /// # Errors
    ///
    /// [`Invalid::Node`], [`Invalid::Resources`], [`Invalid::Amount`].
    pub fn change_node(&mut self, node: NodeId, says: &Node) -> Result<(), Invalid> {
        row(&self.profile, &says.allocatable)?;
        self.is(node)?;
        self.world.change_node(node.0, says);
        Ok(())
    }

    /// Removes a node and the pods on it, which are returned.
    ///
    /// # Errors
    ///
    /// [`Invalid::Node`].
    pub fn remove_node(&mut self, node: NodeId) -> Result<Vec<PodId>, Invalid> {
        self.is(node)?;
        Ok(self.world.remove_node(node.0))
    }

    /// Says how large an image is, in bytes. Images that nobody spoke of score nothing.
    pub fn set_image(&mut self, image: Name, bytes: u64) {
        self.world.images.insert(image, bytes);
    }

    /// The template of a pod. It saves the time to recognise the pod each time.
    ///
    /// Templates are kept, so pods should differ only in what matters to where they go.
    ///
    /// # Errors
    ///
    /// What cannot be understood about the pod.
    pub fn template(&mut self, pod: &Pod) -> Result<TemplateId, Invalid> {
        Ok(TemplateId(self.world.template(&self.profile, pod)?))
    }

    /// Puts a pod on the best node, which keeps its place until it is removed.
    ///
    /// # Errors
    ///
    /// [`Unplaced`]: how many nodes each filter turned away, or what is wrong with the pod.
    pub fn place(&mut self, pod: &Pod) -> Result<Choice, Unplaced> {
        let template = self.template(pod)?;
        self.place_one(template, By::Index)
    }

    /// The same for one more pod of a template.
    ///
    /// # Errors
    ///
    /// [`Unplaced`]: how many nodes each filter turned away, or what is wrong with the template.
    pub fn place_one(&mut self, template: TemplateId, by: By) -> Result<Choice, Unplaced> {
        let decided = self.decide(template, by)?;
        let Some((key, points)) = decided else {
            return Err(Unplaced::Refused(self.contest.refused));
        };
        let node = self.cache.ranks.node(key);
        let pod = self.world.bind(template.0, node)?;
        Ok(Choice { pod, node: NodeId(node), points: Points(points) })
    }

    /// All nodes that are as good as any; nothing is reserved.
    ///
    /// # Errors
    ///
    /// [`Unplaced`]: how many nodes each filter turned away, or what is wrong with the template.
    pub fn best(&mut self, template: TemplateId, by: By) -> Result<Best, Unplaced> {
        let decided = self.decide(template, by)?;
        let Some((_, points)) = decided else {
            return Err(Unplaced::Refused(self.contest.refused));
        };
        let mut nodes = Vec::new();
        let shape = self.world.templates[template.0 as usize].shape;
        match self.cache.kept(shape).filter(|_| by == By::Index) {
            Some(tree) => self.contest.best().for_each(|group| {
                tree.each_best(group, |node| nodes.push(NodeId(node)));
            }),
            None => nodes.extend(self.contest.best().map(NodeId)),
        }
        nodes.sort_unstable();
        Ok(Best { nodes, points: Points(points) })
    }

    /// Puts a pod on a node without asking whether it may be there, as one finds it running.
    ///
    /// # Errors
    ///
    /// [`Invalid::Template`], [`Invalid::Node`], [`Invalid::Overflow`].
    pub fn bind(&mut self, template: TemplateId, node: NodeId) -> Result<PodId, Invalid> {
        self.knows(template)?;
        self.is(node)?;
        self.world.bind(template.0, node.0)
    }

    /// Removes a pod, and tells where it ran.
    ///
    /// # Errors
    ///
    /// [`Invalid::Pod`].
    pub fn remove(&mut self, pod: PodId) -> Result<NodeId, Invalid> {
        self.world.remove(pod).map(NodeId).ok_or(Invalid::Pod)
    }

    /// The score of one node for a pod among all others, or the filter that turns it away.
    ///
    /// # Errors
    ///
    /// [`Invalid::Template`], [`Invalid::Node`].
    pub fn judge(
        &mut self,
        template: TemplateId,
        node: NodeId,
    ) -> Result<Result<Points, Filter>, Invalid> {
        self.knows(template)?;
        self.is(node)?;
        self.scan(template.0);
        let points = self.contest.all().find(|it| it.0 == node.0).map(|it| Points(it.1));
        Ok(points.ok_or_else(|| self.turned_away(template.0, node.0)))
    }

    /// What runs, and where.
    pub fn pods(&self) -> impl Iterator<Item = (PodId, NodeId, &Pod)> {
        let of = |template: u32| &self.world.templates[template as usize].pod;
        self.world.pods.iter().map(move |(id, it)| (id, NodeId(it.node), of(it.template)))
    }

    /// How many bytes the index takes, roughly.
    pub fn index_bytes(&self) -> u64 {
        self.cache.bytes()
    }

    pub(super) fn is(&self, node: NodeId) -> Result<(), Invalid> {
        if self.world.nodes.is(node.0) { Ok(()) } else { Err(Invalid::Node) }
    }

    pub(super) fn knows(&self, template: TemplateId) -> Result<(), Invalid> {
        let is_known = (template.0 as usize) < self.world.templates.len();
        if is_known { Ok(()) } else { Err(Invalid::Template) }
    }

    fn decide(&mut self, template: TemplateId, by: By) -> Result<Option<(u64, i64)>, Invalid> {
        self.knows(template)?;
        let (profile, world) = (&self.profile, &self.world);
        let known = &world.templates[template.0 as usize];
        if by == By::Index
            && let Some(tree) = self.cache.tree(profile, world, known.shape)
        {
            self.contest.begin(world.nodes.count);
            tree.offer(&mut self.contest);
            let places = &tree.seats.places;
            return Ok(self.contest.decide(Matter { profile, world, template: known, places }));
        }
        Ok(self.scan(template.0))
    }

    /// Has the seats be those of a shape.
    pub(super) fn sit(&mut self, shape: u32) {
        if self.seated.replace(shape) != Some(shape) {
            self.seats.clear();
        }
    }

    /// Asks every node, one by one.
    fn scan(&mut self, template: u32) -> Option<(u64, i64)> {
        self.sit(self.world.templates[template as usize].shape);
        let (profile, world) = (&self.profile, &self.world);
        let template = &world.templates[template as usize];
        let shape = &world.shapes[template.shape as usize];
        self.contest.begin(world.nodes.count);
        for number in 0..world.nodes.len() as u32 {
            match ask(profile, world, shape, &mut self.seats, number) {
                Says::Nothing => {}
                Says::No(filter) => self.contest.refused.add(filter, 1),
                Says::Yes(standing, points) => {
                    let top = self.cache.ranks.key(number, points);
                    self.contest.offer(Candidate { standing, number, nodes: 1, top });
                }
            }
        }
        let places = &self.seats.places;
        self.contest.decide(Matter { profile, world, template, places })
    }

    /// The filter that turned a node away in the scan before.
    fn turned_away(&mut self, template: u32, node: u32) -> Filter {
        let shape = &self.world.shapes[self.world.templates[template as usize].shape as usize];
        match ask(&self.profile, &self.world, shape, &mut self.seats, node) {
            Says::No(filter) => filter,
            Says::Nothing | Says::Yes(..) => self.contest.why(node).unwrap_or(Filter::PodAffinity),
        }
    }
}
