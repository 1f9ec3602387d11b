//! Words that come near a given one.

/// Up to three candidates nearest to a word by edit distance, nearest first.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<String> {
    const MOST: usize = 3;
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    let wanted = letters(word);
    let mut best: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        // who is further off than the third is of no interest
        let allowed = best.get(MOST - 1).map_or(usize::MAX, |(distance, _)| *distance);
        if let Some(distance) = distance(&wanted, &letters(candidate), allowed) {
            best.push((distance, candidate));
            best.sort_unstable();
            best.truncate(MOST);
        }
    }
    best.into_iter().map(|(_, c)| c.to_owned()).collect()
}

/// Levenshtein's (1966) edit distance, if it is at most `allowed`.
pub(crate) fn distance(a: &[char], b: &[char], allowed: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
        if row.iter().min().is_some_and(|least| *least > allowed) {
            return None;
        }
    }
    row.last().copied().filter(|d| *d <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_edit_distances() {
        let chars = |t: &str| t.chars().collect::<Vec<_>>();
        assert_eq!(distance(&chars("kitten"), &chars("sitting"), 5), Some(3));
        assert_eq!(distance(&chars("kitten"), &chars("sitting"), 2), None);
        assert_eq!(distance(&[], &[], 0), Some(0));
    }

    #[test]
    fn the_three_nearest_come_in_order() {
        let words = ["stone", "brow.left", "brow.right", "mouth", "brow.lift", "brow"];
        let found = nearest("brow.lef", words.into_iter());
        assert_eq!(found, ["brow.left", "brow.lift", "brow"]);
        assert_eq!(nearest("x", std::iter::empty()), [""; 0]);
    }
}
