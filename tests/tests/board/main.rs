//! The shipped binary on the emulated board, with its peripherals outside.
