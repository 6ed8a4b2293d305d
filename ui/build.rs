//! Compiles the pages, and turns the catalogues of texts, the icons and the widths of signs into Rust tables.
#[path = "build/advances.rs"]
mod advances;
#[path = "build/catalogue.rs"]
mod catalogue;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build/advances.rs");
    println!("cargo:rerun-if-changed=build/catalogue.rs");
    println!("cargo:rerun-if-changed=fonts");
    println!("cargo:rerun-if-changed=lang");
    println!("cargo:rerun-if-changed=icons");
    if let Err(faults) = build() {
        for fault in faults {
            println!("cargo:error={fault}");
        }
        process::exit(1);
    }
}

fn build() -> Result<(), Vec<String>> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    write(&out.join("texts.rs"), &texts(&catalogue::read(&here.join("lang"))?))?;
    let running = here.join("fonts/AtkinsonHyperlegibleNext-Regular.ttf");
    write(&out.join("advances.rs"), &advances::table(&running)?)?;
    write(&out.join("icons.rs"), &icons(&here.join("icons"))?)?;
    // The tests look elements up in the accessible tree, which needs their names; the shipped binary does not.
    let named = variable("PROFILE")? == "debug";
    let config = slint_build::CompilerConfiguration::new().with_debug_info(named);
    slint_build::compile_with_config("app.slint", config).map_err(|error| vec![error.to_string()])
}

fn variable(name: &str) -> Result<String, Vec<String>> {
    env::var(name).map_err(|_| vec![format!("the build has no {name}")])
}

fn write(file: &Path, text: &str) -> Result<(), Vec<String>> {
    fs::write(file, text).map_err(|error| vec![format!("{}: {error}", file.display())])
}

/// The enum of ids, and a table a language.
fn texts(entries: &[catalogue::Entry]) -> String {
    let mut code = String::from(
        "/// Every text of the kiosk, by its id in the catalogues.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum Text {\n",
    );
    for entry in entries {
        let first = entry.words[2].lines().next().unwrap_or_default();
        let _ = writeln!(code, "    /// `{}`: {first:?}.\n    {},", entry.id, catalogue::variant(&entry.id));
    }
    code.push_str("}\n\n/// All texts, in the order of their ids.\npub const ALL: &[Text] = &[\n");
    for entry in entries {
        let _ = writeln!(code, "    Text::{},", catalogue::variant(&entry.id));
    }
    code.push_str("];\n\nconst IDS: &[&str] = &[\n");
    for entry in entries {
        let _ = writeln!(code, "    {:?},", entry.id);
    }
    code.push_str("];\n");
    for (index, name) in ["SPANISH", "VALENCIAN", "ENGLISH"].iter().enumerate() {
        let _ = writeln!(code, "\nconst {name}: &[&str] = &[");
        for entry in entries {
            let _ = writeln!(code, "    {:?},", entry.words[index]);
        }
        code.push_str("];\n");
    }
    code
}

/// The outlines of the icons: the path data of each drawing, joined.
fn icons(folder: &Path) -> Result<String, Vec<String>> {
    let fault = |error: std::io::Error| vec![format!("{}: {error}", folder.display())];
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(fault)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "svg"))
        .collect();
    files.sort();
    let mut names = String::new();
    let mut arms = String::new();
    for file in files {
        let drawing = fs::read_to_string(&file).map_err(fault)?;
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let outline: Vec<&str> = drawing
            .split("<path")
            .skip(1)
            .filter(|path| !path.contains("stroke=\"none\""))
            .filter_map(|path| path.split_once(" d=\"")?.1.split_once('"').map(|(data, _)| data))
            .collect();
        if outline.is_empty() {
            return Err(vec![format!("{}: no path found", file.display())]);
        }
        let name = catalogue::variant(stem);
        let _ = writeln!(names, "    /// `{stem}`.\n    {name},");
        let _ = writeln!(arms, "            Self::{name} => {:?},", outline.join(" "));
    }
    Ok(format!(
        "/// The icons, by the name of their drawing.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum Icon {{\n{names}}}\n\n\
         impl Icon {{\n    /// The outline, in a box of 24 by 24.\n    \
         pub(crate) fn outline(self) -> &'static str {{\n        match self {{\n{arms}        }}\n    }}\n}}\n"
    ))
}
