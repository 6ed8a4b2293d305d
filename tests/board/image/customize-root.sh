#!/bin/sh
# The customize hook of mmdebstrap: the kernel without its installer (no initramfs tools, no boot loader hooks), the
# users, and everything gone that the appliance does not need.
# $1: the root being made. From the environment: KERNEL_MODULES (names), SYSUSERS (a file), KEEP (folder for vmlinuz).
set -eu
root="$1"

# The kernel package is unpacked, not installed: its scripts would build an initramfs that nobody uses.
work="$root/kernel-packages"
mkdir "$work"
cd "$work"
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
package=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
apt-get -qq -o APT::Sandbox::User=root download "$package"
dpkg-deb --fsys-tarfile ./linux-image-*.deb | tar -x
version=$(ls lib/modules)
mkdir -p "$root/usr/lib/modules/$version"
cp "boot/vmlinuz-$version" "$root/vmlinuz"

# Only the modules that the emulated board needs, each with what it depends on.
cp "lib/modules/$version/modules.builtin" "lib/modules/$version/modules.order" \
    "lib/modules/$version/modules.builtin.modinfo" "$root/usr/lib/modules/$version/"
# The tools of the new root are used: the host may have none.
chroot "$root" depmod -b /kernel-packages "$version"
for module in $KERNEL_MODULES; do
    chroot "$root" modprobe -d /kernel-packages -S "$version" -C /dev/null --ignore-install --show-depends "$module"
done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u | while read -r file; do
    path="lib/modules/$version/${file#*/lib/modules/$version/}"
    mkdir -p "$root/usr/$(dirname "$path")"
    cp "$path" "$root/usr/$path"
done
cd /
rm -rf "$work"
chroot "$root" depmod "$version"

# Users and groups get their numbers now: the root is read-only later.
mkdir -p "$root/usr/lib/sysusers.d"
cp "$SYSUSERS" "$root/usr/lib/sysusers.d/ciberkiosco.conf"
chroot "$root" systemd-sysusers

# No way in: no console, no shell for whoever has a keyboard.
for unit in getty@.service serial-getty@.service console-getty.service container-getty@.service autovt@.service \
    ctrl-alt-del.target debug-shell.service systemd-logind.service getty.target systemd-user-sessions.service \
    systemd-update-utmp.service systemd-update-utmp-runlevel.service \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
sed -i 's/^root:[^:]*:/root:!:/' "$root/etc/shadow"
mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/etc/systemd/system/local-fs.target.requires"
ln -sf /lib/systemd/system/ciberkiosco.service "$root/etc/systemd/system/multi-user.target.wants/"
ln -sf /lib/systemd/system/data.mount /lib/systemd/system/var.mount "$root/etc/systemd/system/local-fs.target.requires/"
# Debian has it as an example only.
cp "$root/usr/share/systemd/tmp.mount" "$root/usr/lib/systemd/system/tmp.mount"
ln -sf /lib/systemd/system/tmp.mount "$root/etc/systemd/system/local-fs.target.requires/"
for daemon in pcscd saned; do
    ln -sf /lib/systemd/system/restart@.path "$root/etc/systemd/system/multi-user.target.wants/restart@$daemon.path"
done
ln -sf /lib/systemd/system/saned.service "$root/etc/systemd/system/multi-user.target.wants/"
chroot "$root" systemctl --quiet enable pcscd.socket systemd-networkd.service systemd-resolved.service
rm -f "$root/etc/systemd/system/sockets.target.wants/systemd-networkd.socket" \
    "$root/etc/systemd/system/network-online.target.wants/systemd-networkd-wait-online.service"

# Of SANE the driver for network scanners, and the client of saned that tests ask with. Debian's own socket would listen
# to everybody.
chroot "$root" systemctl --quiet disable saned.socket
rm -rf "$root/etc/sane.d/dll.d" "$root/usr/lib/systemd/system/saned.socket" "$root/usr/lib/systemd/system/saned@.service"
echo airscan > "$root/etc/sane.d/dll.conf"
find "$root"/usr/lib/*/sane -name 'libsane-*' ! -name 'libsane-airscan.*' ! -name 'libsane-net.*' -delete

# Identity is made at boot, in memory.
: > "$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root/etc/fstab"
ln -sf /run/systemd/resolve/resolv.conf "$root/etc/resolv.conf"
echo kiosk > "$root/etc/hostname"
mkdir -p "$root/data"

# Nobody logs in: what would claim a serial line for a console is not there at all.
rm -f "$root/usr/sbin/agetty" "$root/usr/sbin/getty"

# Package tools, sources and texts are of no use in an appliance.
rm -rf "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/locale" "$root/usr/share/info" \
    "$root/usr/share/i18n" "$root/usr/share/lintian" "$root/usr/share/bash-completion" "$root/usr/share/zsh" \
    "$root/usr/lib/udev/hwdb.d" "$root/var/cache/debconf" "$root/var/log"
mkdir -p "$root/var/log"
