use crate::Checked;
use crate::checked::POINT;

/// What no assignment that places every item can cost less than, in thousandths of a point.
///
/// All bins are taken together as one: no distribution of the items loads them less. Rules,
/// penalties, wants and moves count nothing.
pub fn bound(checked: &Checked) -> i64 {
    let problem = checked.problem();
    let sum = |table: &[u64], resource: usize| -> i128 {
        table.iter().skip(resource).step_by(problem.resources).map(|&it| i128::from(it)).sum()
    };
    let load = |it: usize| sum(&problem.demand, it) + sum(&problem.base, it);
    let strain = (0..problem.resources)
        .map(|it| i128::from(problem.strain[it]) * (load(it) - sum(&problem.safe, it)).max(0));
    let ratios = problem.ratios.iter().map(|ratio| {
        let left = |it: usize| sum(&problem.capacity, it) - load(it);
        let missing =
            i128::from(ratio.target) * left(ratio.one as usize) - left(ratio.other as usize);
        i128::from(ratio.points) * missing.max(0)
    });
    let points = strain.sum::<i128>() + ratios.sum::<i128>();
    i64::try_from(points * i128::from(POINT)).unwrap_or(i64::MAX)
}
