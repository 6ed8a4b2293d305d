SUMMARY = "The update of a kiosk: its system, signed"
LICENSE = "GPL-3.0-only"

inherit bundle

# Only for the same machine and board; RAUC compares it with the image's system.conf.
RAUC_BUNDLE_COMPATIBLE = "ciberkiosco-${MACHINE}"
RAUC_BUNDLE_VERSION = "${DISTRO_VERSION}"
RAUC_BUNDLE_DESCRIPTION = "Ciberkiosco OS ${DISTRO_VERSION}"
# Every block is checked while it is read; the old format signs the file only as a whole.
RAUC_BUNDLE_FORMAT = "verity"
RAUC_BUNDLE_SLOTS = "rootfs"
RAUC_SLOT_rootfs = "ciberkiosco-image"
RAUC_SLOT_rootfs[fstype] = "ext4"

# Keys never lie in a layer: RAUC_KEY_FILE, RAUC_CERT_FILE and RAUC_KEYRING_FILE come from the build's local.conf, or
# the bundle is signed elsewhere by `rauc resign`.
