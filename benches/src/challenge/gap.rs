use crate::chart::{Axis, Line, chart};

/// The best cost of each instance that could be found published: the challenge's final results
/// (roadef.org/challenge/2012), the reports of teams S41 and J33, and logs of Gurobi 1 h runs.
const PUBLISHED: [(&str, u64); 18] = [
    ("a1_1", 44_306_501),
    ("a1_2", 777_531_842),
    ("a1_3", 583_005_719),
    ("a1_4", 262_086_758),
    ("a1_5", 727_578_310),
    ("a2_1", 329),
    ("a2_2", 746_097_632),
    ("a2_3", 1_210_644_572),
    ("a2_4", 1_680_615_349),
    ("a2_5", 318_358_949),
    ("b_1", 3_339_186_879),
    ("b_2", 1_015_553_800),
    ("b_3", 156_835_787),
    ("b_4", 4_677_823_040),
    ("b_5", 922_988_809),
    ("b_6", 9_525_857_752),
    ("b_8", 1_214_419_057),
    ("b_9", 15_885_486_698),
];

/// The best cost of an instance that could be found published.
pub fn published(instance: &str) -> Option<u64> {
    PUBLISHED.iter().find(|it| it.0 == instance).map(|it| it.1)
}

/// How the cost of an instance fell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// The instance.
    pub instance: String,
    /// Seconds since the beginning, ascending, and the best cost from then on.
    pub steps: Vec<(f64, f64)>,
    /// When it ended, in seconds since the beginning.
    pub end: f64,
}

impl Course {
    /// How far the cost was above the best published, in percent, over the seconds; none for an
    /// instance of which none is known.
    fn line(&self) -> Option<Line> {
        let best = published(&self.instance)? as f64;
        let gap = |cost: f64| 100.0 * (cost - best) / best;
        let mut points = Vec::new();
        let ends = self.steps.iter().skip(1).map(|it| it.0).chain([self.end]);
        for (&(begin, cost), end) in self.steps.iter().zip(ends) {
            points.extend([(begin, gap(cost)), (end, gap(cost))]);
        }
        Some(Line { name: self.instance.clone(), points })
    }
}

/// A chart of how the costs fell towards the best published, and below.
pub fn falls(courses: &[Course]) -> String {
    let lines: Vec<Line> = courses.iter().filter_map(Course::line).collect();
    let ends = Axis::around("seconds", courses.iter().map(|it| it.end));
    let up = Axis {
        name: "Cost above the best published, in % (lowest line: 0.001 or less)",
        least: -3,
        most: 2,
    };
    chart(Axis { least: -1, ..ends }, up, &lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_stays_until_a_better_one_is_found() {
        let course =
            Course { instance: "a2_1".into(), steps: vec![(0.0, 658.0), (2.0, 329.0)], end: 3.0 };
        let points = vec![(0.0, 100.0), (2.0, 100.0), (2.0, 0.0), (3.0, 0.0)];
        assert_eq!(course.line(), Some(Line { name: "a2_1".into(), points }));
        let svg = falls(&[course]);
        // From the top left corner, down at 2 of 0.1 to 10 seconds, to the bottom.
        assert!(svg.contains("points=\"80.0,30.0 359.7,30.0 359.7,350.0 397.6,350.0\""), "{svg}");
    }

    #[test]
    fn an_instance_of_which_no_cost_is_published_is_not_drawn() {
        let course = Course { instance: "c_1".into(), steps: vec![(0.0, 5.0)], end: 1.0 };
        assert_eq!(course.line(), None);
        assert!(!falls(&[course]).contains("polyline"));
    }
}
