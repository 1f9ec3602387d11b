//! Names of strokes as XML ids: letters, digits, `.`, `-` and `_` stay, anything else is written
//! `_xHH_` by its code point, as Adobe Illustrator writes it, so that ids come back from there too.

/// An id for a name.
pub(super) fn encoded(name: &str) -> String {
    let mut id = String::new();
    for (at, c) in name.char_indices() {
        let first = at == 0 && !(c.is_alphabetic() || c == '_');
        // an underscore that would read as an escape is escaped itself
        let looks_like_one = c == '_' && name[at..].starts_with("_x");
        if (c.is_alphanumeric() || "._-".contains(c)) && !first && !looks_like_one {
            id.push(c);
        } else {
            id.push_str(&format!("_x{:X}_", u32::from(c)));
        }
    }
    id
}

/// The name of an id.
pub(super) fn decoded(id: &str) -> String {
    let mut name = String::new();
    let mut rest = id;
    while let Some(at) = rest.find("_x") {
        name.push_str(&rest[..at]);
        let escape = rest[at + 2..].split_once('_').and_then(|(digits, after)| {
            let plain = digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| plain)?;
            Some((char::from_u32(code)?, after))
        });
        match escape {
            Some((c, after)) => {
                name.push(c);
                rest = after;
            }
            None => {
                name.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    name + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_names_are_their_ids() {
        for name in ["girl_a.brow.left", "dragon-2.wing", "용.눈썹"] {
            assert_eq!(encoded(name), name);
        }
        assert_eq!(encoded("2 b"), "_x32__x20_b");
        assert_eq!(decoded("_x5F_ and _xZZ_ and _x"), "_ and _xZZ_ and _x");
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name in "(_x[0-9A-F]{0,3}_?|\\PC|[ \n\u{1}<&'\"]){1,12}") {
            let id = encoded(&name);
            prop_assert_eq!(decoded(&id), name);
            prop_assert!(id.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)));
        }
    }
}
