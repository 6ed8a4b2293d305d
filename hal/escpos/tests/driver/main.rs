//! The driver against printers scripted at the byte level, over in-memory lines and a paused clock. A file a mishap.
mod any_trouble;
mod custom_family;
mod everyday;
mod field_13_old_tickets_come_out_after_refill;
mod field_14_a_retry_loop_prints_many_copies;
mod field_15_paper_out_inside_a_raster;
mod field_16_answers_of_the_previous_request;
mod peer;
mod restart;
mod trouble;
mod unplug;
