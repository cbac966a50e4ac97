//! Runs of zeros, and data that is cut off.

use samples::jpeg::pack_bits;

use super::*;
use crate::scan::huffman::Values;

#[test]
fn a_run_of_zeros_ends_after_the_coefficients_among_them_that_are_known() {
    let found = std::cell::Cell::new(0);
    let cases = (0..=u64::MAX, 0..=u64::MAX, 1..64_u32, 1..=16_u32);
    let result = samples::random(100_000).run(&cases, |(some, others, k, zeros)| {
        let known = some & others;
        let zero = (k..64).filter(|k| known >> k & 1 == 0).nth(zeros as usize - 1);
        let at = Some(after_zeros(known, k, zeros).0).filter(|at| *at < 64);
        assert_eq!(at, zero, "{zeros} from {k} on in {known:064b}");
        found.set(found.get() + u32::from(zero.is_some()));
        Ok(())
    });
    assert_eq!(result, Ok(()));
    let found = found.get();
    println!("{found} of 100,000 runs end in the block");
}

/// Walks coefficients 1 to 5 of blocks. The codes are 0 for the end of a block, 10 for a coefficient of one bit, 110
/// and a bit for the end of two blocks or three. In a refinement, coefficient 2 is not 0, nor is one of another band.
fn walk(data: &[u8], blocks: usize, is_refinement: bool) -> Result<(), Stopped> {
    let values = if is_refinement { Values::Refinements } else { Values::Coefficients { largest: 15 } };
    let counts = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let table = HuffmanTable::new(&[&counts[..], &[0x00, 0x01, 0x10]].concat(), values);
    let table = Rc::new(table.expect("a table"));
    let mut history = vec![if is_refinement { 1 << 2 | 1 << 40 } else { 0 }; blocks];
    let mut band = AcBand { table, start: 1, end: 5, is_refinement, history: &mut history };
    band.walk(&mut BitReader::new(data, 0), blocks as u64, false)
}

#[test]
fn data_that_ends_in_a_block_ends_early_in_that_block() {
    // A block of nothing new and one with coefficient 1; in a refinement with a bit for coefficient 2.
    for (is_refinement, nothing_new, one) in [(false, "0", "1010"), (true, "01", "10101")] {
        let (mut bits, mut ends) = (String::new(), Vec::new());
        for number in 0..200 {
            bits += if number % 7 < 3 || number % 5 == 0 { nothing_new } else { one };
            ends.push(bits.len());
        }
        let data = pack_bits(&bits);
        let mut whole = 0;
        for cut in 0..=data.len() {
            let is_stuffed = data[..cut].ends_with(&[0xFF, 0]);
            whole += usize::from(cut > 0 && !is_stuffed);
            if data[..cut].ends_with(&[0xFF]) {
                continue; // between a byte and its stuffed zero
            }
            let expected = match ends.iter().position(|end| *end > whole * 8) {
                Some(block) => Err(Stopped { mcu: block as u64 + 1, fault: Fault::EndsEarly }),
                None => Ok(()),
            };
            let walked = walk(&data[..cut], ends.len(), is_refinement);
            assert_eq!(walked, expected, "{cut} bytes, refinement: {is_refinement}");
        }
        println!("{} bytes, cut off after each", data.len());
    }
    // The last bit is one of a block in the run at the end.
    let data = pack_bits("0111011110000000");
    assert_eq!(walk(&data[..2], 4, true), Ok(()));
    assert_eq!(walk(&data[..1], 4, true), Err(Stopped { mcu: 4, fault: Fault::EndsEarly }));
    // So many blocks do not follow.
    assert_eq!(walk(&data, 3, true), Err(Stopped { mcu: 3, fault: Fault::RunPastEnd }));
}
