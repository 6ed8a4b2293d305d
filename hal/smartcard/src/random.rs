//! Randomness, which comes from outside: the system's in the product, a seed in tests.

/// The system gave no randomness.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system has no randomness to give: {0}")]
pub struct RandomError(pub String);

/// A source of unpredictable bytes.
pub trait RandomSource: Send {
    /// Fills these bytes.
    ///
    /// # Errors
    /// [`RandomError`]; then none of them may be used.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// The kernel's.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl RandomSource for SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|error| RandomError(error.to_string()))
    }
}
