SUMMARY = "The firmware of the kiosk: one static binary, and the files of the boards"
HOMEPAGE = "https://ciberkiosco.example"
LICENSE = "GPL-3.0-only"
LIC_FILES_CHKSUM = "file://${COMMON_LICENSE_DIR}/GPL-3.0-only;md5=c79ff39f19dfec6d293b95dea7b07891"

require ciberkiosco-archive.inc
SRC_URI = "${CIBERKIOSCO_ARCHIVE}"
SRC_URI[sha256sum] = "${CIBERKIOSCO_ARCHIVE_SHA256}"

inherit cargo
COMPATIBLE_HOST = "x86_64.*-linux"
COMPATIBLE_HOST:libc-musl = "null"
PACKAGE_ARCH = "${MACHINE_ARCH}"

# No network and no list of crates: the archive holds `cargo vendor`'s folder. The class writes a source replacement
# for this folder into cargo's own configuration. (CARGO_DISABLE_BITBAKE_VENDORING would leave it to the archive's
# .cargo/config.toml, which cargo does not see: it searches upwards from the build folder, not from the source.)
CARGO_VENDORING_DIRECTORY = "${S}/vendor"
CARGO_BUILD_FLAGS += "--package ciberkiosco --bin ciberkiosco --features pcsc"

# The client of the card reader's daemon, linked statically: the shared library only loads another one.
DEPENDS += "pcsc-lite"
export PCSC_LIB_DIR = "${STAGING_LIBDIR}"
export PCSC_LIB_NAME = "static=pcsclite"

# One binary that needs nothing of the image, static-pie. Yocto's description of a glibc target does not say that a
# static C library is possible, and the compiler then ignores +crt-static without a word: say so first.
RUSTFLAGS += "-C target-feature=+crt-static"
python allow_static_glibc() {
    import json
    path = d.expand("${RUST_TARGETS_DIR}/${RUST_HOST_SYS}.json")
    with open(path) as f:
        target = json.load(f)
    target["crt-static-respected"] = True
    target["static-position-independent-executables"] = True
    with open(path, "w") as f:
        json.dump(target, f, indent=4)
}
do_rust_gen_targets[postfuncs] += "allow_static_glibc"

do_install() {
    binary=${B}/target/${CARGO_TARGET_SUBDIR}/ciberkiosco
    if ${READELF} -l "$binary" | grep -q INTERP; then
        bbfatal "the binary is linked dynamically"
    fi
    if [ ! -f ${S}/board-configs/${CIBERKIOSCO_BOARD}.toml ]; then
        bbfatal "board-configs/${CIBERKIOSCO_BOARD}.toml does not exist: set CIBERKIOSCO_BOARD"
    fi
    install -d ${D}${bindir} ${D}${datadir}/ciberkiosco
    install -m 0755 "$binary" ${D}${bindir}/ciberkiosco
    # All in one folder: a board file names those it inherits by their place beside it.
    install -m 0644 ${S}/board-configs/*.toml ${D}${datadir}/ciberkiosco/
    ln -s ${CIBERKIOSCO_BOARD}.toml ${D}${datadir}/ciberkiosco/board.toml
}
do_install[vardeps] += "CIBERKIOSCO_BOARD"
CIBERKIOSCO_BOARD ?= "cabinet-32-portrait"

# The release profile strips; there is nothing left for the debug package.
INSANE_SKIP:${PN} = "already-stripped"
FILES:${PN} = "${bindir} ${datadir}/ciberkiosco"
