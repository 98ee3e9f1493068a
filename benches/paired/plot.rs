//! The comparisons as a picture: a panel for each operation, in it a group of bars for each number of connections.

use std::fmt::Write;

use crate::{Outcome, operation::Operation, rounds::Comparison, table::grouped};

const PANEL: (f64, f64) = (420.0, 230.0);
/// Around the bars of a panel: above, and below.
const MARGINS: (f64, f64) = (58.0, 40.0);
const COLUMNS: usize = 2;
const LEGEND: f64 = 34.0;
/// Grey for what is held against, then what stands apart for most eyes.
const COLOURS: [&str; 5] = ["#8c959f", "#2f6feb", "#d9730d", "#1a9e77", "#a445b2"];

const STYLE: &str = "<style>\
text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:13px}.dim{fill:#656d76}\
line{stroke:#d0d7de}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#9198a1}line{stroke:#3d444d}}\
</style>\n";

/// The picture as SVG; it takes on the colours of a light or a dark page.
pub fn plot(comparisons: &[Comparison]) -> Outcome<String> {
    let mut panels: Vec<(Operation, Vec<&Comparison>)> = Vec::new();
    for comparison in comparisons {
        match panels.last_mut().filter(|(operation, _)| *operation == comparison.operation) {
            Some((_, groups)) => groups.push(comparison),
            None => panels.push((comparison.operation, vec![comparison])),
        }
    }
    let (width, rows) = (PANEL.0 * COLUMNS as f64, panels.len().div_ceil(COLUMNS) as f64);
    let height = LEGEND + rows * PANEL.1;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"Requests a second by connections\">\n{STYLE}"
    );
    let names = legend(&mut svg, comparisons)?;
    for (number, (operation, groups)) in panels.iter().enumerate() {
        let (column, row) = (number % COLUMNS, number / COLUMNS);
        let (x, y) = (column as f64 * PANEL.0, LEGEND + row as f64 * PANEL.1);
        writeln!(svg, "<g transform=\"translate({x} {y})\">")?;
        writeln!(svg, "<text class=\"title\" x=\"16\" y=\"24\">{operation}, requests a second</text>")?;
        panel(&mut svg, &names, groups)?;
        svg.push_str("</g>\n");
    }
    Ok(svg + "</svg>\n")
}

/// All who take part, in the order of their colours.
fn legend<'a>(svg: &mut String, comparisons: &'a [Comparison]) -> Outcome<Vec<&'a str>> {
    let mut names: Vec<&str> = Vec::new();
    for figures in comparisons.iter().flat_map(|comparison| &comparison.figures) {
        if !names.contains(&figures.name.as_str()) {
            names.push(&figures.name);
        }
    }
    let mut x = 16.0;
    for (name, colour) in names.iter().zip(COLOURS) {
        writeln!(svg, "<rect x=\"{x}\" y=\"12\" width=\"12\" height=\"12\" rx=\"2\" fill=\"{colour}\"/>")?;
        writeln!(svg, "<text x=\"{}\" y=\"22\">{name}</text>", x + 18.0)?;
        x += 40.0 + 7.0 * name.len() as f64;
    }
    Ok(names)
}

fn panel(svg: &mut String, names: &[&str], groups: &[&Comparison]) -> Outcome<()> {
    let rates = groups.iter().flat_map(|group| &group.figures).map(|figures| figures.round.per_second);
    let most = rates.fold(1.0, f64::max);
    let (floor, tallest) = (PANEL.1 - MARGINS.1, PANEL.1 - MARGINS.0 - MARGINS.1);
    let group_width = (PANEL.0 - 32.0) / groups.len() as f64;
    writeln!(svg, "<line x1=\"16\" x2=\"{}\" y1=\"{floor}\" y2=\"{floor}\"/>", PANEL.0 - 16.0)?;
    for (number, group) in groups.iter().enumerate() {
        let bar = (group_width - 16.0) / group.figures.len() as f64;
        let left = 16.0 + number as f64 * group_width + 8.0;
        for (place, figures) in group.figures.iter().enumerate() {
            let colour =
                names.iter().position(|name| *name == figures.name).and_then(|place| COLOURS.get(place));
            let (x, height) = (left + place as f64 * bar, figures.round.per_second / most * tallest);
            let (y, centre) = (floor - height, x + bar / 2.0);
            writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\" rx=\"2\" fill=\"{}\"/>",
                bar - 3.0,
                colour.unwrap_or(&COLOURS[0])
            )?;
            // What the first one does, and which part of that the others do.
            let (label, class) = match place {
                0 => (grouped(figures.round.per_second), "dim"),
                _ => (format!("{:.2}", figures.rate), "ratio"),
            };
            writeln!(
                svg,
                "<text class=\"{class}\" x=\"{centre:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
                y - 5.0
            )?;
        }
        let (centre, plural) =
            (left + group_width / 2.0 - 8.0, if group.connections == 1 { "" } else { "s" });
        writeln!(
            svg,
            "<text class=\"dim\" x=\"{centre:.1}\" y=\"{}\" text-anchor=\"middle\">{} connection{plural}</text>",
            floor + 18.0,
            group.connections
        )?;
    }
    Ok(())
}
