//! The release archive, which the Yocto recipe builds without a network (`yocto-layer`, recipe `ciberkiosco`).
//!
//! It holds the committed tree without `yocto-layer` (whose recipe names the archive's hash and so cannot be in it),
//! all crates of `Cargo.lock` in `vendor/`, and cargo's configuration to use them. The same commit gives the same
//! bytes: names are sorted, times are the commit's, owners are nobody's. Crates for other systems are kept as empty
//! shells: cargo wants to see every package of the lock, and reads the source of none of them.
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// What is built for: the machines of the layer, and the machine that builds.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A finished archive.
#[derive(Debug)]
pub struct Archive {
    /// Where it is.
    pub path: PathBuf,
    /// Its hash, in hex, as the recipe wants it.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Makes `ciberkiosco-VERSION.tar.zst` of the commit that is checked out at `root`, in the folder `out`.
pub fn dist(root: &Path, out: &Path) -> Result<Archive> {
    let manifest = output(git(root).args(["show", "HEAD:Cargo.toml"]))?;
    let version = version(&manifest)?;
    let time = output(git(root).args(["log", "-1", "--format=%ct", "HEAD"]))?.trim().to_owned();
    let name = format!("ciberkiosco-{version}");
    let stage = out.join("stage");
    let tree = stage.join(&name);
    if stage.exists() {
        fs::remove_dir_all(&stage).with_context(|| format!("{} cannot be emptied", stage.display()))?;
    }
    fs::create_dir_all(&tree).with_context(|| format!("{} cannot be made", tree.display()))?;

    let export = ["archive", "--format=tar", "HEAD", "--", ".", ":(exclude)yocto-layer"];
    pipe(git(root).args(export), Command::new("tar").arg("-x").arg("-C").arg(&tree))?;
    vendor(&tree)?;

    let path = out.join(format!("{name}.tar.zst"));
    let mut tar = Command::new("tar");
    tar.args([
        "--sort=name",
        "--format=gnu",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--mode=u=rwX,go=rX",
    ]);
    tar.arg(format!("--mtime=@{time}")).arg("-C").arg(&stage).args(["-c", &name]).env("LC_ALL", "C");
    // One thread: with more, the bytes depend on how the work was shared.
    let mut zstd = Command::new("zstd");
    pipe(&mut tar, zstd.args(["-q", "-f", "-12", "--single-thread", "-o"]).arg(&path))?;
    let sha256 = output(Command::new("sha256sum").arg(&path))?;
    let sha256 = sha256.split_whitespace().next().context("sha256sum said nothing")?.to_owned();
    let bytes = fs::metadata(&path)?.len();
    Ok(Archive { path, sha256, bytes })
}

/// Unpacks the archive into `scratch` and lets cargo resolve it with nothing but what is inside: no network, and a
/// home of its own without any crate.
pub fn prove(archive: &Archive, scratch: &Path) -> Result<usize> {
    if scratch.exists() {
        fs::remove_dir_all(scratch).with_context(|| format!("{} cannot be emptied", scratch.display()))?;
    }
    let home = scratch.join("cargo-home");
    fs::create_dir_all(&home)?;
    let unzstd =
        Command::new("zstd").args(["-q", "-d", "-c"]).arg(&archive.path).stdout(Stdio::piped()).spawn();
    let mut unzstd = unzstd.context("zstd cannot be started; install the package zstd")?;
    let stdout = unzstd.stdout.take().context("zstd has no output")?;
    let status = Command::new("tar").arg("-x").arg("-C").arg(scratch).stdin(stdout).status()?;
    ensure!(unzstd.wait()?.success() && status.success(), "{} cannot be unpacked", archive.path.display());
    let file = archive.path.file_name().and_then(|name| name.to_str()).context("the archive has no name")?;
    let tree = scratch.join(file.trim_end_matches(".tar.zst"));
    let mut metadata = Command::new("cargo");
    metadata.args(["metadata", "--offline", "--frozen", "--format-version", "1"]);
    metadata.args(["--filter-platform", TARGET]).current_dir(&tree).env("CARGO_HOME", &home);
    let text = output(&mut metadata)?;
    Ok(text.matches("\"manifest_path\":").count())
}

/// `cargo vendor` in the unpacked tree, and the configuration that makes cargo use it.
fn vendor(tree: &Path) -> Result<()> {
    let mut vendor = Command::new("cargo");
    vendor.args(["vendor", "--locked", "--versioned-dirs", "vendor"]).current_dir(tree);
    let replacement = output(&mut vendor)?;
    ensure!(
        !replacement.contains("[source.\"git+"),
        "Cargo.lock has a crate from a git repository, which an offline build cannot take: use a released one"
    );
    ensure!(
        replacement.contains("[source.vendored-sources]"),
        "cargo vendor said nothing of how to use its folder"
    );
    let config = tree.join(".cargo/config.toml");
    let own = fs::read_to_string(&config).unwrap_or_default();
    fs::create_dir_all(tree.join(".cargo"))?;
    fs::write(&config, format!("{own}\n{replacement}"))?;

    let used = used(tree)?;
    for entry in fs::read_dir(tree.join("vendor"))? {
        let folder = entry?.path();
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !used.contains(name) {
            hollow(&folder).with_context(|| format!("{} cannot be emptied", folder.display()))?;
        }
    }
    Ok(())
}

/// The crates that a build for [`TARGET`] reads, as the folders of `vendor` are called.
fn used(tree: &Path) -> Result<BTreeSet<String>> {
    let mut list = Command::new("cargo");
    list.args(["tree", "--frozen", "--workspace", "--all-features", "--target", TARGET]);
    list.args(["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}"]).current_dir(tree);
    let text = output(&mut list)?;
    // "serde v1.0.228 (proc-macro)"; packages of the workspace have a path instead and no folder in vendor.
    let folder = |line: &str| {
        let mut words = line.split_whitespace();
        Some(format!("{}-{}", words.next()?, words.next()?.strip_prefix('v')?))
    };
    let used: BTreeSet<String> = text.lines().filter_map(folder).collect();
    ensure!(used.len() > 10, "cargo tree names {} crates, which cannot be all", used.len());
    Ok(used)
}

/// Leaves of a crate what cargo reads of one that it does not build: its manifest, and a file for its library.
fn hollow(folder: &Path) -> Result<()> {
    let checksum = fs::read_to_string(folder.join(".cargo-checksum.json"))?;
    let package = checksum.rsplit_once("\"package\":").map_or("null}", |(_, package)| package);
    let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
    }
    fs::create_dir(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    fs::write(folder.join("Cargo.toml"), without_targets(&manifest))?;
    fs::write(folder.join(".cargo-checksum.json"), format!("{{\"files\":{{}},\"package\":{package}"))?;
    Ok(())
}

/// A manifest without its tests, examples, benches and programs, whose files are gone, and without a path of the
/// library. Crates come with manifests that cargo wrote: a table starts on a line of its own.
fn without_targets(manifest: &str) -> String {
    let mut kept = String::new();
    let (mut drop_table, mut library) = (false, false);
    for line in manifest.lines() {
        if line.starts_with('[') {
            drop_table = ["[[test]]", "[[example]]", "[[bench]]", "[[bin]]"].contains(&line.trim());
            library = line.trim() == "[lib]";
        }
        // "links" asks for a build script, and that is gone with "build".
        let gone = library && line.starts_with("path = ")
            || line.starts_with("build = \"")
            || line.starts_with("links = ");
        if !drop_table && !gone {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The version in `[workspace.package]`.
fn version(manifest: &str) -> Result<String> {
    let table =
        manifest.split("[workspace.package]").nth(1).context("Cargo.toml has no [workspace.package]")?;
    let line =
        table.lines().find(|line| line.starts_with("version")).context("the workspace has no version")?;
    Ok(line.split('"').nth(1).context("the workspace's version is no text")?.to_owned())
}

fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(root);
    git
}

/// What a program prints; an error with its complaint when it fails.
fn output(command: &mut Command) -> Result<String> {
    let result = command.output().with_context(|| format!("{command:?} cannot be started"))?;
    if !result.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&result.stderr).trim());
    }
    String::from_utf8(result.stdout).with_context(|| format!("{command:?} printed what is no text"))
}

/// Runs `from | to`; both must succeed.
fn pipe(from: &mut Command, to: &mut Command) -> Result<()> {
    let started = from.stdout(Stdio::piped()).spawn();
    let mut first = started.with_context(|| format!("{from:?} cannot be started"))?;
    let stdout = first.stdout.take().context("no output to pass on")?;
    let second = to.stdin(stdout).status().with_context(|| format!("{to:?} cannot be started"))?;
    ensure!(first.wait()?.success(), "{from:?} failed");
    ensure!(second.success(), "{to:?} failed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_workspaces() {
        let manifest =
            "[workspace]\nresolver = \"3\"\n[workspace.package]\nversion = \"1.2.3\"\nedition = \"2024\"\n";
        assert_eq!(version(manifest).unwrap(), "1.2.3");
        assert!(version("[package]\nversion = \"1.2.3\"\n").is_err());
    }

    #[test]
    fn a_hollow_manifest_names_no_file_that_is_gone() {
        let manifest = "[package]\nname = \"x\"\nbuild = \"build.rs\"\nlinks = \"y\"\n\n[lib]\nname = \"x\"\npath = \"lib.rs\"\n\n\
                        [[test]]\nname = \"t\"\npath = \"tests/t.rs\"\n\n[dependencies.y]\nversion = \"1\"\n";
        let hollow = without_targets(manifest);
        assert!(
            !hollow.contains("path") && !hollow.contains("[[test]]") && !hollow.contains("build.rs"),
            "{hollow}"
        );
        assert!(hollow.contains("[dependencies.y]\nversion = \"1\"\n"), "{hollow}");
    }
}
