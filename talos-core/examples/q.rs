use std::collections::BTreeMap;
use talos_core::{
    artefact::Control,
    camera::FrameSize,
    stage::{
        Film,
        prism::{DirectOptions, direct},
    },
    time::Frame,
};
fn main() {
    for prompt in [
        "푸른 용 두 마리가 밤의 도시 상공에서 불을 뿜으며 싸우는 10초짜리 클립",
        "A girl walks through a forest at dusk",
        "a wolf runs over snowy mountains",
        "a flock of birds flies over the sea at sunrise",
    ] {
        let options = DirectOptions {
            frame_size: Some(FrameSize {
                width: 1920,
                height: 1080,
            }),
            ..DirectOptions::default()
        };
        let spec = direct(prompt, &options).unwrap();
        let film = Film::new(&spec, &Control::default(), &BTreeMap::new()).unwrap();
        let n = spec.frame_count;
        for k in 0..4 {
            let frame = Frame(1 + k * (n - 1) / 4);
            let p = film.prepare(frame);
            let t = std::time::Instant::now();
            let l = film.draw(&p);
            let e = t.elapsed();
            let q = &l.quality;
            println!(
                "{:.8} {} strokes {} segments {} reproj {} surface p99 {} facing {} rejected {} of {:.0} px  {:?}",
                prompt,
                frame.0,
                q.strokes,
                q.segments,
                q.reprojection_max_px,
                q.surface_p99_px,
                q.facing_mean,
                q.rejected.len(),
                q.rejected.iter().map(|r| r.length_px).sum::<f64>(),
                e
            );
            let mut w: Vec<_> = l
                .lines
                .iter()
                .filter_map(|s| Some((s.quality?.surface_px, s.stroke_id.clone())))
                .collect();
            w.sort_by(|a, b| b.0.total_cmp(&a.0));
            println!("   {:?}", &w[..5.min(w.len())]);
        }
    }
}
