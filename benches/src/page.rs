//! Results as a folder that can be published: a page with tables and plots, and the same numbers as JSON and CSV.

use crate::plot::{Plot, plots};
use crate::report::mebibytes;
use crate::{BenchError, Report, Spread};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::fs;
use std::path::{Path, PathBuf};

const STYLE: &str = "body { font-family: sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; line-height: 1.4 } \
    table { border-collapse: collapse } td, th { padding: .2em .8em; text-align: right; border-bottom: 1px solid #ddd } \
    td:first-child, th:first-child { text-align: left; padding-left: 0 } figure { margin: 1.5em 0 } \
    figcaption { color: #444 } img { max-width: 100% } code { overflow-wrap: anywhere }";

/// Writes `index.html`, its plots as SVG, `result.json` and `result.csv` into a folder, which is made if it is missing.
/// Returns the page's path.
///
/// # Errors
/// Those of the file system and of drawing.
pub fn write_page(reports: &[Report], folder: &Path) -> Result<PathBuf, BenchError> {
    fs::create_dir_all(folder).map_err(BenchError::io(folder, "make"))?;
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(BenchError::io(&path, "write"))?;
        Ok(path)
    };
    write("result.json", &(Report::json(reports)? + "\n"))?;
    Report::write_csv(reports, &folder.join("result.csv"))?;
    let plots = plots(reports)?;
    for plot in &plots {
        write(&format!("{}.svg", plot.name), &plot.svg)?;
    }
    write("index.html", &page(reports, &plots).into_string())
}

fn page(reports: &[Report], plots: &[Plot]) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Groth16 provers side by side" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Groth16 provers side by side" }
                @if let Some(report) = reports.first() { (conditions(report)) }
                @for plot in plots {
                    figure {
                        img src={ (plot.name) ".svg" } alt=(plot.caption);
                        figcaption { (plot.caption) }
                    }
                }
                @for report in reports { (table(report)) }
                h2 { "Numbers" }
                p { a href="result.json" { "result.json" } ", " a href="result.csv" { "result.csv" } }
            }
        }
    }
}

/// Where and how it was measured.
fn conditions(report: &Report) -> Markup {
    let Report { machine, program, .. } = report;
    let modified = if program.modified { ", modified" } else { "" };
    html! {
        table {
            tr { td { "machine" } td { (machine.processor) ", " (machine.cores) " cores, "
                (format!("{:.1} GiB", mebibytes(machine.memory_bytes) / 1024.0)) ", " (machine.system) } }
            tr { td { "instructions" } td { (machine.instructions.join(" ")) } }
            tr { td { "began" } td { (report.started)
                @if let Some(load) = machine.load { ", load of the minute before " (load) } } }
            tr { td { "program" } td { "ergon " (program.version) ", commit " code { (program.commit) } (modified) } }
            tr { td { "turns" } td { (report.rounds) " that count, after one to warm up; " (report.batch)
                " proofs a turn; " (report.threads) " threads" } }
        }
        p {
            "All provers have the same key and the same witness and take turns. Each proof is verified outside of the "
            "measured time. Provers in this process start from values in memory; ours also check the witness and verify "
            "their proofs within their time. Provers marked with * are processes of their own, from their files to their "
            "proof. "
            @if report.batch > 1 {
                "Times are a turn's over its proofs, and contain the computation of each witness, except of provers "
                "marked with *, which read theirs from a file."
            }
        }
    }
}

fn table(report: &Report) -> Markup {
    let three = |spread: &Spread| {
        html! { td { (format!("{:.3}", spread.median)) } td { (format!("{:.3}–{:.3}", spread.min, spread.max)) } }
    };
    html! {
        h2 { (report.circuit) }
        p { (report.constraints) " constraints, domain of " (report.domain) ", witness in "
            (format!("{:.3}", report.witness.median)) " s, key " code { (report.key_sha256) } }
        table {
            tr { th { "prover" } th { "wall s" } th { "spread" } th { "cpu s" } th { "spread" } th { "speed" }
                th { "spread" } th { "proofs/s" } th { "peak MiB" } }
            @for prover in &report.provers {
                tr {
                    td { (prover.prover) @if prover.process { "*" } }
                    (three(&prover.wall))
                    (three(&prover.cpu))
                    td { (format!("{:.2}", prover.speedup.median)) }
                    td { (format!("{:.2}–{:.2}", prover.speedup.min, prover.speedup.max)) }
                    td { (format!("{:.2}", prover.proofs_per_second)) }
                    td { @if let Some(peak) = prover.peak_bytes { (format!("{:.0}", mebibytes(peak))) } @else { "?" } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::report;

    #[test]
    fn a_page_shows_its_plots_its_stamps_and_escaped_names() {
        let folder = tempfile::tempdir().unwrap();
        let reports = [report("uptime-8", 35_340, 1.4), report("coverage-8", 100_391, 1.8)];
        let page = write_page(&reports, &folder.path().join("new")).unwrap();
        let text = fs::read_to_string(&page).unwrap();
        for part in
            ["scaling.svg", &reports[0].key_sha256, &reports[0].program.commit, "a &lt; b &amp; c*"]
        {
            assert!(text.contains(part), "{part}");
        }
        for plot in ["time", "speed", "memory", "scaling"] {
            assert!(text.contains(&format!("src=\"{plot}.svg\"")));
            assert!(page.with_file_name(format!("{plot}.svg")).exists());
        }
        let lines = fs::read_to_string(page.with_file_name("result.csv")).unwrap();
        assert!(lines.starts_with("circuit,constraints,") && lines.lines().count() == 9);
        let json = fs::read_to_string(page.with_file_name("result.json")).unwrap();
        let read: Vec<Report> = serde_json::from_str(&json).unwrap();
        assert_eq!((read[1].circuit, &read[1].program), (reports[1].circuit, &reports[1].program));
    }
}
