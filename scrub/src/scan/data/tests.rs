//! Data of MCUs that are a byte each.

use super::*;

/// MCUs of a byte each. 0x0E is a fault, which a lenient walk goes past.
struct Bytes;

impl McuWalk for Bytes {
    fn walk(&mut self, reader: &mut BitReader, mcus: u64, is_lenient: bool) -> Result<(), Stopped> {
        for mcu in 0..mcus {
            reader.refill();
            let byte = reader.peek(8);
            reader.consume(8);
            let fault = match byte {
                _ if reader.ran_out() => Fault::EndsEarly,
                0x0E if !is_lenient => Fault::NoSuchCode,
                _ => continue,
            };
            return Err(Stopped { mcu, fault });
        }
        Ok(())
    }
}

fn data(photo: &[u8], mcus: u64, interval: u64) -> ScanData<'_> {
    ScanData { photo, at: 0, mcus, interval, max_edits: 100 }
}

#[test]
fn a_decoder_goes_on_where_the_next_restart_marker_leads_it() {
    // Data that should be 9 MCUs with a marker after every 3, and how many a decoder finds.
    let cases: [(&[u8], u64); 13] = [
        (b"123\xFF\xD0456\xFF\xD1789\xFF\xD9", 9),
        (b"1\x0E3\xFF\xD0456\xFF\xD1789\xFF\xD9", 9),
        (b"12\xFF\xD0456\xFF\xD1789\xFF\xD9", 8),
        // Too many MCUs, or markers that data cannot contain.
        (b"1234\xFF\xD0456\xFF\xD1789\xFF\xD9", 9),
        (b"123\xFF\x01\xFF\xBF\xFF\xD0456\xFF\xD1789\xFF\xD9", 9),
        // One and two markers too early: what comes before them is missing.
        (b"123\xFF\xD1789\xFF\xD9", 6),
        (b"123\xFF\xD2789\xFF\xD9", 3),
        // Markers that are two and one late are skipped.
        (b"123\xFF\xD6x\xFF\xD0456\xFF\xD1789\xFF\xD9", 9),
        (b"123\xFF\xD7x\xFF\xD0456\xFF\xD1789\xFF\xD9", 9),
        // Any other is taken for the one that must come.
        (b"123\xFF\xD3456\xFF\xD1789\xFF\xD9", 9),
        (b"123\xFF\xD5456\xFF\xD1789\xFF\xD9", 9),
        // A segment, and EOI: no more data comes.
        (b"123\xFF\xC4\xFF\xD0456\xFF\xD1789\xFF\xD9", 3),
        (b"123\xFF\xD9\xFF\xD0456\xFF\xD1789\xFF\xD9", 3),
    ];
    for (photo, present) in cases {
        assert_eq!(data(photo, 9, 3).count_present(&mut Bytes), present, "{}", photo.escape_ascii());
    }
    println!("{} files", cases.len());
}

#[test]
fn more_edits_than_are_allowed_are_a_fault() {
    // A surplus byte before each of 4 restart markers.
    let photo = b"1-\xFF\xD02-\xFF\xD13-\xFF\xD24-\xFF\xD35\xFF\xD9";
    for (max_edits, found) in [(4, 4), (5, 4), (3, 0), (0, 0)] {
        let mut edits = Vec::new();
        let walked = ScanData { max_edits, ..data(photo, 5, 1) }.walk(&mut Bytes, &mut edits);
        let fault = walked.map(|_| ()).map_err(|stopped| stopped.fault);
        let expected = if found > 0 { Ok(()) } else { Err(Fault::TooManyEdits) };
        assert_eq!(fault, expected, "{max_edits} allowed");
        assert!(found == 0 || edits.len() == found, "{edits:?}");
        println!("{max_edits} allowed: {fault:?}");
    }
}

#[test]
fn mcus_after_the_picture_are_counted_to_their_end_and_no_more_than_enough() {
    // The picture has 2 MCUs; 4 more follow, two after each restart marker.
    let photo = b"12\xFF\xD034\xFF\xD156\xFF\xD9";
    let count = |photo, interval, enough| {
        let mut edits = Vec::new();
        let reader = data(photo, 2, interval).walk(&mut Bytes, &mut edits).expect("the picture is there");
        data(photo, 2, interval).count_more(&mut Bytes, reader, interval, enough)
    };
    for (enough, counted) in [(0, 0), (1, 1), (3, 3), (4, 4), (16, 4)] {
        assert_eq!(count(&photo[..], 2, enough), counted, "of at most {enough}");
        println!("{counted} of at most {enough}");
    }
    assert_eq!(count(b"12345\xFF\xD9", 0, 16), 3, "without restart markers");
    assert_eq!(count(b"1234\x0E\xFF\xD9", 0, 16), 0, "the data goes on with a fault");
    assert_eq!(count(b"12\xFF\xD134\xFF\xD9", 2, 16), 0, "after another marker");
}
