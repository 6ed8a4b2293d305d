//! The sede's documents as other people's programs see them: poppler, qpdf, zbar.
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use emulated_board::packages::{DOCUMENT_PACKAGES, ensure_all};

use super::*;

/// Installed once: the packager lets in one at a time.
static READERS: LazyLock<()> = LazyLock::new(|| ensure_all(DOCUMENT_PACKAGES).unwrap());

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {text}{errors}");
    text
}

/// A document on a disk, and its CSV.
async fn document(
    world: &World,
    folder: &Path,
    number: &str,
    kind: &str,
    language: LanguageCode,
) -> (PathBuf, String) {
    let session = world.identified(number).await;
    let request = format!("C{}", world.town.certificates().len());
    let issued = world.issue(&session, &request, kind, language).await.unwrap();
    let bytes = world.kiosk.document(&session, &issued).await.unwrap();
    let path = folder.join(format!("{request}.pdf"));
    std::fs::write(&path, bytes.as_slice()).unwrap();
    (path, world.town.certificates().pop().unwrap().csv)
}

/// The text, its lines joined: where they break is the layout's business.
fn text(path: &str) -> String {
    run("pdftotext", &["-layout", path, "-"]).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(start_paused = true)]
async fn what_the_paper_must_carry_is_on_it_in_three_languages() {
    LazyLock::force(&READERS);
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let expected = [
        (
            LanguageCode::Es,
            [
                "Ayuntamiento de Prueba",
                "Certificado de empadronamiento",
                "Individual",
                "Según el padrón municipal de habitantes a 25/11/2026",
                "Expedido el 25 de noviembre de 2026",
                "a las 11:15",
                "documento público y fehaciente",
                "Actuación administrativa automatizada",
                "Secretaría General",
                "Sello electrónico",
                "Página 1 de 1",
            ],
        ),
        (
            LanguageCode::Ca,
            [
                "Ajuntament de Prova",
                "Certificat d'empadronament",
                "Individual",
                "Segons el padró municipal d'habitants a 25/11/2026",
                "Expedit el 25 de novembre de 2026",
                "a les 11:15",
                "document públic i fefaent",
                "Actuació administrativa automatitzada",
                "Secretaria General",
                "Segell electrònic",
                "Pàgina 1 de 1",
            ],
        ),
        (
            LanguageCode::En,
            [
                "Ayuntamiento de Prueba",
                "Registration certificate",
                "Individual",
                "According to the municipal register (padrón) at 25/11/2026",
                "Issued on 25 November 2026",
                "at 11:15",
                "public document",
                "Automated administrative act",
                "Secretaría General",
                "Electronic seal",
                "Page 1 of 1",
            ],
        ),
    ];
    for (language, words) in expected {
        let (path, csv) =
            document(&world, folder.path(), "00000000T", "certificado-individual", language).await;
        let path = path.to_str().unwrap();
        let text = text(path);
        for word in words {
            assert!(text.contains(word), "{word}: {text}");
        }
        for data in ["Empadronada Sintética Núñez", "00000000T", "Plaza de Felipe VI, 12", "31/12/1999"] {
            assert!(text.contains(data), "{data}: {text}");
        }
        assert!(
            text.contains(&format!("CSV: {csv}"))
                && text.contains(&format!("https://sede.example/csv/{csv}"))
        );
        run("qpdf", &["--check", path]);
        let info = run("pdfinfo", &[path]);
        assert!(info.contains("Pages: 1") || info.contains("Pages:           1"), "{info}");
        assert!(info.contains("(A4)"), "{info}");
        let fonts = run("pdffonts", &[path]);
        assert_eq!(fonts.lines().skip(2).count(), 2, "{fonts}");
        for font in fonts.lines().skip(2) {
            assert!(
                font.contains("AtkinsonHyperlegibleNext") && font.contains("yes yes"),
                "embedded, a subset: {font}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_note_says_that_it_only_informs_and_names_nobody_who_did_not_agree() {
    LazyLock::force(&READERS);
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = document(&world, folder.path(), "X1234567L", "volante-colectivo", LanguageCode::Es).await;
    let text = text(path.to_str().unwrap());
    for word in [
        "Volante colectivo",
        "meramente informativo",
        "Constan solo quienes han dado su consentimiento: 2 de 3.",
        "no es prueba de residencia legal",
        "Resident d'Exemple i Prova",
        "Inquilina de Muestra",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!text.contains("Ficticio") && !text.contains("Y1234567X"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_crowded_dwelling_takes_two_pages_and_every_page_can_be_checked() {
    LazyLock::force(&READERS);
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let (path, csv) =
        document(&world, folder.path(), "11111111H", "certificado-colectivo", LanguageCode::En).await;
    let path = path.to_str().unwrap();
    run("qpdf", &["--check", path]);
    let text = text(path);
    assert!(text.contains("Page 1 of 2") && text.contains("Page 2 of 2"), "{text}");
    for resident in &world.town.padron().dwellings.iter().find(|it| it.name == "crowded").unwrap().residents {
        assert!(text.contains(&resident.name), "{}: {text}", resident.name);
    }
    // As a printer of 203 dots an inch has it, in black and white.
    let picture = folder.path().join("page");
    run("pdftoppm", &["-r", "203", "-mono", path, picture.to_str().unwrap()]);
    for page in [1, 2] {
        let file = folder.path().join(format!("page-{page}.pbm"));
        let found = run("zbarimg", &["--quiet", "--raw", file.to_str().unwrap()]);
        assert_eq!(found.trim(), format!("https://sede.example/csv/{csv}"), "page {page}");
    }
}
