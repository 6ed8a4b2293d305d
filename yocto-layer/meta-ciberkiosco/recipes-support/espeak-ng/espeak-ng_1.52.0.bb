SUMMARY = "Speech in the languages of the kiosk: Spanish, Catalan with its Valencian accent, English"
HOMEPAGE = "https://github.com/espeak-ng/espeak-ng"
LICENSE = "GPL-3.0-or-later & Apache-2.0 & BSD-2-Clause & Unicode-DFS-2016"
LIC_FILES_CHKSUM = "\
    file://COPYING;md5=d32239bcb673463ab874e80d47fae504 \
    file://COPYING.APACHE;md5=3b83ef96387f14655fc854ddc3c6bd57 \
    file://COPYING.BSD2;md5=3348c29aeaacdead1532a5048b3eb587 \
    file://COPYING.UCD;md5=9bc437a2583c6de495e5c4acd7c2c787 \
"

# The commit of the tag 1.52.0.
SRC_URI = "git://github.com/espeak-ng/espeak-ng.git;protocol=https;nobranch=1"
SRCREV = "4870adfa25b1a32b4361592f1be8a40337c58d6c"

DEPENDS:append:class-target = " espeak-ng-native"

# The sound goes to the firmware through a pipe; no sound library is wanted.
inherit autotools-brokensep pkgconfig
EXTRA_OECONF = "--without-pcaudiolib --without-sonic --without-mbrola --without-speechplayer --without-gradle"

# The package's change log is made from git's history, which a shallow or archived source has not.
do_configure:prepend() {
    touch ${S}/ChangeLog
}

# The dictionaries are compiled by the program itself: that of the build machine. They are the same everywhere.
do_compile:class-target() {
    oe_runmake src/libespeak-ng.la src/espeak-ng src/speak-ng
}
do_install:class-target() {
    oe_runmake DESTDIR=${D} install-libLTLIBRARIES install-binPROGRAMS
    install -d ${D}${includedir}/espeak-ng ${D}${datadir}
    install -m 0644 ${S}/src/include/espeak-ng/*.h ${D}${includedir}/espeak-ng/
    cp -R --no-preserve=ownership ${STAGING_DATADIR_NATIVE}/espeak-ng-data ${D}${datadir}/
    for dictionary in ${D}${datadir}/espeak-ng-data/*_dict; do
        case $(basename $dictionary) in
            es_dict|ca_dict|en_dict) ;;
            *) rm $dictionary ;;
        esac
    done
}

FILES:${PN} += "${datadir}/espeak-ng-data"
BBCLASSEXTEND = "native"
