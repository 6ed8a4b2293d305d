FILESEXTRAPATHS:prepend:ciberkiosco-os := "${THISDIR}/files:"
SRC_URI:append:class-target:ciberkiosco-os = " file://10-ciberkiosco.conf"

do_install:append:class-target:ciberkiosco-os() {
    install -d ${D}${systemd_system_unitdir}/rauc-mark-good.service.d
    install -m 0644 ${UNPACKDIR}/10-ciberkiosco.conf ${D}${systemd_system_unitdir}/rauc-mark-good.service.d/
}

FILES:${PN}-mark-good:append:class-target:ciberkiosco-os = " ${systemd_system_unitdir}/rauc-mark-good.service.d"
