//! The scanner's task against a saned that was written from the protocol's description, over lines in memory and a
//! paused clock. A file a mishap.
mod cancelling;
mod deaf;
mod everyday;
mod feeder_mishaps;
mod field_05_second_scan_on_the_same_handle;
mod hostile_answers;
mod image_torn;
mod image_wrong;
mod kiosk;
mod memory_is_bounded;
mod passwords_and_versions;
mod restart;
mod service_dies;
mod slow;
mod strict_driver;
mod tcp;
mod unplugged;
