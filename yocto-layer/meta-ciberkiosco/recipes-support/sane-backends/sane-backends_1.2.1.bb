SUMMARY = "Scanner drivers, and saned for the kiosk's own use"
HOMEPAGE = "http://www.sane-project.org"
LICENSE = "GPL-2.0-or-later & GPL-2.0-only"
LIC_FILES_CHKSUM = "\
    file://COPYING;md5=b234ee4d69f5fce4486a80fdaf4a4263 \
    file://LICENSE;md5=c5c0f16c05b412905646291e1ba88b68 \
"

SRC_URI = "\
    ${DEBIAN_MIRROR}/main/s/sane-backends/sane-backends_${PV}.orig.tar.gz \
    file://saned.conf \
    file://saned.service \
    file://60-ciberkiosco-scanner.rules \
"
SRC_URI[sha256sum] = "11be4ef05a61277d18698c2c9d86495dff97557bc8da7af44e3f6ef5154e9ea8"
S = "${UNPACKDIR}/backends-${PV}"

DEPENDS = "autoconf-archive-native jpeg libpng libusb1 libxml2 tiff"

inherit autotools gettext pkgconfig python3native systemd useradd

# Document feeders and flatbeds with a real driver behind them; network scanners come by sane-airscan.
export BACKENDS = "avision canon_dr epson2 epsonds fujitsu genesys kodakaio kvs1025 pixma plustek xerox_mfp"
EXTRA_OECONF = "\
    --disable-locking --disable-rpath \
    --with-usb --without-avahi --without-gphoto2 --without-libcurl --without-poppler-glib --without-snmp --without-systemd --without-v4l \
"

do_configure:prepend() {
    # What a released archive has, and the archive of a tag has not.
    printf '%s' ${PV} > ${S}/.tarball-version
}

do_install:append() {
    install -d ${D}${systemd_system_unitdir} ${D}${nonarch_base_libdir}/udev/rules.d
    install -m 0644 ${UNPACKDIR}/saned.service ${D}${systemd_system_unitdir}/
    install -m 0644 ${UNPACKDIR}/60-ciberkiosco-scanner.rules ${D}${nonarch_base_libdir}/udev/rules.d/
    install -m 0644 ${UNPACKDIR}/saned.conf ${D}${sysconfdir}/sane.d/
    # Drivers that were not built, and the one for other people's saned.
    printf 'airscan\n' > ${D}${sysconfdir}/sane.d/dll.conf
    for driver in ${BACKENDS}; do
        printf '%s\n' $driver >> ${D}${sysconfdir}/sane.d/dll.conf
    done
    rm -rf ${D}${localstatedir}/lock
}

PACKAGES =+ "${PN}-saned"
USERADD_PACKAGES = "${PN}-saned"
GROUPADD_PARAM:${PN}-saned = "--system scanner"
USERADD_PARAM:${PN}-saned = "--system --user-group --groups scanner --home-dir / --no-create-home --shell /sbin/nologin saned"
SYSTEMD_PACKAGES = "${PN}-saned"
SYSTEMD_SERVICE:${PN}-saned = "saned.service"
RDEPENDS:${PN}-saned = "${PN}"

FILES:${PN}-saned = "${sbindir}/saned ${sysconfdir}/sane.d/saned.conf ${systemd_system_unitdir}/saned.service"
FILES:${PN} += "${libdir}/sane/*.so.* ${nonarch_base_libdir}/udev"
FILES:${PN}-dev += "${libdir}/sane/*.so ${libdir}/sane/*.la"
