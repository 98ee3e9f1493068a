//! A Markdown page, as it is written here.

/// The text of a page.
#[derive(Clone, Copy)]
pub struct Page(pub &'static str);

/// What stands between two fences.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    pub language: &'static str,
    pub text: &'static str,
}

impl Page {
    /// The blocks, in order.
    pub fn blocks(self) -> Vec<Block> {
        let fenced = self.0.split("```").skip(1).step_by(2);
        let block =
            |fenced: &'static str| fenced.split_once('\n').map(|(language, text)| Block { language, text });
        fenced.map(|fenced| block(fenced).expect("a language and a text")).collect()
    }

    /// The page without its blocks.
    pub fn prose(self) -> String {
        self.0.split("```").step_by(2).collect()
    }

    /// What stands under a heading, up to the next one.
    pub fn section(self, heading: &str) -> &'static str {
        let (_, rest) = self.0.split_once(&format!("\n## {heading}\n")).expect("the heading");
        rest.split("\n## ").next().expect("a section")
    }

    /// The rows of the tables under a heading, without their heads.
    pub fn rows(self, heading: &str) -> Vec<Vec<&'static str>> {
        let lines = self.section(heading).lines().collect::<Vec<_>>();
        let tables = lines.split(|line| !line.starts_with('|'));
        tables.flat_map(|table| table.iter().skip(2).map(|row| cells(row))).collect()
    }
}

fn cells(row: &'static str) -> Vec<&'static str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}

/// The names in a text: what stands between backticks.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}
