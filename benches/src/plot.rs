//! Results as SVG: bars with their spread, and time over the size of circuits.

mod bars;
mod scaling;

use crate::report::mebibytes;
use crate::{BenchError, Report, Spread};
use bars::{Bar, Bars, Group};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{BLACK, IntoFont, RGBColor, TextStyle};

/// A plot and what it is called.
pub(crate) struct Plot {
    /// Its file's name, without the ending.
    pub(crate) name: &'static str,
    /// What it shows.
    pub(crate) caption: &'static str,
    /// The SVG.
    pub(crate) svg: String,
}

/// Colours that people with any colour vision tell apart. Source: M. Okabe and K. Ito, Color Universal Design (2008).
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(110, 110, 110),
];

/// The font of all plots: whichever the viewer has.
const FONT: &str = "sans-serif";
/// Points of text.
const TEXT: u32 = 13;
/// Points of a plot's title.
const TITLE: u32 = 17;

/// Names of the provers in the order of their turns.
fn provers(reports: &[Report]) -> Vec<&str> {
    let mut names = Vec::new();
    for prover in reports.iter().flat_map(|report| &report.provers) {
        if !names.contains(&prover.prover.as_str()) {
            names.push(prover.prover.as_str());
        }
    }
    names
}

/// A prover's colour: the same in every plot of these reports.
fn colour(reports: &[Report], prover: &str) -> RGBColor {
    let place = provers(reports).iter().position(|name| *name == prover).unwrap_or_default();
    COLOURS[place % COLOURS.len()]
}

/// Text beside or after a point, in the middle of its height.
fn text(anchor: HPos) -> TextStyle<'static> {
    (FONT, TEXT).into_font().color(&BLACK).pos(Pos::new(anchor, VPos::Center))
}

/// All plots that the reports have data for.
pub(crate) fn plots(reports: &[Report]) -> Result<Vec<Plot>, BenchError> {
    let mut plots = vec![
        Plot {
            name: "time",
            caption: "Wall-clock seconds of a proof: the bar is the median, the line from the least to the most.",
            svg: bars::draw(&times(reports))?,
        },
        Plot {
            name: "speed",
            caption: "How many times as fast as the first prover, compared turn by turn: median, least and most.",
            svg: bars::draw(&speeds(reports))?,
        },
    ];
    let mut measured = reports.iter().flat_map(|report| &report.provers);
    if measured.any(|prover| prover.peak_bytes.is_some()) {
        plots.push(Plot {
            name: "memory",
            caption: "The most memory that a process with one prover held, its reading of the key included.",
            svg: bars::draw(&memory(reports))?,
        });
    }
    if scaling::sizes(reports) > 1 {
        plots.push(Plot {
            name: "scaling",
            caption: "Seconds of a proof over the circuit's constraints, both logarithmic: median, least and most.",
            svg: scaling::draw(reports)?,
        });
    }
    Ok(plots)
}

fn times(reports: &[Report]) -> Bars {
    Bars {
        title: "Time of a proof",
        axis: "wall-clock seconds of a proof".to_owned(),
        mark: None,
        groups: groups(reports, |prover| Some((prover.wall, seconds(prover.wall.median)))),
    }
}

fn speeds(reports: &[Report]) -> Bars {
    let first = reports.first().and_then(|report| report.provers.first());
    let name = first.map_or("the first", |prover| prover.prover.as_str());
    Bars {
        title: "Speed",
        axis: format!("times as fast as {name}"),
        mark: Some(1.0),
        groups: groups(reports, |prover| {
            Some((prover.speedup, format!("{:.2}x", prover.speedup.median)))
        }),
    }
}

fn memory(reports: &[Report]) -> Bars {
    Bars {
        title: "Memory",
        axis: "peak resident memory, MiB".to_owned(),
        mark: None,
        groups: groups(reports, |prover| {
            let peak = mebibytes(prover.peak_bytes?);
            Some((Spread::of([peak]), format!("{peak:.0} MiB")))
        }),
    }
}

/// A group of bars for each report.
fn groups(
    reports: &[Report],
    value: impl Fn(&crate::Measured) -> Option<(Spread, String)>,
) -> Vec<Group> {
    let group = |report: &Report| Group {
        name: format!("{}, {} constraints", report.circuit, report.constraints),
        bars: report
            .provers
            .iter()
            .filter_map(|prover| {
                let (spread, text) = value(prover)?;
                let colour = colour(reports, &prover.prover);
                Some(Bar { name: prover.prover.clone(), spread, text, colour })
            })
            .collect(),
    };
    reports.iter().map(group).collect()
}

/// Three digits that count.
fn seconds(value: f64) -> String {
    match value {
        10.0.. => format!("{value:.1} s"),
        1.0.. => format!("{value:.2} s"),
        _ => format!("{value:.3} s"),
    }
}

fn failed(plot: &str, error: impl ToString) -> BenchError {
    BenchError::Plot { plot: plot.to_owned(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::report;

    #[test]
    fn plots_name_every_prover_and_scaling_needs_two_sizes() {
        let one = plots(&[report("uptime-8", 35_340, 1.4)]).unwrap();
        assert_eq!(
            one.iter().map(|plot| plot.name).collect::<Vec<_>>(),
            ["time", "speed", "memory"]
        );
        let two = [report("uptime-8", 35_340, 1.4), report("coverage-8", 100_391, 1.8)];
        let two = plots(&two).unwrap();
        assert_eq!(two[3].name, "scaling");
        for plot in &two {
            assert!(plot.svg.starts_with("<svg") && plot.svg.contains("ergon cpu-ifma"));
            assert!(plot.svg.contains("a &lt; b &amp; c"), "{}", plot.name);
        }
        assert!(two[0].svg.contains("wall-clock seconds") && two[0].svg.contains("1.40 s"));
    }

    #[test]
    fn a_colour_stays_with_its_prover() {
        let mut reports = vec![report("uptime-8", 35_340, 1.4), report("coverage-8", 100_391, 1.8)];
        let third = colour(&reports, "ergon cpu-ifma");
        reports[1].provers.remove(0);
        assert_eq!(colour(&reports, "ergon cpu-ifma"), third);
        assert_ne!(colour(&reports, "ark-groth16 0.6"), third);
    }
}
