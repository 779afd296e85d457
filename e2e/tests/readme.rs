//! The README's commands, run as they are printed.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
};

use testbed::{Kind, ServiceProcess};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The lines of each block that is fenced as `sh`.
fn shell_blocks() -> Vec<String> {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    let blocks: Vec<_> = blocks.collect();
    assert!(blocks.len() >= 2, "the README shows commands");
    blocks
}

#[test]
fn the_first_screen_is_two_targets_that_exist() {
    let first = shell_blocks().remove(0);
    let targets: Vec<_> = first.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert_eq!(targets, ["run", "test"]);
    for target in targets {
        let dry = Command::new("make").args(["--dry-run", target]).current_dir(ROOT).output().unwrap();
        assert!(dry.status.success(), "{}", String::from_utf8_lossy(&dry.stderr));
    }
}

/// What links of the text lead to, where that is a file of ours.
fn links(text: &str) -> Vec<&str> {
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    links.filter(|link| !link.contains("://") && !link.starts_with('#')).collect()
}

#[test]
fn every_guide_is_listed_and_every_link_leads_somewhere() {
    let root = Path::new(ROOT);
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let linked = links(&readme);
    for entry in fs::read_dir(root.join("docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".md") {
            assert!(linked.contains(&format!("docs/{name}").as_str()), "the README does not lead to docs/{name}");
            let guide = fs::read_to_string(&path).unwrap();
            for link in links(&guide) {
                let target = root.join("docs").join(link.split('#').next().unwrap());
                assert!(target.exists(), "docs/{name} leads to {link}, which is not there");
            }
        }
    }
    for link in linked {
        assert!(root.join(link.split('#').next().unwrap()).exists(), "the README leads to {link}, which is not there");
    }
}

/// In a folder that looks like a checkout where `make run` has built and started GAPIN.
#[test]
fn the_other_commands_work_as_printed() {
    let mut dev = ServiceProcess::new(Kind { name: "readme", stop_signal: "TERM", discard_signal: "KILL" });
    let checkout = dev.folder().join("checkout");
    fs::create_dir_all(checkout.join("target/release")).unwrap();
    symlink(e2e::gapin_path(), checkout.join("target/release/gapin")).unwrap();
    symlink(fs::canonicalize(Path::new(ROOT).join("e2e")).unwrap(), checkout.join("e2e")).unwrap();
    let dev_env = checkout.join(".gapin/dev.env");
    let mut command = Command::new(e2e::gapin_path());
    command.env_clear().args(["dev", "--listen", "127.0.0.1:0"]).current_dir(&checkout);
    if let Err(error) = dev.start(&mut command, |_| dev_env.is_file()) {
        dev.fail("ended at once", error.status);
    }

    // What was just sent is asked for until it is there, as a person would.
    let blocks = shell_blocks();
    let (query, others) = blocks[1..].split_last().unwrap();
    let script = format!(
        "set -euxo pipefail\n{}\n\
         until stored=$({query}) && [[ $stored == *order-7* ]]; do sleep 0.1; done\n\
         echo \"$stored\"",
        others.join("\n")
    );
    let output = Command::new("timeout")
        .args(["90", "bash", "-c", &script])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .current_dir(&checkout)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}\n{}", String::from_utf8_lossy(&output.stderr), dev.said());
    assert!(said.contains("order-7") && !said.contains("jane@example.com"), "{said}");
}
