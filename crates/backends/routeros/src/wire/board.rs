use super::Unreadable;
use super::row::rows;

/// What a device is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Its model, as `CRS328-24P-4S+RM`.
    pub model: String,
    /// Its serial number, where it has one.
    pub serial: Option<String>,
}

/// Reads `/system/routerboard`; of a device without one, `/system/resource`, which names the board without a number.
///
/// # Errors
///
/// Where it is no such answer.
pub fn read_board(answer: &[u8]) -> Result<Option<Board>, Unreadable> {
    let rows = rows(answer)?;
    let row = rows.first().ok_or(Unreadable::Missing { field: "model" })?;
    let model = row.text("model").or_else(|| row.text("board-name"));
    let serial = row.text("serial-number").map(str::to_owned);
    Ok(model.map(|it| Board { model: it.into(), serial }))
}
