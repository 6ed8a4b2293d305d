FILESEXTRAPATHS:prepend:ciberkiosco-os := "${THISDIR}/files:"
PACKAGE_ARCH:ciberkiosco-os = "${MACHINE_ARCH}"

do_install:append:ciberkiosco-os() {
    sed -i -e 's|@MACHINE@|${MACHINE}|' -e 's|@KEYRING@|${RAUC_KEYRING_FILE}|' ${D}${nonarch_libdir}/rauc/system.conf
}
