//! Towers: a few ways of massing, each with its own proportions, facades and crown.

use super::massing::{Facade, Footprint, Mason, Top};
use super::roof::{RoofArea, billboard, clutter, helipad, mast};
use super::sculpt::{Detail, Dice, closed_block};
use crate::geometry::Mesh;
use crate::math::{DVec2, DVec3, scalar};
use crate::random::Stream;

/// A lot to build on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lot {
    /// Width along X and depth along Z, metres.
    pub(super) size: DVec2,
    /// Height of the main roof over the street, metres.
    pub(super) height_m: f64,
    /// Most that may stand above the main roof, metres.
    pub(super) crown_m: f64,
    /// How finely it is modelled.
    pub(super) detail: Detail,
}

/// A building with its foot at the origin.
pub(super) fn building(lot: &Lot, stream: &Stream) -> Mesh {
    let mut mason = Mason::new(Dice::new(*stream));
    let style = Style::choose(lot, &mut mason.dice);
    let work = Work {
        lot: *lot,
        facade: facade(style, &mut mason.dice),
    };
    match style {
        Style::Walkup => work.walkup(&mut mason),
        Style::Stepped => work.stepped(&mut mason),
        Style::Slab => work.slab(&mut mason),
        Style::Chamfered => work.chamfered(&mut mason),
        Style::Round => work.round(&mut mason),
        Style::Wedge => work.wedge(&mut mason),
        Style::Interlocked => work.interlocked(&mut mason),
        Style::Twin => work.twin(&mut mason),
    }
    mason.mesh
}

/// Ways of massing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Walkup,
    Stepped,
    Slab,
    Chamfered,
    Round,
    Wedge,
    Interlocked,
    Twin,
}

impl Style {
    fn choose(lot: &Lot, dice: &mut Dice) -> Self {
        if lot.height_m < 26.0 {
            return Self::Walkup;
        }
        let tall = lot.height_m > 75.0;
        match dice.unit() {
            u if u < 0.26 => Self::Stepped,
            u if u < 0.50 => Self::Slab,
            u if u < 0.62 => Self::Chamfered,
            u if u < 0.70 => Self::Round,
            u if u < 0.78 => Self::Wedge,
            u if u < 0.92 || !tall => Self::Interlocked,
            _ => Self::Twin,
        }
    }
}

/// Bays from brick piers to curtain walls.
fn facade(style: Style, dice: &mut Dice) -> Facade {
    let glassy = matches!(style, Style::Slab | Style::Round | Style::Wedge) && dice.chance(0.7);
    let slot = dice.pick(&["building", "building", "building_b", "building_c"]);
    let lit = dice.range(0.16, 0.46);
    if glassy {
        Facade {
            slot,
            bay: [dice.range(1.9, 2.6), dice.range(3.5, 4.0)],
            share: [dice.range(0.80, 0.92), dice.range(0.60, 0.76)],
            lit,
        }
    } else {
        Facade {
            slot,
            bay: [dice.range(2.6, 3.8), dice.range(3.2, 3.8)],
            share: [dice.range(0.42, 0.62), dice.range(0.46, 0.62)],
            lit,
        }
    }
}

/// One building in the making.
struct Work {
    lot: Lot,
    facade: Facade,
}

impl Work {
    /// A size rounded down to whole bays, so that windows meet the corners evenly.
    fn bays(&self, metres: f64) -> f64 {
        let bay = self.facade.bay[0];
        (metres / bay).floor().max(2.0) * bay
    }

    fn floors(&self, metres: f64) -> f64 {
        let floor = self.facade.bay[1];
        (metres / floor).round().max(1.0) * floor
    }

    fn rect(&self, centre: DVec2, size: DVec2) -> Footprint {
        Footprint::rect(centre, self.bays(size.x), self.bays(size.y))
    }

    fn near(&self) -> bool {
        self.lot.detail == Detail::Near
    }

    fn far(&self) -> bool {
        self.lot.detail == Detail::Far
    }

    fn parapet(&self) -> Top {
        if self.far() { Top::Plain } else { Top::Parapet(1.1) }
    }

    /// A tall ground floor of shop fronts under a ledge; returns its height.
    fn base(&self, mason: &mut Mason, outline: &Footprint) -> f64 {
        if self.far() {
            return 0.0;
        }
        let shops = Facade {
            bay: [4.2, 5.2],
            share: [0.84, 0.62],
            lit: 0.78,
            ..self.facade
        };
        let wider = outline.inset(-0.25);
        mason.prism(&wider, 0.0, 5.2, &shops, Top::Plain);
        if self.near() {
            mason.ledge(&wider, 5.5, 0.45, 0.45, self.trim());
        }
        5.2
    }

    fn trim(&self) -> &'static str {
        if self.facade.slot == "building_b" {
            "building"
        } else {
            "building_b"
        }
    }

    fn area(outline: &Footprint, y: f64) -> RoofArea {
        let (low, high) = outline.bounds();
        RoofArea {
            centre: (low + high) * 0.5,
            half: (high - low) * 0.5 - 0.6,
            y,
        }
    }

    fn furnish(&self, mason: &mut Mason, outline: &Footprint, y: f64) {
        if !self.far() {
            clutter(mason, Self::area(outline, y), self.near());
        }
    }

    /// Three to eight floors with a crowded roof.
    fn walkup(&self, mason: &mut Mason) {
        let outline = self.rect(DVec2::ZERO, self.lot.size);
        let foot = self.base(mason, &outline);
        let top = self.floors(self.lot.height_m - foot) + foot + 0.9;
        let roof = mason.prism(&outline, foot, top, &self.facade, self.parapet());
        if !self.far() {
            mason.ledge(&outline, top, 0.55, 0.5, self.trim());
        }
        self.furnish(mason, &outline, roof);
        if self.near() && mason.dice.chance(0.45) {
            self.balconies(mason, &outline, foot, top);
        }
        if self.near() && self.lot.crown_m > 9.0 && mason.dice.chance(0.45) {
            let faces_x = mason.dice.chance(0.5);
            billboard(mason, Self::area(&outline, roof), faces_x);
        }
    }

    /// Balconies on every other bay of the front and the back.
    fn balconies(&self, mason: &mut Mason, outline: &Footprint, low: f64, high: f64) {
        let part = mason.part("balconies", self.trim());
        let [bay, floor] = self.facade.bay;
        let (from, to) = outline.bounds();
        let floors = ((high - low) / floor).floor() as u32;
        let bays = ((to.x - from.x) / bay).floor() as u32;
        for level in 1..floors {
            for k in (1..bays.saturating_sub(1)).step_by(2) {
                let x = from.x + (f64::from(k) + 0.5) * bay;
                let y = low + f64::from(level) * floor;
                for z in [from.y - 0.9, to.y] {
                    let corner = DVec3::new(x - 0.42 * bay, y - 0.15, z);
                    let size = DVec3::new(0.84 * bay, 1.0, 0.9);
                    closed_block(&mut mason.mesh, part, corner, corner + size);
                }
            }
        }
    }

    /// Tiers that step back towards a crown, as the zoning laws of 1916 shaped them.
    fn stepped(&self, mason: &mut Mason) {
        let tiers = if self.lot.height_m > 60.0 { 4 } else { 3 };
        let mut size = self.lot.size;
        let mut outline = self.rect(DVec2::ZERO, size);
        let mut low = self.base(mason, &outline);
        let shares: &[f64] = if tiers == 4 {
            &[0.36, 0.62, 0.85, 1.0]
        } else {
            &[0.5, 0.82, 1.0]
        };
        for (k, share) in shares.iter().enumerate() {
            let high = low + self.floors(share * self.lot.height_m - low);
            let roof = mason.prism(&outline, low, high, &self.facade, self.parapet());
            if self.near() {
                mason.ledge(&outline, high, 0.4, 0.6, self.trim());
                if k < 2 {
                    mason.piers(
                        &outline,
                        low,
                        high - 0.6,
                        2.0 * self.facade.bay[0],
                        self.facade.slot,
                    );
                }
            }
            low = roof;
            size *= mason.dice.range(0.68, 0.82);
            if k + 1 < shares.len() {
                outline = self.rect(DVec2::ZERO, size);
            }
        }
        self.crown(mason, &outline, low);
    }

    /// A curtain-walled slab on a podium, its plant behind a screen.
    fn slab(&self, mason: &mut Mason) {
        let podium = self.rect(DVec2::ZERO, self.lot.size);
        let foot = self.base(mason, &podium);
        let podium_top = foot + self.floors(mason.dice.range(4.0, 12.0));
        let deck = mason.prism(&podium, foot, podium_top, &self.facade, self.parapet());
        let thin = mason.dice.range(0.52, 0.8);
        let long = mason.dice.range(0.8, 0.95);
        let size = if mason.dice.chance(0.5) {
            self.lot.size * DVec2::new(thin, long)
        } else {
            self.lot.size * DVec2::new(long, thin)
        };
        let outline = self.rect(DVec2::ZERO, size);
        let high = deck + self.floors(self.lot.height_m - deck);
        let roof = mason.prism(&outline, deck, high, &self.facade, self.parapet());
        if self.near() {
            let step = self.facade.bay[1] * f64::from(mason.dice.whole(4, 7));
            let mut y = deck + step;
            while y < high - 2.0 {
                mason.ledge(&outline, y, 0.3, 0.4, self.trim());
                y += step;
            }
        }
        if !self.far() && self.lot.crown_m > 6.0 {
            let screen = outline.inset(0.18 * (size.min_element()));
            let plain = Facade {
                share: [0.9, 0.9],
                bay: [0.9, 5.2],
                lit: 0.0,
                ..self.facade
            };
            let top = mason.prism(&screen, roof, roof + 5.2, &plain, Top::Parapet(1.6));
            self.summit(mason, &screen, top);
        }
    }

    /// An octagonal shaft with bands, and a lantern on top.
    fn chamfered(&self, mason: &mut Mason) {
        let podium = self.rect(DVec2::ZERO, self.lot.size);
        let foot = self.base(mason, &podium);
        let deck = if foot > 0.0 {
            mason.prism(
                &podium,
                foot,
                foot + self.floors(7.0),
                &self.facade,
                self.parapet(),
            )
        } else {
            0.0
        };
        let size = self.lot.size * 0.84;
        let shaft = Footprint::chamfered(DVec2::ZERO, size.x, size.y, 0.26 * size.min_element());
        let high = deck + self.floors(self.lot.height_m - deck);
        let roof = mason.prism(&shaft, deck, high, &self.facade, self.parapet());
        if self.near() {
            for share in [0.33, 0.66, 1.0] {
                mason.ledge(&shaft, scalar::lerp(deck, high, share), 0.45, 0.8, self.trim());
            }
        }
        self.crown(mason, &shaft.inset(0.2 * size.min_element()), roof);
    }

    fn round(&self, mason: &mut Mason) {
        let sides = if self.far() { 10 } else { 18 };
        let radii = self.lot.size * 0.46;
        let shaft = Footprint::round(DVec2::ZERO, radii, sides);
        let low = self.base(mason, &shaft);
        let high = low + self.floors(self.lot.height_m - low);
        let roof = mason.prism(&shaft, low, high, &self.facade, self.parapet());
        if self.near() {
            for share in [0.5, 1.0] {
                mason.ledge(&shaft, scalar::lerp(low, high, share), 0.5, 0.9, self.trim());
            }
        }
        if !self.far() {
            let drum = shaft.inset(0.3 * radii.min_element());
            let top = mason.prism(&drum, roof, roof + 4.5, &self.facade, Top::Plain);
            self.summit(mason, &drum, top);
        }
    }

    fn wedge(&self, mason: &mut Mason) {
        let outline = self.rect(DVec2::ZERO, self.lot.size * 0.9);
        let low = self.base(mason, &outline);
        let shoulder = low + self.floors(self.lot.height_m * 0.82 - low);
        let rise = (0.35 * self.lot.size.y).min(self.lot.height_m * 0.18 + self.lot.crown_m);
        let (front, back) = if mason.dice.chance(0.5) {
            (shoulder, shoulder + rise)
        } else {
            (shoulder + rise, shoulder)
        };
        mason.wedge(&outline, low, front, back, &self.facade);
        if self.near() {
            mason.piers(&outline, low, shoulder, 3.0 * self.facade.bay[0], self.trim());
        }
    }

    /// Two prisms pushed through one another, one higher.
    fn interlocked(&self, mason: &mut Mason) {
        let base = self.rect(DVec2::ZERO, self.lot.size);
        let foot = self.base(mason, &base);
        let shift = mason.dice.range(-0.1, 0.1) * self.lot.size;
        let wide = self.rect(shift, self.lot.size * DVec2::new(0.92, 0.6));
        let deep = self.rect(-shift, self.lot.size * DVec2::new(0.56, 0.92));
        let tall = foot + self.floors(self.lot.height_m - foot);
        let short = foot + self.floors(self.lot.height_m * mason.dice.range(0.62, 0.86) - foot);
        let (first, second) = if mason.dice.chance(0.5) {
            (&wide, &deep)
        } else {
            (&deep, &wide)
        };
        let roof = mason.prism(first, foot, tall, &self.facade, self.parapet());
        let other = Facade {
            slot: self.trim(),
            ..self.facade
        };
        mason.prism(second, foot, short, &other, self.parapet());
        if self.near() {
            mason.ledge(first, tall, 0.35, 0.7, self.trim());
            mason.ledge(second, short, 0.35, 0.7, self.facade.slot);
            mason.piers(
                first,
                foot,
                tall - 0.7,
                2.0 * self.facade.bay[0],
                self.facade.slot,
            );
        }
        self.crown(mason, first, roof);
    }

    /// Two slabs on one podium joined by a bridge.
    fn twin(&self, mason: &mut Mason) {
        let podium = self.rect(DVec2::ZERO, self.lot.size);
        let foot = self.base(mason, &podium);
        let deck = mason.prism(
            &podium,
            foot,
            foot + self.floors(9.0),
            &self.facade,
            self.parapet(),
        );
        let size = self.lot.size * DVec2::new(0.36, 0.72);
        let offset = DVec2::new(0.28 * self.lot.size.x, 0.0);
        for (side, share) in [(-1.0, 1.0), (1.0, 0.86)] {
            let outline = self.rect(offset * side, size);
            let high = deck + self.floors(self.lot.height_m * share - deck);
            let roof = mason.prism(&outline, deck, high, &self.facade, self.parapet());
            if self.near() {
                mason.ledge(&outline, high, 0.35, 0.7, self.trim());
            }
            self.furnish(mason, &outline, roof);
        }
        let part = mason.part("bridge", self.trim());
        let y = deck + 0.62 * (self.lot.height_m - deck);
        let half = DVec3::new(0.3 * self.lot.size.x, 3.2, 0.16 * self.lot.size.y);
        closed_block(&mut mason.mesh, part, DVec3::Y * y - half, DVec3::Y * y + half);
    }

    /// A small tier, then a mast, a landing pad or plant, as far as the sky above is free.
    fn crown(&self, mason: &mut Mason, outline: &Footprint, roof: f64) {
        let (low, high) = outline.bounds();
        let size = high - low;
        if self.far() || size.min_element() < 7.0 {
            if self.lot.crown_m > 14.0 && mason.dice.chance(0.4) {
                mast(
                    mason,
                    DVec3::Y * roof,
                    mason_height(&self.lot, mason_reach(&size)),
                );
            }
            return;
        }
        if self.lot.height_m > 50.0 && self.lot.crown_m > 8.0 {
            let outline = Footprint::rect((low + high) * 0.5, 0.55 * size.x, 0.55 * size.y);
            let top = mason.prism(&outline, roof, roof + 6.0, &self.facade, Top::Parapet(0.8));
            self.summit(mason, &outline, top);
        } else {
            self.furnish(mason, outline, roof);
        }
    }

    fn summit(&self, mason: &mut Mason, outline: &Footprint, top: f64) {
        let area = Self::area(outline, top);
        let foot = DVec3::new(area.centre.x, top, area.centre.y);
        let room = self.lot.crown_m - 6.0;
        match mason.dice.unit() {
            u if u < 0.40 && room > 8.0 => mast(mason, foot, room.min(0.22 * self.lot.height_m).max(7.0)),
            u if u < 0.62 && area.half.min_element() > 5.0 => helipad(mason, area),
            _ if area.half.min_element() > 2.0 => clutter(mason, area, false),
            _ => {}
        }
    }
}

fn mason_reach(size: &DVec2) -> f64 {
    1.6 * size.min_element()
}

fn mason_height(lot: &Lot, reach: f64) -> f64 {
    reach.clamp(8.0, lot.crown_m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn buildings_keep_to_their_lots() {
        let stream = Seed(8).stream("building");
        for k in 0..120_u32 {
            let lot = Lot {
                size: DVec2::new(24.0 + f64::from(k % 7), 20.0 + f64::from(k % 5)),
                height_m: 12.0 + f64::from(k),
                crown_m: f64::from(k % 4) * 9.0,
                detail: [Detail::Near, Detail::Mid, Detail::Far][k as usize % 3],
            };
            let mesh = building(&lot, &stream.item(u64::from(k)));
            let reach = lot.size * 0.5 + 1.2;
            let limit = lot.height_m + lot.crown_m.max(9.0) + 4.0;
            for p in &mesh.positions {
                assert!(p.is_finite());
                assert!(p.x.abs() <= reach.x && p.z.abs() <= reach.y, "{k} {p}");
                assert!(p.y <= limit && p.y > -1e-9, "{k} {p} {limit}");
            }
            assert!(mesh.triangles.len() < 2600, "{k} {}", mesh.triangles.len());
        }
    }
}
