//! How a world learns of a template: which counters it needs, and who needs to know of it; and how
//! it forgets templates that no pod is of.

use super::counter::{Admission, Bond, Count, Where, Whom};
use super::invalid::Invalid;
use super::matching::{located, selects};
use super::pod::{Pod, PodSelector, PodTerm, Spread, Topology};
use super::profile::Profile;
use super::template::{At, Even, Shape, Template, TemplateId, Term, Terms, Wish};
use super::world::{LIMIT, World};

impl World {
    /// The template of a pod, if it is known.
    pub(crate) fn known(&mut self, pod: &Pod) -> Option<TemplateId> {
        let slot = *self.template_numbers.get(pod)?;
        let it = &self.templates[slot as usize];
        if it.pods == 0 {
            self.idle.put(slot);
        }
        Some(TemplateId { slot, turn: it.turn })
    }

    /// The template of a pod that is not known yet.
    pub(crate) fn learn(&mut self, profile: &Profile, pod: &Pod) -> Result<TemplateId, Invalid> {
        check(profile, pod)?;
        let slot = self.free.pop().unwrap_or(self.templates.len() as u32);
        if slot as usize == self.templates.len() {
            self.templates.push(Template::default());
        }
        self.template_numbers.insert(pod.clone(), slot);
        let (assumed, pod) = (pod.weighed.is_empty(), weighed(profile, pod));
        let turn = self.templates[slot as usize].turn;
        self.templates[slot as usize] =
            Template { pod, assumed, is_known: true, turn, ..Template::default() };
        self.idle.put(slot);
        self.introduce(profile, slot);
        Ok(TemplateId { slot, turn })
    }

    /// Forgets the templates that no pod is of and that were not asked for the longest, all but so
    /// many, and what nobody asks for without them. It goes through everything there is.
    pub(crate) fn forget(&mut self, profile: &Profile, but: usize) {
        while self.idle.len > but
            && let Some(slot) = self.idle.first()
        {
            self.idle.take(slot);
            let it = &mut self.templates[slot as usize];
            let turn = it.turn.wrapping_add(1);
            let mut it = std::mem::replace(it, Template { turn, ..Template::default() });
            if it.assumed {
                it.pod.weighed.clear();
            }
            self.template_numbers.remove(&it.pod);
            self.free.push(slot);
        }
        self.forget_counters(profile);
        let known = || self.templates.iter().filter(|it| it.is_known);
        let (mut shapes, mut wishes) =
            (vec![false; self.shapes.len()], vec![false; self.wishes.len()]);
        for it in known() {
            wishes[it.wish as usize] = true;
            [Some(it.shape), it.loose]
                .into_iter()
                .flatten()
                .for_each(|at| shapes[at as usize] = true);
        }
        self.shapes.keep(&shapes);
        self.wishes.keep(&wishes);
    }

    /// Forgets the counters that no template asks for, and has who knew of them ask anew.
    fn forget_counters(&mut self, profile: &Profile) {
        let mut marked = vec![false; self.counters.all.len()];
        for it in self.templates.iter_mut().filter(|it| it.is_known) {
            it.holds.iter().for_each(|&at| marked[at as usize] = true);
            let all = &self.counters.all;
            it.terms.each(|term| {
                let found = matches!(all[term.counter as usize].count.whom, Whom::Found(_));
                marked[term.counter as usize] |= found;
            });
        }
        self.counters.keep(&marked);
        let mut anew = Vec::new();
        for (slot, it) in (0u32..).zip(&mut self.templates).filter(|it| it.1.is_known) {
            it.counted.retain(|&at| marked[at as usize]);
            let mut knew = false;
            it.terms.each(|term| knew |= !marked[term.counter as usize]);
            anew.extend(knew.then_some(slot));
        }
        anew.into_iter().for_each(|slot| self.resolve(profile, slot));
    }

    /// Has all counters look at a new template, and all templates that its bonds are with.
    fn introduce(&mut self, profile: &Profile, number: u32) {
        let pod = &self.templates[number as usize].pod;
        let bonds = bonds(profile, pod);
        let counters = self.counters.live();
        let counted = counters.filter(|(_, it)| it.finds(pod)).map(|it| it.0).collect();
        self.templates[number as usize].counted = counted;
        let mut others = vec![number];
        for whom in bonds {
            let Whom::Holding(_, term) = &whom else { continue };
            let (selector, place) = (term.pods.clone(), self.place(term.topology));
            let count = Count { whom, place, admission: Admission::default() };
            // Nobody else holds a new one, or it would not be new.
            let (counter, is_new) = self.counters.number(count, &self.classes);
            let it = &mut self.templates[number as usize];
            it.holds.push(counter);
            it.counted.push(counter);
            if is_new {
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
        let all = all.filter(|(_, it)| it.is_known && selects(selector, &it.pod));
        all.map(|(at, _)| at).collect()
    }

    /// Finds all that a template asks of places, and its shape.
    fn resolve(&mut self, profile: &Profile, number: u32) {
        let pod = self.templates[number as usize].pod.clone();
        let mut terms = Terms { lenient: pod.lenient, ..Terms::default() };
        terms.hard = self.spreads(&pod, true);
        terms.soft = self.spreads(&pod, false);
        self.affinity(&pod, &mut terms);
        self.held(&pod, &mut terms);
        let all = &self.counters.all;
        let wish = Wish::new(&pod, &mut terms, |it| all[it as usize].count.place);
        let mut shape = Shape::new(&pod, &terms);
        shape.template = (!profile.scores.is_empty()).then_some(number);
        let template = &mut self.templates[number as usize];
        template.loose = shape.loose().map(|it| self.shapes.number(it));
        template.shape = self.shapes.number(shape);
        template.wish = self.wishes.number(wish);
        template.terms = terms;
    }

    fn spreads(&mut self, pod: &Pod, hard: bool) -> Vec<Even> {
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
            let term = self.term(count);
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

    fn affinity(&mut self, pod: &Pod, terms: &mut Terms) {
        let near: Vec<_> = pod.near.iter().map(|it| located(&it.pods, pod.namespace)).collect();
        terms.first = near.iter().all(|it| selects(it, pod));
        for it in &pod.near {
            terms.near.push(self.found(it.topology, near.clone()));
        }
        for it in &pod.apart {
            let selector = located(&it.pods, pod.namespace);
            terms.apart.push(self.found(it.topology, vec![selector]));
        }
        for (all, sign) in [(&pod.prefer_near, 1), (&pod.prefer_apart, -1)] {
            for (weight, it) in all {
                let selector = located(&it.pods, pod.namespace);
                let term = self.found(it.topology, vec![selector]);
                terms.pulls.push((term, i64::from(*weight) * sign));
            }
        }
    }

    /// The bonds that others may hold to a pod.
    fn held(&self, pod: &Pod, terms: &mut Terms) {
        for (at, counter) in self.counters.live() {
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

    fn found(&mut self, topology: Topology, all: Vec<PodSelector>) -> Term {
        let place = self.place(topology);
        self.term(Count { whom: Whom::Found(all), place, admission: Admission::default() })
    }

    fn term(&mut self, count: Count) -> Term {
        Term { counter: self.counter(count), at: At::Node }
    }

    fn place(&mut self, topology: Topology) -> Where {
        match topology {
            Topology::Node => Where::Node,
            Topology::Label(key) => Where::Topology(self.classes.topology(key)),
        }
    }

    /// A counter of pods that are found, which has counted all of them.
    fn counter(&mut self, count: Count) -> u32 {
        let (number, is_new) = self.counters.number(count, &self.classes);
        if !is_new {
            return number;
        }
        let counter = &self.counters.all[number as usize];
        let mut any = false;
        for it in self.templates.iter_mut().filter(|it| it.is_known && counter.finds(&it.pod)) {
            it.counted.push(number);
            any |= it.pods > 0;
        }
        let pods = self.pods.iter().filter(|_| any);
        for (_, pod) in pods {
            if self.templates[pod.template as usize].counted.contains(&number) {
                let class = self.nodes.class[pod.node as usize];
                self.counters.come(number, pod.node, class, &self.classes);
            }
        }
        number
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
