SUMMARY = "The system of a kiosk: read-only, without logins, one writable partition"
LICENSE = "GPL-3.0-only"

inherit core-image extrausers

IMAGE_FEATURES = "read-only-rootfs"
IMAGE_INSTALL = "packagegroup-core-boot packagegroup-ciberkiosco"
IMAGE_LINGUAS = ""
# The kernel's modules and the room for an update's growth; a slot has 1 GiB.
IMAGE_ROOTFS_MAXSIZE = "786432"
IMAGE_ROOTFS_EXTRA_SPACE = "0"
# ext4 with checksums and without a journal that a read-only system would replay.
EXTRA_IMAGECMD:ext4 = "-O ^has_journal -i 8192"

EXTRA_USERS_PARAMS = "usermod --lock --shell /sbin/nologin root;"

do_image_wic[depends] += "ciberkiosco-boot:do_deploy"

# What must not be in any image, looked for in the finished tree and not in the intentions.
python ciberkiosco_check_rootfs() {
    import os, stat
    rootfs = d.getVar("IMAGE_ROOTFS")
    bad = []
    with open(os.path.join(rootfs, "etc/shadow")) as shadow:
        for line in shadow:
            name, password = line.split(":")[:2]
            if not password or password[0] not in "!*x":
                bad.append("%s can log in with a password" % name)
    with open(os.path.join(rootfs, "etc/passwd")) as passwd:
        for line in passwd:
            fields = line.rstrip("\n").split(":")
            if not fields[1]:
                bad.append("%s has an empty password" % fields[0])
            if fields[2] == "0" and not fields[6].endswith("nologin"):
                bad.append("%s has the shell %s" % (fields[0], fields[6]))
    for daemon in ("usr/sbin/sshd", "usr/sbin/dropbear", "usr/sbin/telnetd", "usr/sbin/in.telnetd"):
        if os.path.lexists(os.path.join(rootfs, daemon)):
            bad.append("/%s is installed" % daemon)
    for unit in ("getty@.service", "serial-getty@.service", "debug-shell.service"):
        if os.readlink(os.path.join(rootfs, "etc/systemd/system", unit)) != "/dev/null":
            bad.append("%s is not masked" % unit)
    for folder, _, files in os.walk(rootfs):
        for name in files:
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISREG(mode) and mode & stat.S_IWOTH:
                bad.append("/%s can be written by everybody" % os.path.relpath(path, rootfs))
    if bad:
        bb.fatal("This is no image for a kiosk: " + "; ".join(sorted(bad)))
}
IMAGE_PREPROCESS_COMMAND += "ciberkiosco_check_rootfs"

# A release has no features of a development image, and trusts a keyring that was given to it.
python () {
    if d.getVar("CIBERKIOSCO_RELEASE") != "1":
        return
    features = set((d.getVar("IMAGE_FEATURES") or "").split()) | set((d.getVar("EXTRA_IMAGE_FEATURES") or "").split())
    wrong = features & {"debug-tweaks", "allow-empty-password", "allow-root-login", "empty-root-password",
                        "serial-autologin-root", "post-install-logging", "tools-debug", "tools-sdk", "dbg-pkgs",
                        "ssh-server-openssh", "ssh-server-dropbear"}
    if wrong:
        bb.fatal("A release image must not have the features %s" % " ".join(sorted(wrong)))
    if not d.getVar("CIBERKIOSCO_KEYRING"):
        bb.fatal("A release image needs CIBERKIOSCO_KEYRING, the trust anchors of its updates")
    if "development" in d.getVar("CIBERKIOSCO_KEYRING"):
        bb.fatal("A release image must not trust the development keyring")
}
