//! `cargo run -p testbed -- [kafka] [postgres] [redis]`: real services for a person at work, until Ctrl-C.
//!
//! Starts those named (all three when none is), prints the settings that point `gapin` at them, and
//! keeps them until its input or its life ends.
#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use std::io;

fn main() -> io::Result<()> {
    let named: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |service: &str| named.is_empty() || named.iter().any(|name| name == service);
    if wanted("kafka") {
        println!("KAFKA_BROKERS={}", testbed::kafka().brokers());
    }
    if wanted("postgres") {
        println!("DATABASE_URL={}", testbed::postgres().database());
    }
    if wanted("redis") {
        println!("REDIS_URL={}", testbed::redis().url());
    }
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
