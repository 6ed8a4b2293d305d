//! Somebody else's ESC/POS writer (crate `escpos`) with its bytes kept. Other packages' tests include this file, too.
use std::cell::RefCell;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::printer::Printer;
use escpos::printer_options::PrinterOptions;
use escpos::utils::{PageCode, Protocol};

/// Characters on a line.
pub const COLUMNS: u8 = 48;

/// The writer, for 80 mm of paper and code page 858.
pub type Writer = Printer<Kept>;

/// Keeps what it is given.
#[derive(Clone, Default)]
pub struct Kept(Rc<RefCell<Vec<u8>>>);

impl Driver for Kept {
    fn name(&self) -> String {
        "kept".to_owned()
    }
    fn write(&self, data: &[u8]) -> Result<()> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }
    fn read(&self, _: &mut [u8]) -> Result<usize> {
        Ok(0)
    }
    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

/// The bytes of a job. What the job has not printed itself is not among them.
pub fn written(job: impl FnOnce(&mut Writer) -> Result<()>) -> Vec<u8> {
    let kept = Kept::default();
    let options = PrinterOptions::new(Some(PageCode::PC858), None, COLUMNS);
    job(&mut Printer::new(kept.clone(), Protocol::default(), Some(options))).unwrap();
    kept.0.take()
}
