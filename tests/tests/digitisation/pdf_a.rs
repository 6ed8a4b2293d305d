//! What ISO 19005-2 asks of a file, looked up in it by pikepdf: a second opinion on what the writing library promises.
use super::other_readers::mixed;
use super::tools::{OnDisk, one_file};

/// Prints one `name=value` a line.
const SCRIPT: &str = r#"
import re, sys, pikepdf
pdf = pikepdf.open(sys.argv[1])
root, trailer = pdf.Root, pdf.trailer
def say(name, value): print(f"{name}={value}")
say("version", pdf.pdf_version)
say("encrypted", pdf.is_encrypted)
say("id", len(trailer.ID) == 2 and all(len(bytes(part)) >= 16 for part in trailer.ID))
say("lang", root.Lang)
raw = root.Metadata.read_raw_bytes()
say("xmp-filter", "/Filter" in root.Metadata)
say("xmp-packet", raw.lstrip(b"\xef\xbb\xbf").startswith(b"<?xpacket begin="))
with pdf.open_metadata(update_docinfo=False) as xmp:
    say("part", xmp["pdfaid:part"])
    say("conformance", xmp["pdfaid:conformance"])
    say("title", xmp["dc:title"])
    say("language", list(xmp["dc:language"]))
    say("created", xmp["xmp:CreateDate"])
    say("modified", xmp["xmp:ModifyDate"])
    say("producer", xmp["pdf:Producer"] == str(pdf.docinfo.Producer))
    say("creator", xmp["xmp:CreatorTool"] == str(pdf.docinfo.Creator))
    say("info-title", xmp["dc:title"] == str(pdf.docinfo.Title))
    say("authors", "dc:creator" in xmp or "/Author" in pdf.docinfo)
say("info-created", pdf.docinfo.CreationDate)
say("info-modified", pdf.docinfo.ModDate)
intent = root.OutputIntents[0]
say("intents", len(root.OutputIntents))
say("intent", str(intent.S))
profile = bytes(intent.DestOutputProfile.read_bytes())
say("profile", (intent.DestOutputProfile.N, profile[12:20].decode().strip(), profile[36:40].decode(),
    int.from_bytes(profile[:4], "big") == len(profile)))
say("forbidden-in-root", [key for key in ("/OpenAction", "/AA", "/AcroForm", "/Names", "/OCProperties",
    "/Requirements", "/Perms") if key in root])
kinds, forbidden, filters, spaces = set(), [], set(), set()
for obj in pdf.objects:
    if not isinstance(obj, (pikepdf.Dictionary, pikepdf.Stream)): continue
    for key in ("/JS", "/JavaScript", "/EF", "/F", "/FFilter", "/AA", "/OPI", "/Alternates", "/SMask", "/TR", "/HTP",
                "/Encrypt", "/XFA", "/Launch"):
        if key in obj: forbidden.append(key)
    if isinstance(obj, pikepdf.Stream):
        if "/Filter" in obj: filters.add(str(obj.Filter))
        if obj.get("/Subtype") == "/Image":
            kinds.add((int(obj.BitsPerComponent), "/Interpolate" in obj, "/Intent" in obj))
            space = obj.ColorSpace
            spaces.add((str(space[0]), int(space[1].N)) if isinstance(space, pikepdf.Array) else str(space))
say("forbidden", sorted(set(forbidden)))
say("filters", sorted(filters))
say("pictures", sorted(kinds))
say("spaces", sorted(map(str, spaces)))
operators, deepest = set(), 0
for page in pdf.pages:
    say("box", (float(page.MediaBox[2]), float(page.MediaBox[3]), [key for key in ("/CropBox", "/Rotate", "/Annots", "/Thumb", "/Group", "/PresSteps") if key in page]))
    depth = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        operators.add(str(operator))
        depth += {"q": 1, "Q": -1}.get(str(operator), 0)
        deepest = max(deepest, depth)
say("operators", sorted(operators))
say("deepest", deepest)
"#;

fn looked_up() -> String {
    let file = OnDisk::new(&one_file(&mixed()));
    file.told("/usr/bin/python3", &["-c", SCRIPT])
}

#[test]
fn pikepdf_finds_what_level_b_asks_for_and_nothing_that_it_forbids() {
    let told = looked_up();
    for wanted in [
        "version=1.7",
        "encrypted=False",
        "id=True",
        "lang=ca-ES-valencia",
        // 6.6.2.1: to be found by whoever cannot read PDF.
        "xmp-filter=False",
        "xmp-packet=True",
        "part=2",
        "conformance=B",
        "title=Instancia y planos <nº 3>",
        "language=['ca-ES-valencia']",
        "created=2026-07-29T10:20:30+02:00",
        "modified=2026-07-29T10:20:30+02:00",
        "producer=True",
        "creator=True",
        "info-title=True",
        "authors=False",
        "info-created=D:20260729102030+02'00",
        "info-modified=D:20260729102030+02'00",
        "intents=1",
        "intent=/GTS_PDFA1",
        "profile=(3, 'mntrRGB', 'acsp', True)",
        "forbidden-in-root=[]",
        "forbidden=[]",
        "filters=['/DCTDecode', '/FlateDecode']",
        "pictures=[(8, False, False)]",
        "spaces=[\"('/ICCBased', 1)\", \"('/ICCBased', 3)\"]",
        "operators=['Do', 'Q', 'cm', 'q']",
    ] {
        assert!(told.lines().any(|line| line == wanted), "{wanted} in\n{told}");
    }
    let boxes: Vec<&str> = told.lines().filter(|line| line.starts_with("box=")).collect();
    assert_eq!(boxes.len(), 4);
    assert!(boxes.iter().all(|line| line.ends_with(", [])")), "{boxes:?}");
}
