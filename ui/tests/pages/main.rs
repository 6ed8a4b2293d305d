//! Looks at every sample page in every language as a citizen would: reads, touches, types, listens.
mod catalogue;
mod elements;
mod focus;
mod help;
mod identity;
mod looks;
mod painting;
mod petition;
mod touch;
mod words;
mod writing;
