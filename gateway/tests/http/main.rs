//! The gateway as its users meet it: over HTTP, with every reason code triggered by a request.
#![allow(clippy::unwrap_used)]

mod client;
mod document;
mod fixture;
mod load;
mod operator;
mod packets;
mod records;
mod requests;
mod sealing;
