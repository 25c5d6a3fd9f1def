use super::{Model, problem, read_assignment, read_model};
use rackberry::sched::Checked;
use std::fs;
use std::path::Path;

/// An instance of the challenge, ready to be solved.
#[derive(Clone, Debug)]
pub struct Instance {
    /// What the files say.
    pub model: Model,
    /// Where every process is now.
    pub from: Vec<u32>,
    /// The same for the kernels.
    pub checked: Checked,
}

impl Instance {
    /// Where every process is now, for the kernels.
    pub fn start(&self) -> Vec<Option<u32>> {
        self.from.iter().map(|&at| Some(at)).collect()
    }
}

/// Reads a model and its first assignment.
///
/// # Errors
///
/// Names the file, and says what is wrong with it and where.
pub fn open(model: &Path, assignment: &Path) -> Result<Instance, String> {
    let told = |path: &Path, why: &dyn ToString| format!("{}: {}", path.display(), why.to_string());
    let bytes = |path: &Path| {
        fs::read(path).map_err(|why| format!("cannot read {}: {why}", path.display()))
    };
    let (path, at) = (model, assignment);
    let model = read_model(&bytes(path)?).map_err(|why| told(path, &why))?;
    let from = read_assignment(&bytes(at)?, &model).map_err(|why| told(at, &why))?;
    let said = problem(&model, &from).map_err(|why| told(path, &why))?;
    let checked = said.check().map_err(|why| told(path, &why))?;
    Ok(Instance { model, from, checked })
}
