//! A chart as text: one line of blocks for each of its series, all on one scale that begins at 0.

use unicode_width::UnicodeWidthStr;

use crate::report::words::language;
use crate::report::{Chart, Series};

/// From nothing to the top of the scale.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Where there is no value.
const NO_VALUE: char = '·';

/// The title, then a line for each series with its smallest and its largest value, then the limit.
pub(super) fn lines(chart: &Chart) -> Vec<String> {
    let mut lines = vec![format!("{}, {}:", chart.title, chart.unit)];
    let names = chart.series.iter().map(|series| series.name.width()).max().unwrap_or(0);
    lines.extend(chart.series.iter().map(|series| line(chart, series, names)));
    lines.extend(chart.limit.map(|limit| format!("limit {}", language().short_capacity(limit))));
    lines
}

/// A line; `names` is the width of the widest name.
fn line(chart: &Chart, series: &Series, names: usize) -> String {
    const STEPS: usize = BLOCKS.len() - 1;
    let block = |value| BLOCKS.get(chart.height(value, STEPS)).copied().unwrap_or(NO_VALUE);
    let blocks: String = series.values.iter().map(|value| value.map_or(NO_VALUE, block)).collect();
    let range = match series.range() {
        Some((least, most)) => {
            format!("{} to {}", language().short_demand(least), language().short_demand(most))
        }
        None => "no values".to_owned(),
    };
    let pad = " ".repeat(names.saturating_sub(series.name.width()));
    format!("{}{pad} {blocks} {range}", series.name)
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::report::{Chart, Series};
    use crate::units::QuotaAmount;

    fn chart(values: &[Option<u64>], limit: Option<u64>) -> Chart {
        let values = values.iter().map(|value| value.and_then(QuotaAmount::new)).collect();
        Chart {
            title: "Safe quota by minute".to_owned(),
            unit: "tokens per minute",
            series: vec![Series { name: "used".to_owned(), values }],
            limit: limit.and_then(QuotaAmount::new),
        }
    }

    #[test]
    fn values_are_drawn_from_zero_to_the_largest() {
        let lines = lines(&chart(&[Some(0), Some(350), None, Some(700)], None));
        assert_eq!(lines, ["Safe quota by minute, tokens per minute:", "used ▁▄·█ 0 to 700"]);
    }

    #[test]
    fn the_limit_belongs_to_the_scale() {
        let lines = lines(&chart(&[Some(350), Some(700)], Some(1_400)));
        assert_eq!(lines[1..], ["used ▂▄ 350 to 700", "limit 1.40 k"]);
    }

    #[test]
    fn a_chart_without_values_says_so() {
        assert_eq!(lines(&chart(&[None], None))[1], "used · no values");
        assert_eq!(lines(&chart(&[Some(0)], None))[1], "used ▁ 0 to 0");
    }
}
