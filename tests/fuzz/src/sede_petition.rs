//! What a sede answers about petitions and appointments.
use ciberkiosco::sede::{
    Alert, Applicant, Appointment, AppointmentAnswer, AppointmentCancel, AppointmentLookup,
    AppointmentRequest, Attachment, AttachmentPart, CancelAnswer, DocumentState, DocumentType, Draft,
    DraftAnswer, LanguageCode, MadridTime, MediaType, Notifications, OperationId, Origin, PartAnswer,
    Petition, PetitionOptionsAnswer, Refusal, RegistrationAnswer, Sede, SedeError, SlipCode, Slot,
    SlotsAnswer, SlotsRequest, Translated, Tried, Will,
};
use jiff::Timestamp;
use jiff::civil::date;
use private::PrivateText;

const DOCUMENT: &[u8] = b"attachment one, which is not long";
const WHOLE: u32 = 33;

/// One call: the texts in its answer.
pub async fn ask(sede: &Sede, call: u8) -> Result<Vec<String>, SedeError> {
    match call {
        4 => sede.petition_options(&session()).await.map(options),
        5 => sede.open_petition(&petition()).await.map(|answer| match answer {
            DraftAnswer::Accepted(it) => {
                assert!((1024..=524_288).contains(&it.part_bytes) && it.draft.as_str().len() >= 22);
                assert!(!it.draft.as_str().contains(['/', '?', '#', '%']), "it stands in a path");
                shown([&it.draft])
            }
            DraftAnswer::Refused(why) => refusal(why),
        }),
        6 => sede.upload_part(&draft(), &part()).await.map(|answer| {
            match answer {
                PartAnswer::Stored(it) => {
                    assert!((20..=WHOLE).contains(&it.offset) && it.complete == (it.offset == WHOLE));
                }
                PartAnswer::OtherOffset(it) => assert!(it <= WHOLE && it != 10, "{it}"),
                PartAnswer::Damaged | PartAnswer::AnotherDocument => {}
            }
            Vec::new()
        }),
        7 => sede.uploaded(&draft(), 1, WHOLE).await.map(|it| {
            assert!(it.offset <= WHOLE && it.complete == (it.offset == WHOLE));
            Vec::new()
        }),
        8 => sede.discard_petition(&session(), &draft()).await.map(|()| Vec::new()),
        9 => sede.register_petition(&petition(), &draft(), &will()).await.map(registration),
        10 => sede
            .registered_petition(&petition().request)
            .await
            .map(|it| it.map(|it| it.number).into_iter().collect()),
        11 => sede.appointment_offers().await.map(|it| {
            let services =
                it.services.into_iter().flat_map(|it| [vec![it.service], it.offices, translated(it.name)]);
            let offices =
                it.offices.into_iter().flat_map(|it| [vec![it.office, it.address], translated(it.name)]);
            services.chain(offices).flatten().collect()
        }),
        12 => sede.free_slots(&question()).await.map(slots),
        13 => sede.book_appointment(&request()).await.map(|answer| match answer {
            AppointmentAnswer::Booked(it) => {
                assert_eq!(it.start, request().start);
                appointment(it)
            }
            AppointmentAnswer::SlotTaken { next } => next.into_iter().map(place).collect(),
            AppointmentAnswer::Refused(why) => refusal(why),
        }),
        14 => {
            let lookup = AppointmentLookup::Slip { code: code(), number_end: private("000T") };
            sede.find_appointments(&lookup).await.map(|answer| match answer {
                Tried::Answered(all) => {
                    assert!(all.len() <= 1 && all.iter().all(|it| it.code == code()));
                    all.into_iter().flat_map(appointment).collect()
                }
                Tried::TooMany { .. } => Vec::new(),
            })
        }
        _ => {
            let cancel = AppointmentCancel::Session { session: session(), code: code() };
            sede.cancel_appointment(&cancel).await.map(|answer| match answer {
                Tried::Answered(CancelAnswer::Refused(why)) => refusal(why),
                Tried::Answered(CancelAnswer::Cancelled { .. }) | Tried::TooMany { .. } => Vec::new(),
            })
        }
    }
}

fn options(answer: PetitionOptionsAnswer) -> Vec<String> {
    match answer {
        PetitionOptionsAnswer::Offered(it) => {
            let masked = [&it.known.email, &it.known.phone, &it.known.address];
            let masked: Vec<String> = masked.into_iter().flatten().map(|it| it.as_str().to_owned()).collect();
            assert!(masked.iter().all(|it| it.contains('*')), "{masked:?}");
            let bodies = it.bodies.into_iter().flat_map(|it| [vec![it.dir3], translated(it.name)].concat());
            bodies.chain(masked).chain([it.consent.version]).chain(translated(it.consent.text)).collect()
        }
        PetitionOptionsAnswer::Refused(why) => refusal(why),
    }
}

fn registration(answer: RegistrationAnswer) -> Vec<String> {
    let it = match answer {
        RegistrationAnswer::Registered(it) => it,
        RegistrationAnswer::Refused(why) => return refusal(why),
    };
    assert_eq!((it.text_sha256, it.attachments.len()), (petition().text_sha256(), 1));
    assert!(it.effective_on >= MadridTime::of(it.registered_at).day());
    let names = it.attachments.iter().map(|it| it.name.as_str().to_owned());
    let private = shown([&it.heading, &it.csv, &it.verification_url]);
    names.chain(private).chain([it.number, it.body.dir3]).chain(translated(it.body.name)).collect()
}

fn slots(answer: SlotsAnswer) -> Vec<String> {
    match answer {
        SlotsAnswer::Free(it) => {
            assert!(it.days.len() <= 31 && it.days.is_sorted_by_key(|one| one.day), "{it:?}");
            assert!(it.first.start.day() >= question().from, "{it:?}");
            vec![it.office, place(it.first)]
        }
        SlotsAnswer::Full { channels, .. } => channels.into_iter().flat_map(translated).collect(),
    }
}

fn place(it: Slot) -> String {
    it.office
}

fn appointment(it: Appointment) -> Vec<String> {
    let bring = it.bring.into_iter().flat_map(translated);
    let office = [it.office.office, it.office.address, it.ticket, it.service, it.code.as_str().to_owned()];
    bring.chain(office).chain(translated(it.office.name)).chain(translated(it.service_name)).collect()
}

fn refusal(it: Refusal) -> Vec<String> {
    [vec![it.code], translated(it.text), translated(it.next)].concat()
}

fn translated(it: Translated) -> Vec<String> {
    vec![it.es, it.ca, it.en]
}

fn shown<const N: usize>(texts: [&PrivateText; N]) -> Vec<String> {
    texts.map(|it| it.as_str().to_owned()).to_vec()
}

fn private(text: &str) -> PrivateText {
    text.to_owned().into()
}

fn session() -> PrivateText {
    private("S-5f1c0b7a94de42c3")
}

fn draft() -> Draft {
    Draft { draft: private("D-0f8e7d6c5b4a39281706f5e4d3c2b1a0"), part_bytes: 1024 }
}

fn part() -> AttachmentPart<'static> {
    AttachmentPart::next(1, DOCUMENT, 10, 10).expect("a part")
}

fn will() -> Will {
    Will::Consent { version: "2026-1".into(), language: LanguageCode::Es }
}

fn petition() -> Petition {
    Petition {
        session: session(),
        request: OperationId("K07-S000012".into()),
        language: LanguageCode::Es,
        body: "L01030149".into(),
        represented: None,
        notifications: Notifications::Electronic,
        alert: Alert { email: None, phone: Some(private("600000000")) },
        facts: private("La farola está rota.\nDesde ayer."),
        asks: private("Que se repare."),
        attachments: vec![Attachment {
            name: private("documento-1.pdf"),
            media_type: MediaType::Pdf,
            pages: 2,
            bytes: WHOLE,
            sha256: [0xAB; 32],
            captured_at: Timestamp::UNIX_EPOCH,
            origin: Origin::Citizen,
            state: DocumentState::Other,
            document_type: DocumentType::Other,
        }],
        clock_sure: true,
    }
}

fn code() -> SlipCode {
    SlipCode::typed("ACDEFGHJK").expect("a code")
}

fn question() -> SlotsRequest {
    SlotsRequest { service: "padron".into(), office: None, from: date(2026, 11, 25) }
}

fn request() -> AppointmentRequest {
    AppointmentRequest {
        request: OperationId("K07-A000004".into()),
        service: "padron".into(),
        office: "centre".into(),
        start: MadridTime::at(date(2026, 11, 26), jiff::civil::time(9, 15, 0, 0)).expect("a time"),
        language: LanguageCode::Es,
        who: Applicant::Session { session: session() },
    }
}
