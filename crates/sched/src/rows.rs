/// A list per item, stored flat.
///
/// Rows that were never pushed are empty, so `Rows::default()` says "nothing for anyone".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<T> {
    ends: Vec<usize>,
    values: Vec<T>,
}

impl<T> Rows<T> {
    /// Appends the next row.
    pub fn push(&mut self, row: impl IntoIterator<Item = T>) {
        self.values.extend(row);
        self.ends.push(self.values.len());
    }

    /// The row at an index; empty where none was pushed.
    pub fn row(&self, at: usize) -> &[T] {
        let Some(&end) = self.ends.get(at) else { return &[] };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[start..end]
    }

    /// How many rows were pushed.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether no row was pushed.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The values of all rows, one row after the other.
    pub fn values(&self) -> &[T] {
        &self.values
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Rows { ends: Vec::new(), values: Vec::new() }
    }
}

impl<T, R: IntoIterator<Item = T>> FromIterator<R> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let mut all = Rows::default();
        rows.into_iter().for_each(|row| all.push(row));
        all
    }
}

/// As a list of lists.
#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for Rows<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.len()).map(|at| self.row(at)))
    }
}

#[cfg(feature = "serde")]
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Rows<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Rows<T>, D::Error> {
        Vec::<Vec<T>>::deserialize(deserializer).map(Rows::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_pushed_and_missing_ones_are_empty() {
        let rows: Rows<u32> = [vec![1, 2], vec![], vec![3]].into_iter().collect();
        assert_eq!((rows.row(0), rows.row(1), rows.row(2)), (&[1, 2][..], &[][..], &[3][..]));
        assert!(rows.row(3).is_empty());
        assert_eq!(rows.len(), 3);
    }
}
