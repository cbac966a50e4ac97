//! Segments that are kept must be exactly as long as their content says: then nothing else can ride in them.
//! libjpeg-turbo refuses them too where they are not.

use img_parts::jpeg::markers;

/// Whether the payload of a segment the picture needs has the length its content asks for (ITU-T T.81, B.2).
pub(crate) fn fits(marker: u8, payload: &[u8]) -> bool {
    match marker {
        // B.2.2: precision, height, width, number of components, 3 bytes for each.
        markers::SOF0..=markers::SOF3 | markers::SOF9..=markers::SOF10 => payload
            .get(5)
            .is_some_and(|&n| payload.len() == usize::from(n).saturating_mul(3).saturating_add(6)),
        // B.2.3: number of components, 2 bytes for each, 3 bytes of parameters.
        markers::SOS => payload.first().is_some_and(|&n| {
            (1..=4).contains(&n) && payload.len() == usize::from(n).saturating_mul(2).saturating_add(4)
        }),
        markers::DQT => consists_of(payload, quantisation_table),
        markers::DHT => consists_of(payload, huffman_table),
        // B.2.4.3: 2 bytes a table.
        markers::DAC => payload.len().is_multiple_of(2),
        // B.2.4.4 and B.2.5: one number of 2 bytes.
        markers::DRI | markers::DNL => payload.len() == 2,
        _ => true,
    }
}

fn consists_of(mut payload: &[u8], table: fn(&[u8]) -> Option<usize>) -> bool {
    while !payload.is_empty() {
        let Some(rest) = table(payload).and_then(|length| payload.get(length..)) else { return false };
        payload = rest;
    }
    true
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
