//! Programs that the tests run as processes of their own: `programs NAME ARGUMENTS…`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        // Each program is a line here, and a file beside this one.
        _ => panic!("there is no such program: {args:?}"),
    }
}
