//! Random photos against a model of what must remain.

use crate::support::photo_model::{Photo, photo};
use crate::support::*;
use proptest::prelude::*;
use scrub::Bytes;

#[test]
fn what_remains_of_any_photo_is_what_the_model_says() {
    let (mut changed, mut tagged, mut profiled) = (0, 0, 0);
    let run = |photo: Photo| {
        let bytes = photo.bytes();
        let (expected, orientation) = photo.remains();
        let clean = scrub(&bytes).map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
        prop_assert!(clean.photo == expected, "     got {}\nexpected {}", hex(&clean.photo), hex(&expected));
        changed += usize::from(bytes != expected);
        tagged += usize::from(orientation.is_some());
        profiled += usize::from(contains(&expected, b"ICC_PROFILE"));

        let removed: u64 = clean.report.removed.iter().map(|removed| removed.bytes).sum();
        prop_assert_eq!(bytes.len() as u64 + clean.report.added, expected.len() as u64 + removed);

        let second_handle = Bytes::from(bytes);
        let copied = scrub::scrub(second_handle.clone(), &as_stored()).unwrap();
        prop_assert_eq!(&copied.photo, &clean.photo);
        prop_assert_eq!(&copied.report, &clean.report);

        let twice = scrub(&clean.photo).unwrap();
        prop_assert_eq!(&twice.photo, &clean.photo);
        prop_assert_eq!(&twice.report.removed, &vec![]);
        prop_assert_eq!(twice.report.added, 0);
        Ok(())
    };
    let run = std::cell::RefCell::new(run);
    random(2_000).run(&photo(), |photo| run.borrow_mut()(photo)).unwrap();
    println!("{changed} had something to remove, {tagged} an orientation, {profiled} a whole profile");
    assert!(changed > 1000 && tagged > 100 && profiled > 50);
}
