//! Every contract of a network names the others as the address book does, and holds the keys that it was deployed with.

use alloy::primitives::{Address, U256};

use super::{DeployConfig, RouteConfig};
use crate::{
    ChainError, EconomyBook, Network, RouteEntry, binding,
    chain::read,
    contracts::{
        DeviceRegistry, EpochSettlement, ErgonToken, Groth16Verifier, RewardDistributor,
        VerifierRouter,
    },
    economy::same,
    verifier::code_of,
};

impl Network {
    /// Checks the network's contracts against what they were deployed with: who names whom, clock, window, fee, each
    /// route's verifier with its key, and owners. With contracts around it, what is handed over may be theirs already;
    /// [`Network::check_economy`] checks those.
    ///
    /// # Errors
    /// [`ChainError::WrongWiring`] names the first thing that differs.
    pub async fn check(
        &self,
        config: &DeployConfig,
        economy: Option<&EconomyBook>,
    ) -> Result<(), ChainError> {
        let book = self.book();
        let (registry, settlement) = (book.registry, book.settlement);
        let distributor = book.distributor;
        self.names(registry, &DeviceRegistry::routerCall {}, book.router).await?;
        let genesis = read(self.chain(), registry, &DeviceRegistry::genesisCall {}).await?;
        same(registry, "genesis()", config.genesis, genesis)?;
        let length = read(self.chain(), registry, &DeviceRegistry::epochLengthCall {}).await?;
        same(registry, "epochLength()", config.epoch_length, length)?;
        self.names(settlement, &EpochSettlement::registryCall {}, registry).await?;
        self.names(settlement, &EpochSettlement::routerCall {}, book.router).await?;
        let window = read(self.chain(), settlement, &EpochSettlement::windowCall {}).await?;
        same(settlement, "window()", config.window, window)?;
        self.names(distributor, &RewardDistributor::settlementCall {}, settlement).await?;
        self.names(distributor, &RewardDistributor::registryCall {}, registry).await?;
        self.names(distributor, &RewardDistributor::tokenCall {}, book.token).await?;
        let fee = read(self.chain(), distributor, &RewardDistributor::feeBpsCall {}).await?;
        same(distributor, "feeBps()", config.fee_bps, fee)?;
        self.names(book.token, &ErgonToken::minterCall {}, distributor).await?;
        same(book.router, "number of routes", config.routes.len(), book.routes.len())?;
        for (config, entry) in config.routes.iter().zip(&book.routes) {
            self.check_route(config, entry).await?;
        }
        self.check_owners(config.owner, economy).await
    }

    async fn check_route(
        &self,
        config: &RouteConfig,
        entry: &RouteEntry,
    ) -> Result<(), ChainError> {
        let RouteConfig { tag, members, length, key, .. } = config;
        let router = self.book().router;
        let expected = binding::route_id(key, *tag, *members, *length);
        same(router, "identifier of the route", expected, entry.route)?;
        let call = VerifierRouter::routeOfCall { route: entry.route };
        let route = read(self.chain(), router, &call).await?;
        same(router, "routeOf (verifier)", entry.verifier, route.verifier)?;
        same(router, "routeOf (tag)", *tag, route.tag)?;
        same(router, "routeOf (members)", *members, route.members)?;
        same(router, "routeOf (length)", *length, route.length)?;
        same(router, "routeOf (genesisState)", config.genesis_state, route.genesisState)?;
        let call = Groth16Verifier::keyHashCall {};
        let hash = read(self.chain(), entry.verifier, &call).await?;
        same(entry.verifier, "keyHash()", binding::key_hash(key), hash)?;
        // What says the right hash could still check proofs under another key.
        let (expected, found) = (code_of(*key).await?, self.chain().code(entry.verifier).await?);
        let digest = |code: &[u8]| alloy::primitives::keccak256(code);
        same(entry.verifier, "hash of its code", digest(&expected), digest(&found))
    }

    async fn check_owners(
        &self,
        owner: Address,
        economy: Option<&EconomyBook>,
    ) -> Result<(), ChainError> {
        let book = self.book();
        let mut owned = vec![book.token, book.registry];
        if economy.is_none() {
            owned.extend([book.router, book.settlement, book.distributor]);
        }
        for contract in owned {
            self.names(contract, &ErgonToken::ownerCall {}, owner).await?;
        }
        let Some(economy) = economy else { return Ok(()) };
        for contract in [book.router, book.settlement, book.distributor] {
            let found = read(self.chain(), contract, &ErgonToken::ownerCall {}).await?;
            let expected = if found == economy.timelock { economy.timelock } else { owner };
            same(contract, "owner()", expected, found)?;
        }
        Ok(())
    }

    /// When the timelock may accept what it was offered, in seconds since 1970; `None` when it has, or was never told to.
    pub(crate) async fn takes_over_at(
        &self,
        book: &EconomyBook,
    ) -> Result<Option<u64>, ChainError> {
        use crate::contracts::ErgonTimelock;
        let (targets, values, payloads) = self.acceptances(book);
        let (predecessor, salt) = Default::default();
        let call =
            ErgonTimelock::hashOperationBatchCall { targets, values, payloads, predecessor, salt };
        let id = read(self.chain(), book.timelock, &call).await?;
        let at = read(self.chain(), book.timelock, &ErgonTimelock::getTimestampCall { id }).await?;
        // 0: unknown; 1: done (OpenZeppelin's `TimelockController`).
        Ok((at > U256::from(1)).then(|| at.saturating_to()))
    }
}
