//! Requests that are no packets at all: wrong paths, bodies, tokens, a store that is gone.

use crate::fixture::*;
use ergon_gateway::AdminToken;
use ergon_gateway::messages::ErrorBody;
use reqwest::{Client, Method};

async fn request(world: &World, method: Method, path: &str, body: Vec<u8>) -> (u16, String) {
    let request = Client::new().request(method, format!("{}{path}", world.url));
    let answer = request.bearer_auth(TOKEN).body(body).send().await.unwrap();
    let status = answer.status().as_u16();
    let error: ErrorBody = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert!(!error.message.is_empty() && !error.expected.is_empty());
    (status, error.code)
}

fn answer(status: u16, code: &str) -> (u16, String) {
    (status, code.into())
}

#[tokio::test]
async fn unknown_paths_and_methods_have_a_code() {
    let world = World::new().await;
    assert_eq!(request(&world, Method::GET, "/v2", vec![]).await, answer(404, "not_found"));
    let found = request(&world, Method::GET, "/v1/packets", vec![]).await;
    assert_eq!(found, answer(405, "method_not_allowed"));
}

#[tokio::test]
async fn malformed_paths_and_bodies_have_a_code() {
    let world = World::new().await;
    let malformed = answer(400, "malformed_request");
    let path = "/v1/devices/x/records/uptime/0";
    assert_eq!(request(&world, Method::GET, path, vec![]).await, malformed);
    let path = "/v1/devices/1/records/rainfall/0";
    assert_eq!(request(&world, Method::GET, path, vec![]).await, malformed);
    assert_eq!(request(&world, Method::POST, "/v1/cohorts", b"{".to_vec()).await, malformed);
    assert_eq!(request(&world, Method::POST, "/v1/devices", b"{}".to_vec()).await, malformed);
}

#[tokio::test]
async fn bodies_beyond_the_limit_are_refused() {
    let world = World::new().await;
    let large = answer(413, "body_too_large");
    assert_eq!(request(&world, Method::POST, "/v1/packets", vec![0; 1_025]).await, large);
    assert_eq!(request(&world, Method::POST, "/v1/cohorts", vec![b' '; 300_000]).await, large);
}

#[tokio::test]
async fn the_operators_requests_need_the_token() {
    let world = World::new().await;
    for (method, path) in [
        (Method::POST, "/v1/cohorts"),
        (Method::POST, "/v1/devices"),
        (Method::POST, "/v1/cohorts/1/epochs/0/seal"),
        (Method::GET, "/v1/cohorts/1/epochs/0/bundle"),
        (Method::PUT, "/v1/cohorts/3/state"),
    ] {
        for token in [None, Some("0123456789abcdeF"), Some("")] {
            let mut request = Client::new().request(method.clone(), format!("{}{path}", world.url));
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 401, "{method} {path}");
            let error: ErrorBody = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
            assert_eq!(error.code, "unauthorized");
        }
    }
}

#[test]
fn a_short_token_is_refused_and_no_token_is_printed() {
    assert!(AdminToken::new("short").is_err());
    assert!(!format!("{:?}", AdminToken::new(TOKEN).unwrap()).contains(TOKEN));
}

#[tokio::test]
async fn a_packet_that_cannot_be_stored_is_not_acknowledged() {
    let world = World::new().await;
    world.gateway.close().await.unwrap();
    let rejection = world.refuse_bytes(&sign(record(10, uptime(&[0]))).to_bytes()).await;
    assert_eq!((rejection.code.as_str(), rejection.status), ("storage_failed", 503));
}
