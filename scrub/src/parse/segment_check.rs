//! A segment that the picture is coded in must be exactly as long as its content says, and define tables that exist:
//! then nothing else can travel in it. libjpeg-turbo refuses the others too.

use img_parts::jpeg::markers;

use crate::Refusal;

/// Refuses a segment that the picture is coded in if its length or a table of it is wrong. Metadata is not looked at.
pub(super) fn check(marker: u8, payload: &[u8], offset: usize) -> Result<(), Refusal> {
    if !has_right_length(marker, payload) {
        return Err(Refusal::BadLength { marker, offset });
    }
    if !has_known_tables(marker, payload) {
        return Err(Refusal::BadTable { marker, offset });
    }
    Ok(())
}

/// Whether the payload has the length that its content asks for (ITU-T T.81, B.2).
fn has_right_length(marker: u8, payload: &[u8]) -> bool {
    match marker {
        // B.2.2: precision, height, width, number of components, 3 bytes for each.
        markers::SOF0..=markers::SOF3 | markers::SOF9..=markers::SOF10 => payload
            .get(5)
            .is_some_and(|&n| payload.len() == usize::from(n).saturating_mul(3).saturating_add(6)),
        // B.2.3: number of components, 2 bytes for each, 3 bytes of parameters.
        markers::SOS => payload.first().is_some_and(|&n| {
            (1..=4).contains(&n) && payload.len() == usize::from(n).saturating_mul(2).saturating_add(4)
        }),
        markers::DQT => tables(payload, quantisation_table).is_some(),
        markers::DHT => tables(payload, huffman_table).is_some(),
        // B.2.4.4: one number of 2 bytes. DNL is one too (B.2.5), but libjpeg-turbo skips it whatever its length.
        markers::DRI => payload.len() == 2,
        _ => true,
    }
}

/// Whether every table has a class or precision and a number that the standard knows (ITU-T T.81, Tables B.4 and B.5).
fn has_known_tables(marker: u8, payload: &[u8]) -> bool {
    let are_known = |table: fn(&[u8]) -> Option<usize>| {
        let mut firsts = tables(payload, table).into_iter().flatten();
        firsts.all(|first| matches!(first, 0x00..=0x03 | 0x10..=0x13))
    };
    match marker {
        markers::DQT => are_known(quantisation_table),
        markers::DHT => are_known(huffman_table),
        _ => true,
    }
}

/// The first byte of each table. None if the payload is more, or less, than whole tables.
fn tables(mut payload: &[u8], table: fn(&[u8]) -> Option<usize>) -> Option<Vec<u8>> {
    let mut firsts = Vec::new();
    while let Some(&first) = payload.first() {
        firsts.push(first);
        payload = payload.get(table(payload)?..)?;
    }
    Some(firsts)
}

/// B.2.4.1: precision and number, 64 elements of 1 or 2 bytes.
fn quantisation_table(payload: &[u8]) -> Option<usize> {
    Some(if payload.first()? >> 4 == 0 { 65 } else { 129 })
}

/// B.2.4.2: class and number, 16 counts, as many values as the counts add up to.
fn huffman_table(payload: &[u8]) -> Option<usize> {
    let counts = payload.get(1..17)?;
    let values: usize = counts.iter().map(|&count| usize::from(count)).sum();
    values.checked_add(17).filter(|_| values <= 256)
}
