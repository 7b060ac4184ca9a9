//! Sales of data and service, and what they bring to whom (`docs/contracts.md`, Market).

use alloy::{
    primitives::{Address, B256, Bytes, U256, aliases::U48},
    sol_types::{SolCall, SolStruct, eip712_domain},
};

use crate::{
    ChainError, EconomyBook, Network, Outcome, Receipt,
    chain::{read, write},
    contracts::DataMarket::{self, Purchase, Terms},
};

/// What people sign (EIP-712): the structures' names are part of what is hashed.
mod signed {
    alloy::sol! {
        /// What a buyer signs of what was served.
        struct Receipt {
            uint256 purchase;
            uint128 served;
        }
    }
}

impl Network {
    /// Puts data or service up for sale; returns the offer's number.
    pub async fn offer_data(
        &self,
        seller: Address,
        book: &EconomyBook,
        terms: Terms,
    ) -> Result<Outcome<u64>, ChainError> {
        let receipt = self.on_market(seller, book, &DataMarket::offerCall { terms }).await?;
        let event: DataMarket::Offered = receipt.event(book.market)?;
        Ok(Outcome::new(event.offer.to(), &receipt))
    }

    /// Ends an offer; what was bought stays bought.
    pub async fn close_offer(
        &self,
        seller: Address,
        book: &EconomyBook,
        offer: u64,
    ) -> Result<Outcome<()>, ChainError> {
        let call = DataMarket::closeOfferCall { number: number_of(offer)? };
        let receipt = self.on_market(seller, book, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Buys units of an offer, after allowing exactly their price; returns the purchase's number.
    pub async fn buy(
        &self,
        buyer: Address,
        book: &EconomyBook,
        offer: u64,
        units: u128,
    ) -> Result<Outcome<U256>, ChainError> {
        let terms = self.terms_of(book, offer).await?;
        let price = U256::from(terms.price) * U256::from(units);
        let approved = self.approve(buyer, terms.currency, book.market, price).await?;
        let call = DataMarket::buyCall { number: number_of(offer)?, units };
        let receipt = self.on_market(buyer, book, &call).await?;
        let event: DataMarket::Bought = receipt.event(book.market)?;
        Ok(Outcome::new(event.purchase, &receipt).after(&[approved]))
    }

    /// Releases what the days that passed are worth to those who are paid; anyone may.
    pub async fn release_days(
        &self,
        from: Address,
        book: &EconomyBook,
        purchase: U256,
    ) -> Result<Outcome<()>, ChainError> {
        let receipt = self.on_market(from, book, &DataMarket::releaseCall { purchase }).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// What a buyer signs for units that were served, all together.
    pub fn receipt_digest(&self, book: &EconomyBook, purchase: U256, served: u128) -> B256 {
        let domain = eip712_domain! {
            name: "Ergon DataMarket",
            version: "1",
            chain_id: self.book.chain_id,
            verifying_contract: book.market,
        };
        signed::Receipt { purchase, served }.eip712_signing_hash(&domain)
    }

    /// Releases what served units are worth, on the buyer's signature; the buyer itself needs none.
    pub async fn acknowledge_service(
        &self,
        from: Address,
        book: &EconomyBook,
        purchase: U256,
        served: u128,
        signature: Bytes,
    ) -> Result<Outcome<()>, ChainError> {
        let call = DataMarket::acknowledgeCall { purchase, served, signature };
        let receipt = self.on_market(from, book, &call).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Ends the buyer's purchase: days are settled and refunded at once, the rest after a day's notice.
    pub async fn cancel_purchase(
        &self,
        buyer: Address,
        book: &EconomyBook,
        purchase: U256,
    ) -> Result<Outcome<()>, ChainError> {
        let receipt = self.on_market(buyer, book, &DataMarket::cancelCall { purchase }).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Settles a purchase that is over, and refunds what was not served; anyone may.
    pub async fn close_purchase(
        &self,
        from: Address,
        book: &EconomyBook,
        purchase: U256,
    ) -> Result<Outcome<()>, ChainError> {
        let receipt = self.on_market(from, book, &DataMarket::closeCall { purchase }).await?;
        Ok(Outcome::new((), &receipt))
    }

    /// Pays what the market holds for someone; anyone may. Returns what was paid.
    pub async fn fetch_proceeds(
        &self,
        from: Address,
        book: &EconomyBook,
        currency: Address,
        payee: Address,
    ) -> Result<Outcome<U256>, ChainError> {
        let receipt =
            self.on_market(from, book, &DataMarket::fetchCall { currency, payee }).await?;
        let event: DataMarket::Fetched = receipt.event(book.market)?;
        Ok(Outcome::new(event.amount, &receipt))
    }

    /// Whether an account may use what was bought now: what a gateway asks before it serves.
    pub async fn has_access(
        &self,
        book: &EconomyBook,
        purchase: U256,
        account: Address,
    ) -> Result<bool, ChainError> {
        let call = DataMarket::hasAccessCall { purchase, account };
        read(self.chain(), book.market, &call).await
    }

    /// The terms of an offer; all zero when there is none.
    pub async fn terms_of(&self, book: &EconomyBook, offer: u64) -> Result<Terms, ChainError> {
        let call = DataMarket::termsOfCall { number: number_of(offer)? };
        read(self.chain(), book.market, &call).await
    }

    /// A purchase; its buyer is zero when there is none.
    pub async fn purchase_of(
        &self,
        book: &EconomyBook,
        purchase: U256,
    ) -> Result<Purchase, ChainError> {
        read(self.chain(), book.market, &DataMarket::purchaseOfCall { purchase }).await
    }

    /// What the treasury got of an epoch's sales in the reward token: what the emission can follow.
    pub async fn revenue_of(&self, book: &EconomyBook, epoch: u64) -> Result<u128, ChainError> {
        read(self.chain(), book.market, &DataMarket::revenueOfCall { epoch }).await
    }

    async fn on_market<C: SolCall>(
        &self,
        from: Address,
        book: &EconomyBook,
        call: &C,
    ) -> Result<Receipt, ChainError> {
        write(self.chain(), from, book.market, call).await
    }
}

/// An offer's number as the contract takes it.
fn number_of(offer: u64) -> Result<U48, ChainError> {
    U48::try_from(offer).map_err(|_| ChainError::Invalid {
        what: "the offer's number",
        found: offer.to_string(),
        expected: "a number below 2^48".to_owned(),
    })
}
