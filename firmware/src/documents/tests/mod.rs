//! What the codes say, what is refused and how, and typing.
mod days;
mod properties;
mod refusals;
mod typing;
mod vectors;
