//! Whole-system tests: the real `gapin` binary on real services.
