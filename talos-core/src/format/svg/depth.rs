//! How deep an XML file nests, before anything is built from it.

/// A bound of how deep elements lie in one another, found without building a tree: the XML parser
/// calls itself for each level.
pub(super) fn deepest(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    while let Some(open) = bytes[at..].iter().position(|b| *b == b'<').map(|k| at + k) {
        let skip = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
            .into_iter()
            .find(|(start, _)| text[open..].starts_with(start));
        if let Some((start, end)) = skip {
            at = text[open + start.len()..]
                .find(end)
                .map_or(bytes.len(), |k| open + start.len() + k + end.len());
            continue;
        }
        let end = tag_end(bytes, open);
        match bytes.get(open + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!') => {}
            _ if bytes.get(end.saturating_sub(1)) != Some(&b'/') => depth += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
        at = (end + 1).min(bytes.len());
    }
    deepest
}

/// Where the tag that opens at `open` ends: its `>` outside quotes.
fn tag_end(bytes: &[u8], open: usize) -> usize {
    let mut quote = None;
    for (k, &b) in bytes.iter().enumerate().skip(open) {
        match (quote, b) {
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(q), b) if b == q => quote = None,
            (None, b'>') => return k,
            _ => {}
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::deepest;

    #[test]
    fn tags_are_told_from_what_looks_like_them() {
        for (text, depth) in [
            ("", 0),
            ("<a/>", 0),
            ("<a><b></b><c/></a>", 2),
            (
                "<?xml v='<<<'?><!-- <x><y> --><a q='>' r=\"<b>\"><![CDATA[<z><z>]]></a>",
                1,
            ),
            ("<a><b><c", 3),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a></a>", 1),
        ] {
            assert_eq!(deepest(text), depth, "{text}");
        }
        assert_eq!(deepest(&"<g>".repeat(1000)), 1000);
    }
}
