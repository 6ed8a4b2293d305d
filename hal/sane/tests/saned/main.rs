//! The real saned with its `test` driver (Debian package `sane-utils`). The clock is the wall's, because the daemon's is.
mod by_hand;
mod daemon;
mod depths;
mod end_of_life;
mod options;
mod pages;
mod pictures;
mod statuses;
