use crate::scene::{Scene, Step, Way};
use crate::{Held, Why};

/// Where everything could end, and what has to be held back for that: an item that goes where it
/// would be too much, even after all others have gone, stays.
pub(crate) fn goal(way: Way) -> (Vec<Option<u32>>, Vec<Held>) {
    let mut scene = Scene::new(way, way.to);
    let mut held = Vec::new();
    let mut movers: Vec<u32> = (0..way.checked.items() as u32).collect();
    movers.retain(|&item| way.from[item as usize] != way.to[item as usize]);
    // The largest first, so that few are held.
    movers.sort_by_key(|&item| std::cmp::Reverse(way.checked.share(item)));
    loop {
        let before = movers.len();
        movers.retain(|&item| {
            let why = scene.fault(item);
            held.extend(why.map(|why| hold(&mut scene, item, why)));
            why.is_none()
        });
        if movers.len() == before {
            return (scene.at, held);
        }
    }
}

fn hold(scene: &mut Scene, item: u32, why: Why) -> Held {
    let to = scene.way.from[item as usize];
    scene.go(Step { item, from: scene.at(item), to });
    Held { item, why }
}
