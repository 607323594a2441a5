//! An image inside the binary: `program | image | trailer`, where the trailer is `magic 8 | offset of the image u64 | its
//! length u64`. The image has its own digest. Tools that rewrite a binary, such as strip(1), leave the program alone: they go first.
use crate::whole_file;
use lockgate_engine::image::{Envelope, ImageError};
use lockgate_filters::script::{Script, Settings};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

const MAGIC: &[u8; 8] = b"LKGTEMB\0";
const TRAILER: usize = 24;
/// Executable for whom the umask lets it be.
const MODE: u32 = 0o777;

/// A binary of the gateway and what is behind its program.
#[derive(Debug)]
pub struct Binary {
    file: File,
    /// Bytes of the program alone.
    program: u64,
    embedded: Embedded,
}

/// What is behind a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Embedded {
    /// Nothing of ours.
    Nothing,
    /// An image of so many bytes and its trailer.
    Image(u64),
    /// The beginning of an image: its end and the trailer are gone.
    Beginning,
}

impl Binary {
    /// The binary that this process runs, even if another file has taken its name since.
    ///
    /// # Errors
    /// The system does not show it: there is no /proc.
    pub fn running() -> io::Result<Self> {
        Self::open(Path::new("/proc/self/exe"))
    }

    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let (program, embedded) = match image_place(&file, length)? {
            Some((offset, image)) => (offset, Embedded::Image(image)),
            None => match elf_end(&file)?.filter(|&end| end < length) {
                Some(end) if begins_an_image(&file, end)? => (end, Embedded::Beginning),
                _ => (length, Embedded::Nothing),
            },
        };
        Ok(Self { file, program, embedded })
    }

    /// Whether there is an image in it, be it damaged.
    pub fn has_image(&self) -> bool {
        self.embedded != Embedded::Nothing
    }

    /// The bytes of the image.
    ///
    /// # Errors
    /// There is none, it is cut short, or it cannot be read.
    pub fn image(&self) -> Result<Vec<u8>, String> {
        let length = match self.embedded {
            Embedded::Nothing => return Err(ImageError::NotAnImage.to_string()),
            Embedded::Beginning => return Err(ImageError::Truncated.to_string()),
            Embedded::Image(length) => length,
        };
        let mut bytes = vec![0; usize::try_from(length).map_err(|error| error.to_string())?];
        self.file.read_exact_at(&mut bytes, self.program).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    /// What is embedded, for `--version`: the script, bytes, digest; or why it is refused.
    pub fn describe(&self) -> String {
        self.description().unwrap_or_else(|why| format!("refused: {why}"))
    }

    fn description(&self) -> Result<String, String> {
        let bytes = self.image()?;
        let digest = Envelope::open(&bytes).map_err(|error| error.to_string())?.digest;
        let script = Script::of_image_bytes(crate::builtin::EMBEDDED, &bytes, &Settings::default())?;
        let entry = script.image.module().units.last().map_or("-", |unit| unit.name.as_str());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(format!("{entry}, {} bytes, sha256 {digest}", bytes.len()))
    }

    /// Writes the program to `path` with this image in place of the one it may have. Returns the bytes written.
    ///
    /// # Errors
    /// What the system says; what was at `path` stays.
    pub fn write_with(&self, image: &[u8], path: &Path) -> io::Result<u64> {
        let mut trailer = [0; TRAILER];
        trailer[..8].copy_from_slice(MAGIC);
        trailer[8..16].copy_from_slice(&self.program.to_le_bytes());
        trailer[16..].copy_from_slice(&(image.len() as u64).to_le_bytes());
        whole_file::write(path, MODE, |out| {
            let mut program = &self.file;
            program.seek(SeekFrom::Start(0))?;
            let copied = io::copy(&mut program.take(self.program), out)?;
            if copied != self.program {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            out.write_all(image)?;
            out.write_all(&trailer)
        })?;
        Ok(self.program + (image.len() + TRAILER) as u64)
    }
}

/// Offset and length of the image that a trailer at the end of the file tells of.
fn image_place(file: &File, length: u64) -> io::Result<Option<(u64, u64)>> {
    let Some(end) = length.checked_sub(TRAILER as u64) else { return Ok(None) };
    let mut trailer = [0; TRAILER];
    file.read_exact_at(&mut trailer, end)?;
    let (Some(offset), Some(image)) = (word(&trailer, 8), word(&trailer, 16)) else { return Ok(None) };
    let fits = trailer.starts_with(MAGIC) && offset.checked_add(image) == Some(end);
    Ok(fits.then_some((offset, image)))
}

/// Where a 64-bit ELF file ends by its own header: behind the table of sections, which linkers write last.
fn elf_end(file: &File) -> io::Result<Option<u64>> {
    let mut header = [0; 64];
    file.read_exact_at(&mut header, 0)?;
    let half = |at: usize| header[at..].first_chunk().map(|bytes| u64::from(u16::from_le_bytes(*bytes)));
    let (Some(sections), Some(size), Some(count)) = (word(&header, 0x28), half(0x3a), half(0x3c)) else {
        return Ok(None);
    };
    Ok(header.starts_with(b"\x7fELF").then(|| sections.saturating_add(size * count)))
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes[at..].first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// Whether what follows `at` begins as images do, or ends before that can be told.
fn begins_an_image(file: &File, at: u64) -> io::Result<bool> {
    let mut bytes = [0; Envelope::MAGIC.len()];
    let read = file.read_at(&mut bytes, at)?;
    Ok(Envelope::MAGIC.starts_with(&bytes[..read]))
}
