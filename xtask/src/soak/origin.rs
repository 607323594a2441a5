//! The origin of the soak: says which version the request filter named.
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// A running origin; its threads end with the process.
pub struct Origin {
    pub address: SocketAddr,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Origin {
    /// Listens on a free port of the loopback interface.
    pub fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let origin = Self { address: listener.local_addr()?, open: Arc::default() };
        let open = Arc::clone(&origin.open);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Ok(handle) = stream.try_clone() else { continue };
                open.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
                std::thread::spawn(move || answer(stream));
            }
        });
        Ok(origin)
    }

    /// Closes the connections that the gateway keeps.
    pub fn close_connections(&self) {
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // A connection that is closed already is what is asked for.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// Answers requests without a body until the connection ends.
fn answer(stream: TcpStream) {
    let Ok(mut writer) = stream.try_clone() else { return };
    let mut version = String::from("none");
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("x-in")
        {
            version = value.trim().to_owned();
        }
        if line.is_empty() {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", version.len());
            if writer.write_all(format!("{head}{version}").as_bytes()).is_err() {
                return;
            }
            version = "none".into();
        }
    }
}
