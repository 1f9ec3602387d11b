//! Words whose meaning depends on their neighbours, settled before sentences are read.

use crate::artefact::{Action, PlaceKind, TimeOfDay, Weather};

use super::endings::Ending;
use super::sense::{ActionWord, Article, PlaceWord, Relation, Sense, Valency};
use super::term::{Inflection, Term};

/// Settles snow, sun, fire, weather's own verbs and stray units.
pub(super) fn settle(terms: &mut [Term]) {
    settle_fire(terms);
    settle_sun_and_moon(terms);
    settle_snow(terms);
    settle_looks(terms);
    settle_anger(terms);
    settle_counters(terms);
    spend_verbs_of_nature(terms);
    for term in terms.iter_mut() {
        if let Sense::Unit(_) | Sense::Rise | Sense::Set | Sense::Breathe | Sense::Natural = term.sense {
            term.sense = Sense::Function;
        }
    }
}

fn sense(terms: &[Term], at: usize) -> Option<Sense> {
    terms.get(at).map(|term| term.sense)
}

/// How far a word for fire may stand from its verb: an object with a few adjectives.
const FIRE_REACH: usize = 4;

/// `불을 뿜으며`, `breathing hot fire`, `fire-breathing`: the verb and its object become one action.
fn settle_fire(terms: &mut [Term]) {
    for at in 0..terms.len() {
        if terms[at].sense != Sense::Breathe {
            continue;
        }
        let ends = |sense: Sense| matches!(sense, Sense::Stop | Sense::Action(_) | Sense::Breathe);
        let fire = if terms[at].form.korean {
            let back = (at.saturating_sub(FIRE_REACH)..at).rev();
            back.take_while(|&i| !ends(terms[i].sense))
                .find(|&i| terms[i].sense == Sense::Fire)
        } else {
            let before = at.checked_sub(1).filter(|&i| terms[i].sense == Sense::Fire);
            let ahead = at + 1..terms.len().min(at + 1 + FIRE_REACH);
            before.or_else(|| {
                ahead
                    .take_while(|&i| !ends(terms[i].sense))
                    .find(|&i| terms[i].sense == Sense::Fire)
            })
        };
        let Some(fire) = fire else {
            continue;
        };
        let (low, high) = (at.min(fire), at.max(fire));
        for between in &mut terms[low + 1..high] {
            // the colour of the fire, not of the next noun
            if let Sense::Color(_) | Sense::Size(_) | Sense::Article(_) = between.sense {
                between.sense = Sense::Function;
            }
        }
        if let Some(color) = low.checked_sub(1).filter(|_| fire == low)
            && matches!(terms[color].sense, Sense::Color(_))
        {
            terms[color].sense = Sense::Function;
        }
        terms[fire].sense = Sense::Spent;
        terms[at].sense = Sense::Action(breathing_fire());
    }
}

fn breathing_fire() -> ActionWord {
    ActionWord {
        action: Action::BreatheFire,
        goes: false,
        valency: Valency::Toward,
        passive: false,
        prey: None,
        camera: None,
        near: false,
    }
}

/// `해가 지는`, `setting sun`, `the moon rises`: a time of day.
fn settle_sun_and_moon(terms: &mut [Term]) {
    for at in 0..terms.len() {
        let body = terms[at].sense;
        if !matches!(body, Sense::Sun | Sense::Moon) {
            continue;
        }
        let glue = |sense: Sense| matches!(sense, Sense::Function | Sense::Speed(_) | Sense::Article(_));
        let ahead = (at + 1..terms.len()).find(|&i| !glue(terms[i].sense));
        let behind = at.checked_sub(1);
        let verb = [ahead, behind]
            .into_iter()
            .flatten()
            .find(|&i| moves_in_the_sky(terms[i].sense));
        let sets = verb.is_some_and(|i| {
            matches!(terms[i].sense, Sense::Set)
                || matches!(terms[i].sense, Sense::Action(a) if a.action == Action::Fall)
        });
        terms[at].sense = match (body, verb) {
            (Sense::Moon, _) => Sense::Time(TimeOfDay::Night, true),
            (_, Some(_)) if sets => Sense::Time(TimeOfDay::Sunset, false),
            (_, Some(_)) => Sense::Time(TimeOfDay::Dawn, false),
            (_, None) => Sense::Scenery,
        };
        verb.into_iter().for_each(|i| terms[i].sense = Sense::Spent);
    }
}

/// `looking anxious`, `a neon look`: how someone or something appears, not what anyone looks at.
fn settle_looks(terms: &mut [Term]) {
    for at in 0..terms.len() {
        let looks = matches!(terms[at].sense, Sense::Action(word) if word.action == Action::LookAt)
            && terms[at].text.starts_with("look");
        let feels = matches!(sense(terms, at + 1), Some(Sense::Emotion(_)));
        let styled = matches!(
            at.checked_sub(1).and_then(|i| sense(terms, i)),
            Some(Sense::Style(_))
        );
        if looks && (feels || styled) {
            terms[at].sense = Sense::Function;
        }
    }
}

/// 화가 잔뜩 난: anger that rises, not a painter that flies.
fn settle_anger(terms: &mut [Term]) {
    for at in 0..terms.len() {
        if terms[at].text != "화가" {
            continue;
        }
        let adverb = matches!(sense(terms, at + 1), Some(Sense::Function | Sense::Unknown));
        let verb = at + 1 + usize::from(adverb);
        let rises = ["나", "난", "났"];
        let risen = |term: &Term| rises.iter().any(|form| term.text.starts_with(form));
        if terms.get(verb).is_some_and(risen) {
            terms[at].sense = Sense::Emotion("angry");
            terms[verb].sense = Sense::Spent;
        }
    }
}

fn moves_in_the_sky(sense: Sense) -> bool {
    match sense {
        Sense::Rise | Sense::Set => true,
        Sense::Action(word) => word.action == Action::Fall || word.action == Action::Hover,
        _ => false,
    }
}

/// Snow that falls, snow that lies, and eyes, which are the same word in Korean.
fn settle_snow(terms: &mut [Term]) {
    for at in 0..terms.len() {
        let next = sense(terms, at + 1);
        let previous = at.checked_sub(1).and_then(|i| sense(terms, i));
        terms[at].sense = match terms[at].sense {
            Sense::Snow if terms[at].form.korean => korean_snow(previous, next),
            Sense::Snow => english_snow(terms, at),
            Sense::Snowy => snowy(&terms[at + 1..]),
            other => other,
        };
    }
}

fn korean_snow(previous: Option<Sense>, next: Option<Sense>) -> Sense {
    match (previous, next) {
        (Some(Sense::Color(color)), _) if color != "white" => Sense::Slot("eyes"),
        (_, Some(Sense::Relation(Relation::Over | Relation::On | Relation::Under))) => Sense::Cover,
        (_, Some(Sense::Place(place))) if lies_white(place) => Sense::Cover,
        _ => Sense::Weather(Weather::Snow, false),
    }
}

fn english_snow(terms: &[Term], at: usize) -> Sense {
    let glue = |sense: Sense| matches!(sense, Sense::Article(_) | Sense::Function | Sense::Color(_));
    let before = (0..at)
        .rev()
        .find(|&i| !glue(terms[i].sense))
        .and_then(|i| sense(terms, i));
    match (before, sense(terms, at + 1)) {
        (Some(Sense::Relation(Relation::On | Relation::Over)), _) => Sense::Cover,
        (_, Some(Sense::Place(place))) if lies_white(place) => Sense::Cover,
        _ => Sense::Weather(Weather::Snow, false),
    }
}

/// A snowy mountain is covered with snow; on a snowy night or street snow falls.
fn snowy(rest: &[Term]) -> Sense {
    let noun = rest.iter().find(|term| {
        !matches!(
            term.sense,
            Sense::Function | Sense::Color(_) | Sense::Size(_) | Sense::Emotion(_) | Sense::Comma
        )
    });
    match noun.map(|term| term.sense) {
        Some(Sense::Place(place)) if lies_white(place) => Sense::Cover,
        Some(Sense::Scenery) => Sense::Cover,
        _ => Sense::Weather(Weather::Snow, false),
    }
}

fn lies_white(place: PlaceWord) -> bool {
    matches!(
        place.kind,
        PlaceKind::Mountain | PlaceKind::Field | PlaceKind::Forest
    )
}

/// 세 개: after a number 개 counts, 대 counts; alone 개 is a dog.
fn settle_counters(terms: &mut [Term]) {
    for at in 1..terms.len() {
        let counts = matches!(terms[at - 1].sense, Sense::Number(_)) && terms[at].form.korean;
        let word = terms[at].text.chars().next();
        if counts && terms[at].sense != Sense::Counter("animal") && matches!(word, Some('개' | '대' | '벌'))
        {
            let single = match terms[at].sense {
                Sense::Subject(word) => word.name == "dog" || word.name == "insect",
                Sense::Relation(Relation::At) => true,
                _ => false,
            };
            if single && !matches!(terms.get(at + 1).map(|t| t.sense), Some(Sense::Counter(_))) {
                terms[at].sense = Sense::Counter("thing");
            }
        }
    }
}

/// Rain falls, leaves fly, the sea lies: what weather and things do is nobody's action.
fn spend_verbs_of_nature(terms: &mut [Term]) {
    for at in 0..terms.len() {
        if !is_verb_of_nature(terms[at].sense) {
            continue;
        }
        let spent = if terms[at].form.korean {
            at.checked_sub(1)
                .is_some_and(|noun| korean_noun_does(&terms[noun]))
        } else {
            english_noun_does(terms, at)
        };
        if spent {
            terms[at].sense = Sense::Spent;
        }
    }
}

fn is_verb_of_nature(sense: Sense) -> bool {
    match sense {
        Sense::Action(word) => word.valency != Valency::Mutual && word.action != Action::BreatheFire,
        Sense::Natural => true,
        _ => false,
    }
}

fn korean_noun_does(noun: &Term) -> bool {
    let bare = !noun.form.particles.any;
    match noun.sense {
        Sense::Weather(..) | Sense::Time(..) | Sense::Snow | Sense::Fire => {
            noun.form.particles.subject || (bare && !is_adnominal(noun))
        }
        Sense::Scenery | Sense::Prop | Sense::Place(_) if noun.form.particles.subject => true,
        Sense::Place(place) => place.weak && bare,
        Sense::Scenery => bare,
        _ => false,
    }
}

fn is_adnominal(term: &Term) -> bool {
    term.form.ending == Some(Ending::Adnominal)
}

fn english_noun_does(terms: &[Term], at: usize) -> bool {
    let nature = |sense: Sense| match sense {
        Sense::Weather(_, weak) | Sense::Time(_, weak) => !weak || matches!(sense, Sense::Time(..)),
        Sense::Place(place) => place.weak,
        Sense::Scenery => true,
        _ => false,
    };
    let inflection = terms[at].form.inflection;
    let looks = matches!(terms[at].sense, Sense::Action(word) if word.action == Action::LookAt);
    let after = sense(terms, at + 1).is_some_and(nature);
    if inflection == Inflection::Ing && after && !looks {
        let follows_who = at.checked_sub(1).and_then(|i| sense(terms, i));
        return !matches!(follows_who, Some(Sense::Subject(_)));
    }
    let glue = |sense: Sense| matches!(sense, Sense::Function | Sense::Speed(_));
    let Some(noun) = (0..at).rev().find(|&i| !glue(terms[i].sense)) else {
        return false;
    };
    // `in the rain running`: a noun after a preposition does nothing
    let opens = (0..noun).rev().find(|&i| {
        !matches!(
            terms[i].sense,
            Sense::Article(Article::Definite | Article::Indefinite)
                | Sense::Function
                | Sense::Color(_)
                | Sense::Size(_)
        )
    });
    let after_preposition = opens.is_some_and(|i| matches!(terms[i].sense, Sense::Relation(_)));
    let noun_sense = terms[noun].sense;
    nature(noun_sense) && !after_preposition && !matches!(noun_sense, Sense::Time(_, false))
}
