//! Horizontal bars in groups, each with its spread and its value.

use super::{FONT, TEXT, TITLE, failed, text};
use crate::{BenchError, Spread};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

/// A plot of bars.
pub(super) struct Bars {
    pub(super) title: &'static str,
    /// What the bars measure, with its unit.
    pub(super) axis: String,
    /// A value to draw a line at.
    pub(super) mark: Option<f64>,
    pub(super) groups: Vec<Group>,
}

/// Bars of one circuit.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) bars: Vec<Bar>,
}

/// One bar.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) spread: Spread,
    /// Its value in words.
    pub(super) text: String,
    pub(super) colour: RGBColor,
}

const WIDTH: u32 = 860;
/// Pixels of a bar and what is around it.
const ROW: usize = 27;
/// Pixels of the names at the left.
const NAMES: u32 = 190;
/// Pixels of title and axis.
const FRAME: usize = 110;

pub(super) fn draw(bars: &Bars) -> Result<String, BenchError> {
    let mut svg = String::new();
    drawn(bars, &mut svg).map_err(|error| failed(bars.title, error))?;
    Ok(svg)
}

fn drawn(bars: &Bars, svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    // A line of its own for the name of each group.
    let rows: usize = bars.groups.iter().map(|group| group.bars.len() + 1).sum();
    let most = bars.groups.iter().flat_map(|group| &group.bars).map(|bar| bar.spread.max);
    let most = most.chain(bars.mark).fold(f64::MIN_POSITIVE, f64::max);
    let size = (WIDTH, (FRAME + rows * ROW) as u32);
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(bars.title, (FONT, TITLE))
        .margin(10)
        .margin_right(24)
        .x_label_area_size(46)
        .set_label_area_size(LabelAreaPosition::Left, NAMES)
        // Room for the text after the longest bar.
        .build_cartesian_2d(0.0..most * 1.16, 0.0..rows as f64)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .x_labels(8)
        .light_line_style(WHITE)
        .x_desc(bars.axis.as_str())
        .axis_desc_style((FONT, TEXT))
        .x_label_style((FONT, TEXT))
        .draw()?;

    let mut row = rows as f64;
    for group in &bars.groups {
        row -= 1.0;
        let (_, y) = chart.backend_coord(&(0.0, row + 0.4));
        root.draw(&Text::new(group.name.as_str(), (12, y), text(HPos::Left)))?;
        for bar in &group.bars {
            row -= 1.0;
            let Spread { median, min, max } = bar.spread;
            let middle = row + 0.5;
            let rectangle = [(0.0, row + 0.18), (median, row + 0.82)];
            chart.draw_series([Rectangle::new(rectangle, bar.colour.filled())])?;
            if min < max {
                let tick = |x| PathElement::new([(x, middle - 0.14), (x, middle + 0.14)], BLACK);
                let line = PathElement::new([(min, middle), (max, middle)], BLACK);
                chart.draw_series([line, tick(min), tick(max)])?;
            }
            let (left, y) = chart.backend_coord(&(0.0, middle));
            let (right, _) = chart.backend_coord(&(median.max(max), middle));
            root.draw(&Text::new(bar.name.as_str(), (left - 8, y), text(HPos::Right)))?;
            root.draw(&Text::new(bar.text.as_str(), (right + 7, y), text(HPos::Left)))?;
        }
    }
    if let Some(mark) = bars.mark {
        let line = PathElement::new([(mark, 0.0), (mark, rows as f64)], BLACK.mix(0.6));
        chart.draw_series([line])?;
    }
    root.present()?;
    drop(chart);
    drop(root);
    Ok(())
}
