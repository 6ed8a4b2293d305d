FILESEXTRAPATHS:prepend:ciberkiosco-os := "${THISDIR}/files:"
SRC_URI:append:ciberkiosco-os = " file://ciberkiosco-devices.cfg file://ciberkiosco-hardening.cfg"
