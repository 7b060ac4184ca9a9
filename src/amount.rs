//! Amounts of tokens as people write them, and numbers that may be amounts.

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use std::fmt;
use std::str::FromStr;

/// Decimals of the token.
const DECIMALS: usize = 18;

/// An amount of whole tokens, written as a decimal string; here in the smallest unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tokens(pub(crate) u128);

/// A governed number: an integer as it is, or an amount of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) value: u128,
    pub(crate) is_tokens: bool,
}

/// Exact: more decimals than the token has are refused.
fn tokens(text: &str) -> Option<u128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > DECIMALS {
        return None;
    }
    let unit = 10u128.pow(DECIMALS as u32);
    let part: u128 = format!("{part:0<DECIMALS$}").parse().ok()?;
    whole.parse::<u128>().ok()?.checked_mul(unit)?.checked_add(part)
}

/// As words of the command line.
impl FromStr for Tokens {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            "expected an amount of whole tokens such as 100 or 0.5, up to 18 decimals".to_owned()
        };
        tokens(text).map(Tokens).ok_or_else(wrong)
    }
}

struct Text;

impl Visitor<'_> for Text {
    type Value = Tokens;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "an amount of whole tokens in quotes such as \"100\" or \"0.5\", up to 18 decimals",
        )
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tokens, E> {
        let wrong = || E::invalid_value(serde::de::Unexpected::Str(text), &self);
        tokens(text).map(Tokens).ok_or_else(wrong)
    }
}

impl<'de> Deserialize<'de> for Tokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

struct TextOrInteger;

impl Visitor<'_> for TextOrInteger {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "an integer of at least 0, or an amount of whole tokens in quotes such as \"50\"",
        )
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
        let wrong = |_| E::invalid_value(serde::de::Unexpected::Signed(value), &self);
        Ok(Number { value: u128::try_from(value).map_err(wrong)?, is_tokens: false })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        let Tokens(value) = Text.visit_str(text)?;
        Ok(Number { value, is_tokens: true })
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrInteger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_to_the_smallest_unit() {
        let unit = 10u128.pow(18);
        assert_eq!(tokens("100"), Some(100 * unit));
        assert_eq!(tokens("0.5"), Some(unit / 2));
        assert_eq!(tokens("1.000000000000000001"), Some(unit + 1));
        assert_eq!(tokens("340282366920938463463.374607431768211455"), Some(u128::MAX));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let bad =
            ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "0x1", " 1", "1.0000000000000000001"];
        for text in bad.into_iter().chain(["340282366920938463463.374607431768211456"]) {
            assert_eq!(tokens(text), None, "{text}");
        }
    }
}
