//! Programs that the tests run as processes of their own: `programs NAME ARGUMENTS…`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod cross;
#[path = "../support/random.rs"]
#[allow(dead_code, unreachable_pub)]
mod random;
mod recording;
mod settings;

use gapin_sdk::Settings;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        // Each program is a line here, and a file beside this one.
        ["cross", "sign", count, seed, secret] => cross::sign(count.parse().unwrap(), seed.parse().unwrap(), secret),
        ["cross", "verify", secret] => cross::verify(secret),
        ["just_ends"] => recording::just_ends(),
        #[cfg(feature = "disk-queue")]
        ["on_a_full_disk", folder] => recording::on_a_full_disk(folder),
        #[cfg(feature = "disk-queue")]
        ["on_and_on", folder, url, name] => recording::on_and_on(folder, url, name),
        #[cfg(feature = "disk-queue")]
        ["on_disk", folder, url, count] => recording::on_disk(folder, url, count.parse().unwrap()),
        #[cfg(unix)]
        ["until_killed"] => recording::until_killed(),
        ["settings"] => settings::run(Settings::new()),
        ["settings", "api_key", api_key] => settings::run(Settings::new().api_key(api_key)),
        ["settings", "root_certificates", pem] => settings::run(Settings::new().root_certificates(pem)),
        _ => panic!("there is no such program: {args:?}"),
    }
}
