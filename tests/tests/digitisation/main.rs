//! Scanned pages become the file that is sent, seen by other people's programs. A file a mishap.
mod blank;
mod colour;
mod lines_askew;
mod other_readers;
mod paper_smaller_than_the_scan;
mod pdf_a;
mod too_large_for_one_file;
mod tools;
mod turned;
