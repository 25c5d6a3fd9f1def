use super::Model;

/// The waves that are needed at least if every process goes straight: the longest chain in which
/// each waits for room that the one before it leaves, as if nothing else took it.
///
/// What waits in a circle counts as if it were gone once nothing else goes on, so that this is a
/// bound without temporary places only.
pub fn waves_at_least(model: &Model, from: &[u32], to: &[u32]) -> usize {
    let mut chain = Chain::new(model, from);
    let mut left: Vec<usize> = (0..from.len()).filter(|&it| from[it] != to[it]).collect();
    let mut waves = 0;
    while !left.is_empty() {
        let fits: Vec<bool> = left.iter().map(|&it| chain.fits(it, to[it])).collect();
        let stuck = !fits.contains(&true);
        let (goes, waits): (Vec<_>, Vec<_>) =
            left.into_iter().zip(fits).partition(|(_, fits)| *fits || stuck);
        goes.iter().for_each(|&(it, _)| chain.leave(it, from[it]));
        left = waits.into_iter().map(|(it, _)| it).collect();
        waves += usize::from(!stuck);
    }
    waves.max(usize::from(from != to))
}

/// What is left on the machines where nothing arrives.
struct Chain<'a> {
    model: &'a Model,
    loads: Vec<Vec<i128>>,
}

impl<'a> Chain<'a> {
    fn new(model: &'a Model, from: &[u32]) -> Chain<'a> {
        let loads = vec![vec![0; model.resources.len()]; model.machines.len()];
        let mut chain = Chain { model, loads };
        from.iter().enumerate().for_each(|(process, &machine)| chain.change(process, machine, 1));
        chain
    }

    fn fits(&self, process: usize, machine: u32) -> bool {
        let rows = self.loads[machine as usize].iter().zip(&self.model.processes[process].demand);
        let mut rows = rows.zip(&self.model.machines[machine as usize].capacity);
        rows.all(|((load, demand), capacity)| load + i128::from(*demand) <= i128::from(*capacity))
    }

    fn leave(&mut self, process: usize, machine: u32) {
        self.change(process, machine, -1);
    }

    fn change(&mut self, process: usize, machine: u32, sign: i128) {
        let demand = &self.model.processes[process].demand;
        let rows = self.loads[machine as usize].iter_mut().zip(demand);
        rows.for_each(|(load, demand)| *load += sign * i128::from(*demand));
    }
}
