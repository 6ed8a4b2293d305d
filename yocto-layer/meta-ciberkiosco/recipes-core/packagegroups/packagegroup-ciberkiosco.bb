SUMMARY = "All that runs on a kiosk: the binary and the daemons around it"

PACKAGE_ARCH = "${MACHINE_ARCH}"
inherit packagegroup

# Nothing else runs, and nothing listens on the network. RAUC only where there are keys to trust.
RDEPENDS:${PN} = "\
    ciberkiosco \
    ciberkiosco-rootfs \
    pcsc-lite \
    ccid \
    sane-backends-saned \
    sane-airscan \
    espeak-ng \
    ca-certificates \
    kernel-image \
    kernel-modules \
    ${@bb.utils.contains('DISTRO_FEATURES', 'rauc', 'rauc rauc-service rauc-mark-good', '', d)} \
"
