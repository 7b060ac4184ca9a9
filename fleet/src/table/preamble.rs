//! Comments before a file's header: lines that begin with `#` and do not name the columns.

use std::borrow::Cow;

use super::delimiter;
use crate::describe::Source;

/// The text with its leading comments left empty, so that lines keep their numbers.
pub(super) fn blanked<'a>(text: &'a str, source: &Source) -> Cow<'a, str> {
    let comment =
        |line: &str| line.starts_with('#') && !delimiter::is_header(line.trim_end(), source);
    let leading = text
        .split_inclusive('\n')
        .take_while(|line| line.trim().is_empty() || comment(line.trim_start()));
    let (lines, bytes) = leading.fold((0, 0), |(n, bytes), line| (n + 1, bytes + line.len()));
    match text[..bytes].contains('#') {
        true => Cow::Owned("\n".repeat(lines) + &text[bytes..]),
        false => Cow::Borrowed(text),
    }
}
