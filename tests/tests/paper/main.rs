//! Sealed documents become paper: what the head prints, seen by other people's programs. A file a mishap.
mod certificate;
mod field_03_forms_and_fonts_outside;
mod field_04_black_pages;
mod hostile;
mod pdf;
mod tools;
mod unusual;
mod whole_way;
