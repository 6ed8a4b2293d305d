//! The pages, each with its data.
use serde::{Deserialize, Serialize};

use super::*;

/// A page with its data.
///
/// Names, numbers and texts of a citizen are not shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, derive_more::Debug)]
pub enum Page {
    /// Nobody is here. Shows what can be done, and the languages: touching one begins a session.
    Attract {
        /// The services, as in the menu.
        services: Vec<ServiceEntry>,
    },
    /// Choose another language (the bar's language button).
    Languages,
    /// Choose a service.
    Menu {
        /// All services, those that cannot be used with the reason.
        services: Vec<ServiceEntry>,
    },
    /// Hold the barcode under the reader, or type.
    Scan {
        /// A barcode reader works; otherwise only typing is offered.
        reader: bool,
        /// What was wrong with the last one.
        problem: Option<DocumentProblem>,
    },
    /// Type one field of the document.
    Type {
        /// Which.
        field: TypedField,
        /// The digits so far.
        digits: String,
        /// How many digits the field takes at most.
        longest: u8,
        /// The field can be confirmed.
        complete: bool,
        /// What was wrong.
        problem: Option<DocumentProblem>,
    },
    /// The bill, and how to pay it.
    Bill {
        /// Concept, in the sede's words.
        concept: String,
        /// Masked name.
        #[debug(skip)]
        masked_name: String,
        /// Reference.
        reference: String,
        /// Last day of the term, if it has one.
        last_day: Option<Day>,
        /// What is to be paid now.
        amount: Amount,
        /// The reduction that is in it; the last day is then that of the full amount.
        reduction: Option<Reduction>,
        /// Why cash is not offered; `None` when it is.
        cash: Option<Unavailable>,
        /// Why cards are not offered; `None` when they are.
        card: Option<Unavailable>,
    },
    /// What is given up for the reduction of a fine; nothing is charged before this is confirmed.
    Waiver {
        /// What is to be paid now, with the reduction.
        amount: Amount,
        /// The reduction.
        reduction: Reduction,
        /// Last day of the full amount, if it has one.
        last_day: Option<Day>,
    },
    /// A document that cannot be paid here.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// What will be taken and given, said before the first coin.
    CashTerms {
        /// To pay.
        amount: Amount,
        /// What is taken.
        denominations: Vec<Denomination>,
        /// Coins at most.
        coin_limit: u32,
        /// Only the exact amount: no change can be given.
        exact_only: bool,
    },
    /// Insert notes and coins.
    Cash {
        /// To pay.
        amount: Amount,
        /// Counted so far.
        inserted: Amount,
        /// What is taken now.
        denominations: Vec<Denomination>,
        /// A note is being looked at.
        checking: bool,
        /// The last note or coin came back.
        rejected: bool,
        /// What cancelling gives back in coins; the rest is a claim slip.
        returnable: Amount,
    },
    /// The machine works; nothing to do.
    Working {
        /// On what.
        work: Work,
    },
    /// Paid: change, receipt.
    Paid {
        /// Concept.
        concept: String,
        /// The bill.
        amount: Amount,
        /// Inserted.
        inserted: Amount,
        /// Change given.
        change: Amount,
        /// Operation number, as on the receipt.
        operation: String,
        /// The receipt.
        receipt: Slip,
    },
    /// Cancelled before or after money went in; all is given back.
    Cancelled {
        /// Given back.
        returned: Amount,
    },
    /// Insert the card, chip up.
    Card {
        /// What was wrong with the last one.
        problem: Option<CardProblem>,
    },
    /// Type the PIN; each character is a dot.
    Pin {
        /// Characters so far.
        characters: u8,
        /// At most so many.
        longest: u8,
        /// It can be confirmed.
        complete: bool,
        /// Tries that are left; `None` when the card does not tell.
        tries_left: Option<u8>,
        /// What was wrong before.
        problem: Option<PinProblem>,
        /// The keys.
        keys: PinKeys,
        /// With it the card signs what the citizen presents; else it only says who is there.
        signs: bool,
    },
    /// One try is left: a wrong PIN blocks the card. Confirm goes on to the PIN.
    LastTry,
    /// The card, or the citizen behind it, cannot go on.
    CardRefused {
        /// Why.
        refusal: CardRefusal,
    },
    /// Choose a certificate. The citizen is greeted by name.
    Certificates {
        /// Name, in the sede's words.
        #[debug(skip)]
        name: String,
        /// What can be had; those that are refused with the reason.
        kinds: Vec<CertificateKind>,
    },
    /// One certificate before it is issued: what it is, what to know before, in which language it is wanted.
    Certificate {
        /// Which.
        kind: CertificateKind,
        /// The languages it can be issued in.
        languages: Vec<Language>,
        /// The one that is chosen.
        chosen: Language,
    },
    /// It cannot be had; the words are the sede's.
    CertificateRefused {
        /// Its name.
        title: String,
        /// Why.
        text: String,
        /// What to do.
        next: String,
    },
    /// A person will issue it.
    CertificateQueued {
        /// Its name.
        title: String,
        /// Reference of the file.
        reference: String,
        /// Working days.
        working_days: u16,
    },
    /// The paper is in the slot: take it.
    TakeDocument {
        /// Its name.
        title: String,
        /// Sheets.
        pages: u16,
    },
    /// Taken. Another errand, or take the card and leave.
    DocumentTaken {
        /// Its name.
        title: String,
    },
    /// The print did not go well.
    DocumentTrouble {
        /// Its name.
        title: String,
        /// What.
        trouble: DocumentTrouble,
        /// It can be printed again now.
        again: bool,
    },
    /// The errand is over: take the card out.
    TakeCard,
    /// Not all went well.
    Incident(Incident),
    /// Write a text, a name or a number, letter by letter.
    Write {
        /// What.
        field: WriteField,
        /// What is written so far, at most `longest` characters.
        #[debug(skip)]
        text: String,
        /// Characters before the cursor.
        cursor: u16,
        /// Characters at most.
        longest: u16,
        /// It may have several lines.
        lines: bool,
        /// It can be confirmed.
        complete: bool,
        /// It can be left empty.
        optional: bool,
        /// There is a change to take back.
        undo: bool,
        /// The keys.
        keys: WriteKeys,
        /// What was wrong.
        problem: Option<WriteProblem>,
    },
    /// Choose from a list of any length.
    Choose {
        /// What is asked.
        question: Question,
        /// Who is greeted; empty for nobody.
        #[debug(skip)]
        name: String,
        /// The entries; at most 250 are shown.
        items: Vec<Item>,
    },
    /// For oneself (`Choose(0)`) or for somebody else (`Choose(1)`).
    OnBehalf,
    /// Notifications at the sede (`Choose(0)`) or on paper (`Choose(1)`).
    Notification {
        /// Paper can be chosen.
        postal: bool,
    },
    /// Lay sheets into the feeder (`Choose(0)`) or on the glass (`Choose(1)`). Confirm: there are no more sheets.
    ScanFrom {
        /// The feeder works.
        feeder: bool,
        /// The glass works.
        flatbed: bool,
        /// Sheets of this document so far.
        pages: u16,
        /// What was wrong with the last one.
        problem: Option<ScanProblem>,
    },
    /// A sheet of the document, to look at and to put right.
    ScannedPage {
        /// The sheet.
        picture: Picture,
        /// Which, from 1.
        page: u16,
        /// Of so many.
        pages: u16,
        /// There seems to be nothing on it.
        blank: bool,
        /// Another sheet can be laid on.
        more: bool,
    },
    /// The feeder is empty: all of them (Confirm), or more (`AddPage`).
    MoreSheets {
        /// Pages that look empty; [`Intent::RemoveBlank`](crate::Intent::RemoveBlank) leaves them out.
        blanks: u16,
        /// Sheets of this document so far.
        pages: u16,
    },
    /// The documents that go with the petition. `Choose` opens one, `AddAttachment` begins another.
    Attachments {
        /// Those that are there.
        items: Vec<Attachment>,
        /// Documents at most.
        most: u8,
        /// Bytes that are left for others.
        bytes_left: u32,
    },
    /// One document: `ScanAgain`, `RemoveAttachment`, `Rename`, or Confirm.
    Attachment {
        /// What the citizen calls it.
        #[debug(skip)]
        name: String,
        /// Its sheets.
        pages: u16,
        /// Size of all its files.
        bytes: u32,
        /// Files it is sent in: more than one because one would be too large, which is agreed to by Confirm.
        parts: u8,
    },
    /// The whole petition before it is signed. `Choose` changes a part ([`PetitionPart::ALL`]).
    PetitionCheck {
        /// The body it goes to.
        to: String,
        /// Who presents it.
        #[debug(skip)]
        person: String,
        /// For whom, if not for oneself.
        #[debug(skip)]
        represented: Option<String>,
        /// Facts and reasons.
        #[debug(skip)]
        facts: String,
        /// What is asked for.
        #[debug(skip)]
        request: String,
        /// How notifications come; with the address where they come on paper.
        #[debug(skip)]
        notification: String,
        /// Where the citizen is told of them; empty for nowhere.
        #[debug(skip)]
        contact: String,
        /// The documents.
        attachments: Vec<Attachment>,
    },
    /// What is declared by signing. Confirm: sealed by the sede; `SignWithCard`.
    Consent {
        /// The body it goes to.
        to: String,
        /// Documents that go with it.
        attachments: u8,
        /// What the citizen agrees to: the town hall's words, shown and spoken whole.
        text: String,
        /// The card has a signature certificate that can be used.
        own_signature: bool,
        /// Why the card has not signed before: nothing is presented yet.
        problem: Option<SignatureProblem>,
    },
    /// Leave a petition, and lose what was written and scanned? [`Intent::Confirm`] leaves, [`Intent::Back`] goes on.
    GiveUp,
    /// Registered: number and official time.
    Registered {
        /// Number of the entry.
        #[debug(skip)]
        number: String,
        /// Day and time of the registry, in words, in the citizen's language.
        at: String,
        /// The working day from which it counts, where it was not registered on one (Ley 39/2015, article 31.2).
        effective: Option<Day>,
        /// The receipt.
        receipt: Slip,
    },
    /// Not registered, or not surely.
    PetitionTrouble {
        /// What.
        trouble: PetitionTrouble,
    },
    /// With the card (`Choose(0)`) or by typing the number (`Choose(1)`).
    WhoIs,
    /// The number was typed without its first zeros: Confirm, if it is this one.
    NumberConfirm {
        /// The whole number.
        #[debug(skip)]
        shown: String,
    },
    /// A new appointment (`Choose(0)`), or one that is there already (`Choose(1)`).
    AppointmentStart,
    /// The first free appointment: Confirm takes it, Another looks for others.
    AppointmentFirst {
        /// For what.
        service: String,
        /// Where.
        office: String,
        /// When, in words, in the citizen's language.
        when: String,
    },
    /// There is none.
    NoAppointments {
        /// For what.
        service: String,
        /// Until this day, as far as is known.
        until: Option<Day>,
        /// Other ways to get it, in the sede's words; empty if there are none.
        channels: String,
    },
    /// The appointment before it is booked.
    AppointmentCheck {
        /// For what.
        service: String,
        /// Where.
        office: String,
        /// Its address; empty if unknown.
        address: String,
        /// When, in words.
        when: String,
    },
    /// Somebody else was faster. `Choose` takes one of the next, Another looks for others.
    AppointmentTaken {
        /// The one that is gone, in words.
        when: String,
        /// Those that come next.
        next: Vec<Item>,
    },
    /// Booked.
    Appointed {
        /// The code by which it is found again.
        #[debug(skip)]
        code: String,
        /// For what.
        service: String,
        /// Where.
        office: String,
        /// Its address; empty if unknown.
        address: String,
        /// When, in words.
        when: String,
        /// What to bring, in the sede's words; empty for nothing.
        bring: String,
        /// The slip.
        slip: Slip,
    },
    /// An appointment of the citizen's own: `CancelAppointment`, `PrintAgain`, Back.
    OwnAppointment {
        /// For what.
        #[debug(skip)]
        service: String,
        /// Where.
        #[debug(skip)]
        office: String,
        /// Its address; empty if unknown.
        #[debug(skip)]
        address: String,
        /// When, in words.
        #[debug(skip)]
        when: String,
        /// The code by which it is found again; empty if it is not to be shown.
        #[debug(skip)]
        code: String,
    },
    /// Cancel it? Confirm, or Back.
    AppointmentCancel {
        /// For what.
        #[debug(skip)]
        service: String,
        /// When, in words.
        #[debug(skip)]
        when: String,
    },
    /// Cancelled.
    AppointmentCancelled {
        /// For what.
        #[debug(skip)]
        service: String,
        /// When, in words.
        #[debug(skip)]
        when: String,
    },
    /// Not booked, found or cancelled, or not surely.
    AppointmentTrouble {
        /// What.
        trouble: AppointmentTrouble,
    },
    /// Help for the page before.
    Help,
    /// Nothing can be offered now.
    OutOfService,
}
