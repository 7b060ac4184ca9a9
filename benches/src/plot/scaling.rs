//! Time over the size of circuits, both axes logarithmic.

use super::{FONT, TEXT, TITLE, colour, failed, provers, text};
use crate::{BenchError, Report, Spread};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use std::collections::BTreeSet;

const SIZE: (u32, u32) = (860, 520);

/// How many sizes there are.
pub(super) fn sizes(reports: &[Report]) -> usize {
    reports.iter().map(|report| report.constraints).collect::<BTreeSet<_>>().len()
}

pub(super) fn draw(reports: &[Report]) -> Result<String, BenchError> {
    let mut svg = String::new();
    drawn(reports, &mut svg).map_err(|error| failed("scaling", error))?;
    Ok(svg)
}

/// A prover's times by size.
fn points(reports: &[Report], prover: &str) -> Vec<(f64, Spread)> {
    let of = |report: &Report| {
        let measured = report.provers.iter().find(|measured| measured.prover == prover)?;
        Some((report.constraints as f64, measured.wall))
    };
    let mut points: Vec<_> = reports.iter().filter_map(of).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}

fn drawn(reports: &[Report], svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let walls = || reports.iter().flat_map(|report| &report.provers).map(|prover| prover.wall);
    let sizes = || reports.iter().map(|report| report.constraints as f64);
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::MAX, f64::min);
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::MIN_POSITIVE, f64::max);
    // Axes begin at a power of ten: there are no labels before the first one.
    let decade = |value: f64| 10f64.powf(value.log10().floor());
    let x = decade(least(&mut sizes()))..most(&mut sizes()) * 1.3;
    let y = decade(least(&mut walls().map(|wall| wall.min)))
        ..most(&mut walls().map(|wall| wall.max)) * 1.3;

    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    // The legend has a column of its own: inside of the plot it would hide points.
    let (left, right) = root.split_horizontally(SIZE.0 - 200);
    let mut chart = ChartBuilder::on(&left)
        .caption("Time over size", (FONT, TITLE))
        .margin(10)
        .x_label_area_size(46)
        .y_label_area_size(64)
        .build_cartesian_2d(x.log_scale(), y.log_scale())?;
    chart
        .configure_mesh()
        // Powers of ten alone: what is between them would overlap.
        .x_labels(3)
        .x_desc("constraints")
        .y_desc("wall-clock seconds of a proof")
        .x_label_formatter(&|x| plain(*x))
        .y_label_formatter(&|y| plain(*y))
        .light_line_style(BLACK.mix(0.04))
        .axis_desc_style((FONT, TEXT))
        .label_style((FONT, TEXT))
        .draw()?;
    for (index, name) in provers(reports).into_iter().enumerate() {
        let (colour, points) = (colour(reports, name), points(reports, name));
        let medians = points.iter().map(|(size, wall)| (*size, wall.median));
        chart.draw_series(LineSeries::new(medians.clone(), colour.stroke_width(2)))?;
        chart.draw_series(medians.map(|point| Circle::new(point, 4, colour.filled())))?;
        chart.draw_series(points.iter().map(|(size, wall)| {
            PathElement::new([(*size, wall.min), (*size, wall.max)], colour)
        }))?;
        let y = 60 + index as i32 * 24;
        right.draw(&PathElement::new([(4, y), (28, y)], colour.stroke_width(2)))?;
        right.draw(&Circle::new((16, y), 4, colour.filled()))?;
        right.draw(&Text::new(name, (36, y), text(HPos::Left)))?;
    }
    root.present()?;
    Ok(())
}

/// A number without needless zeros.
fn plain(value: f64) -> String {
    let digits = (-value.log10()).ceil().clamp(0.0, 4.0) as usize;
    format!("{value:.digits$}")
}
