//! The client: what it trusts, and what it says when it cannot go on.

use crate::fixture::*;
use ergon_gateway::Client;
use ergon_gateway::client::ClientError;

#[tokio::test]
async fn an_acknowledgement_by_another_key_is_not_trusted() {
    let world = World::new().await;
    let wary = Client::new(&world.url, key(249).public(), None).unwrap();
    let bytes = sign(record(10, uptime(&[0]))).to_bytes();
    let error = wary.submit(&bytes).await.unwrap_err();
    assert!(matches!(error, ClientError::Untrusted { .. }), "{error}");
}

#[tokio::test]
async fn a_gateway_that_is_down_is_named_with_what_to_do() {
    let client = Client::new("http://127.0.0.1:9/", attestor().public(), None).unwrap();
    let error = client.submit(&[]).await.unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }));
    let text = error.to_string();
    assert!(text.contains("http://127.0.0.1:9") && text.contains("/health"), "{text}");
}

#[tokio::test]
async fn an_answer_that_is_no_gateways_is_named() {
    let world = World::empty().await;
    let elsewhere = Client::new(&format!("{}/v1", world.url), attestor().public(), None).unwrap();
    let error = elsewhere.status().await.unwrap_err();
    assert_eq!(error.rejection().unwrap().code, "not_found");
}

#[tokio::test]
async fn a_rejection_carries_code_status_and_expectation() {
    let world = World::new().await;
    let rejection = world.refuse_bytes(&[1]).await;
    let text = rejection.to_string();
    for part in ["400", "malformed_packet", "expected", "§ 3.5"] {
        assert!(text.contains(part), "{text}");
    }
}
