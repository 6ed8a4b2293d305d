#!/bin/sh
# libpcsclite.a from Debian's source package: the binary package has the shared library only.
# $1: an empty folder; the archive is left in it. Asks Debian's archive by the host's own sources, with lists and cache of
# its own, so that nothing of the host is changed.
set -eu
work="$1"
mkdir "$work/sources" "$work/lists" "$work/cache" "$work/source"
sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources > "$work/sources/debian.sources" 2>/dev/null ||
    rm -f "$work/sources/debian.sources"
if [ -s /etc/apt/sources.list ]; then
    sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > "$work/sources/debian.list"
fi
apt() {
    apt-get -qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/sources" \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}
apt update
cd "$work/source"
# Its signature and hashes are checked by apt.
apt source --download-only pcsc-lite
tar -xf "$(ls pcsc-lite_*.orig.tar.* | grep -v '\.asc$')"
cd pcsc-lite-*/
# The client alone: no USB, no udev, no polkit; the socket where the image's pcscd has it.
./configure --quiet --enable-static --disable-shared --disable-libsystemd --disable-libudev --disable-libusb \
    --disable-polkit --enable-ipcdir=/run/pcscd > /dev/null
make -s -C src libpcsclite.la > /dev/null
cp src/.libs/libpcsclite.a "$work/"
cd "$work"
rm -rf sources lists cache source
