//! stub
/// p
pub struct QuadrupedParams;
impl QuadrupedParams {
    /// n
    pub fn named(_: &str) -> Option<Self> { None }
    /// n
    pub fn walk_stride_m(&self) -> f64 { 1.0 }
    /// n
    pub fn gallop_stride_m(&self) -> f64 { 1.0 }
}
/// b
pub fn build(_: &QuadrupedParams) -> super::Subject { unreachable!() }
