//! What drivers call their sources and modes, and what is set where: lists of real ones.
use hal_sane::options::{Options, Setting};
use hal_sane::wire::{Capabilities, Constraint, Descriptor, Descriptors, Kind, Text, Unit, Value};
use hal_sane::{Colour, Resolutions, Source};

fn option(name: &str, kind: Kind, unit: Unit, constraint: Constraint) -> Option<Descriptor> {
    Some(Descriptor {
        name: Some(name.into()),
        title: None,
        description: None,
        kind,
        unit,
        size: if kind == Kind::Text { 40 } else { 4 },
        capabilities: Capabilities(5),
        constraint,
    })
}

fn choice(name: &str, texts: &[&str]) -> Option<Descriptor> {
    option(
        name,
        Kind::Text,
        Unit::None,
        Constraint::Texts(texts.iter().map(|text| Text::from(*text)).collect()),
    )
}

fn options(list: impl Into<Vec<Option<Descriptor>>>) -> Options {
    Options::from(Descriptors(list.into()))
}

fn set(name: &'static str, value: &str) -> Setting {
    Setting { name, value: Value::Text(value.into()) }
}

#[test]
fn sources_of_real_drivers() {
    let all = |labels: &[&str]| options([choice("source", labels)]).sources(Source::Flatbed);
    assert_eq!(
        all(&["Flatbed", "ADF", "ADF Duplex"]),
        [Source::Flatbed, Source::Feeder, Source::FeederDuplex]
    );
    assert_eq!(all(&["ADF"]), [Source::Feeder]);
    assert_eq!(all(&["Flatbed", "Automatic Document Feeder"]), [Source::Flatbed, Source::Feeder]);
    assert_eq!(
        all(&["FlatBed", "Automatic Document Feeder(left aligned,Duplex)"]),
        [Source::Flatbed, Source::FeederDuplex]
    );
    assert_eq!(all(&["Document Table", "Automatic Document Feeder"]), [Source::Flatbed, Source::Feeder]);
    assert_eq!(all(&["ADF Front", "ADF Back", "ADF Duplex"]), [Source::Feeder, Source::FeederDuplex]);
    assert_eq!(all(&["Flatbed", "Transparency Adapter", "Negative"]), [Source::Flatbed]);
    assert_eq!(all(&["Kodak"]), []);
}

#[test]
fn what_a_source_is_set_by() {
    let three = options([choice("source", &["Flatbed", "ADF Front", "ADF Back", "ADF Duplex"])]);
    assert_eq!(three.at_source(Source::Feeder, Source::Flatbed), Some(vec![set("source", "ADF Front")]));
    assert_eq!(
        three.at_source(Source::FeederDuplex, Source::Flatbed),
        Some(vec![set("source", "ADF Duplex")])
    );
    let sides = options([
        choice("source", &["Flatbed", "Automatic Document Feeder"]),
        choice("adf-mode", &["Simplex", "Duplex"]),
    ]);
    assert_eq!(
        sides.at_source(Source::FeederDuplex, Source::Flatbed),
        Some(vec![set("source", "Automatic Document Feeder"), set("adf-mode", "Duplex")])
    );
    assert_eq!(
        sides.at_source(Source::Feeder, Source::Flatbed),
        Some(vec![set("source", "Automatic Document Feeder"), set("adf-mode", "Simplex")])
    );
    let switch = options([option("duplex", Kind::Bool, Unit::None, Constraint::None)]);
    let on = Setting { name: "duplex", value: Value::word(1) };
    assert_eq!(switch.at_source(Source::FeederDuplex, Source::Feeder), Some(vec![on]));
    assert_eq!(switch.sources(Source::Feeder), [Source::Feeder, Source::FeederDuplex]);
    assert_eq!(switch.at_source(Source::Flatbed, Source::Feeder), None);
}

#[test]
fn a_scanner_without_a_choice_is_what_the_board_says() {
    for only in [Source::Flatbed, Source::Feeder] {
        assert_eq!(options([]).sources(only), [only]);
        assert_eq!(options([]).at_source(only, only), Some(vec![]));
    }
}

#[test]
fn modes_of_real_drivers() {
    let mode = |labels: &[&str], colour| options([choice("mode", labels)]).mode(colour);
    let text = |label: &str| Some(Some(Value::Text(label.into())));
    let usual = ["Lineart", "Gray", "Color"];
    assert_eq!(mode(&usual, Colour::Grey), text("Gray"));
    assert_eq!(mode(&usual, Colour::Colour), text("Color"));
    let brother = ["Black & White", "Gray[Error Diffusion]", "True Gray", "24bit Color", "24bit Color[Fast]"];
    assert_eq!(mode(&brother, Colour::Colour), text("24bit Color"));
    assert_eq!(
        mode(&["48 bits color", "24 bits color", "16 bits gray", "8 bits gray"], Colour::Grey),
        text("8 bits gray")
    );
    assert_eq!(mode(&["Color Lineart", "Grayscale", "COLOR"], Colour::Colour), text("COLOR"));
    assert_eq!(mode(&["Lineart"], Colour::Grey), None);
    assert_eq!(options([]).mode(Colour::Grey), Some(None), "nothing to choose");
}

#[test]
fn resolutions_are_listed_or_a_range_and_stay_within_reason() {
    let of = |kind, constraint| options([option("resolution", kind, Unit::Dpi, constraint)]).resolutions();
    let words = vec![600, 75, 300, 4800, 75, 0, -7];
    assert_eq!(of(Kind::Int, Constraint::Words(words)), Some(Resolutions::Listed(vec![75, 300, 600])));
    let range = Constraint::Range { least: 1 << 16, most: 1200 << 16, step: 1 << 16 };
    let all = of(Kind::Fixed, range).unwrap();
    assert_eq!(all, Resolutions::Range { least: 50, most: 1200, step: 1 });
    assert_eq!(all.taken(300), Some(300));
    let odd = of(Kind::Int, Constraint::Range { least: 20, most: 610, step: 100 }).unwrap();
    assert_eq!(odd, Resolutions::Range { least: 120, most: 520, step: 100 });
    assert_eq!(
        (odd.taken(50), odd.taken(200), odd.taken(620), odd.taken(9000)),
        (Some(120), Some(220), Some(520), Some(520))
    );
    assert_eq!(of(Kind::Int, Constraint::None), None);
    assert_eq!(of(Kind::Int, Constraint::Words(vec![])), None);
    let listed = Resolutions::Listed(vec![100, 200, 300]);
    assert_eq!((listed.taken(150), listed.taken(200), listed.taken(600)), (Some(200), Some(200), Some(300)));
}

#[test]
fn a_range_of_resolutions_that_is_as_wide_as_its_numbers() {
    let of = |least, most, step| {
        let range = Constraint::Range { least, most, step };
        options([option("resolution", Kind::Int, Unit::Dpi, range)]).resolutions()
    };
    assert_eq!(of(i32::MIN, i32::MAX, 7), Some(Resolutions::Range { least: 54, most: 1195, step: 7 }));
    assert_eq!(of(-2_147_418_112, 1024, 512), Some(Resolutions::Range { least: 512, most: 1024, step: 512 }));
    assert_eq!(of(i32::MAX, i32::MIN, i32::MIN), None);
}

#[test]
fn the_area_is_as_large_as_it_gets_but_no_larger_than_the_page() {
    let range = |most| Constraint::Range { least: 0, most: most << 16, step: 0 };
    let scanner = options([
        option("tl-x", Kind::Fixed, Unit::Millimetre, range(216)),
        option("br-x", Kind::Fixed, Unit::Millimetre, range(216)),
        option("br-y", Kind::Fixed, Unit::Millimetre, range(864)),
    ]);
    assert_eq!(scanner.farthest("br-x", 300, 300), Some(Value::word(216 << 16)));
    assert_eq!(scanner.farthest("br-y", 356, 300), Some(Value::word(356 << 16)));
    assert_eq!(scanner.nearest("tl-x"), Some(Value::word(0)));
    assert_eq!((scanner.farthest("page-width", 216, 300), scanner.nearest("tl-y")), (None, None));
    assert_eq!(scanner.largest_mm(), Some((216, 864)));
    let pixels = options([option(
        "br-x",
        Kind::Int,
        Unit::Pixel,
        Constraint::Range { least: 0, most: 9000, step: 1 },
    )]);
    assert_eq!(pixels.farthest("br-x", 254, 300), Some(Value::word(3000)));
    assert_eq!(pixels.largest_mm(), None);
}

#[test]
fn options_with_absurd_sizes_are_not_there() {
    let sized = |kind, size| {
        let mut descriptor = option("resolution", kind, Unit::Dpi, Constraint::None).unwrap();
        descriptor.size = size;
        options([Some(descriptor)]).find("resolution").is_some()
    };
    assert!(sized(Kind::Int, 4) && sized(Kind::Int, 4 * 4096) && sized(Kind::Text, 4096));
    assert!(
        !sized(Kind::Int, 0)
            && !sized(Kind::Int, 6)
            && !sized(Kind::Int, u32::MAX)
            && !sized(Kind::Int, 4 * 4097)
    );
    assert!(!sized(Kind::Text, 0) && !sized(Kind::Text, 4097) && !sized(Kind::Text, u32::MAX));
    assert!(!sized(Kind::Group, 0));
}

#[test]
fn eight_bits_are_chosen_where_there_is_a_choice() {
    let depth = |words: &[i32]| {
        options([option("depth", Kind::Int, Unit::Bit, Constraint::Words(words.to_vec()))]).depth()
    };
    assert_eq!(depth(&[1, 8, 16]), Some(Value::word(8)));
    assert_eq!(depth(&[1, 16]), None);
    assert_eq!(options([]).depth(), None);
}
