//! Passwords, hashed with Argon2id on threads of their own: as many at once as leave the rest of the gateway its
//! processors, as many waiting as are answered in good time, and one more is refused at once.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash::phc};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use prometheus::IntCounter;
use store::accounts::PasswordHash;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::problem::{Kind, Problem};

/// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A password, wiped when it goes.
pub(crate) type Password = Zeroizing<String>;

/// What a password that was tried is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and kept under weaker parameters than today's: hash it anew.
    RightButWeaklyKept,
}

/// The place where passwords are hashed.
pub(crate) struct Passwords {
    /// Those that run.
    running: Arc<Semaphore>,
    /// Those that run or wait.
    admitted: Arc<Semaphore>,
    hashes: IntCounter,
    /// What is verified when there is nothing to verify, so that it takes as long; no password has this hash.
    nobodys: PasswordHash,
}

impl Passwords {
    /// So many at once, and so many more waiting.
    pub(crate) fn new(at_once: usize, waiting_max: usize, hashes: IntCounter) -> Self {
        Self {
            running: Arc::new(Semaphore::new(at_once)),
            admitted: Arc::new(Semaphore::new(at_once + waiting_max)),
            hashes,
            nobodys: nobodys_hash(),
        }
    }

    /// The hash to keep.
    pub(crate) async fn hash(&self, password: &Password) -> Result<PasswordHash, Problem> {
        let password = password.clone();
        self.run(move || hash(&password)).await?
    }

    /// Whether this is the password; with nothing kept it is wrong, and that takes as long.
    pub(crate) async fn verify(&self, password: &Password, kept: Option<&PasswordHash>) -> Result<Verdict, Problem> {
        let kept = kept.unwrap_or(&self.nobodys).clone();
        let password = password.clone();
        self.run(move || verify(&password, &kept)).await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| {
            Problem::new(Kind::Overloaded, "Too many people are signing in at this moment; try again shortly.")
        })?;
        let running = self.running.clone().acquire_owned().await.map_err(Problem::internal)?;
        self.hashes.inc();
        // A caller that goes away leaves its work running: its places are given back when the work ends.
        let work = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((admitted, running));
            result
        });
        // Not with the error itself: of a panic it quotes the words, and this goes into the log.
        work.await.map_err(|_| Problem::internal("the work on a password was broken off"))
    }
}

/// Hashes here and now.
pub(super) fn hash(password: &Password) -> Result<PasswordHash, Problem> {
    let hash: phc::PasswordHash = argon2()?.hash_password(password.as_bytes()).map_err(Problem::internal)?;
    Ok(PasswordHash(hash.to_string()))
}

fn verify(password: &Password, kept: &PasswordHash) -> Result<Verdict, Problem> {
    // What is kept that can't be read is our fault, and nobody's right password.
    let kept = phc::PasswordHash::new(&kept.0).map_err(Problem::internal)?;
    if argon2()?.verify_password(password.as_bytes(), &kept).is_err() {
        return Ok(Verdict::Wrong);
    }
    let is_weak = Params::try_from(&kept).map_err(Problem::internal).map(|params| is_weak(&params))?;
    Ok(if is_weak { Verdict::RightButWeaklyKept } else { Verdict::Right })
}

fn is_weak(params: &Params) -> bool {
    params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES
}

fn argon2() -> Result<Argon2<'static>, Problem> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Problem::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn nobodys_hash() -> PasswordHash {
    let (salt, hash) = (STANDARD_NO_PAD.encode([0; 16]), STANDARD_NO_PAD.encode([0; 32]));
    PasswordHash(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
}

/// A password for a person who is to replace it: 100 random bits, in groups that can be read out.
pub(super) fn one_time_password() -> Result<Password, Problem> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = Zeroizing::new([0_u8; 20]);
    getrandom::fill(bytes.as_mut_slice()).map_err(Problem::internal)?;
    let mut text = Zeroizing::new(String::with_capacity(24));
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn password(text: &str) -> Password {
        Zeroizing::new(text.to_owned())
    }

    fn passwords(at_once: usize, waiting_max: usize) -> Passwords {
        Passwords::new(at_once, waiting_max, IntCounter::new("hashes", "Hashes.").unwrap())
    }

    #[tokio::test]
    async fn a_password_is_right_for_its_own_hash_alone() {
        let passwords = passwords(1, 1);
        let kept = passwords.hash(&password("correct horse")).await.unwrap();
        assert!(kept.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", kept.0);
        assert_ne!(kept, passwords.hash(&password("correct horse")).await.unwrap());
        assert_eq!(passwords.verify(&password("correct horse"), Some(&kept)).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.verify(&password("Correct horse"), Some(&kept)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn with_nothing_kept_the_same_work_is_done_and_no_password_is_right() {
        let passwords = passwords(1, 1);
        assert_eq!(passwords.verify(&password(""), None).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.hashes.get(), 1);
        let nobodys = phc::PasswordHash::new(&passwords.nobodys.0).unwrap();
        let kept = phc::PasswordHash::new(&hash(&password("x")).unwrap().0).unwrap();
        let params = |hash: &phc::PasswordHash| Params::try_from(hash).unwrap();
        assert_eq!(params(&nobodys).m_cost(), params(&kept).m_cost());
        assert_eq!(params(&nobodys).t_cost(), params(&kept).t_cost());
        assert_eq!(nobodys.hash.unwrap().len(), kept.hash.unwrap().len());
    }

    #[test]
    fn a_right_password_under_weaker_parameters_is_to_be_hashed_anew() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8_192, 1, 1, None).unwrap());
        let kept: phc::PasswordHash = weak.hash_password(b"correct horse").unwrap();
        let kept = PasswordHash(kept.to_string());
        assert_eq!(verify(&password("correct horse"), &kept).unwrap(), Verdict::RightButWeaklyKept);
        assert_eq!(verify(&password("wrong horse"), &kept).unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_storm_is_refused_past_its_bound() {
        let passwords = passwords(1, 1);
        let held = passwords.running.clone().acquire_owned().await.unwrap();
        let waits = passwords.admitted.clone().acquire_many_owned(2).await.unwrap();
        assert_eq!(passwords.hash(&password("x")).await.unwrap_err().kind(), Kind::Overloaded);
        drop((held, waits));
        passwords.hash(&password("x")).await.unwrap();
    }

    #[test]
    fn one_time_passwords_are_long_and_differ() {
        let (one, other) = (one_time_password().unwrap(), one_time_password().unwrap());
        assert_ne!(*one, *other);
        assert_eq!(one.len(), 23);
    }
}
