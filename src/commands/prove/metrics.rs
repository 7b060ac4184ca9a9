//! A run's counts for Prometheus, in the OpenMetrics text format.

use super::progress::Progress;
use crate::memory;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::{Router, extract::State};
use ergon_prover::Workers;
use eyre::WrapErr;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Serves `/metrics` until the process ends.
pub(super) async fn serve(
    address: SocketAddr,
    workers: Arc<Workers>,
    progress: Arc<Progress>,
) -> eyre::Result<()> {
    let mut registry = Registry::with_prefix("ergon_prove");
    registry.register_collector(Box::new(Source { workers, progress }));
    let listener = TcpListener::bind(address)
        .await
        .wrap_err_with(|| format!("cannot serve metrics on {address}"))?;
    eprintln!("metrics on http://{}/metrics", listener.local_addr()?);
    let app = Router::new().route("/metrics", get(scrape)).with_state(Arc::new(registry));
    tokio::spawn(async { axum::serve(listener, app).await });
    Ok(())
}

type Scraped = ([(axum::http::HeaderName, &'static str); 1], String);

async fn scrape(State(registry): State<Arc<Registry>>) -> Result<Scraped, axum::http::StatusCode> {
    let mut body = String::new();
    text::encode(&mut body, &registry)
        .map_err(|_| axum::http::StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], body))
}

/// Where the counts are.
#[derive(Debug)]
struct Source {
    workers: Arc<Workers>,
    progress: Arc<Progress>,
}

impl Collector for Source {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let (tally, counts) = (self.workers.tally(), self.progress.counts());
        let bundles = [("proven", counts.proven), ("kept", counts.kept), ("failed", counts.failed)];
        let bundles = bundles.map(|(status, count)| ([("status", status)], count));
        counters(&mut encoder, "bundles", "Bundles by what became of them", bundles)?;

        let works = || tally.accelerators.iter();
        let proofs = works().map(|(name, work)| ([("accelerator", name.as_str())], work.proofs));
        counters(&mut encoder, "proofs", "Verified proofs", proofs)?;
        let rejected =
            works().map(|(name, work)| ([("accelerator", name.as_str())], work.rejected));
        counters(&mut encoder, "rejected", "Proofs that did not verify", rejected)?;
        let faults = works().flat_map(|(name, work)| {
            work.faults.iter().map(move |(reason, count)| {
                ([("accelerator", name.as_str()), ("reason", *reason)], *count)
            })
        });
        counters(&mut encoder, "faults", "Failures of accelerators by reason", faults)?;
        let quarantined = works().map(|(name, work)| {
            ([("accelerator", name.as_str())], u64::from(work.quarantined.is_some()))
        });
        family(
            &mut encoder,
            "quarantined",
            "Whether an accelerator is trusted no more",
            MetricType::Gauge,
            quarantined.map(|(labels, value)| (labels, ConstGauge::new(value as f64))),
        )?;
        let seconds = [("prove", tally.prove_seconds), ("verify", tally.verify_seconds)];
        let seconds =
            seconds.map(|(stage, seconds)| ([("stage", stage)], ConstCounter::new(seconds)));
        let help = "Seconds of all lanes together";
        family(&mut encoder, "seconds", help, MetricType::Counter, seconds)?;
        let gauges = [
            ("waiting", "Bundles without a result", counts.left()),
            ("peak_memory_bytes", "The most memory that the process has had", memory::peak()),
        ];
        for (name, help, value) in gauges {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
        }
        Ok(())
    }
}

fn counters<L: EncodeLabelSet>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: impl IntoIterator<Item = (L, u64)>,
) -> fmt::Result {
    let values = values.into_iter().map(|(labels, value)| (labels, ConstCounter::new(value)));
    family(encoder, name, help, MetricType::Counter, values)
}

fn family<L: EncodeLabelSet, M: EncodeMetric>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    kind: MetricType,
    values: impl IntoIterator<Item = (L, M)>,
) -> fmt::Result {
    let mut family = encoder.encode_descriptor(name, help, None, kind)?;
    for (labels, value) in values {
        value.encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}
