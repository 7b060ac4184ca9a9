//! Messages about recorded data: malformed lines are counted and the first ten of a file are quoted.

use crate::error::FleetError;

const QUOTED: usize = 10;

/// Collects what a file's reading has to say.
#[derive(Debug)]
pub(crate) struct Notes {
    file: String,
    strict: bool,
    messages: Vec<String>,
    quoted: Vec<(u64, String)>,
    malformed: u64,
}

impl Notes {
    pub(crate) fn new(file: &str, strict: bool) -> Self {
        Self {
            file: file.to_owned(),
            strict,
            messages: Vec::new(),
            quoted: Vec::new(),
            malformed: 0,
        }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn say(&mut self, message: impl std::fmt::Display) {
        self.messages.push(format!("{}: {message}", self.file));
    }

    /// Counts a malformed line; a strict run ends with it.
    pub(crate) fn malformed(&mut self, line: u64, problem: String) -> Result<(), FleetError> {
        if self.strict {
            let file = self.file.clone();
            return Err(FleetError::Malformed { file, line, problem });
        }
        self.malformed += 1;
        if self.quoted.len() < QUOTED {
            self.quoted.push((line, problem));
        }
        Ok(())
    }

    /// Fails when there were lines but not a usable one among them.
    pub(crate) fn require_some(&self, usable: usize) -> Result<(), FleetError> {
        match self.quoted.first() {
            Some((line, problem)) if usable == 0 => Err(FleetError::Unusable {
                file: self.file.clone(),
                lines: self.malformed,
                line: *line,
                problem: problem.clone(),
            }),
            _ => Ok(()),
        }
    }

    pub(crate) fn into_messages(mut self) -> Vec<String> {
        let file = &self.file;
        let quoted = self.quoted.iter();
        let mut messages: Vec<String> =
            quoted.map(|(line, problem)| format!("{file}, line {line}: {problem}")).collect();
        let more = self.malformed - self.quoted.len() as u64;
        if more > 0 {
            messages.push(format!("{file}: {more} more malformed lines; the rest is used"));
        }
        messages.append(&mut self.messages);
        messages
    }
}
