# A system is good when the firmware says so, not when systemd has come to the end of its list.
RRECOMMENDS:${PN}:remove:class-target:ciberkiosco-os = "${PN}-mark-good"
