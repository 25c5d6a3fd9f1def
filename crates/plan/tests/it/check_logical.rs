//! Findings on capacity, quorums, dependencies, blast radius and traps.
