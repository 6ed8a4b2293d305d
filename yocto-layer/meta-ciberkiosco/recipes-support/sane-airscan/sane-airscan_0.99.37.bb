SUMMARY = "Driver for network and USB scanners that speak eSCL or WSD"
HOMEPAGE = "https://github.com/alexpevzner/sane-airscan"
LICENSE = "GPL-2.0-or-later"
LIC_FILES_CHKSUM = "\
    file://COPYING;md5=b234ee4d69f5fce4486a80fdaf4a4263 \
    file://LICENSE;md5=42d4adffe6774ffd6a94111ef3958387 \
"

# The commit of the tag 0.99.37.
SRC_URI = "\
    git://github.com/alexpevzner/sane-airscan.git;protocol=https;nobranch=1 \
    file://airscan.conf \
"
SRCREV = "03eddd0d8058c482462bccabadad0e56e8400cb4"

DEPENDS = "avahi gnutls jpeg libpng libxml2 sane-backends tiff"

inherit meson pkgconfig

do_install:append() {
    install -m 0644 ${UNPACKDIR}/airscan.conf ${D}${sysconfdir}/sane.d/
    # The list of drivers is in dll.conf.
    rm -rf ${D}${sysconfdir}/sane.d/dll.d ${D}${bindir}
}

FILES:${PN} += "${libdir}/sane/*.so.*"
FILES:${PN}-dev += "${libdir}/sane/*.so"
RDEPENDS:${PN} = "sane-backends"
