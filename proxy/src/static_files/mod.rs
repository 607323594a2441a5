//! `static`: files of a directory.
//!
//! A name is resolved by the kernel below the opened directory (`openat2` with `RESOLVE_BENEATH`), so no `..` and no
//! symbolic link can lead out of it, also when the tree changes meanwhile. Names that start with a dot are not served.
pub mod cache;
mod conditional;
mod mime;
mod name;

use crate::failure::{Failure, FailureKind};
use crate::metrics::Metrics;
use crate::respond::{Body, Response};
use bytes::Bytes;
use cache::{FileCache, Version};
use conditional::{ByteRange, Outcome, Validators};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use lockgate_conf::model;
use pingora_http::RequestHeader;
use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

/// Bytes read and sent at a time from a file that is not kept in memory.
const CHUNK: usize = 256 << 10;

/// A directory that is served.
#[derive(Debug)]
pub struct StaticFiles {
    root: OwnedFd,
    /// The directory's own path, the first part of cache keys.
    dir: Box<[u8]>,
    /// Whether the matched prefix is taken off.
    pub strip: bool,
}

/// A directory answered without its final `/`, or a file.
enum Found {
    Directory,
    File(File, Version),
}

impl StaticFiles {
    /// Opens the directory.
    ///
    /// # Errors
    /// It does not exist or cannot be read.
    pub fn open(files: &model::StaticDir) -> Result<Self, String> {
        let root =
            rustix::fs::openat(CWD, &files.dir, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
        let root = root.map_err(|error| format!("static: directory '{}': {error}", files.dir.display()))?;
        Ok(Self { root, dir: files.dir.as_os_str().as_bytes().into(), strip: files.strip })
    }

    /// Answers `request` with the file at `relative`, the canonical path behind the matched prefix; `full` is the whole
    /// canonical path.
    ///
    /// # Errors
    /// No such file, a method that files have not, a file that cannot be read.
    pub async fn respond(
        &self,
        request: &RequestHeader,
        relative: &[u8],
        full: &[u8],
        cache: &Arc<FileCache>,
        metrics: &Metrics,
    ) -> Result<Response, Failure> {
        if request.method != Method::GET && request.method != Method::HEAD {
            return Err(FailureKind::MethodNotAllowed.into());
        }
        let name = name::below_root(relative).ok_or(FailureKind::NoFile)?;
        let (file, version) = match self.find(&name)? {
            Found::File(file, version) => (file, version),
            Found::Directory => return redirect_to_directory(request, full),
        };
        let validators = Validators::new(version);
        let outcome = conditional::evaluate(&request.headers, &validators, version.size);
        let mut response = match outcome {
            Outcome::NotModified => Response::new(StatusCode::NOT_MODIFIED, Body::None),
            Outcome::Unsatisfiable => {
                let mut response = Response::new(StatusCode::RANGE_NOT_SATISFIABLE, Body::Bytes(Bytes::new()));
                set(&mut response, header::CONTENT_RANGE, &format!("bytes */{}", version.size))?;
                response
            }
            Outcome::Whole | Outcome::Part(_) => {
                let range = match outcome {
                    Outcome::Part(range) => range,
                    _ => ByteRange { start: 0, end: version.size },
                };
                let head_only = request.method == Method::HEAD;
                let body = self.body(file, version, range, &name, head_only, cache, metrics).await?;
                match outcome {
                    Outcome::Part(ByteRange { start, end }) => {
                        let mut response = Response::new(StatusCode::PARTIAL_CONTENT, body);
                        let range = format!("bytes {start}-{}/{}", end - 1, version.size);
                        set(&mut response, header::CONTENT_RANGE, &range)?;
                        response
                    }
                    _ => Response::new(StatusCode::OK, body),
                }
            }
        };
        set(&mut response, header::ETAG, &validators.etag)?;
        set(&mut response, header::LAST_MODIFIED, &validators.last_modified)?;
        if response.head.status != StatusCode::NOT_MODIFIED {
            set(&mut response, header::ACCEPT_RANGES, "bytes")?;
            set(&mut response, header::CONTENT_TYPE, mime::of_name(name.as_os_str().as_bytes()))?;
        }
        Ok(response)
    }

    fn find(&self, name: &Path) -> Result<Found, Failure> {
        // Without O_NONBLOCK opening a FIFO would wait for its writer.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        let fd = rustix::fs::openat2(&self.root, name, flags, Mode::empty(), resolve).map_err(|error| {
            use rustix::io::Errno;
            match error {
                Errno::NOENT | Errno::NOTDIR | Errno::XDEV | Errno::LOOP | Errno::ACCESS | Errno::NAMETOOLONG => {
                    Failure::because(FailureKind::NoFile, error)
                }
                // A name that fits no file system object, such as a socket.
                Errno::NXIO | Errno::INVAL | Errno::ILSEQ => Failure::because(FailureKind::NoFile, error),
                _ => Failure::because(FailureKind::FileUnreadable, error),
            }
        })?;
        let stat = rustix::fs::fstat(&fd).map_err(|error| Failure::because(FailureKind::FileUnreadable, error))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => {
                let modified_ns = i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec);
                Ok(Found::File(File::from(fd), Version { modified_ns, size: stat.st_size as u64 }))
            }
            FileType::Directory => Ok(Found::Directory),
            _ => Err(Failure::because(FailureKind::NoFile, "not a regular file")),
        }
    }

    /// The bytes of a range: from memory, read into memory, or left in the file when they are many.
    #[expect(clippy::too_many_arguments, reason = "one call; a struct would only name them twice")]
    async fn body(
        &self,
        file: File,
        version: Version,
        range: ByteRange,
        name: &Path,
        head_only: bool,
        cache: &Arc<FileCache>,
        metrics: &Metrics,
    ) -> Result<Body, Failure> {
        let streamed = |file| Body::File(FileBody { file: Arc::new(file), at: range.start, end: range.end });
        if head_only || !cache.admits(version.size) {
            return Ok(streamed(file));
        }
        let part = |bytes: Bytes| Body::Bytes(bytes.slice(range.start as usize..range.end as usize));
        let key = [&self.dir, &b"/"[..], name.as_os_str().as_bytes()].concat();
        if let Some(bytes) = cache.get(&key, version) {
            metrics.static_cache_hits.inc();
            return Ok(part(bytes));
        }
        metrics.static_cache_misses.inc();
        let read = tokio::task::spawn_blocking(move || {
            let mut bytes = vec![0; version.size as usize];
            file.read_exact_at(&mut bytes, 0).map(|()| bytes)
        });
        let bytes = read.await.map_err(io::Error::other).flatten();
        let bytes = Bytes::from(bytes.map_err(|error| Failure::because(FailureKind::FileUnreadable, error))?);
        metrics.static_cache_bytes.set(cache.put(&key, version, bytes.clone()) as i64);
        Ok(part(bytes))
    }
}

/// A part of a file, read piece by piece off the worker's thread.
#[derive(Debug)]
pub struct FileBody {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl FileBody {
    /// Bytes that are left.
    pub fn len(&self) -> u64 {
        self.end - self.at
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.at == self.end
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The file cannot be read or became shorter.
    pub async fn next(&mut self) -> io::Result<Option<Bytes>> {
        if self.is_empty() {
            return Ok(None);
        }
        let (file, at, length) = (Arc::clone(&self.file), self.at, self.len().min(CHUNK as u64) as usize);
        let piece = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; length];
            file.read_exact_at(&mut piece, at).map(|()| Bytes::from(piece))
        });
        let piece = piece.await.map_err(io::Error::other)??;
        self.at += piece.len() as u64;
        Ok(Some(piece))
    }
}

/// Relative links of a directory's page only work below its `/`.
fn redirect_to_directory(request: &RequestHeader, full: &[u8]) -> Result<Response, Failure> {
    let query = request.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = format!("{}/{query}", String::from_utf8_lossy(full));
    // `//host/` would name another host.
    if location.starts_with("//") {
        return Err(FailureKind::NoFile.into());
    }
    let mut response = Response::new(StatusCode::MOVED_PERMANENTLY, Body::Bytes(Bytes::new()));
    set(&mut response, header::LOCATION, &location)?;
    Ok(response)
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) -> Result<(), Failure> {
    let value = HeaderValue::from_str(value).map_err(|error| Failure::because(FailureKind::Internal, error))?;
    response.head.headers.insert(name, value);
    Ok(())
}

/// The first value of a header as text.
fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
