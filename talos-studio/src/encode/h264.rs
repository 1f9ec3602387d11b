//! H.264 through the openh264 crate's bundled source: one thread and fixed settings,
//! so that the same frames give the same bytes on one build.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use openh264::{
    OpenH264API, Timestamp,
    encoder::{
        Complexity, Encoder, EncoderConfig, FrameRate as HertzRate, IntraFramePeriod, Profile, QpRange,
        RateControlMode, UsageType, VuiConfig,
    },
    nal_units,
};
use talos_core::{camera::FrameSize, time::FrameRate};
use tempfile::NamedTempFile;
use thiserror::Error;

use super::{mp4, yuv::Yuv420};
use crate::folder;

/// Why a video could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VideoError {
    /// The disk refused.
    #[error("cannot write {path}: {source}")]
    Io {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The encoder refused.
    #[error("the H.264 encoder refused frame {frame}: {message}")]
    Encoder {
        /// Frame, 1-based.
        frame: u32,
        /// What it said.
        message: String,
    },
    /// A frame of another size than the first.
    #[error("frame {frame} has {got} bytes, {want} were expected for its size")]
    FrameSize {
        /// Frame, 1-based.
        frame: u32,
        /// Bytes given.
        got: usize,
        /// Bytes expected.
        want: usize,
    },
    /// The container could not be laid out.
    #[error("cannot lay out the MP4: {0}")]
    Container(String),
}

/// Takes frames one by one; the file appears whole on [`Self::finish`], or not at all.
pub struct VideoWriter {
    path: PathBuf,
    size: FrameSize,
    rate: FrameRate,
    encoder: Encoder,
    samples: BufWriter<NamedTempFile>,
    track: mp4::Track,
}

impl VideoWriter {
    /// A writer of `path`, for frames of even `size`.
    ///
    /// # Errors
    /// When the folder cannot be written or the encoder cannot start.
    pub fn new(path: &Path, size: FrameSize, rate: FrameRate) -> Result<Self, VideoError> {
        let parent = path.parent().unwrap_or(Path::new("."));
        let io = |source| VideoError::Io {
            path: path.to_owned(),
            source,
        };
        let samples = BufWriter::new(folder::unfinished(parent).map_err(io)?);
        let encoder = Encoder::with_api_config(OpenH264API::from_source(), settings(rate)).map_err(|e| {
            VideoError::Encoder {
                frame: 0,
                message: e.to_string(),
            }
        })?;
        Ok(Self {
            path: path.to_owned(),
            size,
            rate,
            encoder,
            samples,
            track: mp4::Track::default(),
        })
    }

    /// Adds a frame of 8-bit RGB.
    ///
    /// # Errors
    /// A frame of the wrong size, an encoder that refuses, a disk that is full.
    pub fn push(&mut self, rgb: &[u8]) -> Result<(), VideoError> {
        let frame = self.track.sample_sizes.len() as u32 + 1;
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        if rgb.len() != width * height * 3 {
            return Err(VideoError::FrameSize {
                frame,
                got: rgb.len(),
                want: width * height * 3,
            });
        }
        let milliseconds = u64::from(frame - 1) * 1000 * u64::from(self.rate.denominator());
        let at = Timestamp::from_millis(milliseconds / u64::from(self.rate.numerator()));
        let stream = self
            .encoder
            .encode_at(&Yuv420::from_rgb(rgb, width, height), at)
            .map_err(|e| VideoError::Encoder {
                frame,
                message: e.to_string(),
            })?
            .to_vec();
        let mut sample = Vec::with_capacity(stream.len());
        for unit in nal_units(&stream) {
            self.track.take_unit(unit, frame, &mut sample);
        }
        if sample.is_empty() {
            return Err(VideoError::Encoder {
                frame,
                message: "it gave no picture".into(),
            });
        }
        self.track.sample_sizes.push(sample.len() as u32);
        self.samples.write_all(&sample).map_err(|source| VideoError::Io {
            path: self.path.clone(),
            source,
        })
    }

    /// Writes the file: index first, then pictures, so that it plays while it loads.
    ///
    /// # Errors
    /// When the disk refuses, or no frame was given.
    pub fn finish(self) -> Result<(), VideoError> {
        let path = self.path.clone();
        let io = |source| VideoError::Io {
            path: path.clone(),
            source,
        };
        let mut samples = self.samples.into_inner().map_err(|e| io(e.into_error()))?;
        let head = self
            .track
            .head(self.size, self.rate)
            .map_err(VideoError::Container)?;
        let parent = path.parent().unwrap_or(Path::new("."));
        let mut out = folder::unfinished(parent).map_err(io)?;
        out.write_all(&head).map_err(io)?;
        let mut reader = File::open(samples.path()).map_err(io)?;
        samples.flush().map_err(io)?;
        io::copy(&mut reader, &mut out).map_err(io)?;
        folder::persist(out, &path).map_err(io)
    }
}

/// Quantiser of every frame. Above about 24 line art gets mosquito noise; below 18 files double for nothing seen.
const QP: u8 = 21;

/// High profile, one quantiser for all frames (no rate control, so nothing depends on speed or
/// history), a key frame at least every 2 s for scrubbing.
fn settings(rate: FrameRate) -> EncoderConfig {
    EncoderConfig::new()
        .profile(Profile::High)
        .complexity(Complexity::Medium)
        .usage_type(UsageType::CameraVideoRealTime)
        .rate_control_mode(RateControlMode::Off)
        .max_frame_rate(HertzRate::from_hz(rate.per_second() as f32))
        .qp(QpRange::new(QP, QP))
        .intra_frame_period(IntraFramePeriod::from_num_frames(rate.nominal() * 2))
        .skip_frames(false)
        .background_detection(false)
        .adaptive_quantization(false)
        .scene_change_detect(true)
        .num_threads(1)
        .vui(VuiConfig::bt709())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(path: &Path, frames: u8) {
        let size = FrameSize {
            width: 64,
            height: 48,
        };
        let mut writer =
            VideoWriter::new(path, size, FrameRate::new(24000, 1001).expect("a rate")).expect("starts");
        for n in 0..frames {
            let rgb: Vec<u8> = (0..64 * 48)
                .flat_map(|i| [n * 9, (i % 64) as u8 * 4, (i / 64) as u8 * 5])
                .collect();
            writer.push(&rgb).expect("a frame");
        }
        writer.finish().expect("written");
    }

    #[test]
    fn the_same_frames_give_the_same_file_and_its_times_are_exact() {
        let folder = tempfile::tempdir().expect("a folder");
        let [a, b] = ["a.mp4", "b.mp4"].map(|name| folder.path().join(name));
        clip(&a, 12);
        clip(&b, 12);
        let bytes = std::fs::read(&a).expect("written");
        assert_eq!(bytes, std::fs::read(&b).expect("written"));
        let info = mp4::read_back(&bytes).expect("an MP4");
        assert_eq!(
            info,
            mp4::Info {
                timescale: 24000,
                delta: 1001,
                samples: 12,
                width: 64,
                height: 48,
                index_first: true
            }
        );
    }

    #[test]
    fn what_is_written_decodes_to_nearly_what_was_given() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.mp4");
        clip(&path, 4);
        let stream = mp4::elementary_stream(&std::fs::read(&path).expect("written")).expect("an MP4");
        let mut decoder = openh264::decoder::Decoder::new().expect("starts");
        let mut pictures = 0;
        for unit in nal_units(&stream) {
            if let Some(picture) = decoder.decode(unit).expect("valid H.264") {
                use openh264::formats::YUVSource;
                assert_eq!(picture.dimensions(), (64, 48));
                pictures += 1;
            }
        }
        pictures += decoder.flush_remaining().expect("flushes").len();
        assert_eq!(pictures, 4);
    }

    #[test]
    fn a_wrong_size_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.mp4");
        let size = FrameSize {
            width: 64,
            height: 48,
        };
        let mut writer = VideoWriter::new(&path, size, FrameRate::default()).expect("starts");
        assert!(matches!(
            writer.push(&[0; 10]),
            Err(VideoError::FrameSize { frame: 1, .. })
        ));
        drop(writer);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
