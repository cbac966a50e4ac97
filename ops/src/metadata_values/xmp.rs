//! XMP properties: elements and attributes of an RDF document, with the names they have in it.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::Pair;

/// The properties in an XMP packet, up to the first error in its XML.
pub(crate) fn xmp_properties(packet: &str) -> Vec<Pair> {
    let mut found = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut reader = Reader::from_str(packet);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                attributes(&element, &mut found);
                names.push(name_of(&element));
                found.push((property(&names), String::new()));
            }
            Ok(Event::Empty(element)) => attributes(&element, &mut found),
            Ok(Event::End(_)) => {
                names.pop();
                found.push((property(&names), String::new()));
            }
            Ok(Event::Text(text)) => append(&mut found, &text.xml10_content()),
            Ok(Event::CData(text)) => append(&mut found, &text.xml10_content()),
            Ok(Event::GeneralRef(entity)) => append(&mut found, &resolved(&entity)),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                found.push(("XMP".to_owned(), format!("the rest cannot be read: {error}")));
                break;
            }
        }
    }
    found.retain_mut(|(_, value)| {
        *value = value.trim().to_owned();
        !value.is_empty()
    });
    found
}

fn name_of(element: &BytesStart<'_>) -> String {
    element.name().as_ref().to_owned()
}

/// The innermost element that is not RDF's own, such as `dc:creator` for an `rdf:li` in its `rdf:Seq`.
fn property(names: &[String]) -> String {
    names.iter().rev().find(|name| !name.starts_with("rdf:")).cloned().unwrap_or_else(|| "XMP".to_owned())
}

fn attributes(element: &BytesStart<'_>, found: &mut Vec<Pair>) {
    for attribute in element.attributes() {
        let attribute = match attribute {
            Ok(attribute) => attribute,
            Err(error) => {
                found.push((name_of(element), format!("an attribute cannot be read: {error}")));
                continue;
            }
        };
        let name = attribute.key.as_ref();
        if name.starts_with("xmlns") || name == "rdf:about" || name == "xml:lang" {
            continue;
        }
        // A value with a broken entity is shown as it is in the file.
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        found.push((
            name.to_owned(),
            value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned()),
        ));
    }
}

fn append(found: &mut [Pair], text: &str) {
    if let Some((_, value)) = found.last_mut() {
        value.push_str(text);
    }
}

/// The character of an entity, or the entity itself if XML does not define it.
fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return character.to_string();
    }
    let name = entity.xml10_content();
    quick_xml::escape::resolve_xml_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
}
