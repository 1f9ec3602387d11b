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
        for k in [0, 2, 3] {
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
            let t = std::time::Instant::now();
            let au = film.audit(&p, &l);
            for (k, a) in &au.types {
                println!(
                    "    {k:8} precision {:.3} of {:.0}  recall {:.3} of {:.0}",
                    a.precision(),
                    a.drawn_px,
                    a.recall(),
                    a.seen_px
                );
            }
            let mut by: BTreeMap<String, (usize, f64)> = BTreeMap::new();
            for s in &l.lines {
                if !s.stroke_id.contains("contour") {
                    continue;
                }
                for q in &s.points {
                    for w in &au.wrong {
                        if (w.x - q[0]).abs() < 3.0 && (w.y - q[1]).abs() < 3.0 {
                            by.entry(s.stroke_id.clone()).or_default().0 += 1;
                            break;
                        }
                    }
                }
            }
            let mut by: Vec<_> = by.into_iter().collect();
            by.sort_by_key(|b| std::cmp::Reverse(b.1.0));
            println!(
                "    {:?}",
                by.iter().take(8).map(|b| (&b.0, b.1.0)).collect::<Vec<_>>()
            );
            let x = film.pictures(&p, &l, None);
            let mut pic = x.chroma;
            for y in 0..1080 {
                for xx in 0..1920 {
                    let c = pic.rgb_at(xx, y);
                    pic.set_rgb(xx, y, c.map(|v| 160 + v / 3));
                }
            }
            for (list, color) in [(&au.missed, [0, 0, 255]), (&au.wrong, [255, 0, 0])] {
                for q in list {
                    for d in 0..4 {
                        let (x, y) = (q.x as u32 + d % 2, q.y as u32 + d / 2);
                        if x < 1920 && y < 1080 {
                            pic.set_rgb(x, y, color);
                        }
                    }
                }
            }
            let name: String = prompt.chars().filter(|c| c.is_alphanumeric()).take(6).collect();
            std::fs::write(
                format!("/tmp/ax/e_{name}_{}.png", frame.0),
                talos_core::format::png::encode(&pic, &[]).unwrap(),
            )
            .unwrap();
            println!("    {:?}", t.elapsed());
        }
    }
}
