//! What a word of the lexicon means.

use crate::artefact::{
    Action, CameraAngle, MoveKind, PlaceKind, ShotSize, StoryArc, SubjectKind, TimeOfDay, Weather,
};

/// A word for a subject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SubjectWord {
    pub(super) name: &'static str,
    pub(super) kind: SubjectKind,
    pub(super) variant: &'static str,
    /// Colour the word implies, or empty.
    pub(super) color: &'static str,
    pub(super) scale: f64,
    pub(super) count: u32,
    /// Kinds that come near, joined by `|`; empty for what is built.
    pub(super) near: &'static str,
}

/// How a verb stands to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Valency {
    Free,
    Toward,
    Transitive,
    Mutual,
}

/// A word for an action.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ActionWord {
    pub(super) action: Action,
    /// Walking, flying or swimming, by who goes.
    pub(super) goes: bool,
    pub(super) valency: Valency,
    pub(super) passive: bool,
    /// What the target does meanwhile.
    pub(super) prey: Option<Action>,
    /// The camera's move when the camera does it.
    pub(super) camera: Option<(MoveKind, f64)>,
    pub(super) near: bool,
}

/// A word for a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PlaceWord {
    pub(super) name: &'static str,
    pub(super) kind: PlaceKind,
    pub(super) snow: bool,
    pub(super) above: bool,
    pub(super) weak: bool,
    pub(super) near: bool,
    pub(super) time: Option<TimeOfDay>,
}

/// A number that is not exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CountWord {
    Alone,
    Pair,
    Both,
    Several,
    Many,
    Myriad,
}

/// Prepositions and nouns of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Over,
    Above,
    On,
    In,
    With,
    By,
    At,
    Between,
    Of,
    To,
    Under,
    Beside,
}

/// Words that join phrases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    And,
    Then,
    While,
    Relative,
    EachOther,
    Without,
    Not,
    From,
}

/// Articles and what does their work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Article {
    Definite,
    Indefinite,
    Another,
}

/// The meaning of a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sense {
    Subject(SubjectWord),
    Collective,
    Old,
    Slot(&'static str),
    SlotColor(&'static str, &'static str),
    Action(ActionWord),
    Breathe,
    Fire,
    Wear,
    Bring,
    Rise,
    Set,
    Natural,
    Place(PlaceWord),
    Time(TimeOfDay, bool),
    Weather(Weather, bool),
    Cover,
    Snow,
    Snowy,
    Sun,
    Moon,
    Scenery,
    Prop,
    Color(&'static str),
    Size(f64),
    Count(CountWord),
    Style(&'static str),
    Shot(ShotSize),
    Angle(CameraAngle),
    Move(MoveKind, f64),
    Turn(f64),
    Speed(f64),
    OneTake,
    Camera,
    Aspect(f64, f64),
    Resolution(f64, f64),
    Arc(StoryArc),
    Emotion(&'static str),
    Article(Article),
    Relation(Relation),
    Link(Link),
    Pronoun,
    Number(f64),
    Counter(&'static str),
    Unit(f64),
    Fps,
    Half,
    Quarter,
    Media,
    Function,
    /// An imported model, by its place in the options.
    Asset(usize),
    Comma,
    Stop,
    Unknown,
    /// Used up by what was read before.
    Spent,
}

/// Reads the first three columns of a row; `None` when they make no sense.
pub(super) fn parse(category: &str, value: &'static str, traits: &'static str) -> Option<Sense> {
    let traits = Traits::parse(traits)?;
    Some(match category {
        "subject" => Sense::Subject(subject(value, &traits)?),
        "collective" => Sense::Collective,
        "slot" => Sense::Slot(value),
        "slot_color" => value
            .split_once('=')
            .map(|(slot, color)| Sense::SlotColor(slot, color))?,
        "action" => Sense::Action(action(value, &traits)?),
        "place" => Sense::Place(place(value, &traits)?),
        "time" => Sense::Time(named(value)?, traits.yes("weak")),
        "weather" => Sense::Weather(named(value)?, traits.yes("weak")),
        "color" => Sense::Color(value),
        "size" => Sense::Size(value.parse().ok()?),
        "count" => Sense::Count(count(value)?),
        "style" => Sense::Style(value),
        "shot" => Sense::Shot(named(value)?),
        "angle" => Sense::Angle(named(value)?),
        "move" => Sense::Move(named(value)?, traits.get("amount")?.parse().ok()?),
        "turn" => Sense::Turn(value.parse().ok()?),
        "speed" => Sense::Speed(value.parse().ok()?),
        "aspect" => {
            let (width, height) = value.split_once(':')?;
            Sense::Aspect(width.parse().ok()?, height.parse().ok()?)
        }
        "arc" => Sense::Arc(named(value)?),
        "emotion" => Sense::Emotion(crate::emotion::lookup(value)?.name),
        "article" => Sense::Article(article(value)?),
        "relation" => Sense::Relation(relation(value)?),
        "link" => Sense::Link(link(value)?),
        "number" => Sense::Number(value.parse().ok()?),
        "counter" => Sense::Counter(value),
        "unit" => Sense::Unit(value.parse().ok()?),
        category => simple(category)?,
    })
}

fn simple(category: &str) -> Option<Sense> {
    Some(match category {
        "age" => Sense::Old,
        "breathe" => Sense::Breathe,
        "fire" => Sense::Fire,
        "wear" => Sense::Wear,
        "bring" => Sense::Bring,
        "rise" => Sense::Rise,
        "set" => Sense::Set,
        "natural" => Sense::Natural,
        "cover" => Sense::Cover,
        "snow" => Sense::Snow,
        "snowy" => Sense::Snowy,
        "sun" => Sense::Sun,
        "moon" => Sense::Moon,
        "scenery" => Sense::Scenery,
        "prop" => Sense::Prop,
        "one_take" => Sense::OneTake,
        "camera" => Sense::Camera,
        "pronoun" => Sense::Pronoun,
        "fps" => Sense::Fps,
        "half" => Sense::Half,
        "quarter" => Sense::Quarter,
        "media" => Sense::Media,
        "function" => Sense::Function,
        _ => return None,
    })
}

/// `key=value` pairs of the traits column.
struct Traits(Vec<(&'static str, &'static str)>);

impl Traits {
    fn parse(text: &'static str) -> Option<Self> {
        if text == "-" {
            return Some(Self(Vec::new()));
        }
        text.split(';')
            .map(|pair| pair.split_once('='))
            .collect::<Option<Vec<_>>>()
            .map(Self)
    }

    fn get(&self, key: &str) -> Option<&'static str> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
    }

    fn yes(&self, key: &str) -> bool {
        self.get(key) == Some("yes")
    }
}

/// A value of one of the spec's enums by its name in the JSON.
pub(super) fn named<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

fn subject(name: &'static str, traits: &Traits) -> Option<SubjectWord> {
    let near = traits.get("near").unwrap_or_default();
    let first_near = near.split('|').next().unwrap_or_default();
    Some(SubjectWord {
        name,
        kind: named(traits.get("kind").unwrap_or(first_near))?,
        variant: traits.get("variant").unwrap_or_default(),
        color: traits.get("color").unwrap_or_default(),
        scale: traits.get("scale").unwrap_or("1").parse().ok()?,
        count: traits.get("count").unwrap_or("1").parse().ok()?,
        near,
    })
}

fn action(value: &str, traits: &Traits) -> Option<ActionWord> {
    let goes = value == "go";
    let valency = match traits.get("valency") {
        None => Valency::Free,
        Some("toward") => Valency::Toward,
        Some("transitive") => Valency::Transitive,
        Some("mutual") => Valency::Mutual,
        Some(_) => return None,
    };
    let camera = match traits.get("camera") {
        None => None,
        Some("follow") => Some((MoveKind::Follow, 1.0)),
        Some("dolly") => Some((MoveKind::Dolly, 0.3)),
        Some("orbit") => Some((MoveKind::Orbit, 0.9)),
        Some("crane_up") => Some((MoveKind::Crane, 0.35)),
        Some("crane_down") => Some((MoveKind::Crane, -0.35)),
        Some("static") => Some((MoveKind::Static, 0.0)),
        Some(_) => return None,
    };
    Some(ActionWord {
        action: if goes { Action::Walk } else { named(value)? },
        goes,
        valency,
        passive: traits.yes("passive"),
        prey: match traits.get("prey") {
            Some(name) => Some(named(name)?),
            None => None,
        },
        camera,
        near: traits.yes("near"),
    })
}

fn place(name: &'static str, traits: &Traits) -> Option<PlaceWord> {
    Some(PlaceWord {
        name,
        kind: named(traits.get("kind")?)?,
        snow: traits.get("cover") == Some("snow"),
        above: traits.yes("above"),
        weak: traits.yes("weak"),
        near: traits.yes("near"),
        time: match traits.get("time") {
            Some(name) => Some(named(name)?),
            None => None,
        },
    })
}

fn count(value: &str) -> Option<CountWord> {
    Some(match value {
        "alone" => CountWord::Alone,
        "pair" => CountWord::Pair,
        "both" => CountWord::Both,
        "several" => CountWord::Several,
        "many" => CountWord::Many,
        "myriad" => CountWord::Myriad,
        _ => return None,
    })
}

fn article(value: &str) -> Option<Article> {
    Some(match value {
        "definite" => Article::Definite,
        "indefinite" => Article::Indefinite,
        "another" => Article::Another,
        _ => return None,
    })
}

fn relation(value: &str) -> Option<Relation> {
    Some(match value {
        "over" => Relation::Over,
        "above" => Relation::Above,
        "on" => Relation::On,
        "in" => Relation::In,
        "with" => Relation::With,
        "by" => Relation::By,
        "at" => Relation::At,
        "between" => Relation::Between,
        "of" => Relation::Of,
        "to" => Relation::To,
        "under" => Relation::Under,
        "beside" => Relation::Beside,
        _ => return None,
    })
}

fn link(value: &str) -> Option<Link> {
    Some(match value {
        "and" => Link::And,
        "then" => Link::Then,
        "while" => Link::While,
        "relative" => Link::Relative,
        "each_other" => Link::EachOther,
        "without" => Link::Without,
        "not" => Link::Not,
        "from" => Link::From,
        _ => return None,
    })
}
