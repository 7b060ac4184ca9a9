//! The file that says what to deploy. Times are in seconds, amounts in whole tokens.

use crate::amount::{Number, Tokens};
use crate::convert::{policy, to_chain};
use crate::exit::Unusable;
use ergon_chain::{DeployConfig, EconomyConfig, Parameter, Penalty, Plan, RouteConfig, U256};
use ergon_circuits::CircuitId;
use ergon_types::{Address, Kind, Policy};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The governed numbers that contracts ask for, and whether each is an amount of tokens.
const NUMBERS: [(&str, bool); 3] =
    [("staking/unbonding", false), ("staking/deposit", true), ("market/fee", false)];

/// What to deploy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    genesis: u64,
    epoch_seconds: u64,
    window_seconds: u64,
    fee_bps: u16,
    pub(super) circuits: Vec<CircuitId>,
    emissions: PerKind,
    /// In place of the standard policy of their kind.
    #[serde(default)]
    policies: Vec<Policy>,
    economy: Option<Economy>,
}

/// One amount for each kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PerKind {
    uptime: Tokens,
    coverage: Tokens,
    energy: Tokens,
}

impl PerKind {
    fn amounts(&self) -> [(Kind, u128); 3] {
        [
            (Kind::Uptime, self.uptime.0),
            (Kind::Coverage, self.coverage.0),
            (Kind::Energy, self.energy.0),
        ]
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Economy {
    delay_seconds: u64,
    quorum_floor: Tokens,
    hard_cap: Tokens,
    rates: PerKind,
    accusers: Vec<Address>,
    decider: Address,
    contradiction: Fault,
    second_seal: Fault,
    omission: Fault,
    parameters: BTreeMap<String, Governed>,
}

/// What a fault costs, in ten-thousandths of the stake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    penalty_bps: u16,
    cap_bps: u16,
    informant_bps: u16,
}

impl Fault {
    fn penalty(&self) -> Penalty {
        let Self { penalty_bps: bps, cap_bps, informant_bps } = *self;
        Penalty { bps, cap_bps, informant_bps }
    }
}

/// A governed number with its bounds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Governed {
    value: Number,
    min: Number,
    max: Number,
    step: Number,
    interval_seconds: u64,
}

impl File {
    /// Reads the file. Errors name the line, the key and what was expected.
    pub(super) fn read(path: &Path) -> Result<Self, Unusable> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Unusable::new(path, format!("cannot be read: {error}")))?;
        let file: Self =
            toml::from_str(&text).map_err(|error| Unusable::new(path, located(&text, &error)))?;
        file.check().map_err(|reason| Unusable::new(path, reason))?;
        Ok(file)
    }

    /// What the contracts would not say as plainly; the rest they refuse themselves.
    fn check(&self) -> Result<(), String> {
        let expected = |key: &str, what: &str, found: String| {
            Err(format!("{key}: expected {what}, found {found}"))
        };
        if self.epoch_seconds == 0 || self.window_seconds == 0 {
            return expected("epoch_seconds and window_seconds", "at least 1", "0".to_owned());
        }
        if self.fee_bps > 10_000 {
            return expected("fee_bps", "at most 10000", self.fee_bps.to_string());
        }
        let circuits: BTreeSet<_> = self.circuits.iter().map(ToString::to_string).collect();
        if circuits.is_empty() || circuits.len() < self.circuits.len() {
            let found = format!("{} of {}", circuits.len(), self.circuits.len());
            return expected("circuits", "at least one, each once", found);
        }
        let kinds: BTreeSet<u8> = self.policies.iter().map(|policy| policy.kind() as u8).collect();
        if kinds.len() < self.policies.len() {
            return expected("policies", "one of a kind", format!("{}", self.policies.len()));
        }
        let Some(economy) = &self.economy else { return Ok(()) };
        let names: Vec<_> = economy.parameters.keys().map(String::as_str).collect();
        for (name, is_tokens) in NUMBERS {
            let key = format!("economy.parameters.\"{name}\"");
            let Some(Governed { value, min, max, step, .. }) = economy.parameters.get(name) else {
                return expected(&key, "a governed number", format!("only {names:?}"));
            };
            if [value, min, max, step].iter().any(|number| number.is_tokens != is_tokens) {
                let what = if is_tokens { "amounts in quotes" } else { "integers" };
                return expected(&key, what, "something else".to_owned());
            }
        }
        match names.iter().find(|name| name.len() > 31 || !name.is_ascii()) {
            Some(name) => {
                expected("economy.parameters", "names of up to 31 letters", (*name).into())
            }
            None => Ok(()),
        }
    }

    /// What is deployed, by its owner and with the keys of the file's circuits.
    pub(super) fn plan(
        &self,
        owner: ergon_chain::Address,
        routes: Vec<RouteConfig>,
        allow_insecure: bool,
    ) -> Plan {
        let governing = |kind| {
            let given = self.policies.iter().find(|policy| policy.kind() == kind);
            given.map_or_else(|| policy(&Policy::standard(kind)), policy)
        };
        let network = DeployConfig {
            owner,
            genesis: self.genesis,
            epoch_length: self.epoch_seconds,
            window: self.window_seconds,
            fee_bps: self.fee_bps,
            routes,
            policies: Kind::ALL.map(governing).into(),
            emissions: self.emissions.amounts().map(|(kind, amount)| (kind as u8, amount)).into(),
            allow_insecure,
        };
        Plan { network, economy: self.economy.as_ref().map(Economy::config) }
    }
}

impl Economy {
    fn config(&self) -> EconomyConfig {
        let parameter = |(name, governed): (&String, &Governed)| {
            let Governed { value, min, max, step, interval_seconds } = governed;
            let parameter = Parameter {
                value: value.value,
                min: min.value,
                max: max.value,
                step: step.value,
                interval: *interval_seconds,
                changedAt: 0,
            };
            (name.clone(), parameter)
        };
        EconomyConfig {
            delay: self.delay_seconds,
            quorum_floor: U256::from(self.quorum_floor.0),
            parameters: self.parameters.iter().map(parameter).collect(),
            hard_cap: self.hard_cap.0,
            rates: self.rates.amounts().map(|(_, amount)| amount),
            accusers: self.accusers.iter().copied().map(to_chain).collect(),
            decider: to_chain(self.decider),
            contradiction: self.contradiction.penalty(),
            second_seal: self.second_seal.penalty(),
            omission: self.omission.penalty(),
        }
    }
}

/// The parser's reason with the line that it is about, on one line.
fn located(text: &str, error: &toml::de::Error) -> String {
    let reason = error.message().replace('\n', "; ");
    let Some(span) = error.span().filter(|span| !span.is_empty()) else { return reason };
    let before = text.get(..span.start).unwrap_or_default();
    let number = before.matches('\n').count();
    let line = text.lines().nth(number).unwrap_or_default().trim();
    format!("line {} ({line}): {reason}", number + 1)
}
