use super::cache::Cache;
use super::contest::{Candidate, Contest, Matter};
use super::invalid::Invalid;
use super::lowest::Lowest;
use super::names::Name;
use super::node::{Node, NodeId};
use super::pod::{Pod, PodId};
use super::profile::Profile;
use super::refused::{Filter, Refused};
use super::register::row;
use super::seats::Seats;
use super::standing::{Question, Says, ask};
use super::template::{Template, TemplateId};
use super::world::{LIMIT, World};

/// Nodes, the pods on them, and where the next pod should go.
#[derive(Debug)]
pub struct Cluster {
    pub(super) profile: Profile,
    pub(super) world: World,
    cache: Cache,
    pub(super) contest: Contest,
    /// The tree that answered last, if it was one.
    asked: Option<usize>,
    /// For full scans: what classes say, and to which wish.
    pub(super) seats: Seats,
    pub(super) seated: Option<u32>,
    /// For preemption: who has pods of low priority.
    pub(super) lowest: Lowest,
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
            asked: None,
            seats: Seats::default(),
            seated: None,
            lowest: Lowest::default(),
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
    /// It is kept while there are pods of it, and for some time after:
    /// [`Profile::idle_templates`]. Pods should differ only in what matters to where they go.
    ///
    /// # Errors
    ///
    /// What cannot be understood about the pod.
    pub fn template(&mut self, pod: &Pod) -> Result<TemplateId, Invalid> {
        if let Some(known) = self.world.known(pod) {
            return Ok(known);
        }
        self.forget();
        self.world.learn(&self.profile, pod)
    }

    /// How many templates, and all that is kept for them, there are.
    pub fn kept(&self) -> usize {
        self.world.kept()
    }

    /// Forgets every other template that no pod is of, once there are too many.
    fn forget(&mut self) {
        let most = self.profile.idle_templates;
        if self.world.is_crowded(most) {
            self.world.forget(&self.profile, most / 2);
            self.cache.forget(&self.world);
            (self.seated, self.asked) = (None, None);
        }
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
        let pod = self.world.bind(template.slot, node)?;
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
        match self.asked.map(|at| self.cache.at(at)) {
            Some(tree) => self.contest.best().for_each(|(group, key)| {
                tree.each_like(group, key, |node| nodes.push(node));
            }),
            None => nodes.extend(self.contest.best().map(|it| it.0)),
        }
        let shape = self.world.templates[template.slot as usize].shape;
        let apart = &self.world.shapes.get(shape).apart;
        nodes.retain(|&node| !is_taken(&self.world, apart, node));
        let mut nodes: Vec<NodeId> = nodes.into_iter().map(NodeId).collect();
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
        self.world.bind(template.slot, node.0)
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
        self.scan(template.slot);
        let points = self.contest.all().find(|it| it.0 == node.0).map(|it| Points(it.1));
        Ok(points.ok_or_else(|| self.turned_away(template.slot, node.0)))
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
        let it = self.world.templates.get(template.slot as usize);
        if it.is_some_and(|it| it.is_known && it.turn == template.turn) {
            Ok(())
        } else {
            Err(Invalid::Template)
        }
    }

    fn decide(&mut self, template: TemplateId, by: By) -> Result<Option<(u64, i64)>, Invalid> {
        self.knows(template)?;
        self.asked = None;
        if by == By::Index
            && let Some(decided) = self.look_up(template.slot)
        {
            return Ok(decided);
        }
        Ok(self.scan(template.slot))
    }

    /// Asks the index, if it has room for the template.
    fn look_up(&mut self, slot: u32) -> Option<Option<(u64, i64)>> {
        let (profile, world) = (&self.profile, &self.world);
        let template = &world.templates[slot as usize];
        let &Template { shape, wish, .. } = template;
        let loose = template.loose.filter(|_| !self.cache.has(shape, wish));
        let mut at = loose.and_then(|loose| self.cache.tree(profile, world, loose, wish));
        if let Some(number) = at {
            let (tree, apart) = (self.cache.at(number), &world.shapes.get(shape).apart);
            self.contest.begin(world.nodes.count);
            let wish = tree.blocks.wish(wish)?;
            let is_taken = |node: u32| is_taken(world, apart, node);
            if !tree.offer_free(wish, &mut self.contest, is_taken) {
                at = None;
            }
        }
        if at.is_none() {
            let number = self.cache.tree(profile, world, shape, wish)?;
            at = Some(number);
            self.contest.begin(world.nodes.count);
            let tree = self.cache.at(number);
            tree.offer(tree.blocks.wish(wish)?, &mut self.contest);
        }
        self.asked = at;
        let tree = self.cache.at(at?);
        let places = &tree.blocks.seats(tree.blocks.wish(wish)?).places;
        Some(self.contest.decide(Matter { profile, world, template, places }))
    }

    /// Has the seats be those of a wish.
    pub(super) fn sit(&mut self, wish: u32) {
        if self.seated.replace(wish) != Some(wish) {
            self.seats.clear();
        }
    }

    /// Asks every node, one by one.
    fn scan(&mut self, template: u32) -> Option<(u64, i64)> {
        self.sit(self.world.templates[template as usize].wish);
        let (profile, world) = (&self.profile, &self.world);
        let template = &world.templates[template as usize];
        let question = Question::new(profile, world, template);
        self.contest.begin(world.nodes.count);
        for number in 0..world.nodes.len() as u32 {
            match ask(question, &mut self.seats, number) {
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
        let template = &self.world.templates[template as usize];
        let question = Question::new(&self.profile, &self.world, template);
        match ask(question, &mut self.seats, node) {
            Says::No(filter) => filter,
            Says::Nothing | Says::Yes(..) => self.contest.why(node).unwrap_or(Filter::PodAffinity),
        }
    }
}

/// Whether a pod is on a node that must not be there.
fn is_taken(world: &World, apart: &[u32], node: u32) -> bool {
    apart.iter().any(|&it| world.counters.on(it, node) > 0)
}
