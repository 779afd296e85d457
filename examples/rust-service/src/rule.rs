//! The rule. Pure: what is decided follows from the payment and the account, and from nothing else.

use serde::{Deserialize, Serialize};

/// From here on a person looks at a payment.
pub const HELD_FROM_CENTS: u64 = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    Pay,
    Hold,
    Refuse,
}

impl Choice {
    pub const ALL: [Choice; 3] = [Choice::Pay, Choice::Hold, Choice::Refuse];
}

#[derive(Debug, Serialize)]
pub struct Account {
    pub balance_cents: u64,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    pub account: String,
    pub cents: u64,
    /// An IBAN.
    pub to: String,
    pub note: String,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    pub choice: Choice,
    pub why: &'static str,
}

pub fn decide(account: &Account, payment: &Payment) -> Decision {
    let (choice, why) = if payment.cents > account.balance_cents {
        (Choice::Refuse, "there is not enough on the account")
    } else if payment.cents >= HELD_FROM_CENTS {
        (Choice::Hold, "from 1000.00 on a person looks at it")
    } else {
        (Choice::Pay, "the account covers it, and it is below 1000.00")
    };
    Decision { choice, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(balance_cents: u64, cents: u64) -> Choice {
        let payment = Payment { account: String::new(), cents, to: String::new(), note: String::new() };
        decide(&Account { balance_cents }, &payment).choice
    }

    #[test]
    fn what_is_covered_is_paid_and_what_is_large_is_held() {
        assert_eq!(decided(5_000, 5_000), Choice::Pay);
        assert_eq!(decided(5_000, 5_001), Choice::Refuse);
        assert_eq!(decided(500_000, HELD_FROM_CENTS - 1), Choice::Pay);
        assert_eq!(decided(500_000, HELD_FROM_CENTS), Choice::Hold);
    }
}
