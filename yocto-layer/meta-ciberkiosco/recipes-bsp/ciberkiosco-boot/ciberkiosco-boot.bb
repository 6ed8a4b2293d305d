SUMMARY = "Boot script, state of the boot loader, and where RAUC finds it"
LICENSE = "GPL-3.0-only"
LIC_FILES_CHKSUM = "file://${COMMON_LICENSE_DIR}/GPL-3.0-only;md5=c79ff39f19dfec6d293b95dea7b07891"

SRC_URI = "file://grub.cfg.in file://boot-grubenv.mount"
S = "${UNPACKDIR}"

inherit deploy systemd
require conf/image-uefi.conf

COMPATIBLE_HOST = "x86_64.*-linux"
PACKAGE_ARCH = "${MACHINE_ARCH}"
DEPENDS = "grub-native"
RPROVIDES:${PN} = "virtual-grub-bootconf"
SYSTEMD_SERVICE:${PN} = "boot-grubenv.mount"

# Under another distribution the layer is only looked at; its arguments are then its own business.
CIBERKIOSCO_KERNEL_ARGS ?= "ro rootwait"

do_compile() {
    sed -e 's|@KERNEL@|${KERNEL_IMAGETYPE}|' -e 's|@ARGS@|${CIBERKIOSCO_KERNEL_ARGS}|' ${S}/grub.cfg.in > ${B}/grub.cfg
    rm -f ${B}/grubenv
    grub-editenv ${B}/grubenv create
    grub-editenv ${B}/grubenv set ORDER="A B" A_OK=1 A_TRY=0 B_OK=1 B_TRY=0
}
do_compile[vardeps] += "CIBERKIOSCO_KERNEL_ARGS KERNEL_IMAGETYPE"

do_install() {
    install -d ${D}${EFI_FILES_PATH} ${D}/boot/grubenv ${D}${systemd_system_unitdir}
    install -m 0644 ${B}/grub.cfg ${D}${EFI_FILES_PATH}/grub.cfg
    install -m 0644 ${S}/boot-grubenv.mount ${D}${systemd_system_unitdir}/
}

do_deploy() {
    install -m 0644 ${B}/grubenv ${DEPLOYDIR}/grubenv
}
addtask deploy after do_compile before do_build

B = "${WORKDIR}/build"
do_compile[cleandirs] = "${B}"

FILES:${PN} = "${EFI_FILES_PATH}/grub.cfg /boot/grubenv ${systemd_system_unitdir}"
