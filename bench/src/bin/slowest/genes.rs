//! What is known of a file that is searched: a few numbers, from which it can be made in any size.

use std::fmt;
use std::str::FromStr;

use fastrand::Rng;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// One of the numbers. All start at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum Gene {
    /// 0 sequential, 1 progressive, 2 lossless, 3 arithmetic, 4 arithmetic and progressive.
    Coding,
    /// An index into the list of samplings.
    Sampling,
    /// MCUs in a row, as a share of the most that there can be, of 15.
    Width,
    /// How often the picture is halved: it is as large as the limits and the size of the file allow otherwise.
    Halved,
    /// The most scans.
    Scans,
    /// Whether each component has scans of its own.
    Split,
    /// Whether the scans come again and again.
    Again,
    /// Bands of AC coefficients in progressive coding.
    Bands,
    /// Bits of the DC coefficients that are left to later scans.
    DcLow,
    /// The same for AC coefficients.
    AcLow,
    /// The shortest code of differences and of runs, less 1.
    DcCode,
    AcCode,
    /// Size of differences.
    DcSize,
    /// Coefficients of a block that are not 0, at most; the zeros before each; its size, where 0 means 16 zeros.
    Coefficients,
    Run,
    Size,
    /// The n of the longest run of ended blocks, EOBn.
    EndRun,
    /// How many blocks have random numbers instead, of 255.
    Random,
    /// MCUs between two restart markers.
    Interval,
    /// Whether the padding is 0.
    Padding,
    /// Bytes between the data and each restart marker.
    Surplus,
    /// Comments before the picture, in thousands.
    Comments,
    /// 0 none, or which of the profiles that are made to be slow.
    Profile,
    /// 0 none, or an orientation.
    Orientation,
    /// 0 none, 1 no code in the middle, 2 cut off near the end, 3 a restart marker out of order.
    Damage,
}

impl Gene {
    fn largest(self) -> u32 {
        match self {
            Gene::Split | Gene::Again | Gene::Padding => 1,
            Gene::Damage => 3,
            Gene::Coding | Gene::Sampling | Gene::Profile => 4,
            Gene::Halved | Gene::Orientation => 8,
            Gene::Surplus => 10,
            Gene::DcSize => 11,
            Gene::Size => 10,
            Gene::DcLow | Gene::AcLow => 13,
            Gene::EndRun => 14,
            Gene::Width | Gene::DcCode | Gene::AcCode | Gene::Run => 15,
            Gene::Bands | Gene::Coefficients => 63,
            Gene::Comments => 65,
            Gene::Scans => 100,
            Gene::Random => 255,
            Gene::Interval => 65_535,
        }
    }
}

/// All of them.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Genes([u32; Gene::VARIANTS.len()]);

impl Genes {
    pub(crate) fn get(&self, gene: Gene) -> u32 {
        self.0[gene as usize]
    }

    /// Any. Most have no part in the less common things, which would hide what else is slow.
    pub(crate) fn random(rng: &mut Rng) -> Genes {
        let mut genes = Genes([0; Gene::VARIANTS.len()]);
        for &gene in Gene::VARIANTS {
            let is_rare = gene as usize >= Gene::Interval as usize || gene == Gene::Again;
            if !is_rare || rng.u8(..) < 64 {
                genes.0[gene as usize] = number(gene, rng);
            }
        }
        genes
    }

    /// The same but for one to three of them.
    pub(crate) fn mutated(&self, rng: &mut Rng) -> Genes {
        let mut genes = self.clone();
        for _ in 0..rng.u32(1..=3) {
            let gene = Gene::VARIANTS[rng.usize(..Gene::VARIANTS.len())];
            let value = genes.get(gene);
            let changed = match rng.u32(..5) {
                0 => value + 1,
                1 => value.saturating_sub(1),
                2 => value * 2,
                3 => value / 2,
                _ => number(gene, rng),
            };
            genes.0[gene as usize] = changed.min(gene.largest());
        }
        genes
    }
}

/// Small numbers are as likely as large ones.
fn number(gene: Gene, rng: &mut Rng) -> u32 {
    let any = rng.u32(..=gene.largest());
    if rng.bool() { any } else { any >> rng.u32(..8) }
}

/// Those that are not 0: `coding=1 scans=20`
impl fmt::Display for Genes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Gene::VARIANTS.iter().filter(|&&gene| self.get(gene) > 0);
        let texts = set.map(|&gene| format!("{}={}", <&str>::from(gene), self.get(gene)));
        write!(f, "{}", texts.collect::<Vec<_>>().join(" "))
    }
}

/// The reverse.
impl FromStr for Genes {
    type Err = String;

    fn from_str(text: &str) -> Result<Genes, String> {
        let mut genes = Genes([0; Gene::VARIANTS.len()]);
        for pair in text.split_whitespace() {
            let parsed = pair.split_once('=').and_then(|(name, value)| {
                let gene: Gene = name.parse().ok()?;
                Some((gene, value.parse().ok().filter(|&value| value <= gene.largest())?))
            });
            let (gene, value) = parsed.ok_or_else(|| format!("{pair} is no gene and its value"))?;
            genes.0[gene as usize] = value;
        }
        Ok(genes)
    }
}
