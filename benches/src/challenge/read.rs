use super::{Balance, Machine, Model, Process, Resource, Service};
use std::fmt;

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line, from 1.
    pub line: usize,
    /// The column of the number, from 1.
    pub column: usize,
    /// What was expected there.
    pub what: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.what)
    }
}

impl std::error::Error for Unreadable {}

/// Reads a model. Takes no more memory than a small multiple of the file's size.
///
/// # Errors
///
/// Says where the file is not a model.
pub fn read_model(bytes: &[u8]) -> Result<Model, Unreadable> {
    let mut numbers = Numbers::new(bytes);
    let resources = numbers.list("resources", |it| {
        let is_transient = it.below(2, "0 or 1 for `transient`")? == 1;
        Ok(Resource { is_transient, weight: it.small("a load cost")? })
    })?;
    let width = resources.len();
    let count = numbers.count("machines", 2 + 2 * width)?;
    let machines =
        (0..count).map(|_| machine(&mut numbers, width, count)).collect::<Result<_, _>>()?;
    let count = numbers.count("services", 2)?;
    let services = (0..count).map(|_| service(&mut numbers, count)).collect::<Result<_, _>>()?;
    let processes = numbers.list("processes", |it| process(it, width, count))?;
    let balances = numbers.list("balances", |it| balance(it, width))?;
    let model = Model {
        resources,
        machines,
        services,
        processes,
        balances,
        process_move: numbers.small("the weight of process moves")?,
        service_move: numbers.small("the weight of service moves")?,
        machine_move: numbers.small("the weight of machine moves")?,
    };
    numbers.end()?;
    Ok(model)
}

/// Reads an assignment: the machine of each process.
///
/// # Errors
///
/// Says where the file is not an assignment for the model.
pub fn read_assignment(bytes: &[u8], model: &Model) -> Result<Vec<u32>, Unreadable> {
    let mut numbers = Numbers::new(bytes);
    let machines = model.machines.len();
    let one = |_| Ok(numbers.below(machines, "a machine")? as u32);
    let at = (0..model.processes.len()).map(one).collect::<Result<_, _>>()?;
    numbers.end()?;
    Ok(at)
}

fn machine(it: &mut Numbers, width: usize, machines: usize) -> Result<Machine, Unreadable> {
    Ok(Machine {
        neighbourhood: it.small("a neighbourhood")?,
        location: it.small("a location")?,
        capacity: it.row(width, "a capacity")?,
        safety: it.row(width, "a safety capacity")?,
        ways: it.row(machines, "a machine move cost")?,
    })
}

fn service(it: &mut Numbers, services: usize) -> Result<Service, Unreadable> {
    let spread = it.small("a spread")?;
    let needs = it.list("dependencies", |it| Ok(it.below(services, "a service")? as u32))?;
    Ok(Service { spread, needs })
}

fn process(it: &mut Numbers, width: usize, services: usize) -> Result<Process, Unreadable> {
    Ok(Process {
        service: it.below(services, "a service")? as u32,
        demand: it.row(width, "a requirement")?,
        move_cost: it.small("a process move cost")?,
    })
}

fn balance(it: &mut Numbers, width: usize) -> Result<Balance, Unreadable> {
    Ok(Balance {
        one: it.below(width, "a resource")? as u32,
        other: it.below(width, "a resource")? as u32,
        target: it.small("a target")?,
        weight: it.small("a balance weight")?,
    })
}

/// The numbers of a file, one after the other.
struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the last number began.
    began: usize,
}

impl<'a> Numbers<'a> {
    fn new(bytes: &'a [u8]) -> Numbers<'a> {
        Numbers { bytes, at: 0, began: 0 }
    }

    fn number(&mut self, what: &str) -> Result<u64, Unreadable> {
        self.skip();
        let digits = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = &self.bytes[self.at..self.at + digits];
        self.at += digits;
        let ends = self.bytes.get(self.at).is_none_or(u8::is_ascii_whitespace);
        let value = text.iter().try_fold(0_u64, |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
        });
        match value.filter(|_| digits > 0 && ends) {
            Some(value) => Ok(value),
            None if self.began == self.bytes.len() => {
                self.wrong(format!("the file ends before {what}"))
            }
            None => self.wrong(format!("expected {what}")),
        }
    }

    fn small(&mut self, what: &str) -> Result<u32, Unreadable> {
        let number = self.number(what)?;
        match u32::try_from(number) {
            Ok(small) => Ok(small),
            Err(_) => self.wrong(format!("{number} is too large for {what}")),
        }
    }

    fn below(&mut self, limit: usize, what: &str) -> Result<usize, Unreadable> {
        let number = self.number(what)?;
        match usize::try_from(number) {
            Ok(index) if index < limit => Ok(index),
            Ok(_) | Err(_) => self.wrong(format!("{number} is not {what}: there are {limit}")),
        }
    }

    /// A count of things that take at least so many numbers each. There cannot be more of them than
    /// the rest of the file has room for.
    fn count(&mut self, what: &str, each: usize) -> Result<usize, Unreadable> {
        let number = self.number(&format!("the number of {what}"))?;
        let room = (self.bytes.len() - self.at) / (2 * each.max(1)) + 1;
        match usize::try_from(number) {
            Ok(count) if count <= room => Ok(count),
            Ok(_) | Err(_) => self.wrong(format!("the file is too short for {number} {what}")),
        }
    }

    fn list<T>(
        &mut self,
        what: &str,
        mut one: impl FnMut(&mut Numbers<'a>) -> Result<T, Unreadable>,
    ) -> Result<Vec<T>, Unreadable> {
        let count = self.count(what, 1)?;
        (0..count).map(|_| one(self)).collect()
    }

    fn row(&mut self, width: usize, what: &str) -> Result<Vec<u32>, Unreadable> {
        (0..width).map(|_| self.small(what)).collect()
    }

    fn end(&mut self) -> Result<(), Unreadable> {
        self.skip();
        if self.at < self.bytes.len() {
            self.wrong("expected the end of the file".into())
        } else {
            Ok(())
        }
    }

    fn skip(&mut self) {
        self.at +=
            self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.began = self.at;
    }

    fn wrong<T>(&self, what: String) -> Result<T, Unreadable> {
        let before = &self.bytes[..self.began];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
        Err(Unreadable { line, column, what })
    }
}
