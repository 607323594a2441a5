//! Files written as wholes: whoever opens one meets the old bytes or the new ones, never half of them.
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Ends the name of a file that is still being written; one that stays is left from a process that was killed.
pub const UNFINISHED: &str = ".new";

/// Has `fill` write a file beside `path`, flushes it to the disk and renames it. `mode` is that of open(2).
///
/// # Errors
/// What the system or `fill` says. Nothing is left behind, and what was at `path` stays.
pub fn write(path: &Path, mode: u32, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let beside = beside(path);
    // Left by a process of the same number; a new file has the mode asked for.
    let _ = std::fs::remove_file(&beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside)?;
    let written = fill(&mut file).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&beside, path));
    if let Err(error) = written {
        // The first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
        return Err(error);
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The new name is on the disk once its directory is.
    File::open(parent)?.sync_all()
}

/// A name of this process's own in the same directory.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}{UNFINISHED}", std::process::id()));
    name.into()
}

#[cfg(test)]
mod tests {
    use super::write;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_old_or_the_new_and_no_remains() {
        let dir = std::env::temp_dir().join(format!("lockgate-whole-file-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("a");
        write(&path, 0o700, |file| file.write_all(b"old")).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        let full = write(&path, 0o600, |file| {
            file.write_all(b"ne")?;
            Err(std::io::ErrorKind::StorageFull.into())
        });
        assert_eq!(full.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        write(&path, 0o600, |file| file.write_all(b"new")).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
