//! What a program of subjects does with its arguments.
//!
//! `check` (or nothing) counts every subject and fails past a budget, `record` writes the budgets anew, `run NAME` is what
//! valgrind starts. As a test without cargo's harness it also takes what cargo gives a test: a filter, and `--` options.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that tells")]

use std::{error::Error, path::PathBuf, process::Command, process::ExitCode};

use crate::{
    Subject,
    budgets::{Budgets, Recorded, Verdict},
    callgrind,
};

/// The file of budgets, within the checkout.
const BUDGETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../budgets.json");

/// Does what its arguments ask.
pub fn main(subjects: &[Subject]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
    let done = match words.as_slice() {
        _ if arguments.iter().any(|argument| argument == "--list") => Ok(true),
        ["run", name] => run(subjects, name),
        ["record"] => record(subjects),
        ["check", names @ ..] | names if subjects.iter().any(|subject| is_named(subject, names)) => {
            check(subjects.iter().filter(|subject| is_named(subject, names)))
        }
        // Words of options of cargo's are none of ours: to count nothing and call it good would hide that.
        names => Err(format!("nothing is called {names:?}").into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether it is meant: by nothing, all are; by words, as cargo's filter of tests, those whose name holds one of them.
fn is_named(subject: &Subject, words: &[&str]) -> bool {
    words.is_empty() || words.iter().any(|word| subject.name.contains(word))
}

fn run(subjects: &[Subject], name: &str) -> Result<bool, Box<dyn Error>> {
    let subject = subjects.iter().find(|subject| subject.name == name);
    subject.ok_or_else(|| format!("there is no subject {name}"))?.run();
    Ok(true)
}

fn record(subjects: &[Subject]) -> Result<bool, Box<dyn Error>> {
    let path = PathBuf::from(BUDGETS);
    let mut budgets = if path.exists() { Budgets::read(&path)? } else { Budgets::default() };
    let mut counts = Vec::new();
    for subject in subjects {
        let count = callgrind::count(subject)?;
        println!("{:32} {count:>12} instructions", subject.name);
        counts.push((subject.name.to_owned(), count));
    }
    budgets.record(&rustc()?, counts);
    budgets.write(&path)?;
    Ok(true)
}

fn check<'s>(subjects: impl IntoIterator<Item = &'s Subject>) -> Result<bool, Box<dyn Error>> {
    let budgets = Budgets::read(&PathBuf::from(BUDGETS))?;
    let Some(here) = budgets.here() else {
        println!("no budget is recorded for {}: nothing is guarded here", std::env::consts::ARCH);
        return Ok(true);
    };
    let mut is_kept = true;
    for subject in subjects {
        let count = callgrind::count(subject)?;
        is_kept &= tell(here, subject.name, count);
    }
    if !is_kept {
        advise(here);
    }
    Ok(is_kept)
}

/// Says what became of one subject, and answers whether it is within its budget.
fn tell(here: &Recorded, name: &str, count: u64) -> bool {
    let verdict = here.judge(name, count);
    let budget = here.instructions.get(name).copied().unwrap_or_default();
    let change = (count as f64 / budget as f64 - 1.0) * 100.0;
    let said = match verdict {
        Verdict::Kept => format!("{change:+.1} % of its budget"),
        Verdict::FarBelow => format!("{change:+.1} %: record the new budget with `make budgets`"),
        Verdict::Above => format!("{change:+.1} %: PAST ITS BUDGET of {budget}"),
        Verdict::Unknown => "has NO BUDGET: record one with `make budgets`".to_owned(),
    };
    println!("{name:32} {count:>12} instructions, {said}");
    matches!(verdict, Verdict::Kept | Verdict::FarBelow)
}

fn advise(here: &Recorded) {
    println!(
        "\nWhat stands there takes more instructions than it did. Look where they go: run the program under\n\
         `valgrind --tool=callgrind … run NAME` and read it with `callgrind_annotate`. If the work is worth it, record the\n\
         new budget with `make budgets`, commit load-tests/budgets.json and say why."
    );
    match rustc() {
        Ok(now) if now != here.rustc => {
            println!("The budgets are of rustc {}, and this is {now}: that alone moves counts a little.", here.rustc);
        }
        _ => {}
    }
}

/// The version of the compiler at hand.
fn rustc() -> Result<String, Box<dyn Error>> {
    let output = Command::new("rustc").arg("--version").output()?;
    let said = String::from_utf8(output.stdout)?;
    Ok(said.split_whitespace().nth(1).ok_or("rustc does not tell its version")?.to_owned())
}
