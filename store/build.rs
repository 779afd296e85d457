//! A migration that is added must be embedded: the macro that does it reads the folder only when this crate is compiled.

#[allow(clippy::print_stdout)]
fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
