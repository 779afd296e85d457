//! A small server for `/health*` and `/metrics` alone: the consumer's, or a gateway's second port.

use std::{net::SocketAddr, sync::Arc};

use actix_web::{App, HttpServer, dev::ServerHandle, web};
use prometheus::Registry;

use super::{MetricsDoor, Readiness, live, metrics, ready, summary};
use crate::app::{get, read_only};

/// The running server.
pub struct Server {
    address: SocketAddr,
    handle: ServerHandle,
}

/// Binds and serves, openly: the address is for those who run the process.
pub async fn serve(listen: SocketAddr, registry: Registry, readiness: Arc<Readiness>) -> std::io::Result<Server> {
    let door = web::Data::new(MetricsDoor::Open(registry));
    let server = HttpServer::new(move || {
        App::new().app_data(door.clone()).app_data(web::Data::new(readiness.clone())).configure(routes)
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .bind(listen)?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(Server { address, handle })
}

/// The routes of those who run the process.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(read_only("/health", get().to(summary)))
        .service(read_only("/health/live", get().to(live)))
        .service(read_only("/health/ready", get().to(ready)))
        .service(read_only("/metrics", get().to(metrics)));
}

impl Server {
    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Stops it.
    pub async fn stop(self) {
        self.handle.stop(true).await;
    }
}
