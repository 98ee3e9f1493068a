//! The comparisons as a picture: a panel for each operation, in it a group of bars for each number of connections.

use std::fmt::Write;

use crate::{Outcome, rounds::Comparison, table::grouped};

const WIDTH: f64 = 840.0;
const LEGEND_HEIGHT: f64 = 34.0;
const PANEL_HEIGHT: f64 = 230.0;
/// In a panel, above and below the bars; on both sides of a panel, and between its groups.
const ABOVE: f64 = 58.0;
const BELOW: f64 = 40.0;
const MARGIN: f64 = 16.0;
/// Grey for what is held against, then what stands apart for most eyes.
const COLOURS: [&str; 5] = ["#8c959f", "#2f6feb", "#d9730d", "#1a9e77", "#a445b2"];

const STYLE: &str = "<style>\
text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:13px}.dim{fill:#656d76}\
line{stroke:#d0d7de}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#9198a1}line{stroke:#3d444d}}\
</style>\n";

/// The picture as SVG; it takes on the colours of a light or a dark page.
pub fn plot(comparisons: &[Comparison]) -> Outcome<String> {
    let mut panels: Vec<Vec<&Comparison>> = Vec::new();
    for comparison in comparisons {
        match panels.last_mut().filter(|panel| panel[0].operation == comparison.operation) {
            Some(panel) => panel.push(comparison),
            None => panels.push(vec![comparison]),
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for figures in comparisons.iter().flat_map(|comparison| &comparison.figures) {
        if !names.contains(&figures.name.as_str()) {
            names.push(&figures.name);
        }
    }
    // Two bars leave room for a second panel beside them.
    let columns = if names.len() > 2 { 1 } else { 2 };
    let (width, height) =
        (WIDTH / columns as f64, LEGEND_HEIGHT + PANEL_HEIGHT * panels.len().div_ceil(columns) as f64);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"Requests a second by connections\">\n{STYLE}"
    );
    legend(&mut svg, &names)?;
    for (number, groups) in panels.iter().enumerate() {
        let (x, y) =
            ((number % columns) as f64 * width, (number / columns) as f64 * PANEL_HEIGHT + LEGEND_HEIGHT);
        writeln!(svg, "<g transform=\"translate({x} {y})\">")?;
        panel(&mut svg, &names, groups, width)?;
        svg.push_str("</g>\n");
    }
    Ok(svg + "</svg>\n")
}

/// All who take part, in the order of their colours.
fn legend(svg: &mut String, names: &[&str]) -> Outcome<()> {
    let mut x = MARGIN;
    for (name, colour) in names.iter().zip(COLOURS) {
        writeln!(svg, "<rect x=\"{x}\" y=\"12\" width=\"12\" height=\"12\" rx=\"2\" fill=\"{colour}\"/>")?;
        writeln!(svg, "<text x=\"{}\" y=\"22\">{name}</text>", x + 18.0)?;
        x += 40.0 + 7.0 * name.len() as f64;
    }
    Ok(())
}

fn panel(svg: &mut String, names: &[&str], groups: &[&Comparison], width: f64) -> Outcome<()> {
    let rates = groups.iter().flat_map(|group| &group.figures).map(|figures| figures.round.per_second);
    let most = rates.fold(1.0, f64::max);
    let (floor, group_width) = (PANEL_HEIGHT - BELOW, (width - 2.0 * MARGIN) / groups.len() as f64);
    let title = groups[0].operation;
    writeln!(svg, "<text class=\"title\" x=\"{MARGIN}\" y=\"24\">{title}: requests a second</text>")?;
    writeln!(svg, "<line x1=\"{MARGIN}\" x2=\"{}\" y1=\"{floor}\" y2=\"{floor}\"/>", width - MARGIN)?;
    for (number, group) in groups.iter().enumerate() {
        let left = MARGIN + number as f64 * group_width;
        let step = (group_width - MARGIN) / group.figures.len() as f64;
        for (place, figures) in group.figures.iter().enumerate() {
            let height = figures.round.per_second / most * (PANEL_HEIGHT - ABOVE - BELOW);
            let x = left + MARGIN / 2.0 + place as f64 * step;
            let colour =
                names.iter().position(|name| *name == figures.name).map_or(0, |name| name % COLOURS.len());
            bar(svg, [x, floor - height, step - 3.0, height], COLOURS[colour])?;
            // What the first one does, and which part of that the others do.
            let (label, class) = match place {
                0 => (grouped(figures.round.per_second), "dim"),
                _ => (format!("{:.2}", figures.rate), "ratio"),
            };
            label_at(svg, x + step / 2.0, floor - height - 5.0, class, &label)?;
        }
        let plural = if group.connections == 1 { "" } else { "s" };
        let label = format!("{} connection{plural}", group.connections);
        label_at(svg, left + group_width / 2.0, floor + 18.0, "dim", &label)?;
    }
    Ok(())
}

fn bar(svg: &mut String, [x, y, width, height]: [f64; 4], colour: &str) -> Outcome<()> {
    let place = format!("x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"");
    Ok(writeln!(svg, "<rect {place} rx=\"2\" fill=\"{colour}\"/>")?)
}

fn label_at(svg: &mut String, x: f64, y: f64, class: &str, label: &str) -> Outcome<()> {
    let place = format!("x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\"");
    Ok(writeln!(svg, "<text class=\"{class}\" {place}>{label}</text>")?)
}
