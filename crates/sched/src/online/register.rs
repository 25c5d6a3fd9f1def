//! How a world learns of a template: which counters it needs, and who needs to know of it.

use super::counter::{Admission, Bond, Count, Where, Whom};
use super::invalid::Invalid;
use super::matching::{located, selects};
use super::pod::{Pod, PodSelector, PodTerm, Spread, Topology};
use super::profile::Profile;
use super::template::{At, Even, Shape, Template, Term, Terms};
use super::world::{LIMIT, World};

impl World {
    /// The template of a pod.
    pub(crate) fn template(&mut self, profile: &Profile, pod: &Pod) -> Result<u32, Invalid> {
        if let Some(&template) = self.template_numbers.get(pod) {
            return Ok(template);
        }
        check(profile, pod)?;
        let number = self.templates.len() as u32;
        self.template_numbers.insert(pod.clone(), number);
        let pod = weighed(profile, pod);
        let terms = Terms::default();
        self.templates.push(Template { pod, shape: 0, terms, counted: Vec::new(), pods: 0 });
        self.introduce(profile, number);
        Ok(number)
    }

    /// Has all counters look at a new template, and all templates that its bonds are with.
    fn introduce(&mut self, profile: &Profile, number: u32) {
        let pod = &self.templates[number as usize].pod;
        let bonds = bonds(profile, pod);
        let counters = (0u32..).zip(&self.counters.all);
        let counted = counters.flat_map(|(at, it)| vec![at; it.counts(pod, &bonds)]).collect();
        self.templates[number as usize].counted = counted;
        let mut others = vec![number];
        for whom in bonds {
            let Whom::Holding(_, term) = &whom else { continue };
            let (selector, place) = (term.pods.clone(), self.place(term.topology));
            let count = Count { whom, place, admission: Admission::default() };
            if self.counter(profile, count).1 {
                others.extend(self.selected(&selector));
            }
        }
        others.sort_unstable();
        others.dedup();
        others.into_iter().for_each(|template| self.resolve(profile, template));
    }

    /// The templates that a selector finds.
    fn selected(&self, selector: &PodSelector) -> Vec<u32> {
        let all = (0u32..).zip(&self.templates);
        all.filter(|(_, it)| selects(selector, &it.pod)).map(|(at, _)| at).collect()
    }

    /// Finds all that a template asks of places, and its shape.
    fn resolve(&mut self, profile: &Profile, number: u32) {
        let pod = self.templates[number as usize].pod.clone();
        let mut terms = Terms { lenient: pod.lenient, ..Terms::default() };
        terms.hard = self.spreads(profile, &pod, true);
        terms.soft = self.spreads(profile, &pod, false);
        self.affinity(profile, &pod, &mut terms);
        self.held(&pod, &mut terms);
        let all = &self.counters.all;
        let mut shape = Shape::new(&pod, &mut terms, |it| all[it as usize].count.place);
        shape.template = (!profile.scores.is_empty()).then_some(number);
        let next = self.shapes.len() as u32;
        let shape = *self.shape_numbers.entry(shape).or_insert_with_key(|shape| {
            self.shapes.push(shape.clone());
            next
        });
        let template = &mut self.templates[number as usize];
        (template.shape, template.terms) = (shape, terms);
    }

    fn spreads(&mut self, profile: &Profile, pod: &Pod, hard: bool) -> Vec<Even> {
        let ours: Vec<&Spread> = pod.spread.iter().filter(|it| it.hard == hard).collect();
        let within = if hard || !pod.lenient { self.within(&ours) } else { Vec::new() };
        let mut all = Vec::new();
        for it in ours {
            let selector = PodSelector { all: it.all.clone(), ..PodSelector::default() };
            let selector = located(&selector, pod.namespace);
            let own = selects(&selector, pod);
            let place = self.place(it.topology);
            let admission = match (place, hard) {
                // Nodes that are scored are admitted: without it more pods share a counter.
                (Where::Node, false) => Admission::default(),
                _ => admission(pod, it, &within),
            };
            let count = Count { whom: Whom::Found(vec![selector]), place, admission };
            let term = self.term(profile, count);
            all.push(Even { term, skew: it.skew, min_domains: it.min_domains.max(1), own });
        }
        all
    }

    /// The topologies that nodes have to be in.
    fn within(&mut self, spreads: &[&Spread]) -> Vec<u32> {
        let mut all = Vec::new();
        for it in spreads {
            if let Topology::Label(key) = it.topology {
                all.push(self.classes.topology(key));
            }
        }
        all.sort_unstable();
        all
    }

    fn affinity(&mut self, profile: &Profile, pod: &Pod, terms: &mut Terms) {
        let near: Vec<_> = pod.near.iter().map(|it| located(&it.pods, pod.namespace)).collect();
        terms.first = near.iter().all(|it| selects(it, pod));
        for it in &pod.near {
            terms.near.push(self.found(profile, it.topology, near.clone()));
        }
        for it in &pod.apart {
            let selector = located(&it.pods, pod.namespace);
            terms.apart.push(self.found(profile, it.topology, vec![selector]));
        }
        for (all, sign) in [(&pod.prefer_near, 1), (&pod.prefer_apart, -1)] {
            for (weight, it) in all {
                let selector = located(&it.pods, pod.namespace);
                let term = self.found(profile, it.topology, vec![selector]);
                terms.pulls.push((term, i64::from(*weight) * sign));
            }
        }
    }

    /// The bonds that others may hold to a pod.
    fn held(&self, pod: &Pod, terms: &mut Terms) {
        for (at, counter) in (0u32..).zip(&self.counters.all) {
            let Whom::Holding(bond, held) = &counter.count.whom else { continue };
            if !selects(&held.pods, pod) {
                continue;
            }
            let term = Term { counter: at, at: At::Node };
            match bond {
                Bond::Apart => terms.apart.push(term),
                Bond::Pull(weight) => terms.pulls.push((term, *weight)),
            }
        }
    }

    fn found(&mut self, profile: &Profile, topology: Topology, all: Vec<PodSelector>) -> Term {
        let place = self.place(topology);
        self.term(profile, Count { whom: Whom::Found(all), place, admission: Admission::default() })
    }

    fn term(&mut self, profile: &Profile, count: Count) -> Term {
        Term { counter: self.counter(profile, count).0, at: At::Node }
    }

    fn place(&mut self, topology: Topology) -> Where {
        match topology {
            Topology::Node => Where::Node,
            Topology::Label(key) => Where::Topology(self.classes.topology(key)),
        }
    }

    /// A counter that has counted all pods, and whether it is new.
    fn counter(&mut self, profile: &Profile, count: Count) -> (u32, bool) {
        let (number, is_new) = self.counters.number(count, &self.classes);
        if !is_new {
            return (number, false);
        }
        let counter = &self.counters.all[number as usize];
        let is_bond = matches!(counter.count.whom, Whom::Holding(..));
        for template in &mut self.templates {
            let bonds = if is_bond { bonds(profile, &template.pod) } else { Vec::new() };
            let times = counter.counts(&template.pod, &bonds);
            template.counted.extend(vec![number; times]);
        }
        for (_, pod) in self.pods.iter() {
            let class = self.nodes.class[pod.node as usize];
            let counted = &self.templates[pod.template as usize].counted;
            for _ in counted.iter().filter(|it| **it == number) {
                self.counters.come(number, pod.node, class, &self.classes);
            }
        }
        (number, true)
    }
}

fn admission(pod: &Pod, spread: &Spread, within: &[u32]) -> Admission {
    let mut it = Admission { within: within.to_vec(), ..Admission::default() };
    if spread.honours_affinity {
        (it.selector, it.affinity) = (pod.selector.clone(), pod.affinity.clone());
    }
    it.tolerations = spread.honours_taints.then(|| pod.tolerations.clone());
    it
}

/// The bonds of a pod.
fn bonds(profile: &Profile, pod: &Pod) -> Vec<Whom> {
    let hold = |bond, it: &PodTerm| {
        let pods = located(&it.pods, pod.namespace);
        Whom::Holding(bond, PodTerm { topology: it.topology, pods })
    };
    let pull = |weight: u32, sign: i64| Bond::Pull(i64::from(weight) * sign);
    let apart = pod.apart.iter().map(|it| hold(Bond::Apart, it));
    let near = pod.near.iter().map(|it| hold(pull(profile.required_pull, 1), it));
    let closer = pod.prefer_near.iter().map(|(weight, it)| hold(pull(*weight, 1), it));
    let further = pod.prefer_apart.iter().map(|(weight, it)| hold(pull(*weight, -1), it));
    apart.chain(near).chain(closer).chain(further).collect()
}

/// The pod with what its requests count for in scores.
fn weighed(profile: &Profile, pod: &Pod) -> Pod {
    let mut it = pod.clone();
    if it.weighed.is_empty() {
        let assume =
            |(&request, assumed): (&u64, u64)| if request == 0 { assumed } else { request };
        let assumed = profile.resources.iter().map(|it| it.assumed);
        it.weighed = it.requests.iter().zip(assumed).map(assume).collect();
    }
    it
}

fn check(profile: &Profile, pod: &Pod) -> Result<(), Invalid> {
    row(profile, &pod.requests)?;
    if !pod.weighed.is_empty() {
        row(profile, &pod.weighed)?;
    }
    if pod.images.len() > 64 {
        return Err(Invalid::Images);
    }
    if pod.spread.iter().any(|it| it.skew == 0) {
        return Err(Invalid::Skew);
    }
    let same = |a: &Spread, b: &Spread| a.hard == b.hard && a.topology == b.topology;
    let twice = |(at, it)| pod.spread[..at].iter().any(|other| same(other, it));
    if pod.spread.iter().enumerate().any(twice) { Err(Invalid::Spread) } else { Ok(()) }
}

/// Whether there is one amount per resource, none of them too large.
pub(crate) fn row(profile: &Profile, row: &[u64]) -> Result<(), Invalid> {
    let expected = profile.resources.len();
    if row.len() != expected {
        return Err(Invalid::Resources { expected, found: row.len() });
    }
    if row.iter().any(|&it| it > LIMIT) { Err(Invalid::Amount) } else { Ok(()) }
}
