//! `diff`, `params`, `schema`, `styles`.

use std::path::PathBuf;

use serde_json::{Map, Value, json};
use talos_core::{
    artefact::{self, Control},
    time::Frame,
};

use super::{Context, OpenFilm, open, print_line};
use crate::{
    error::StudioError,
    film_folder::{FilmFolder, Layer},
    korean,
    lang::Lang,
    render::key_of,
};

/// Which frames of each layer would be computed.
pub(super) struct Stale {
    frames: Vec<(Layer, Vec<u32>)>,
    /// Frames whose results are stored, while their files show another state of the film.
    stored: usize,
    total: u32,
}

impl Stale {
    pub(super) fn of(open: &OpenFilm) -> Self {
        let store = open.folder.store();
        let total = open.spec.frame_count;
        let mut frames: Vec<(Layer, Vec<u32>)> = Layer::ALL.iter().map(|l| (*l, Vec::new())).collect();
        let mut stored = 0;
        for n in (1..=total).map(Frame) {
            let keys = open.film.keys(n);
            let mut to_lay = false;
            for (layer, list) in &mut frames {
                let (key, path) = (
                    key_of(&keys, *layer),
                    open.folder.frame(*layer, open.film.cut_id(n), n),
                );
                if !store.has(key) {
                    list.push(n.0);
                } else {
                    to_lay |= !store.is_laid(key, &path);
                }
            }
            stored += usize::from(to_lay);
        }
        Self {
            frames,
            stored,
            total,
        }
    }

    fn counts(&self) -> Value {
        let rows = self
            .frames
            .iter()
            .map(|(layer, frames)| (layer.name().to_owned(), json!(frames.len())));
        Value::Object(rows.collect::<Map<_, _>>())
    }

    /// The counts, and frames that only need to be laid out.
    pub(super) fn json(&self) -> Value {
        json!({ "stale": self.counts(), "stored": self.stored })
    }

    pub(super) fn words(&self, lang: Lang) -> String {
        let parts: Vec<String> = self
            .frames
            .iter()
            .filter(|(_, frames)| !frames.is_empty())
            .map(|(layer, frames)| match frames.as_slice() {
                [one] => format!(
                    "{} {}",
                    layer.name(),
                    lang.pick("frame ", "프레임 ").to_owned() + &one.to_string()
                ),
                many => format!("{} {}/{}", layer.name(), many.len(), self.total),
            })
            .collect();
        if parts.is_empty() && self.stored > 0 {
            let frames = lang.pick(
                "nothing to compute; `talos render` lays out what is stored, frames:",
                "새로 계산할 것은 없습니다. `talos render`가 저장된 결과를 펼칩니다. 프레임 수:",
            );
            return format!("{frames} {}", self.stored);
        }
        if parts.is_empty() {
            return lang.pick("nothing is stale", "다시 계산할 것이 없습니다").into();
        }
        format!(
            "{}: {}",
            lang.pick("to compute", "다시 계산할 것"),
            parts.join(", ")
        )
    }
}

/// What was changed by hand, and what is stale.
pub(super) fn diff(context: &Context, film: PathBuf) -> Result<(), StudioError> {
    let open = open(film)?;
    let control = open.folder.control()?;
    let changed: Vec<_> = control
        .list(&open.spec)
        .into_iter()
        .zip(Control::default().list(&open.spec))
        .collect();
    let stale = Stale::of(&open);
    let changes: Vec<(String, Value, Value)> = changed
        .into_iter()
        .filter(|(now, computed)| now.value != computed.value)
        .map(|(now, computed)| (now.address, computed.value, now.value))
        .collect();
    if context.json {
        return print_line(
            &json!({ "changes": changes, "edits": control.edits, "stale": stale.counts(), "stored": stale.stored }),
        );
    }
    for (address, before, after) in changes {
        print_line(&format!("{address}: {before} → {after}"))?;
    }
    for edit in &control.edits {
        print_line(&format!(
            "stroke/{}: {}, frames {}-{} ({})",
            edit.target,
            korean::in_language(&edit.change.to_string(), context.lang),
            edit.first_frame,
            edit.last_frame,
            edit.id
        ))?;
    }
    print_line(&stale.words(context.lang))
}

/// Every parameter.
pub(super) fn params(context: &Context, film: PathBuf, filter: Option<&str>) -> Result<(), StudioError> {
    let folder = FilmFolder::open(film)?;
    let all = folder.control()?.list(&folder.spec()?);
    let wanted = |p: &&artefact::Parameter| filter.is_none_or(|f| p.address.contains(f));
    let list: Vec<_> = all.iter().filter(wanted).collect();
    if let (Some(filter), true) = (filter, list.is_empty()) {
        let near = artefact::nearest(filter, all.iter().map(|p| p.address.as_str()));
        return Err(StudioError::Input(format!(
            "no parameter `{filter}`; nearest: {}",
            near.join(", ")
        )));
    }
    if context.json {
        return print_line(&json!(list));
    }
    for parameter in &list {
        let mark = if parameter.overridden { "*" } else { " " };
        let unit = if parameter.unit.is_empty() {
            String::new()
        } else {
            format!(" {}", parameter.unit)
        };
        print_line(&format!(
            "{mark} {} = {}{unit}    ({})",
            parameter.address,
            parameter.value,
            korean::in_language(&parameter.range.describe(), context.lang)
        ))?;
    }
    Ok(())
}

/// JSON Schema of an artefact.
pub(super) fn schema(context: &Context, name: Option<&str>) -> Result<(), StudioError> {
    let names: Vec<&str> = artefact::schema_names().collect();
    let Some(name) = name else {
        context.say(names.join("\n"), &json!(names))?;
        return Ok(());
    };
    let Some(schema) = artefact::schema_of(name) else {
        return Err(StudioError::Input(format!(
            "no schema `{name}`; nearest: {}; there are {}",
            artefact::nearest(name, names.iter().copied()).swap_remove(0),
            names.join(", ")
        )));
    };
    print_line(artefact::write_json(&schema).trim_end())
}

/// The style profiles.
pub(super) fn styles(context: &Context) -> Result<(), StudioError> {
    let styles = artefact::StyleProfile::built_in();
    let rows: Vec<String> = styles
        .iter()
        .map(|s| format!("{:<16} {}", s.name, s.name_ko))
        .collect();
    let names: Vec<Value> = styles
        .iter()
        .map(|s| json!({ "name": s.name, "name_ko": s.name_ko }))
        .collect();
    context.say(rows.join("\n"), &json!(names))
}
