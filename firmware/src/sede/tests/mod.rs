//! Scripted peers on the far side of an in-memory connection, and the mishaps they play.
