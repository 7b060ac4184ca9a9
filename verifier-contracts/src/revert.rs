//! Turns the bytes of a revert into the error's name and fields, for every error that the contracts declare.

use std::{collections::HashMap, fmt, sync::LazyLock};

use alloy::{
    dyn_abi::{DynSolValue, ErrorExt},
    json_abi::Error,
    primitives::{Bytes, FixedBytes},
};

use crate::contracts;

/// Why a contract refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractError {
    /// The error's name as declared in Solidity; empty if the contract gave no reason.
    pub name: String,
    /// Its fields: name and value.
    pub fields: Vec<(String, String)>,
}

impl fmt::Display for ContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            return f.write_str("no reason given");
        }
        f.write_str(&self.name)?;
        for (i, (name, value)) in self.fields.iter().enumerate() {
            f.write_str(if i == 0 { " (" } else { ", " })?;
            if !name.is_empty() {
                write!(f, "{name} ")?;
            }
            f.write_str(value)?;
        }
        if !self.fields.is_empty() {
            f.write_str(")")?;
        }
        Ok(())
    }
}

/// The error that holds the one of a call within a call.
const REFUSED: &str = "CallRefused";

/// Declared errors by selector, and the two of the language.
static ERRORS: LazyLock<HashMap<FixedBytes<4>, Error>> = LazyLock::new(|| {
    ["error Error(string reason)", "error Panic(uint256 code)"]
        .iter()
        .filter_map(|text| Error::parse(text).ok())
        .chain(contracts::errors())
        .map(|error| (error.selector(), error))
        .collect()
});

/// Decodes what a contract reverted with.
pub(crate) fn decode(data: &Bytes) -> ContractError {
    let known = data
        .get(..4)
        .and_then(|selector| ERRORS.get(selector))
        .and_then(|error| Some((error, error.decode_error(data).ok()?)));
    match known {
        Some((error, values)) => ContractError {
            name: error.name.clone(),
            fields: error
                .inputs
                .iter()
                .map(|input| input.name.clone())
                .zip(values.body.iter().map(|value| match value {
                    // Of several calls in one, what the refused one said.
                    DynSolValue::Bytes(reason) if error.name == REFUSED => {
                        decode(&reason.clone().into()).to_string()
                    }
                    value => text(value),
                }))
                .collect(),
        },
        None if data.is_empty() => ContractError { name: String::new(), fields: Vec::new() },
        None => ContractError {
            name: "an undeclared error".to_owned(),
            fields: vec![("data".to_owned(), data.to_string())],
        },
    }
}

fn text(value: &DynSolValue) -> String {
    match value {
        DynSolValue::Bool(value) => value.to_string(),
        DynSolValue::Uint(value, _) => value.to_string(),
        DynSolValue::Int(value, _) => value.to_string(),
        DynSolValue::Address(value) => value.to_string(),
        DynSolValue::String(value) => value.clone(),
        other => other
            .as_fixed_bytes()
            .map(|(bytes, size)| &bytes[..size])
            .or_else(|| other.as_bytes())
            .map_or_else(|| format!("{other:?}"), alloy::primitives::hex::encode_prefixed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy::{
        primitives::U256,
        sol_types::{Panic, Revert, SolError},
    };

    #[test]
    fn the_languages_own_errors_are_decoded() {
        let text = decode(&Revert::from("too late").abi_encode().into()).to_string();
        assert_eq!(text, "Error (reason too late)");
        let text = decode(&Panic::from(0x11).abi_encode().into()).to_string();
        assert_eq!(text, "Panic (code 17)");
    }

    #[test]
    fn an_error_that_nobody_declared_shows_its_bytes() {
        let text = decode(&Bytes::from_static(&[1, 2, 3, 4, 5])).to_string();
        assert_eq!(text, "an undeclared error (data 0x0102030405)");
        assert_eq!(decode(&Bytes::new()).to_string(), "no reason given");
    }

    #[test]
    fn of_several_calls_the_refused_one_says_why() {
        use crate::contracts::DeviceRegistry::{CallRefused, CohortFull};
        let reason = CohortFull { cohort: 3, size: 8 }.abi_encode().into();
        let error = CallRefused { index: U256::from(8), reason }.abi_encode();
        let text = decode(&error.into()).to_string();
        assert_eq!(text, "CallRefused (index 8, reason CohortFull (cohort 3, size 8))");
        let error = CallRefused { index: U256::ZERO, reason: Bytes::new() }.abi_encode();
        let text = decode(&error.into()).to_string();
        assert_eq!(text, "CallRefused (index 0, reason no reason given)");
    }

    #[test]
    fn every_selector_stands_for_one_error() {
        for error in contracts::errors() {
            assert_eq!(ERRORS[&error.selector()].signature(), error.signature());
        }
    }
}
