SUMMARY = "The files of the kiosk's root file system: units, udev rules, users, kernel settings"
LICENSE = "GPL-3.0-only"
LIC_FILES_CHKSUM = "file://${COMMON_LICENSE_DIR}/GPL-3.0-only;md5=c79ff39f19dfec6d293b95dea7b07891"

SRC_URI = "file://etc file://usr"
S = "${UNPACKDIR}"

inherit allarch features_check systemd useradd
REQUIRED_DISTRO_FEATURES = "systemd usrmerge"

# The same as usr/lib/sysusers.d/ciberkiosco.conf: the root file system cannot be written when it runs.
USERADD_PACKAGES = "${PN}"
USERADD_PARAM:${PN} = "--system --uid 810 --user-group --groups video,input,dialout,lp --comment Ciberkiosco --home-dir /data --no-create-home --shell /usr/sbin/nologin ciberkiosco"

SYSTEMD_SERVICE:${PN} = "ciberkiosco.service data.mount var.mount restart@pcscd.path restart@saned.path"

# No way to a shell, on any console.
MASKED_UNITS = "\
    autovt@.service console-getty.service container-getty@.service ctrl-alt-del.target debug-shell.service \
    getty.target getty@.service serial-getty@.service systemd-logind.service \
"

do_configure[noexec] = "1"
do_compile[noexec] = "1"

do_install() {
    install -d ${D}/data ${D}${sysconfdir}/systemd/system
    cp -R --no-dereference --no-preserve=ownership ${UNPACKDIR}/etc ${UNPACKDIR}/usr ${D}/
    find ${D}${sysconfdir} ${D}/usr -type d -exec chmod 0755 {} +
    find ${D}${sysconfdir} ${D}/usr -type f -exec chmod 0644 {} +
    for unit in ${MASKED_UNITS}; do
        ln -s /dev/null ${D}${sysconfdir}/systemd/system/$unit
    done
}

FILES:${PN} = "${sysconfdir} /usr/lib /data"
