//! As much of HTTP/1.1 as the function uses on the loopback interface. No HTTP library, so that none is measured.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};

/// A connection that is kept open.
pub(crate) struct Connection {
    reader: BufReader<Box<dyn Stream>>,
}

/// TCP, or TLS on top of it.
pub(crate) trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

/// The first line and the headers, their names in lower case.
pub(crate) struct Head {
    pub(crate) line: String,
    headers: HashMap<String, String>,
}

impl Head {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.header(name)?.parse().ok()
    }
}

impl Connection {
    pub(crate) fn new(stream: impl Stream + 'static) -> Self {
        Self { reader: BufReader::new(Box::new(stream)) }
    }

    /// Reads the next head; nothing if the other side has closed the connection.
    pub(crate) fn head(&mut self) -> io::Result<Option<Head>> {
        let Some(line) = self.line()? else { return Ok(None) };
        let mut headers = HashMap::new();
        while let Some(header) = self.line()?.filter(|header| !header.is_empty()) {
            if let Some((name, value)) = header.split_once(':') {
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
        }
        Ok(Some(Head { line, headers }))
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let length = self.reader.read_line(&mut line)?;
        Ok((length > 0).then(|| line.trim_end().to_owned()))
    }

    /// Reads a body and discards it.
    pub(crate) fn skip_body(&mut self, head: &Head) -> io::Result<()> {
        if head.header("expect").is_some() {
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        if head.header("transfer-encoding").is_none() {
            return self.skip(head.number("content-length").unwrap_or(0));
        }
        // In chunks (RFC 9112, 7.1), as boto3 sends it. No trailer follows: that of aws-chunked is in the body.
        loop {
            let line = self.line()?.unwrap_or_default();
            let length = usize::from_str_radix(&line, 16).map_err(io::Error::other)?;
            self.skip(length)?;
            self.line()?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn skip(&mut self, bytes: usize) -> io::Result<()> {
        let mut left = bytes;
        let mut buffer = vec![0; left.min(1 << 18)];
        while left > 0 {
            let length = left.min(buffer.len());
            self.reader.read_exact(&mut buffer[..length])?;
            left -= length;
        }
        Ok(())
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.reader.get_mut().write_all(bytes)
    }

    /// Sends a whole answer. Each of the `headers` ends in CR LF.
    pub(crate) fn answer(&mut self, status: &str, headers: &str, body: &[u8]) -> io::Result<()> {
        let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        self.write(head.as_bytes())?;
        self.write(body)
    }
}
