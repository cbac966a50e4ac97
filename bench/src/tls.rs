//! TLS for the stub S3, with a certificate made for this run.

use std::error::Error;
use std::io;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::http::Connection;

/// Where Linux distributions keep the certificates that they trust.
const SYSTEM: [&str; 2] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/// The server's side.
#[derive(Clone)]
pub(crate) struct Tls {
    server: Arc<ServerConfig>,
    pem: String,
}

impl Tls {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let certificate = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(certificate.signing_key.serialize_der()));
        let server = ServerConfig::builder().with_no_client_auth();
        Ok(Self {
            server: Arc::new(server.with_single_cert(vec![certificate.cert.der().clone()], key)?),
            pem: certificate.cert.pem(),
        })
    }

    /// Writes the certificates that the function trusts: this one, and all those of the system, because on AWS the
    /// function reads those at its start.
    pub(crate) fn write_trusted(&self, file: &Path) -> io::Result<()> {
        let system = SYSTEM.iter().find_map(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
        std::fs::write(file, system + &self.pem)
    }

    pub(crate) fn accept(&self, stream: TcpStream) -> io::Result<Connection> {
        stream.set_nodelay(true)?;
        let tls = ServerConnection::new(self.server.clone()).map_err(io::Error::other)?;
        Ok(Connection::new(StreamOwned::new(tls, stream)))
    }
}
