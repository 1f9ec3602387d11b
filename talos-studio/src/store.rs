//! A content-addressed store: results under the hash of what they depend on (law 6).
//!
//! `objects/ab/cdef…` holds bytes under their own hash; `keys/12/3456…` holds, under the
//! key of a computation, the hash of its result. Readers check every object they take, so a
//! damaged one is computed again instead of believed.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use talos_core::digest::Digest;

use crate::folder;

/// A store in a folder.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

/// Room that results take which nobody uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unused {
    /// Results.
    pub results: usize,
    /// Objects.
    pub objects: usize,
    /// Bytes that removing them frees: those which no file of the film shares.
    pub bytes: u64,
}

/// What a check of a store found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreReport {
    /// Sound objects.
    pub sound: usize,
    /// Bytes of all objects.
    pub bytes: u64,
    /// Objects whose bytes do not have their hash.
    pub damaged: Vec<PathBuf>,
    /// Keys whose object is missing or damaged, or that are not keys.
    pub dangling: Vec<PathBuf>,
}

impl Store {
    /// The store in a folder, made when first written to.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn place(&self, kind: &str, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.root.join(kind).join(&name[..2]).join(&name[2..])
    }

    /// The hash of the result stored under a key.
    #[must_use]
    pub fn lookup(&self, key: &Digest) -> Option<Digest> {
        let text = fs::read_to_string(self.place("keys", key)).ok()?;
        Digest::from_hex(text.trim())
    }

    /// Whether a key's object is there and of the length it had (its bytes are checked when read).
    #[must_use]
    pub fn has(&self, key: &Digest) -> bool {
        self.lookup(key)
            .is_some_and(|digest| self.place("objects", &digest).is_file())
    }

    /// The result stored under a key; `None` when there is none or its bytes are damaged.
    #[must_use]
    pub fn get(&self, key: &Digest) -> Option<Vec<u8>> {
        let digest = self.lookup(key)?;
        let bytes = fs::read(self.place("objects", &digest)).ok()?;
        (Digest::of_bytes(&bytes) == digest).then_some(bytes)
    }

    /// Stores a result under its key and returns its hash.
    ///
    /// # Errors
    /// What the system says; nothing half-written stays.
    pub fn put(&self, key: &Digest, bytes: &[u8]) -> io::Result<Digest> {
        let digest = Digest::of_bytes(bytes);
        let object = self.place("objects", &digest);
        let sound = fs::read(&object).is_ok_and(|old| old == bytes);
        if !sound {
            folder::write(&object, bytes)?;
        }
        folder::write(&self.place("keys", key), digest.to_string().as_bytes())?;
        Ok(digest)
    }

    /// Lays a key's result at a path of the film, without copying where the system allows.
    /// Returns whether the key has a sound result.
    ///
    /// # Errors
    /// What the system says.
    pub fn lay(&self, key: &Digest, path: &Path) -> io::Result<bool> {
        let Some(bytes) = self.get(key) else {
            return Ok(false);
        };
        if fs::read(path).is_ok_and(|there| there == bytes) {
            return Ok(true);
        }
        let Some(digest) = self.lookup(key) else {
            return Ok(false);
        };
        folder::link(&self.place("objects", &digest), path)?;
        Ok(true)
    }

    /// Whether a file is a key's result, without reading it where the two are one file.
    #[must_use]
    pub fn is_laid(&self, key: &Digest, path: &Path) -> bool {
        self.lookup(key)
            .is_some_and(|digest| folder::same_file(&self.place("objects", &digest), path))
    }

    /// Results under other keys than these, and objects that only they use.
    ///
    /// # Errors
    /// What the system says.
    pub fn unused(&self, used: &BTreeSet<Digest>) -> io::Result<Unused> {
        self.visit_unused(used, |_| Ok(()))
    }

    /// Removes them.
    ///
    /// # Errors
    /// What the system says; what is left is whole.
    pub fn prune(&self, used: &BTreeSet<Digest>) -> io::Result<Unused> {
        self.visit_unused(used, fs::remove_file)
    }

    /// Keys come before objects: a key whose object is gone would look damaged.
    fn visit_unused(
        &self,
        used: &BTreeSet<Digest>,
        visit: impl Fn(PathBuf) -> io::Result<()>,
    ) -> io::Result<Unused> {
        let mut found = Unused::default();
        for (path, name) in entries(&self.root.join("keys"))? {
            if !Digest::from_hex(&name).is_some_and(|key| used.contains(&key)) {
                found.results += 1;
                visit(path)?;
            }
        }
        let kept: BTreeSet<Digest> = used.iter().filter_map(|key| self.lookup(key)).collect();
        for (path, name) in entries(&self.root.join("objects"))? {
            if !Digest::from_hex(&name).is_some_and(|digest| kept.contains(&digest)) {
                found.objects += 1;
                found.bytes += folder::own_bytes(&path)?;
                visit(path)?;
            }
        }
        Ok(found)
    }

    /// Reads everything and compares hashes.
    ///
    /// # Errors
    /// What the system says.
    pub fn check(&self) -> io::Result<StoreReport> {
        let mut report = StoreReport::default();
        for (path, name) in entries(&self.root.join("objects"))? {
            let bytes = fs::read(&path)?;
            report.bytes += bytes.len() as u64;
            if Digest::of_bytes(&bytes).to_string() == name {
                report.sound += 1;
            } else {
                report.damaged.push(path);
            }
        }
        for (path, name) in entries(&self.root.join("keys"))? {
            let sound = Digest::from_hex(&name).is_some_and(|key| self.get(&key).is_some());
            if !sound {
                report.dangling.push(path);
            }
        }
        Ok(report)
    }
}

/// Files two levels below a folder with their joined names, sorted; none where the folder is missing.
fn entries(root: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let mut list = Vec::new();
    if !root.is_dir() {
        return Ok(list);
    }
    for first in fs::read_dir(root)? {
        let first = first?;
        for second in fs::read_dir(first.path())? {
            let second = second?;
            let name = format!(
                "{}{}",
                first.file_name().to_string_lossy(),
                second.file_name().to_string_lossy()
            );
            list.push((second.path(), name));
        }
    }
    list.sort();
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Digest {
        Digest::of_bytes(name.as_bytes())
    }

    #[test]
    fn what_is_put_is_got_and_damage_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new(folder.path().join("store"));
        assert_eq!(store.get(&key("a")), None);
        let digest = store.put(&key("a"), b"lines").expect("put");
        assert_eq!(store.get(&key("a")).as_deref(), Some(&b"lines"[..]));
        assert_eq!(store.check().expect("read").sound, 1);

        let object = store.place("objects", &digest);
        fs::write(&object, b"lies").expect("written");
        assert_eq!(store.get(&key("a")), None, "a damaged object is not believed");
        let report = store.check().expect("read");
        assert_eq!((report.damaged.len(), report.dangling.len()), (1, 1));
        store.put(&key("a"), b"lines").expect("put again");
        assert_eq!(store.get(&key("a")).as_deref(), Some(&b"lines"[..]));
    }

    #[test]
    fn pruning_keeps_what_is_used_and_says_what_it_frees() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new(folder.path().join("store"));
        let laid = folder.path().join("anima/frame_0001.png");
        for (name, bytes) in [("old", "aaaa"), ("new", "bb"), ("shared", "bb"), ("laid", "c")] {
            store.put(&key(name), bytes.as_bytes()).expect("put");
        }
        store.lay(&key("laid"), &laid).expect("laid");
        assert!(store.is_laid(&key("laid"), &laid) && !store.is_laid(&key("new"), &laid));
        let used = BTreeSet::from([key("new"), key("not there")]);
        let unused = store.unused(&used).expect("read");
        let bytes = if cfg!(unix) { 4 } else { 5 };
        assert_eq!((unused.results, unused.objects, unused.bytes), (3, 2, bytes));
        assert_eq!(store.prune(&used).expect("pruned"), unused);
        assert_eq!(store.get(&key("new")).as_deref(), Some(&b"bb"[..]));
        assert_eq!(store.unused(&used).expect("read"), Unused::default());
        assert_eq!(fs::read(&laid).expect("there"), b"c", "the film's file stays");
        assert_eq!(store.check().expect("read").dangling.len(), 0);
    }

    #[test]
    fn a_result_is_laid_where_the_film_wants_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new(folder.path().join("store"));
        let path = folder.path().join("anima/frame_0001.png");
        assert!(!store.lay(&key("f"), &path).expect("no error"));
        store.put(&key("f"), b"one").expect("put");
        store.put(&key("g"), b"two").expect("put");
        for (name, bytes) in [("f", b"one"), ("g", b"two"), ("f", b"one"), ("f", b"one")] {
            assert!(store.lay(&key(name), &path).expect("laid"));
            assert_eq!(fs::read(&path).expect("there"), bytes);
        }
        let beside = fs::read_dir(folder.path().join("anima"))
            .expect("a folder")
            .count();
        assert_eq!(beside, 1, "no stray names");
    }
}
