//! Written numbers: which of point and comma is a file's decimal sign, and what divides groups of thousands.

use rust_decimal::Decimal;

/// What a single point or comma with three digits after it means in a file, where it may be either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `1.234` is one and a bit, `1,234` is a thousand and a bit.
    Point,
    /// `1,234` is one and a bit, `1.234` is a thousand and a bit.
    Comma,
    /// Nothing tells: a point is decimal, and a comma too where it does not divide fields.
    Plain {
        /// Whether commas divide the file's fields.
        divides: bool,
    },
    /// The file has both decimal signs: neither is clear.
    Mixed,
}

impl Style {
    /// From all values of a file: one decimal sign is the file's when it is seen more than nine times as often.
    pub(crate) fn of<'a>(values: impl Iterator<Item = &'a str>, comma_divides: bool) -> Self {
        let (mut points, mut commas) = (0u64, 0u64);
        for value in values {
            match decimal_sign(value.trim()) {
                Some('.') => points += 1,
                Some(_) => commas += 1,
                None => {}
            }
        }
        match (points, commas) {
            (0, 0) => Self::Plain { divides: comma_divides },
            _ if points > 9 * commas => Self::Point,
            _ if commas > 9 * points => Self::Comma,
            _ => Self::Mixed,
        }
    }

    /// A written number; what is malformed, or could be two numbers, is none.
    pub(crate) fn read(self, text: &str) -> Option<Decimal> {
        let (mantissa, _) = parts(text);
        let separators: Vec<char> = mantissa.chars().filter(|c| matches!(c, '.' | ',')).collect();
        let decimal = match (decimal_sign(text), &separators[..]) {
            (Some(sign), _) => Some(sign),
            (None, [one]) => match (self, one) {
                (Self::Point, '.') | (Self::Comma, ',') => Some(*one),
                (Self::Plain { divides }, sign) => (*sign == '.' || !divides).then_some(*sign),
                (Self::Mixed, _) => return None,
                _ => None,
            },
            // None, or the same one several times: only groups.
            (None, _) => None,
        };
        plain(text, decimal).and_then(|plain| parse(&plain))
    }
}

/// Whether a text is a number in some file.
pub(crate) fn is_number(text: &str) -> bool {
    [Style::Point, Style::Comma].into_iter().any(|style| style.read(text).is_some())
}

/// The number before an exponent, without its sign, and the exponent with its letter.
fn parts(text: &str) -> (&str, &str) {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()))
}

/// The decimal sign of a number that can be read in one way only.
fn decimal_sign(text: &str) -> Option<char> {
    let (mantissa, exponent) = parts(text);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut signs = mantissa.char_indices().filter(|(_, c)| matches!(c, '.' | ','));
    let (first, _) = signs.next()?;
    let (last, sign) = signs.next_back().unwrap_or((first, mantissa[first..].chars().next()?));
    let (whole, rest) = (&mantissa[..last], &mantissa[last + 1..]);
    if !digits(rest) || mantissa.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'.' | b',')) {
        return None;
    }
    // With both signs, the last one is the decimal sign.
    if whole.contains(['.', ',']) {
        return whole.contains(if sign == '.' { ',' } else { '.' }).then_some(sign);
    }
    let group = rest.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    (!group || !exponent.is_empty()).then_some(sign)
}

/// The number with a decimal point and without groups; none when its groups are not of three digits.
fn plain(text: &str, decimal: Option<char>) -> Option<String> {
    let (mantissa, exponent) = parts(text);
    let (whole, fraction) = match decimal {
        Some(sign) => mantissa.rsplit_once(sign)?,
        None => (mantissa, ""),
    };
    let mut separators = whole.chars().filter(|c| matches!(c, '.' | ','));
    if let Some(separator) = separators.next() {
        let groups: Vec<&str> = whole.split(separator).collect();
        let even = groups[1..].iter().all(|group| group.len() == 3);
        if !even || !(1..=3).contains(&groups[0].len()) || separators.any(|c| c != separator) {
            return None;
        }
    }
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let all = whole.bytes().chain(fraction.bytes());
    let digits = all.clone().count() > 0 && all.clone().all(|byte| byte.is_ascii_digit());
    let sign = if text.starts_with('-') { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    let whole = if whole.is_empty() { "0" } else { &whole };
    digits.then(|| format!("{sign}{whole}{point}{fraction}{exponent}"))
}

fn parse(plain: &str) -> Option<Decimal> {
    match plain.contains(['e', 'E']) {
        true => Decimal::from_scientific(plain).ok().or_else(|| vanishing(plain)),
        false => plain.parse().ok(),
    }
}

/// A number too small for 28 decimal places is zero.
fn vanishing(text: &str) -> Option<Decimal> {
    let value: f64 = text.parse().ok()?;
    (value.abs() < 1e-15).then_some(Decimal::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str], divides: bool) -> Vec<Option<String>> {
        let style = Style::of(values.iter().copied(), divides);
        values.iter().map(|value| style.read(value).map(|n| n.normalize().to_string())).collect()
    }

    fn one(value: &str, divides: bool) -> Option<String> {
        read(&[value], divides).remove(0)
    }

    #[test]
    fn with_both_signs_the_last_one_is_decimal() {
        for divides in [false, true] {
            assert_eq!(one("1,234.5", divides).as_deref(), Some("1234.5"));
            assert_eq!(one("1.234,5", divides).as_deref(), Some("1234.5"));
            assert_eq!(one("-1.234.567,25", divides).as_deref(), Some("-1234567.25"));
            assert_eq!(one("+1,234,567", divides).as_deref(), Some("1234567"));
        }
    }

    #[test]
    fn what_only_one_sign_tells_depends_on_the_file() {
        assert_eq!(one("1,234", false).as_deref(), Some("1.234"));
        assert_eq!(one("1,234", true).as_deref(), Some("1234"));
        assert_eq!(one("1.234", true).as_deref(), Some("1.234"));
        let german = read(&["1.234", "0,5"], false);
        assert_eq!(german[0].as_deref(), Some("1234"));
        let english = read(&["1,234", "0.5"], false);
        assert_eq!(english[0].as_deref(), Some("1234"));
        assert_eq!(read(&["1.234", "0,5", "0.5"], false)[0], None);
    }

    #[test]
    fn malformed_numbers_are_none() {
        for value in [
            "1,23,456.5",
            "1.2.3",
            "1,2345,678",
            "12..5",
            ".",
            "1_000",
            "0x10",
            "1e",
            "1.5.",
            "--5",
        ] {
            assert_eq!(one(value, false), None, "{value}");
        }
    }

    #[test]
    fn scientific_numbers_keep_their_digits() {
        assert_eq!(one("1.125E+1", true).as_deref(), Some("11.25"));
        assert_eq!(one("1,125e1", false).as_deref(), Some("11.25"));
        assert_eq!(one("1e-40", true).as_deref(), Some("0"));
    }
}
