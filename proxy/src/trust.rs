//! The authorities that certificates of origins are held against: those of the system, or of `SSL_CERT_FILE` and
//! `SSL_CERT_DIR`. Pingora's connectors read them when they are made, twice each, and cannot go on without; a connector
//! that meets no TLS is made without any ([`NOBODY`]), which is most of what a start would take.
use once_cell::sync::OnceCell;
use pingora_core::protocols::tls::CaType;
use pingora_core::tls::load_native_certs;
use pingora_core::utils::tls::{WrappedX509, parse_x509};
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

/// As the file of authorities of a connector: it trusts nobody.
pub const NOBODY: &str = "/dev/null";

/// Checks the variables.
///
/// # Errors
/// One of them names nothing that can be read.
pub fn check() -> Result<(), String> {
    check_these(std::env::var_os("SSL_CERT_FILE"), std::env::var_os("SSL_CERT_DIR"))
}

fn check_these(file: Option<OsString>, dir: Option<OsString>) -> Result<(), String> {
    if let Some(file) = file {
        let shown = Path::new(&file).display();
        let pem = std::fs::read(&file).map_err(|error| format!("SSL_CERT_FILE={shown}: {error}"))?;
        let mark = b"-----BEGIN CERTIFICATE-----";
        if !pem.windows(mark.len()).any(|window| window == mark) {
            return Err(format!("SSL_CERT_FILE={shown}: no certificate in PEM form"));
        }
    }
    if let Some(dir) = dir {
        std::fs::read_dir(&dir).map_err(|error| format!("SSL_CERT_DIR={}: {error}", Path::new(&dir).display()))?;
    }
    Ok(())
}

/// The authorities, read at the first call, which blocks: for a peer that a connector without authorities meets.
///
/// # Errors
/// They cannot be read; the next call tries again.
pub fn authorities() -> Result<Arc<CaType>, String> {
    static READ: OnceCell<Arc<CaType>> = OnceCell::new();
    let read = || {
        let found = load_native_certs().map_err(|error| format!("the authorities cannot be read: {error}"))?;
        Ok(found.iter().map(|certificate| WrappedX509::new(certificate.to_vec(), parse_x509)).collect())
    };
    READ.get_or_try_init(read).map(Arc::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_must_be_there() {
        let this = || Some(OsString::from(file!().rsplit('/').next().unwrap_or_default()));
        assert_eq!(check_these(None, None), Ok(()));
        assert!(check_these(Some("no/such.pem".into()), None).unwrap_err().starts_with("SSL_CERT_FILE=no/such.pem: "));
        assert!(check_these(None, this()).unwrap_err().starts_with("SSL_CERT_DIR="));
        assert!(check_these(Some("Cargo.toml".into()), None).unwrap_err().ends_with("no certificate in PEM form"));
        assert_eq!(check_these(None, Some("src".into())), Ok(()));
    }
}
