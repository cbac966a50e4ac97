//! What happens to bucket A, and when: a script of one letter for each action. It does not depend on the runs, so it is
//! worked out before the search.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use exif_ripper::event::{Change, PhotoEvent};

use super::KEY;
use crate::support::fake_s3::{Object, Versioning};
use crate::support::photos::{twin, version};

/// How old an original is when it expires.
pub(super) const EXPIRE_AFTER: Duration = Duration::from_secs(30 * DAY);
const DAY: u64 = 24 * 60 * 60;

/// What the newest version of A is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Newest {
    Nothing,
    Photo,
    /// A delete marker of a person.
    Marker,
    /// The delete marker of an expiry, or what is left after lifecycle cleared it away.
    Expired,
}

/// Bucket A after a number of actions.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) newest: Newest,
    /// The object of A.
    pub(super) current: Option<Object>,
    pub(super) time: SystemTime,
    /// The last action's letter.
    pub(super) action: char,
    /// The last action's event.
    pub(super) event: Option<PhotoEvent>,
}

/// One version in A.
#[derive(Clone)]
struct Version {
    newest: Newest,
    /// The number of the action.
    action: usize,
    object: Option<Object>,
}

/// The bucket after each of a script's actions. One that is not possible where it is has no effect:
///
/// - `1` to `9`: an upload of this photo; `T`: one with the same clean form as 1; `R`: one that is refused
/// - `d`: a delete, which adds a marker; `p`: the newest version, a photo, is removed for good; `u`: a marker is
///   removed
/// - `b`: a batch job asks for the key
/// - `o`: more than the days pass after which originals expire; `e`: the original expires, if it is that old; `k`:
///   lifecycle clears away an old marker and what is under it
pub(super) fn moments(script: &str, versioning: Versioning) -> Vec<Moment> {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(20_000 * DAY);
    let (mut versions, mut moments): (Vec<Version>, Vec<Moment>) = (Vec::new(), Vec::new());
    // The number of the action at which originals that were there become old.
    let mut old = None;
    for (number, action) in script.chars().enumerate() {
        let passed = script.chars().take(number + 1).filter(|action| *action == 'o').count() as u32;
        let time =
            start + (EXPIRE_AFTER + Duration::from_secs(DAY)) * passed + Duration::from_secs(number as u64);
        let newest = versions.last().map_or(Newest::Nothing, |version| version.newest);
        let is_old = versions.last().is_some_and(|version| Some(version.action) < old);
        let mut add = |newest, object| versions.push(Version { newest, action: number, object });
        let change = match (action, newest) {
            ('d', _) => {
                add(Newest::Marker, None);
                Some(Change::MarkerAdded)
            }
            ('p', Newest::Photo) | ('u', Newest::Marker) => {
                versions.pop();
                Some(Change::VersionRemoved)
            }
            ('b', _) => Some(Change::Created),
            ('o', _) => {
                old = Some(number);
                None
            }
            ('e', Newest::Photo) if is_old => {
                add(Newest::Expired, None);
                None
            }
            ('k', Newest::Marker | Newest::Expired) if is_old => {
                versions.clear();
                if newest == Newest::Expired {
                    versions.push(Version { newest, action: number, object: None });
                }
                None
            }
            ('p' | 'u' | 'e' | 'k', _) => None,
            _ => {
                add(Newest::Photo, Some(upload(action, number, time, versioning)));
                Some(Change::Created)
            }
        };
        let time_of_event = (action != 'b').then_some(time);
        moments.push(Moment {
            newest: versions.last().map_or(Newest::Nothing, |version| version.newest),
            current: versions.last().and_then(|version| version.object.clone()),
            time,
            action,
            event: change.map(|change| PhotoEvent { key: KEY.to_owned(), time: time_of_event, change }),
        });
    }
    moments
}

fn upload(photo: char, number: usize, time: SystemTime, versioning: Versioning) -> Object {
    let bytes = match photo {
        'R' => Bytes::from_static(b"no photo"),
        'T' => twin(1),
        digit => version(u8::try_from(digit.to_digit(10).unwrap()).unwrap()),
    };
    Object {
        // Every write has a header of its own, as the same photo may be uploaded with another one.
        cache_control: Some(format!("max-age={number}")),
        version: match versioning {
            Versioning::On => Some(format!("3HL4kqtJlcpXroDTDmJ{number}")),
            Versioning::Off => None,
            Versioning::Suspended => Some("null".to_owned()),
        },
        written: Some(time),
        ..Object::jpeg(bytes)
    }
}

/// Whether the photo is refused.
pub(super) fn is_refused(object: &Object) -> bool {
    &object.bytes[..] == b"no photo"
}
