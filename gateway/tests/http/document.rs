//! The OpenAPI document describes every route, and every route in it exists.

use crate::fixture::*;
use reqwest::Method;
use serde_json::Value;

const ROUTES: [(&str, &str); 10] = [
    ("post", "/v1/packets"),
    ("get", "/v1/devices/{device}/records/{schema}/{epoch}"),
    ("post", "/v1/cohorts"),
    ("post", "/v1/devices"),
    ("get", "/v1/cohorts/{cohort}"),
    ("post", "/v1/cohorts/{cohort}/epochs/{epoch}/seal"),
    ("get", "/v1/cohorts/{cohort}/epochs/{epoch}/bundle"),
    ("put", "/v1/cohorts/{cohort}/state"),
    ("get", "/v1/status"),
    ("get", "/health"),
];

async fn document(world: &World) -> Value {
    let answer = reqwest::get(format!("{}/openapi.json", world.url)).await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn every_route_is_in_the_document_and_every_described_route_answers() {
    let world = World::empty().await;
    let document = document(&world).await;
    let mut described: Vec<(String, String)> = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.push((method.clone(), path.clone()));
        }
    }
    described.sort();
    let mut routes: Vec<_> = ROUTES.map(|(m, p)| (m.to_string(), p.to_string())).to_vec();
    routes.sort();
    assert_eq!(described, routes);
    for (method, path) in ROUTES {
        let path = path.replace("{schema}", "uptime");
        let path = ["{device}", "{cohort}", "{epoch}"].iter().fold(path, |p, n| p.replace(n, "1"));
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let request = reqwest::Client::new().request(method, format!("{}{path}", world.url));
        let text = request.send().await.unwrap().text().await.unwrap();
        assert!(!text.contains("\"not_found\"") && !text.contains("method_not_allowed"), "{path}");
    }
}

#[tokio::test]
async fn references_in_the_document_lead_somewhere() {
    let world = World::empty().await;
    let document = document(&world).await;
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name} is not described");
    }
    assert_eq!(document["components"]["securitySchemes"]["admin"]["scheme"], "bearer");
}
