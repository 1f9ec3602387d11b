//! A bake of tracks as bytes, for the store.
