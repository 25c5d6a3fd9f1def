use crate::Rack;

impl Rack {
    /// Writes the rack as YAML that [`Source::read`](crate::Source::read) reads back as an equal rack, without what
    /// is as it would be anyway.
    pub fn write(&self) -> String {
        // Only values that a format may not know make it fail, and a rack is made of maps, lists, texts and numbers.
        serde_saphyr::to_string(self).unwrap_or_default()
    }
}
