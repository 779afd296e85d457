//! For tests alone: real services as child processes on loopback, which end with the test.
