//! A plan as named settings, so that a journal can say which of them differs from what it was begun with.

use std::{collections::BTreeMap, fmt::Display};

use super::Plan;
use crate::{EconomyConfig, Parameter, binding};

impl Plan {
    /// Each setting by its name; whether insecure keys are allowed is none.
    pub fn settings(&self) -> BTreeMap<String, String> {
        let network = &self.network;
        let mut settings = Settings::default();
        settings.put("genesis", network.genesis);
        settings.put("epoch_length", network.epoch_length);
        settings.put("window", network.window);
        settings.put("fee_bps", network.fee_bps);
        for (place, route) in network.routes.iter().enumerate() {
            let key = binding::key_hash(&route.key);
            let text = format!(
                "{key} for {} with {} members, {} words, state {}",
                route.tag, route.members, route.length, route.genesis_state
            );
            // Contracts are created in this order.
            settings.put(&format!("key {place} ({})", route.label), text);
        }
        for (kind, words) in &network.policies {
            settings.put(&format!("policy of kind {kind}"), list(words));
        }
        for (kind, amount) in &network.emissions {
            settings.put(&format!("emission of kind {kind}"), amount);
        }
        if let Some(economy) = &self.economy {
            settings.economy(economy);
        }
        settings.0
    }
}

#[derive(Default)]
struct Settings(BTreeMap<String, String>);

impl Settings {
    fn put(&mut self, name: &str, value: impl Display) {
        self.0.insert(name.to_owned(), value.to_string());
    }

    fn economy(&mut self, config: &EconomyConfig) {
        self.put("economy.delay", config.delay);
        self.put("economy.quorum_floor", config.quorum_floor);
        self.put("economy.hard_cap", config.hard_cap);
        self.put("economy.rates", list(&config.rates));
        self.put("economy.accusers", list(&config.accusers));
        self.put("economy.decider", config.decider);
        self.put("economy.contradiction", format!("{:?}", config.contradiction));
        self.put("economy.second_seal", format!("{:?}", config.second_seal));
        self.put("economy.omission", format!("{:?}", config.omission));
        for (name, parameter) in &config.parameters {
            let Parameter { value, min, max, step, interval, .. } = parameter;
            let text = format!("{value} from {min} to {max} by {step} every {interval} s");
            self.put(&format!("economy.parameters.{name}"), text);
        }
    }
}

fn list<T: Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
