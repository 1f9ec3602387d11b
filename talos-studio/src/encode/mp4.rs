//! The MP4 container (ISO/IEC 14496-12, -15): one video track, exact ticks, index first.

use mp4_atom::{
    Avc1, Avcc, Codec, Colr, Compressor, Dinf, Dref, DrefEntry, Encode, FourCC, Ftyp, Hdlr, Mdhd, Mdia, Minf,
    Moov, Mvhd, Stbl, Stco, Stsc, StscEntry, Stsd, Stss, Stsz, StszSamples, Stts, SttsEntry, Tkhd, Trak, Url,
    Visual, Vmhd,
};
use talos_core::{camera::FrameSize, time::FrameRate};

/// What is known of the track while its samples are written.
#[derive(Default)]
pub(super) struct Track {
    pub(super) sample_sizes: Vec<u32>,
    key_frames: Vec<u32>,
    sps: Vec<u8>,
    pps: Vec<u8>,
}

/// NAL unit types of ITU-T H.264, table 7-1.
const IDR: u8 = 5;
const SPS: u8 = 7;
const PPS: u8 = 8;

impl Track {
    /// Adds one Annex B unit (with start code) to a sample, or keeps it for the header.
    pub(super) fn take_unit(&mut self, unit: &[u8], frame: u32, sample: &mut Vec<u8>) {
        let zeros = unit.iter().take_while(|b| **b == 0).count();
        let body = unit.get(zeros + 1..).unwrap_or_default();
        let Some(kind) = body.first().map(|b| b & 0x1f) else {
            return;
        };
        match kind {
            SPS if self.sps.is_empty() => self.sps = body.to_vec(),
            PPS if self.pps.is_empty() => self.pps = body.to_vec(),
            SPS | PPS => {}
            _ => {
                if kind == IDR && self.key_frames.last() != Some(&frame) {
                    self.key_frames.push(frame);
                }
                sample.extend_from_slice(&(body.len() as u32).to_be_bytes());
                sample.extend_from_slice(body);
            }
        }
    }

    /// Everything before the pictures: `ftyp`, `moov` and the header of `mdat`.
    pub(super) fn head(&self, size: FrameSize, rate: FrameRate) -> Result<Vec<u8>, String> {
        let ftyp = Ftyp {
            major_brand: FourCC::new(b"isom"),
            minor_version: 512,
            compatible_brands: [b"isom", b"iso2", b"avc1", b"mp41"].map(FourCC::new).to_vec(),
        };
        let mut head = Vec::new();
        ftyp.encode(&mut head).map_err(|e| e.to_string())?;
        let before = head.len();
        self.moov(size, rate, 0)?
            .encode(&mut head)
            .map_err(|e| e.to_string())?;
        let data: u64 = self.sample_sizes.iter().map(|s| u64::from(*s)).sum();
        if data + head.len() as u64 + 8 > u64::from(u32::MAX) {
            return Err("the video is over 4 GiB; encode fewer frames at a time".into());
        }
        let offset = head.len() as u32 + 8;
        head.truncate(before);
        self.moov(size, rate, offset)?
            .encode(&mut head)
            .map_err(|e| e.to_string())?;
        head.extend_from_slice(&(data as u32 + 8).to_be_bytes());
        head.extend_from_slice(b"mdat");
        Ok(head)
    }

    fn moov(&self, size: FrameSize, rate: FrameRate, offset: u32) -> Result<Moov, String> {
        let samples = self.sample_sizes.len() as u32;
        let duration = u64::from(samples) * u64::from(rate.denominator());
        let timescale = rate.numerator();
        let pixels =
            |side: u32| u16::try_from(side).map_err(|_| format!("{side} pixels are too many for MP4"));
        let (width, height) = (pixels(size.width)?, pixels(size.height)?);
        let mvhd = Mvhd {
            timescale,
            duration,
            rate: 1.into(),
            volume: 1.into(),
            next_track_id: 2,
            ..Mvhd::default()
        };
        let tkhd = Tkhd {
            track_id: 1,
            duration,
            enabled: true,
            in_movie: true,
            width: width.into(),
            height: height.into(),
            ..Tkhd::default()
        };
        let mdhd = Mdhd {
            timescale,
            duration,
            language: "und".into(),
            creation_time: 0,
            modification_time: 0,
        };
        let hdlr = Hdlr {
            handler: FourCC::new(b"vide"),
            name: "TALOS".into(),
        };
        let url = Url {
            location: String::new(),
        };
        let minf = Minf {
            vmhd: Some(Vmhd::default()),
            dinf: Dinf {
                dref: Dref {
                    entries: vec![DrefEntry::Url(url)],
                },
            },
            stbl: self.tables(width, height, rate, offset)?,
            ..Minf::default()
        };
        let mdia = Mdia { mdhd, hdlr, minf };
        Ok(Moov {
            mvhd,
            trak: vec![Trak {
                tkhd,
                mdia,
                ..Trak::default()
            }],
            ..Moov::default()
        })
    }

    fn tables(&self, width: u16, height: u16, rate: FrameRate, offset: u32) -> Result<Stbl, String> {
        let samples = self.sample_sizes.len() as u32;
        let avcc = Avcc::new(&self.sps, &self.pps).map_err(|_| "no frame was given".to_string())?;
        let colr = Colr::Nclx {
            colour_primaries: 1,
            transfer_characteristics: 1,
            matrix_coefficients: 1,
            full_range_flag: false,
        };
        let visual = Visual {
            data_reference_index: 1,
            width,
            height,
            compressor: Compressor::default(),
            ..Visual::default()
        };
        let codec = Codec::Avc1(Avc1 {
            visual,
            avcc,
            colr: Some(colr),
            ..Avc1::default()
        });
        Ok(Stbl {
            stsd: Stsd { codecs: vec![codec] },
            stts: Stts {
                entries: vec![SttsEntry {
                    sample_count: samples,
                    sample_delta: rate.denominator(),
                }],
            },
            stss: Some(Stss {
                entries: self.key_frames.clone(),
            }),
            stsc: Stsc {
                entries: vec![StscEntry {
                    first_chunk: 1,
                    samples_per_chunk: samples,
                    sample_description_index: 1,
                }],
            },
            stsz: Stsz {
                samples: StszSamples::Different {
                    sizes: self.sample_sizes.clone(),
                },
            },
            stco: Some(Stco {
                entries: vec![offset],
            }),
            ..Stbl::default()
        })
    }
}

#[cfg(test)]
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Info {
    pub(super) timescale: u32,
    pub(super) delta: u32,
    pub(super) samples: usize,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) index_first: bool,
}

#[cfg(test)]
fn boxes(bytes: &[u8]) -> Option<(Moov, usize, usize)> {
    use mp4_atom::{Any, Decode};
    let mut rest = bytes;
    let (mut moov, mut moov_at) = (None, 0);
    loop {
        let at = bytes.len() - rest.len();
        match Any::decode(&mut rest).ok()? {
            Any::Moov(found) => (moov, moov_at) = (Some(found), at),
            Any::Mdat(_) => return Some((moov?, moov_at, at)),
            _ => {}
        }
    }
}

#[cfg(test)]
pub(super) fn read_back(bytes: &[u8]) -> Option<Info> {
    let (moov, moov_at, mdat_at) = boxes(bytes)?;
    let trak = moov.trak.first()?;
    let stbl = &trak.mdia.minf.stbl;
    let StszSamples::Different { sizes } = &stbl.stsz.samples else {
        return None;
    };
    Some(Info {
        timescale: trak.mdia.mdhd.timescale,
        delta: stbl.stts.entries.first()?.sample_delta,
        samples: sizes.len(),
        width: trak.tkhd.width.integer(),
        height: trak.tkhd.height.integer(),
        index_first: moov_at < mdat_at,
    })
}

#[cfg(test)]
pub(super) fn elementary_stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let (moov, _, _) = boxes(bytes)?;
    let stbl = &moov.trak.first()?.mdia.minf.stbl;
    let Codec::Avc1(avc1) = stbl.stsd.codecs.first()? else {
        return None;
    };
    let start = *stbl.stco.as_ref()?.entries.first()? as usize;
    let mut stream = Vec::new();
    let mut put = |unit: &[u8]| {
        stream.extend_from_slice(&[0, 0, 0, 1]);
        stream.extend_from_slice(unit);
    };
    put(avc1.avcc.sequence_parameter_sets.first()?);
    put(avc1.avcc.picture_parameter_sets.first()?);
    let mut data = bytes.get(start..)?;
    while data.len() > 4 {
        let length = u32::from_be_bytes(data[..4].try_into().ok()?) as usize;
        put(data.get(4..4 + length)?);
        data = &data[4 + length..];
    }
    Some(stream)
}
