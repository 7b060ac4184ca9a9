//! Endpoints that are down, of another chain, without blocks, or no endpoints at all.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use alloy::primitives::TxKind;
use ergon_chain::{
    Chain, ChainError, Embedded, Rpc, RpcConfig, Transaction, accounts, deploy,
    deployment::DeployConfig,
};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::{
    anvil::Anvil,
    on_anvil, run,
    world::{self, OWNER, PROVER, START},
};

/// Tests that need no tool.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("an_endpoint_that_is_down_is_named", || run(down())),
        Trial::test("text_that_is_no_address_is_refused", || run(no_address())),
        Trial::test("a_web_page_is_not_an_endpoint", || run(web_page())),
        Trial::test("another_chain_is_refused", || run(another_chain())),
        Trial::test("the_clock_of_a_public_chain_is_not_set", || run(public_clock())),
        Trial::test("an_insecure_key_is_refused_where_others_can_reach_it", || run(insecure())),
        Trial::test("a_private_key_is_not_repeated_in_an_error", || run(private_key())),
        Trial::test("the_embedded_clock_only_moves_forward", || run(embedded_clock())),
        Trial::test("an_account_without_a_key_cannot_sign", || run(unknown_signer())),
    ]
}

/// Tests of what only a node shows.
pub(crate) fn anvil_trials(found: &Result<PathBuf, String>) -> Vec<Trial> {
    let (name, binary) = ("a_transaction_that_no_block_takes_times_out", found.clone());
    vec![
        on_anvil(found, name, |_| async move { not_mined(binary.unwrap()).await }),
        on_anvil(found, "transactions_sent_at_once_all_arrive", at_once),
        on_anvil(found, "a_refused_transaction_leaves_no_gap_in_the_nonces", no_gap),
    ]
}

fn config(routes_insecure: bool) -> DeployConfig {
    DeployConfig { allow_insecure: routes_insecure, ..world::config() }
}

fn plain(from: ergon_chain::Address) -> Transaction {
    Transaction {
        action: "a payment",
        from,
        to: TxKind::Call(PROVER),
        data: Default::default(),
        nonce: None,
    }
}

async fn down() {
    // Bound and dropped: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://user:secret@127.0.0.1:{port}/key");
    let error = Rpc::connect(RpcConfig::new(url)).await.unwrap_err();
    assert!(matches!(error, ChainError::EndpointDown { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(&format!("http://127.0.0.1:{port}")), "{text}");
    assert!(text.contains("refused") && text.contains("start it"), "{text}");
    assert!(!text.contains("secret") && !text.contains("key"), "credentials stay out: {text}");
}

async fn no_address() {
    for text in ["localhost", "ws://127.0.0.1:1", ""] {
        let error = Rpc::connect(RpcConfig::new(text)).await.unwrap_err();
        assert!(matches!(error, ChainError::BadUrl { .. }), "{error:?}");
    }
}

/// Answers every request on a port of its own: with a result, with "no such method", or with a page.
fn serve(answer: fn(&str) -> Option<Value>, page: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut bytes = vec![0; 65_536];
            let mut length = 0;
            // One request a connection; its body ends with the only closing brace at the end of a read.
            while !bytes[..length].ends_with(b"}") {
                match connection.read(&mut bytes[length..]).unwrap() {
                    0 => break,
                    read => length += read,
                }
            }
            let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let request: Value = serde_json::from_str(body).unwrap_or_default();
            let reply = match answer(request["method"].as_str().unwrap_or_default()) {
                _ if page => "<html>".to_owned(),
                Some(result) => {
                    json!({"jsonrpc": "2.0", "id": request["id"], "result": result}).to_string()
                }
                None => json!({"jsonrpc": "2.0", "id": request["id"],
                    "error": {"code": -32601, "message": "no such method"}})
                .to_string(),
            };
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
            let _ = write!(connection, "{head}\r\ncontent-length: {}\r\n\r\n{reply}", reply.len());
        }
    });
    url
}

/// A public chain: chain 1 with one block.
fn public(method: &str) -> Option<Value> {
    let zeros = |bytes: usize| format!("0x{}", "00".repeat(bytes));
    match method {
        "eth_chainId" => Some(json!("0x1")),
        "eth_getBlockByNumber" => Some(json!({
            "hash": zeros(32), "parentHash": zeros(32), "sha3Uncles": zeros(32), "miner": zeros(20),
            "stateRoot": zeros(32), "transactionsRoot": zeros(32), "receiptsRoot": zeros(32),
            "logsBloom": zeros(256), "difficulty": "0x0", "number": "0x1", "gasLimit": "0x1c9c380",
            "gasUsed": "0x0", "timestamp": "0x64", "extraData": "0x", "mixHash": zeros(32),
            "nonce": zeros(8), "size": "0x0", "transactions": [], "uncles": [],
        })),
        _ => None,
    }
}

async fn web_page() {
    let url = serve(|_| None, true);
    let error = Rpc::connect(RpcConfig::new(url)).await.unwrap_err();
    assert!(error.to_string().contains("not JSON-RPC"), "{error}");
}

async fn another_chain() {
    let url = serve(public, false);
    let error = Rpc::connect(RpcConfig::new(url).with_chain_id(31337)).await.unwrap_err();
    assert!(matches!(error, ChainError::ChainIdMismatch { expected: 31337, found: 1, .. }));
}

async fn public_clock() {
    let chain = Rpc::connect(RpcConfig::new(serve(public, false))).await.unwrap();
    assert_eq!(chain.now().await.unwrap(), 100);
    chain.advance_to(50).await.unwrap();
    let error = chain.advance_to(200).await.unwrap_err();
    assert!(matches!(error, ChainError::ClockNotSettable { chain_id: 1, time: 200 }), "{error}");
}

async fn insecure() {
    let chain: Arc<dyn Chain> =
        Arc::new(Rpc::connect(RpcConfig::new(serve(public, false))).await.unwrap());
    let error = deploy(chain, &config(false)).await.unwrap_err();
    assert!(matches!(error, ChainError::InsecureKey { .. }), "{error}");
    assert!(error.to_string().contains("--insecure"), "{error}");
    deploy(Arc::new(Embedded::new(START)), &config(false)).await.unwrap();
}

async fn private_key() {
    let error = accounts::private_key("0xdeadbeef").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("beef"));
}

async fn embedded_clock() {
    let chain = Embedded::new(START);
    chain.advance_to(START + 100).await.unwrap();
    chain.advance_to(START).await.unwrap();
    assert_eq!(chain.now().await.unwrap(), START + 100);
    let first = chain.send(plain(OWNER)).await.unwrap();
    let second = chain.send(plain(OWNER)).await.unwrap();
    assert_eq!((first.block, second.block), (1, 2));
    assert_eq!(first.gas_used, 21_000);
    assert_ne!(first.transaction, second.transaction);
    assert_eq!(chain.now().await.unwrap(), START + 102);
}

async fn unknown_signer() {
    let stranger = ergon_chain::Address::repeat_byte(9);
    let error = Embedded::new(START).send(plain(stranger)).await.unwrap_err();
    assert!(matches!(error, ChainError::UnknownSigner { .. }), "{error}");
}

async fn not_mined(binary: PathBuf) {
    let anvil = Anvil::start(&binary, &["--no-mining"]);
    let config = RpcConfig { receipt_timeout: Duration::from_secs(1), ..anvil.config() };
    let error = Rpc::connect(config).await.unwrap().send(plain(OWNER)).await.unwrap_err();
    assert!(matches!(error, ChainError::Timeout { seconds: 1, .. }), "{error}");
}

async fn at_once(anvil: Anvil) {
    let chain = Arc::new(anvil.connect().await);
    let sent = (0..10).map(|_| {
        let chain = chain.clone();
        tokio::spawn(async move { chain.send(plain(OWNER)).await })
    });
    for task in sent.collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
}

async fn no_gap(anvil: Anvil) {
    let chain = anvil.connect().await;
    chain.send(plain(OWNER)).await.unwrap();
    let invalid = Transaction { to: TxKind::Create, data: vec![0xfe].into(), ..plain(OWNER) };
    chain.send(invalid).await.unwrap_err();
    chain.send(plain(OWNER)).await.unwrap();
    // Another program with the same key.
    anvil.connect().await.send(plain(OWNER)).await.unwrap();
    assert!(chain.send(plain(OWNER)).await.is_err(), "the nonce was taken by the other");
    chain.send(plain(OWNER)).await.unwrap();
}
