//! One photo from bucket A to bucket B, against anyone who writes either at the same time.
//!
//! The photo published is always made from the current object of A, never from the version an event names: events come late, twice
//! and out of order. Why it converges all the same:
//!
//! - A first write (`If-None-Match: *`) happens once; whoever comes later takes the other path.
//! - That path reads B, then A, then writes with `If-Match` on what it saw in B. So nothing made from older bytes of A lands on
//!   something made from newer bytes.
//! - One hole is left: A goes back to an earlier photo bit for bit (v1, v2, v1). B's ETag is a hash of its content and goes back
//!   too, so a delayed v2 can still be written. A look at A after every write over an existing object closes it.
//! - A crash before that look is an error, and Lambda runs the event again. A PUT that was done and answered with an error meets
//!   its own photo in the next run: 412, then "B has it already".
//!
//! So when the last run has ended, B holds the clean form of what A holds. `tests/function/interleavings.rs` searches for an order of steps
//! that ends otherwise.

use bytes::Bytes;
use scrub::Options;

use crate::error::{Error, Refusal};
use crate::store::{Body, CleanPhoto, Condition, ETag, Fetched, Original, Published, Put, Store};

/// How many PUTs are tried before the event is given back to Lambda. Each lost one means that somebody else wrote the key.
const ROUNDS: usize = 5;

/// What every photo is measured by.
#[derive(Debug)]
pub struct Rules {
    /// Bucket A, for messages.
    pub bucket_a: String,
    /// Bucket B, for messages.
    pub bucket_b: String,
    /// The largest photo taken, in bytes.
    pub max_photo_bytes: u64,
    /// The photo core's settings.
    pub options: Options,
    /// Version and settings of the core: what another one published is not "B has it already", so that all photos can be run
    /// through again after an upgrade.
    pub core: String,
}

/// How it ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The clean photo was published.
    Clean,
    /// B has it already.
    Current,
    /// A has no such photo any more.
    Gone,
}

/// What was learnt on the way, for the log line; also when it ends in an error.
#[derive(Debug, Default)]
pub struct Seen {
    /// Size of the original, in bytes.
    pub bytes_in: Option<u64>,
    /// What the core found.
    pub clean: Option<SeenClean>,
}

/// What the core found in a photo.
#[derive(Debug)]
pub struct SeenClean {
    /// Size of the clean photo, in bytes.
    pub bytes: u64,
    /// What was removed and what became of the orientation.
    pub report: scrub::Report,
}

/// Publishes the clean form of the current object of bucket A under the same key in bucket B.
pub async fn publish<S: Store>(
    store: &S,
    rules: &Rules,
    key: &str,
    seen: &mut Seen,
) -> Result<Outcome, Error> {
    let Fetched::Found(original) = store.get_original(key, None).await? else {
        return Ok(Outcome::Gone);
    };
    let mut clean = cleaned(original, rules, key, seen).await?;
    let mut condition = Condition::Absent;

    for round in 0..ROUNDS {
        let put = store.put_published(key, &clean, &condition).await?;
        if put == Put::Written {
            if round == 0 {
                return Ok(Outcome::Clean);
            }
            match store.head_original(key).await? {
                Some(etag) if etag != clean.source_etag => {}
                _ => return Ok(Outcome::Clean),
            }
            let Some(newer) = newer_than(clean, store, rules, key, seen).await? else {
                return Ok(Outcome::Gone);
            };
            clean = newer;
        }

        // B has something. Its tag is read before A is, so that a write with If-Match on it can bring nothing older.
        let Some(published) = store.head_published(key).await? else {
            condition = Condition::Absent;
            continue;
        };
        if is_made_from(&published, &clean.source_etag, rules) {
            return Ok(Outcome::Current);
        }
        let Some(newer) = newer_than(clean, store, rules, key, seen).await? else {
            return Ok(Outcome::Gone);
        };
        clean = newer;
        condition = Condition::Match(published.etag);
    }
    Err(Error::Contended { bucket: rules.bucket_b.clone(), key: key.to_owned(), rounds: ROUNDS })
}

fn is_made_from(published: &Published, source: &ETag, rules: &Rules) -> bool {
    published.source_etag.as_ref() == Some(source) && published.scrub.as_deref() == Some(&rules.core)
}

/// The photo itself where it is still the current one, else the clean form of the current one; nothing where A has none any more.
async fn newer_than<S: Store>(
    clean: CleanPhoto,
    store: &S,
    rules: &Rules,
    key: &str,
    seen: &mut Seen,
) -> Result<Option<CleanPhoto>, Error> {
    match store.get_original(key, Some(&clean.source_etag)).await? {
        Fetched::NotModified => Ok(Some(clean)),
        Fetched::NotFound => Ok(None),
        Fetched::Found(newer) => {
            // Before the newer body is read: one photo at a time is what the function's memory is measured for.
            drop(clean);
            cleaned(newer, rules, key, seen).await.map(Some)
        }
    }
}

async fn cleaned<B: Body>(
    original: Original<B>,
    rules: &Rules,
    key: &str,
    seen: &mut Seen,
) -> Result<CleanPhoto, Error> {
    *seen = Seen { bytes_in: Some(original.bytes), clean: None };
    let refused = |refusal| Error::Refused { bucket: rules.bucket_a.clone(), key: key.to_owned(), refusal };
    if original.bytes > rules.max_photo_bytes {
        return Err(refused(Refusal::TooLarge { bytes: original.bytes, most: rules.max_photo_bytes }));
    }
    let photo: Bytes = original.body.read(original.bytes).await?;
    // The photo lies in the memory that turning it may take.
    let rotate_memory = rules.options.rotate_memory.saturating_sub(original.bytes);
    let options = Options { rotate_memory, ..rules.options.clone() };
    let clean = scrub::scrub(photo, &options).map_err(|refusal| refused(refusal.into()))?;
    seen.clean = Some(SeenClean { bytes: clean.photo.len() as u64, report: clean.report });
    Ok(CleanPhoto {
        photo: clean.photo,
        cache_control: original.cache_control,
        source_etag: original.etag,
        scrub: rules.core.clone(),
    })
}
