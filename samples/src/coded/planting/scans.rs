//! Scans after those that the picture needs.

use crate::jpeg::segment;

use super::super::progressive::Step;
use super::{Case, Planted};

pub(super) fn all(case: &Case) -> Vec<Planted> {
    let mut all = Vec::new();
    let end = case.end();
    let last = case.parts.all(&[0xDA]).pop().expect("a file has a scan");
    if case.has_one_scan() {
        let scan = [&case.parts.0[last][..], case.payload].concat();
        all.push(case.plant("a scan of text after the picture", &case.parts.with(end, &scan)).unread());
        let id = case.coding.colour.ids[0];
        let scan = [&segment(0xDA, &[1, id, 0, 0, 63, 0])[..], case.payload].concat();
        all.push(
            case.plant("a scan of one component after the picture", &case.parts.with(end, &scan)).unread(),
        );
    }
    if !case.is_huffman() {
        return all;
    }
    let writer = case.coding.writer(&case.content());
    let again = case.coding.scans().pop().expect("a file has a scan");
    let components = again.components.clone();
    let whole = |band| Step { components: components.clone(), band, approximation: (0, 0) };
    let mut steps = vec![("a scan like the last one", again.clone())];
    if case.coding.process.is_progressive() {
        steps.push(("coefficients of a component again", whole((1, 63))));
        steps.push(("the first coefficient of a component again", whole((0, 0))));
    }
    for (what, step) in steps {
        let scan = case.coding.scan(&writer, &step).concat();
        let planted = case.plant(what, &case.parts.with(end, &scan)).coded();
        // libjpeg-turbo has drawn the picture then, and stops.
        all.push(if case.has_one_scan() { planted.unread() } else { planted.drawn() });
    }
    all
}
