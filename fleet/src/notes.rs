//! Messages about recorded data: malformed lines are counted and the first ten of a file are quoted, in line order.

use std::collections::BTreeSet;

use crate::error::FleetError;

const QUOTED: usize = 10;

/// Collects what a file's reading has to say.
#[derive(Debug)]
pub(crate) struct Notes {
    file: String,
    strict: bool,
    messages: Vec<String>,
    /// The first malformed lines by number, whatever the order in which they are found.
    quoted: BTreeSet<(u64, String)>,
    malformed: u64,
}

impl Notes {
    pub(crate) fn new(file: &str, strict: bool) -> Self {
        Self {
            file: file.to_owned(),
            strict,
            messages: Vec::new(),
            quoted: BTreeSet::new(),
            malformed: 0,
        }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn say(&mut self, message: impl std::fmt::Display) {
        self.messages.push(format!("{}: {message}", self.file));
    }

    /// Counts a malformed line.
    pub(crate) fn malformed(&mut self, line: u64, problem: String) {
        self.malformed += 1;
        self.quoted.insert((line, problem));
        if self.quoted.len() > QUOTED {
            self.quoted.pop_last();
        }
    }

    /// To be called when all lines have been judged: a strict run ends with the first malformed line, every run when
    /// there were lines but not a usable one among them.
    pub(crate) fn judge(&self, usable: usize, advice: &'static str) -> Result<(), FleetError> {
        let Some((line, problem)) = self.quoted.first() else {
            return Ok(());
        };
        let (file, line, problem) = (self.file.clone(), *line, problem.clone());
        if self.strict {
            return Err(FleetError::Malformed { file, line, problem });
        }
        if usable == 0 {
            let lines = self.malformed;
            return Err(FleetError::Unusable { file, lines, line, problem, advice });
        }
        Ok(())
    }

    /// The error of a file whose well-formed lines give nothing to replay.
    pub(crate) fn nothing(&self, found: impl ToString, advice: impl ToString) -> FleetError {
        let malformed = match self.quoted.first() {
            Some((line, problem)) => {
                format!(
                    " ({} lines are malformed, the first: line {line}: {problem})",
                    self.malformed
                )
            }
            None => String::new(),
        };
        FleetError::Nothing {
            file: self.file.clone(),
            found: format!("{}{malformed}", found.to_string()),
            advice: advice.to_string(),
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
