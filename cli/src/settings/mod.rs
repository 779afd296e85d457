//! Every setting: one small struct per concern, every variable declared once.
//!
//! A setting is an environment variable and a flag. One that holds a secret (`hide_env_values`) is
//! taken from the environment, or from the file that `<NAME>_FILE` names, and never from the command
//! line, where every user of the machine can read it. An empty variable counts as absent.
//! [`tree`] holds these rules; `docs/configuration.md` is made from the declarations by [`page`].

pub(crate) mod accounts;
pub(crate) mod client;
pub(crate) mod consumer;
pub(crate) mod data_dir;
pub(crate) mod email;
pub(crate) mod event_log;
pub(crate) mod event_store;
pub(crate) mod gateway;
pub(crate) mod limits;
pub(crate) mod logs;
pub(crate) mod page;
pub(crate) mod providers;
pub(crate) mod secrets;
pub(crate) mod spool;
pub(crate) mod traces;
pub(crate) mod tree;
pub(crate) mod values;
