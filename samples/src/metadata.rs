//! Metadata other than EXIF: XMP, IPTC, comments, content credentials, thumbnails.

use crate::jpeg::segment;

/// An XMP packet (XMP Specification Part 3, 1.1.3) with some properties.
pub(crate) fn xmp(properties: &str) -> Vec<u8> {
    let packet = format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" \
         xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\">\n{properties}\n\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
    );
    segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat())
}

/// Extended XMP (XMP Specification Part 3, 1.1.3.1), split into segments of at most `size` bytes of text.
pub(crate) fn extended_xmp(id: &[u8; 32], text: &[u8], size: usize) -> Vec<Vec<u8>> {
    let whole = (text.len() as u32).to_be_bytes();
    let part = |(i, chunk): (usize, &[u8])| {
        let offset = ((i * size) as u32).to_be_bytes();
        let signature = b"http://ns.adobe.com/xmp/extension/\0";
        segment(0xE1, &[&signature[..], id, &whole, &offset, chunk].concat())
    };
    text.chunks(size).enumerate().map(part).collect()
}

/// A Photoshop segment with an IPTC record (IPTC-IIM 4.2, record 2) and a resource of another kind.
pub(crate) fn photoshop(datasets: &[(u8, &str)]) -> Vec<u8> {
    let mut iptc = b"\x1c\x02\0\0\x02\0\x04".to_vec();
    for (number, text) in datasets {
        iptc.extend([0x1C, 2, *number]);
        iptc.extend((text.len() as u16).to_be_bytes());
        iptc.extend(text.as_bytes());
    }
    let resource = |id: u16, data: &[u8]| {
        let mut resource =
            [b"8BIM", &id.to_be_bytes()[..], &[0, 0], &(data.len() as u32).to_be_bytes(), data].concat();
        resource.resize(resource.len().next_multiple_of(2), 0);
        resource
    };
    let url = resource(0x040B, b"https://gallery.example/wintergreen");
    segment(0xED, &[b"Photoshop 3.0\0".to_vec(), url, resource(0x0404, &iptc)].concat())
}

/// A comment.
pub(crate) fn comment(text: &str) -> Vec<u8> {
    segment(0xFE, text.as_bytes())
}

/// Content credentials (ISO/IEC 19566-5: a JUMBF superbox in APP11, split into two segments) with some text.
pub(crate) fn content_credentials(text: &str) -> Vec<Vec<u8>> {
    let described = |kind: &[u8; 16], label: &[u8]| boxed(b"jumd", &[&kind[..], &[3], label, b"\0"].concat());
    let json = boxed(b"json", text.as_bytes());
    let claim = [described(b"json\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71", b"claim"), json].concat();
    let inner = boxed(b"jumb", &claim);
    let store = [described(b"c2pa\0\x11\0\x10\x80\0\0\xAA\0\x38\x9B\x71", b"c2pa"), inner].concat();
    let whole = boxed(b"jumb", &store);
    let (header, body) = whole.split_at(8);
    let part = |(i, chunk): (usize, &[u8])| {
        segment(0xEB, &[b"JP\0\x01", &(i as u32 + 1).to_be_bytes()[..], header, chunk].concat())
    };
    body.chunks(body.len().div_ceil(2)).enumerate().map(part).collect()
}

/// A box: length, type, contents.
pub(crate) fn boxed(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    [&(contents.len() as u32 + 8).to_be_bytes()[..], kind, contents].concat()
}

/// A JFIF segment with an uncompressed thumbnail of `width` by `height` pixels (ITU-T T.871, 10.1).
pub(crate) fn jfif(width: u8, height: u8, pixels: &[u8]) -> Vec<u8> {
    segment(0xE0, &[b"JFIF\0\x01\x02\x01\0\x48\0\x48", &[width, height][..], pixels].concat())
}

/// A JFXX segment with a JPEG thumbnail (ITU-T T.871, 10.2).
pub(crate) fn jfxx(thumbnail: &[u8]) -> Vec<u8> {
    segment(0xE0, &[b"JFXX\0\x10", thumbnail].concat())
}
