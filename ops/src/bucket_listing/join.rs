//! Joins the listings of bucket A and bucket B by key.

use std::cmp::Ordering;
use std::pin::Pin;

use futures_util::TryStreamExt;
use futures_util::stream::{self, Stream};

use super::Listed;
use crate::clients::CloudError;

/// What both buckets have under a key. At least one of them has something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) original: Option<Listed>,
    pub(crate) copy: Option<Listed>,
}

impl Pair {
    /// Whether A's object was deleted, and B has none.
    pub(crate) fn is_only_a_marker(&self) -> bool {
        self.copy.is_none() && self.original.as_ref().is_some_and(|original| original.is_marker)
    }
}

/// A listing and the object that it is at.
struct Side<S> {
    objects: Pin<Box<S>>,
    at: Option<Listed>,
    has_ended: bool,
}

impl<S: Stream<Item = Result<Listed, CloudError>>> Side<S> {
    fn new(objects: S) -> Self {
        Self { objects: Box::pin(objects), at: None, has_ended: false }
    }

    /// Goes to the next object, if the one before was taken. General purpose buckets list keys in the order of their
    /// UTF-8 bytes ("ListObjectsV2", Amazon S3 API Reference); with another order, photos would seem to be missing.
    async fn fill(&mut self, last: &str) -> Result<(), CloudError> {
        if self.at.is_none() && !self.has_ended {
            self.at = self.objects.try_next().await?;
            self.has_ended = self.at.is_none();
            if self.at.as_ref().is_some_and(|object| object.key.as_str() <= last) {
                return Err(CloudError::NotInOrder);
            }
        }
        Ok(())
    }

    fn take(&mut self, is_next: bool) -> Option<Listed> {
        if is_next { self.at.take() } else { None }
    }
}

/// The keys of both listings, in order.
pub(crate) fn join(
    originals: impl Stream<Item = Result<Listed, CloudError>>,
    copies: impl Stream<Item = Result<Listed, CloudError>>,
) -> impl Stream<Item = Result<Pair, CloudError>> {
    let start = (Side::new(originals), Side::new(copies), String::new());
    stream::try_unfold(start, async |(mut a, mut b, last)| {
        a.fill(&last).await?;
        b.fill(&last).await?;
        let order = match (&a.at, &b.at) {
            (None, None) => return Ok(None),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(original), Some(copy)) => original.key.cmp(&copy.key),
        };
        let (original, copy) = (a.take(order.is_le()), b.take(order.is_ge()));
        let key = original.as_ref().or(copy.as_ref()).map(|object| object.key.clone()).unwrap_or_default();
        Ok(Some((Pair { key: key.clone(), original, copy }, (a, b, key))))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn listing(keys: &[&str]) -> impl Stream<Item = Result<Listed, CloudError>> {
        let objects = keys.iter().map(|key| {
            Ok(Listed { key: (*key).to_owned(), bytes: 1, written: None, version: None, is_marker: false })
        });
        stream::iter(objects.collect::<Vec<_>>())
    }

    async fn joined(a: &[&str], b: &[&str]) -> Result<Vec<(String, bool, bool)>, CloudError> {
        let pairs: Vec<Pair> = join(listing(a), listing(b)).try_collect().await?;
        Ok(pairs.into_iter().map(|pair| (pair.key, pair.original.is_some(), pair.copy.is_some())).collect())
    }

    #[tokio::test]
    async fn every_key_of_both_buckets_comes_once_and_in_order() {
        let seen = joined(&["a", "c", "d", "é"], &["b", "c", "zz", "é"]).await.unwrap();
        println!("{seen:?}");
        let expected = [
            ("a", true, false),
            ("b", false, true),
            ("c", true, true),
            ("d", true, false),
            ("zz", false, true),
        ];
        assert_eq!(seen.len(), 6);
        assert!(expected.iter().all(|(key, a, b)| seen.contains(&((*key).to_owned(), *a, *b))));
        assert!(seen.is_sorted());
        assert_eq!(joined(&[], &[]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_listing_out_of_order_is_an_error_and_not_a_finding() {
        for (a, b) in [(&["b", "a"][..], &[][..]), (&["a"], &["b", "b"])] {
            assert!(matches!(joined(a, b).await, Err(CloudError::NotInOrder)), "{a:?} {b:?}");
        }
    }
}
