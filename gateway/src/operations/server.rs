//! A small server for `/health*` and `/metrics` alone: the consumer's, or a gateway's second port.

use std::{net::SocketAddr, sync::Arc};

use actix_web::{App, HttpServer, dev::ServerHandle, web};
use prometheus::Registry;

use super::{MetricsDoor, Readiness, live, metrics, ready, summary};
use crate::routes::{Access, Routes};

/// The running server.
pub struct Server {
    address: SocketAddr,
    handle: ServerHandle,
}

/// Binds and serves, openly: the address is for those who run the process.
pub async fn serve(listen: SocketAddr, registry: Registry, readiness: Arc<Readiness>) -> std::io::Result<Server> {
    let door = web::Data::new(MetricsDoor::Open(registry));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(door.clone())
            .app_data(web::Data::new(readiness.clone()))
            .configure(|config| table().serve(config))
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
pub(crate) fn table() -> Routes {
    Routes::default()
        .get("/health", Access::Open, summary)
        .get("/health/live", Access::Open, live)
        .get("/health/ready", Access::Open, ready)
        .get("/metrics", Access::Open, metrics)
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
