//! Pingora without Lockgate: what the gateway is measured against. One worker thread, the gateway's allocator and profile.
//!
//! `bare constant PORT` answers every request from `request_filter`; `bare proxy PORT ORIGIN` passes every request on to
//! `127.0.0.1:ORIGIN`. Both end at SIGTERM.
#![forbid(unsafe_code)]
use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, header};
use pingora_core::Result;
use pingora_core::modules::http::HttpModules;
use pingora_core::server::Server;
use pingora_core::server::configuration::ServerConf;
use pingora_core::upstreams::peer::HttpPeer;
use pingora_http::ResponseHeader;
use pingora_proxy::{ProxyHttp, Session, http_proxy_service};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the gateway's script answers, too.
const BODY: &[u8] = include_bytes!("health.json");

struct Constant;

#[async_trait]
impl ProxyHttp for Constant {
    type CTX = ();

    fn new_ctx(&self) {}

    fn init_downstream_modules(&self, _modules: &mut HttpModules) {}

    async fn request_filter(&self, session: &mut Session, (): &mut ()) -> Result<bool> {
        let mut head = ResponseHeader::build(200, Some(8))?;
        head.insert_header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))?;
        head.insert_header(header::CONTENT_LENGTH, BODY.len())?;
        session.write_response_header(Box::new(head), false).await?;
        session.write_response_body(Some(Bytes::from_static(BODY)), true).await?;
        Ok(true)
    }

    async fn upstream_peer(&self, _session: &mut Session, (): &mut ()) -> Result<Box<HttpPeer>> {
        pingora_core::Error::e_explain(pingora_core::ErrorType::InternalError, "there is no origin")
    }
}

struct PassThrough {
    origin: SocketAddr,
}

#[async_trait]
impl ProxyHttp for PassThrough {
    type CTX = ();

    fn new_ctx(&self) {}

    fn init_downstream_modules(&self, _modules: &mut HttpModules) {}

    async fn upstream_peer(&self, _session: &mut Session, (): &mut ()) -> Result<Box<HttpPeer>> {
        Ok(Box::new(HttpPeer::new(self.origin, false, String::new())))
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let port = |at: usize| words.get(at).and_then(|word| word.parse::<u16>().ok());
    match (words.first().map(String::as_str), port(1), port(2)) {
        (Some("constant"), Some(port), None) => serve(Constant, port),
        (Some("proxy"), Some(port), Some(origin)) => {
            serve(PassThrough { origin: SocketAddr::from((Ipv4Addr::LOCALHOST, origin)) }, port)
        }
        _ => {
            eprintln!("bare constant PORT | bare proxy PORT ORIGIN");
            ExitCode::from(2)
        }
    }
}

fn serve<P: ProxyHttp + Send + Sync + 'static>(app: P, port: u16) -> !
where
    P::CTX: Send + Sync,
{
    // A current-thread runtime, as a worker of the gateway has; ends at once when told to.
    let conf = ServerConf {
        threads: 1,
        work_stealing: false,
        grace_period_seconds: Some(0),
        graceful_shutdown_timeout_seconds: Some(0),
        ..ServerConf::default()
    };
    let mut server = Server::new_with_opt_and_conf(None, conf);
    server.bootstrap();
    let mut service = http_proxy_service(&server.configuration, app);
    service.add_tcp(&format!("127.0.0.1:{port}"));
    server.add_service(service);
    server.run_forever()
}
