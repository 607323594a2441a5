//! Header names that scripts use: parsed once on each worker, then shared.
use http::HeaderName;
use std::cell::RefCell;

/// Places for names; a script uses a handful, the same in every request.
const PLACES: usize = 64;

thread_local! {
    static KNOWN: RefCell<[Option<HeaderName>; PLACES]> = const { RefCell::new([const { None }; PLACES]) };
}

/// The header name `text`, in lower case; None: it is none.
pub fn header_name(text: &str) -> Option<HeaderName> {
    // FNV-1a folded to a place: a name that falls on another's only takes its turn.
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    KNOWN.with_borrow_mut(|known| {
        let place = &mut known[(hash ^ hash >> 16) as usize % PLACES];
        match place {
            Some(name) if name.as_str() == text => Some(name.clone()),
            _ => {
                let name = HeaderName::from_bytes(text.as_bytes()).ok()?;
                Some(place.insert(name).clone())
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_they_are_asked_for() {
        // More names than places, each asked for again after others took its place.
        for _ in 0..3 {
            for number in 0..3 * PLACES {
                let text = format!("x-name-{number}");
                assert_eq!(header_name(&text).unwrap().as_str(), text);
                assert_eq!(header_name(&text).unwrap().as_str(), text);
            }
        }
        assert_eq!(header_name("content-type"), Some(http::header::CONTENT_TYPE));
        assert_eq!(header_name("no name"), None);
        assert_eq!(header_name(""), None);
    }
}
