//! The admin listener: `/metrics` for Prometheus and `/healthz`.
use crate::head::HeadWatch;
use crate::request::Shared;
use crate::stream::ClientStream;
use async_trait::async_trait;
use http::{Method, StatusCode, header};
use pingora::apps::{HttpPersistentSettings, HttpServerApp, ReusedHttpStream, ServerApp};
use pingora::protocols::http::ServerSession;
use pingora::server::ShutdownWatch;
use pingora_http::ResponseHeader;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long a client may take no byte of a page.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running admin listener; it ends when this is dropped.
#[derive(Debug)]
pub struct Admin {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
    _shutdown: watch::Sender<bool>,
}

impl Admin {
    /// Serves on `listener` from within a runtime.
    ///
    /// # Errors
    /// The listener cannot be watched.
    pub fn start(address: SocketAddr, listener: StdListener, shared: Arc<Shared>) -> std::io::Result<Self> {
        let listener = TcpListener::from_std(listener)?;
        let (sender, shutdown) = watch::channel(false);
        let app = Arc::new(Pages { shared });
        let task = tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((tcp, client)) => {
                        let (app, shutdown) = (Arc::clone(&app), shutdown.clone());
                        tokio::spawn(async move {
                            app.process_new(
                                Box::new(ClientStream::new(tcp, client, HeadWatch::off(), PATIENCE)),
                                &shutdown,
                            )
                            .await;
                        });
                    }
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        });
        Ok(Self { address, task, _shutdown: sender })
    }
}

impl Drop for Admin {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The pages of the admin listener.
struct Pages {
    shared: Arc<Shared>,
}

impl Pages {
    fn page(&self, method: &Method, path: &str) -> (StatusCode, &'static str, String) {
        const JSON: &str = "application/json";
        if method != Method::GET && method != Method::HEAD {
            return (
                StatusCode::METHOD_NOT_ALLOWED,
                JSON,
                "{\"error\":\"Method Not Allowed\",\"status\":405}\n".into(),
            );
        }
        match path {
            "/metrics" => (
                StatusCode::OK,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                self.shared.metrics.encode(&self.shared.snapshot.load().scripts),
            ),
            "/healthz" => {
                let version = self.shared.snapshot.load().version;
                (StatusCode::OK, JSON, format!("{{\"status\":\"ok\",\"config_version\":{version}}}\n"))
            }
            _ => (StatusCode::NOT_FOUND, JSON, "{\"error\":\"Not Found\",\"status\":404}\n".into()),
        }
    }

    async fn answer(&self, session: &mut ServerSession) -> pingora::Result<()> {
        session.drain_request_body().await?;
        let head = session.req_header();
        let silent = head.method == Method::HEAD;
        let (status, media_type, body) = self.page(&head.method, head.uri.path());
        let mut head = ResponseHeader::build(status, Some(4))?;
        head.insert_header(header::CONTENT_TYPE, media_type)?;
        head.insert_header(header::CONTENT_LENGTH, body.len())?;
        session.write_response_header(Box::new(head)).await?;
        session.write_response_body(if silent { String::new() } else { body }.into(), true).await
    }
}

#[async_trait]
impl HttpServerApp for Pages {
    async fn process_new_http(
        self: &Arc<Self>,
        mut session: ServerSession,
        _shutdown: &ShutdownWatch,
    ) -> Option<ReusedHttpStream> {
        if !session.read_request().await.ok()? {
            return None;
        }
        session.set_total_drain_timeout(Some(Duration::from_secs(1)));
        self.answer(&mut session).await.ok()?;
        let settings = HttpPersistentSettings::for_session(&session);
        let stream = session.finish().await.ok()??;
        Some(ReusedHttpStream::from_reusable_stream(stream, settings))
    }
}
