//! A film assembled: everything a frame needs, found once; then any frame alone.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc};

use rayon::prelude::*;
use thiserror::Error;

use super::{
    axis, cast,
    cast::Performer,
    keys::{FilmKeys, FrameKeys, TracksKeys},
    location::{self, Setup},
    look::Look,
    stokes::{Effects, Stokes},
    tracks::{self, Baked, Ticks},
};
use crate::{
    artefact::{Control, Cut, CutSpec, CutTracks, Finding, Lines, Status, StyleProfile},
    camera::{Camera, FrameSize, Projection, ShotPlan, SubjectBounds},
    digest::Digest,
    emotion::{EmotionPath, ResponseKind, Responses, Vad},
    geometry::Model,
    image::{Picture, Visibility, rasterize},
    math::{DAffine3, DVec3},
    random::Seed,
    scene::{
        SceneObject, Track,
        choreography::{self, Bearing, Performance},
        environment::Environment,
    },
    stroke::{Anatomy, Audit, InkStyle, Moment, PressureModel, Tracks, audit},
    time::{Frame, FrameRate},
};

/// Why a film cannot be assembled or rendered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FilmError {
    /// The spec names a frame rate that is none.
    #[error("/frame_rate: {0}")]
    Rate(#[from] crate::time::TimeError),
    /// The spec names a seed that is no number.
    #[error("/seed: `{0}` is no whole number from 0 to 18446744073709551615")]
    Seed(String),
    /// The spec names a style that is none.
    #[error("/style: {0}")]
    Style(#[from] crate::artefact::StyleError),
    /// The emotion's keys are out of order or missing.
    #[error("/emotion/keys: {0}")]
    Emotion(#[from] crate::emotion::EmotionError),
    /// The spec has no cut.
    #[error("/cuts: there is none; a film has at least one")]
    NoCut,
    /// An imported model is not there.
    #[error("/cast: the model `{name}` of {subject} was not given; add --asset {name}=FILE.glb")]
    MissingAsset {
        /// Name of the model.
        name: String,
        /// Who wears it.
        subject: String,
    },
    /// An imported model cannot be read.
    #[error(transparent)]
    Asset(#[from] crate::format::GltfError),
    /// The solver refused.
    #[error(transparent)]
    Fluid(#[from] crate::fluid::FluidError),
    /// Baked effects are not what was written.
    #[error("the baked effects are damaged; run the command again to compute them anew")]
    DamagedEffects,
}

/// A film, assembled from its spec with its control laid over.
pub struct Film {
    spec: CutSpec,
    pub(super) control: Control,
    size: FrameSize,
    rate: FrameRate,
    performers: Vec<Performer>,
    environment: Environment,
    anatomies: Vec<Arc<Anatomy>>,
    cameras: Vec<Setup>,
    emotion: EmotionPath,
    responses: Responses,
    look: Look,
    stokes: Option<Stokes>,
    keys: FilmKeys,
    findings: Vec<Finding>,
    baked: Baked,
}

/// A frame's scene, posed, and what its camera sees.
pub struct Prepared {
    pub(super) frame: Frame,
    pub(super) time_s: f64,
    pub(super) objects: Vec<SceneObject>,
    pub(super) camera: Camera,
    pub(super) projection: Projection,
    pub(super) visibility: Visibility,
    pub(super) mood: Vad,
    /// Direction of view in the middle of the cut: what light is set by.
    pub(super) cut_view: DVec3,
}

impl Prepared {
    /// Which frame it is.
    #[must_use]
    pub fn frame(&self) -> Frame {
        self.frame
    }

    /// The camera.
    #[must_use]
    pub fn camera(&self) -> &Camera {
        &self.camera
    }

    /// Every object of the scene, posed.
    #[must_use]
    pub fn objects(&self) -> &[SceneObject] {
        &self.objects
    }
}

/// The pictures of a frame, a layer each.
#[derive(Clone, Debug)]
pub struct Pictures {
    /// Flat colour with lines.
    pub chroma: Picture,
    /// Effects, with alpha.
    pub stokes: Picture,
    /// Light, without lines.
    pub raygen: Picture,
    /// The picture.
    pub anima: Picture,
}

impl Film {
    /// Assembles a film. `assets` are the bytes of imported models by name.
    ///
    /// # Errors
    /// See [`FilmError`].
    pub fn new(
        spec: &CutSpec,
        control: &Control,
        assets: &BTreeMap<String, Vec<u8>>,
    ) -> Result<Self, FilmError> {
        let (spec, lost) = control.laid_over(spec);
        if spec.cuts.is_empty() {
            return Err(FilmError::NoCut);
        }
        let rate: FrameRate = spec.frame_rate.parse()?;
        let seed = Seed(
            spec.seed
                .parse()
                .map_err(|_| FilmError::Seed(spec.seed.clone()))?,
        );
        let style = StyleProfile::named(&spec.style)?;
        let emotion = EmotionPath::new(&spec.emotion.keys)?;
        let responses = control.responses();
        let mut performers = cast::build(&spec, assets)?;
        let largest = performers.iter().map(|p| p.gait.size_m).fold(0.5, f64::max);
        let environment = Environment::build(&spec.place, seed, largest);
        let tracks = routes(&spec, &performers, &environment, &emotion, &responses, seed, rate);
        for performer in &mut performers {
            if let Some(track) = tracks.get(&performer.id) {
                performer.track = track.clone();
            }
        }
        let cameras = cameras(&spec, &performers, &environment, &emotion, &responses, seed, rate);
        let digests: Vec<Digest> = assets.values().map(|bytes| Digest::of_bytes(bytes)).collect();
        let keys = FilmKeys::new(&spec, control, &style, &digests);
        let intensity = |time_s: f64| {
            responses.along(
                ResponseKind::EffectIntensity,
                &emotion,
                share(&spec, rate, time_s),
            )
        };
        let stokes = Stokes::plan(&spec, &performers, rate, seed, &intensity)?;
        let anatomies = anatomies(&performers, &environment);
        let imported = cast::imported(&spec, assets)?;
        let mood = |kind| responses.along(kind, &emotion, 0.5);
        let look = Look::new(&spec, control, style, &mood, imported.colors, seed);
        let findings = findings(&spec, &lost, &imported.notes, &cameras);
        let baked = Baked::new(spec.cuts.len());
        Ok(Self {
            size: spec.frame_size,
            control: control.clone(),
            spec,
            rate,
            performers,
            environment,
            anatomies,
            cameras,
            emotion,
            responses,
            look,
            stokes,
            keys,
            findings,
            baked,
        })
    }

    /// Frame size.
    #[must_use]
    pub fn size(&self) -> FrameSize {
        self.size
    }

    /// Frame rate.
    #[must_use]
    pub fn rate(&self) -> FrameRate {
        self.rate
    }

    /// The spec with its control laid over.
    #[must_use]
    pub fn spec(&self) -> &CutSpec {
        &self.spec
    }

    /// What is simulated, if anything.
    #[must_use]
    pub fn stokes(&self) -> Option<&Stokes> {
        self.stokes.as_ref()
    }

    /// `passed`, or `degraded` when a finding says so.
    #[must_use]
    pub fn status(&self) -> Status {
        let degraded = self.findings.iter().any(|f| f.status != Status::Passed);
        if degraded {
            Status::Degraded
        } else {
            self.spec.status
        }
    }

    /// What was not done as asked, and remarks.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        self.findings.clone()
    }

    fn cut_index(&self, frame: Frame) -> usize {
        let after = self.spec.cuts.partition_point(|c| c.first_frame <= frame.0);
        after.saturating_sub(1)
    }

    fn cut(&self, frame: Frame) -> &Cut {
        &self.spec.cuts[self.cut_index(frame)]
    }

    /// Id of the cut that a frame is in.
    #[must_use]
    pub fn cut_id(&self, frame: Frame) -> &str {
        &self.cut(frame).cut_id
    }

    /// Keys of a frame's layers in the store.
    #[must_use]
    pub fn keys(&self, frame: Frame) -> FrameKeys {
        let effects = self.stokes.as_ref().map(|s| s.frame_key(frame));
        self.keys.of_frame(&self.control, self.cut(frame), frame, effects)
    }

    /// Key and value pairs that travel in a PNG file of a frame's layer, `key` being that layer's.
    #[must_use]
    pub fn provenance(&self, frame: Frame, key: &Digest) -> Vec<(String, String)> {
        let pair = |key: &str, value: String| (key.to_owned(), value);
        vec![
            pair("Software", format!("TALOS {}", crate::ENGINE_VERSION)),
            pair("talos:seed", self.spec.seed.clone()),
            pair("talos:cut", self.cut_id(frame).to_owned()),
            pair("talos:frame", frame.0.to_string()),
            pair("talos:key", key.to_string()),
        ]
    }

    /// Poses the scene of a frame and finds what its camera sees.
    #[must_use]
    pub fn prepare(&self, frame: Frame) -> Prepared {
        let time_s = self.rate.seconds(frame);
        let shot = &self.cameras[self.cut_index(frame)].camera;
        let Posed { camera, objects } = self.posed(self.cut_index(frame), time_s);
        let cut = self.cut(frame);
        let middle = Frame(u32::midpoint(cut.first_frame, cut.last_frame));
        let cut_view = shot.at(self.rate.seconds(middle)).forward();
        let projection = camera.projection(self.size);
        let visibility = rasterize(&objects, &projection, self.size);
        let mood = self.emotion.at(self.share(time_s));
        Prepared {
            frame,
            time_s,
            objects,
            camera,
            projection,
            visibility,
            mood,
            cut_view,
        }
    }

    /// The scene and the camera of a cut at a time.
    fn posed(&self, cut: usize, time_s: f64) -> Posed {
        let mut objects: Vec<SceneObject> = self.performers.par_iter().map(|p| p.at(time_s)).collect();
        objects.extend(self.environment.props.iter().cloned());
        let camera = self.cameras[cut].camera.at(time_s);
        Posed { camera, objects }
    }

    /// The names of the strokes in a frame's cut, followed through it: taken over from the store by
    /// [`Film::take_tracks`], or baked when first asked for.
    #[must_use]
    pub fn tracks(&self, frame: Frame) -> Arc<Tracks> {
        let cut = self.cut_index(frame);
        self.baked.get(cut, || {
            let ticks = Ticks::of(&self.spec.cuts[cut], self.rate);
            tracks::bake(&self.anatomies, self.size, ticks, &|time_s| {
                let Posed { camera, objects } = self.posed(cut, time_s);
                let projection = camera.projection(tracks::bake_size(self.size));
                Moment { objects, projection }
            })
        })
    }

    /// Keys of the tracks of a frame's cut.
    #[must_use]
    pub fn tracks_keys(&self, frame: Frame) -> TracksKeys {
        self.keys.of_tracks(&self.control, self.cut(frame))
    }

    /// `tracks.json` of a frame's cut.
    #[must_use]
    pub fn tracks_listing(&self, frame: Frame) -> CutTracks {
        let cut = self.cut(frame);
        let ticks = Ticks::of(cut, self.rate);
        CutTracks::new(&cut.cut_id, &self.tracks(frame), |tick| {
            ticks.frame(tick, self.rate, cut)
        })
    }

    /// Whether the tracks of a frame's cut are known.
    #[must_use]
    pub fn has_tracks(&self, frame: Frame) -> bool {
        self.baked.is_known(self.cut_index(frame))
    }

    /// Takes over the tracks of a frame's cut, baked before under [`Film::tracks_keys`].
    pub fn take_tracks(&self, frame: Frame, tracks: Tracks) {
        self.baked.set(self.cut_index(frame), tracks);
    }

    fn share(&self, time_s: f64) -> f64 {
        share(&self.spec, self.rate, time_s)
    }

    /// AXIS: the lines of a frame, before edits.
    #[must_use]
    pub fn draw(&self, prepared: &Prepared) -> Lines {
        let tracks = self.tracks(prepared.frame);
        let tick = Ticks::of(self.cut(prepared.frame), self.rate).nearest(prepared.time_s);
        let settings = axis::Settings {
            tracks: (&tracks, tick),
            cut_id: self.cut_id(prepared.frame),
            pressure_avg: self.control.parameters.line_pressure_avg,
            pressure: self.pressure_model(prepared),
        };
        axis::draw(prepared, &self.anatomies, self.size, &settings)
    }

    /// How hard the pen presses in a frame.
    pub(super) fn pressure_model(&self, prepared: &Prepared) -> PressureModel {
        let share = self.share(prepared.time_s);
        PressureModel {
            reference_depth_m: prepared.camera.lens.focus_distance_m,
            base: self
                .responses
                .value(ResponseKind::PenPressure, prepared.mood, share),
            ..PressureModel::default()
        }
    }

    /// Drawing's knowledge of every object's model.
    pub(super) fn anatomies(&self) -> &[Arc<Anatomy>] {
        &self.anatomies
    }

    /// Judges lines by rays instead of the raster they were drawn by: precision and recall.
    #[must_use]
    pub fn audit(&self, prepared: &Prepared, lines: &Lines) -> Audit {
        let (objects, anatomies) = (&prepared.objects, &self.anatomies);
        audit(
            objects,
            anatomies,
            &prepared.projection,
            self.size,
            &lines.strokes(),
        )
    }

    /// The camera of a frame.
    #[must_use]
    pub fn camera(&self, frame: Frame) -> Camera {
        self.cameras[self.cut_index(frame)]
            .camera
            .at(self.rate.seconds(frame))
    }

    /// First and last frame of the cut that a frame is in.
    #[must_use]
    pub fn frames_of_cut(&self, frame: Frame) -> RangeInclusive<u32> {
        let cut = self.cut(frame);
        cut.first_frame..=cut.last_frame
    }

    /// One object of the scene, posed in a frame.
    pub(super) fn object(&self, frame: Frame, id: &str) -> Option<SceneObject> {
        let performer = self.performers.iter().find(|p| p.id == id);
        let prop = || self.environment.props.iter().find(|p| p.id == id).cloned();
        performer.map(|p| p.at(self.rate.seconds(frame))).or_else(prop)
    }

    /// The model of an object.
    pub(super) fn model_of(&self, id: &str) -> Option<&Arc<Model>> {
        let performer = self.performers.iter().find(|p| p.id == id);
        let prop = || self.environment.props.iter().find(|p| p.id == id);
        performer
            .map(|p| &p.subject.model)
            .or_else(|| prop().map(|p| &p.model))
    }

    /// Whose stroke it is: the object with the longest id that the stroke's begins with.
    pub(super) fn subject_of<'a>(&'a self, stroke_id: &str) -> Option<&'a str> {
        let performers = self.performers.iter().map(|p| p.id.as_str());
        let props = self.environment.props.iter().map(|p| p.id.as_str());
        let owns = |id: &&str| {
            stroke_id
                .strip_prefix(id)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        performers.chain(props).filter(owns).max_by_key(|id| id.len())
    }

    /// Where a member of the cast stands in a frame; things do not move.
    pub(super) fn world_from_subject(&self, id: &str, frame: Frame) -> DAffine3 {
        let performer = self.performers.iter().find(|p| p.id == id);
        performer.map_or(DAffine3::IDENTITY, |p| {
            p.world_from_model(self.rate.seconds(frame))
        })
    }

    /// CHROMA, RAYGEN, STOKES and ANIMA: a frame's pictures from its lines and baked effects.
    #[must_use]
    pub fn pictures(&self, prepared: &Prepared, lines: &Lines, effects: Option<&Effects>) -> Pictures {
        let weight = self.line_weight(prepared.frame);
        self.look.pictures(prepared, lines, effects, weight)
    }

    /// How much heavier a frame's emotion makes its lines.
    fn line_weight(&self, frame: Frame) -> f64 {
        let share = self.share(self.rate.seconds(frame));
        let mood = self.emotion.at(share);
        self.responses.value(ResponseKind::LineWeight, mood, share)
    }

    /// The ink of a layer in a frame, as the film's style has it, or another style.
    #[must_use]
    pub fn ink_style(&self, layer: &str, frame: Frame, style: Option<&StyleProfile>) -> InkStyle {
        self.look.ink_style(layer, self.line_weight(frame), style)
    }

    /// The film's seed.
    #[must_use]
    pub fn seed(&self) -> Seed {
        self.look.seed()
    }

    /// The film's style.
    #[must_use]
    pub fn style(&self) -> &StyleProfile {
        self.look.style()
    }
}

/// A scene before it is seen.
struct Posed {
    camera: Camera,
    objects: Vec<SceneObject>,
}

/// A time's share of a film's length.
fn share(spec: &CutSpec, rate: FrameRate, time_s: f64) -> f64 {
    let length = rate.seconds(Frame(spec.frame_count + 1));
    crate::math::scalar::saturate(time_s / length.max(1e-9))
}

/// Where everyone is, for the whole film.
fn routes(
    spec: &CutSpec,
    performers: &[Performer],
    environment: &Environment,
    emotion: &EmotionPath,
    responses: &Responses,
    seed: Seed,
    rate: FrameRate,
) -> BTreeMap<String, Track> {
    let gaits = performers.iter().map(|p| (p.id.clone(), p.gait)).collect();
    let bearing = |share: f64| {
        let vad = emotion.at(share);
        Bearing {
            vad,
            amplitude: responses.value(ResponseKind::MotionAmplitude, vad, share),
            tempo: responses.value(ResponseKind::MotionTempo, vad, share),
        }
    };
    let ground = |x: f64, z: f64| environment.ground_height(x, z);
    let path = |z: f64| environment.stage.path.at(z);
    let stage = &environment.stage;
    choreography::choreograph(&Performance {
        spec,
        gaits: &gaits,
        stage: choreography::Stage {
            centre: DVec3::new(
                stage.centre.x,
                stage.centre.y - stage.flight_altitude_m,
                stage.centre.z,
            ),
            flight_altitude_m: stage.flight_altitude_m,
            ground: &ground,
            path: &path,
        },
        bearing: &bearing,
        seed,
        rate,
    })
}

/// A camera for every cut.
fn cameras(
    spec: &CutSpec,
    performers: &[Performer],
    environment: &Environment,
    emotion: &EmotionPath,
    responses: &Responses,
    seed: Seed,
    rate: FrameRate,
) -> Vec<Setup> {
    let ground = |x: f64, z: f64| environment.ground_height(x, z);
    let place = SubjectBounds::standing(environment.stage.centre, 20.0, DVec3::Z);
    spec.cuts
        .par_iter()
        .map(|cut| {
            let middle_s = rate.seconds(Frame(u32::midpoint(cut.first_frame, cut.last_frame)));
            let share = share(spec, rate, middle_s);
            let mood = emotion.at(share);
            let mut framed: Vec<&Performer> = performers
                .iter()
                .filter(|p| cut.subjects.contains(&p.id))
                .collect();
            framed.sort_by_key(|p| cut.subjects.iter().position(|id| *id == p.id));
            let bounds = |time_s: f64| framed.iter().map(|p| p.bounds(time_s)).collect();
            let plan = ShotPlan {
                shake_rad: responses.value(ResponseKind::ShakeRad, mood, share),
                speed: responses.value(ResponseKind::MoveSpeed, mood, share),
                ground: &ground,
                place,
                ..ShotPlan::of_cut(cut, rate, &bounds)
            };
            location::scout(&plan, spec.frame_size, seed, environment)
        })
        .collect()
}

/// Drawing's knowledge of every model, in the order of [`Film::prepare`]'s objects.
fn anatomies(performers: &[Performer], environment: &Environment) -> Vec<Arc<Anatomy>> {
    let models: Vec<_> = performers
        .iter()
        .map(|p| &p.subject.model)
        .chain(environment.props.iter().map(|p| &p.model))
        .collect();
    // instances share a model: one anatomy for each
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    let mut order: Vec<usize> = Vec::with_capacity(models.len());
    let mut distinct = Vec::new();
    for model in &models {
        let address = Arc::as_ptr(model) as usize;
        let index = *first.entry(address).or_insert_with(|| {
            distinct.push(*model);
            distinct.len() - 1
        });
        order.push(index);
    }
    let made: Vec<Arc<Anatomy>> = distinct.par_iter().map(|m| Arc::new(Anatomy::new(m))).collect();
    order.into_iter().map(|index| Arc::clone(&made[index])).collect()
}

/// The spec's findings, those of lost overrides, of what imported models hold that is not shown, and of cameras that
/// could not frame as asked.
fn findings(spec: &CutSpec, lost: &[String], notes: &[(String, String)], cameras: &[Setup]) -> Vec<Finding> {
    let finding = |code: &str, text: &str, message: String| Finding {
        status: Status::Degraded,
        code: code.into(),
        text: text.into(),
        start: 0,
        end: 0,
        message,
        nearest: Vec::new(),
    };
    let mut list = spec.findings.clone();
    list.extend(lost.iter().map(|address| {
        finding(
            "lost_override",
            address,
            "control.json sets it, but the film has no such parameter now".into(),
        )
    }));
    list.extend(
        notes
            .iter()
            .map(|(asset, note)| finding("model", asset, note.clone())),
    );
    for (cut, setup) in spec.cuts.iter().zip(cameras) {
        let residual = setup.camera.residual();
        if residual > FRAMING_TOLERANCE {
            let percent = (residual * 1000.0).round() / 10.0;
            list.push(finding(
                "framing",
                &cut.cut_id,
                format!("framed to within {percent} % of the frame's height"),
            ));
        }
        if setup.blocked > 0.0 {
            let percent = (setup.blocked * 100.0).round();
            list.push(finding(
                "blocked_view",
                &cut.cut_id,
                format!("{percent} % of the looks at its subjects are blocked"),
            ));
        }
        let remark = |message: String| Finding {
            status: Status::Passed,
            ..finding("camera", &cut.cut_id, message)
        };
        list.extend(setup.camera.notes().iter().cloned().map(remark));
        if setup.moved_rad != 0.0 {
            let degrees = setup.moved_rad.to_degrees().round();
            list.push(remark(format!(
                "the camera stands {degrees}° aside, where nothing blocks its view"
            )));
        }
    }
    list
}

/// Framing further off than this share of the frame's height is said.
const FRAMING_TOLERANCE: f64 = 0.02;
