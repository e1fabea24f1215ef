#!/usr/bin/env bash
# Shows that a clean clone comes up on a machine with nothing but Debian 12's base, git and
# certificates: runs ./bootstrap.sh in a fresh chroot, then once more with the network cut.
# Needs root, debootstrap and network; takes about 1.5 GB under TMPDIR and cleans up after itself.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'END'
usage: tools/check-chroot.sh [--cuda FOLDER] [--tarball FILE] [COMMAND...]
  COMMAND           bootstrap.sh's, in this order: demo (the default), build, test
  --cuda FOLDER     shows this CUDA toolkit to the chroot as /usr/local/cuda
  --tarball FILE    keeps the downloaded base system here, and uses it when it is there
END
}

cuda='' tarball='' commands=()
while [ $# -gt 0 ]; do
  case "$1" in
    --cuda) cuda=$(realpath "$2"); shift 2 ;;
    --tarball) tarball=$(realpath -m "$2"); shift 2 ;;
    demo | build | test) commands+=("$1"); shift ;;
    *) usage >&2; exit 2 ;;
  esac
done
[ "${#commands[@]}" -gt 0 ] || commands=(demo)
if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
  echo 'check-chroot.sh: needs root and debootstrap' >&2
  exit 3
fi

# In a mount namespace of its own, so that no mount outlives this script, however it ends.
if [ -z "${LIGHTSPINE_NAMESPACE:-}" ]; then
  LIGHTSPINE_NAMESPACE=1 exec unshare --mount --propagation private "${BASH_SOURCE[0]}" \
    ${cuda:+--cuda "$cuda"} ${tarball:+--tarball "$tarball"} "${commands[@]}"
fi

# The host's own Debian mirror, in either format of apt's sources.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
  grep -v '^#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true)
mirror=${mirror:-http://deb.debian.org/debian}

root=$(mktemp -d "${TMPDIR:-/tmp}/lightspine-chroot-XXXXXX")
chmod 755 "$root" # apt's own user must get in
mounted=()
# A folder that is still mounted must never be removed: that would reach through to the host.
clean_up() {
  local i
  for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do
    umount "${mounted[i]}" || umount --lazy "${mounted[i]}" || true
  done
  if grep -q " $root/" /proc/mounts; then
    echo "check-chroot.sh: $root is left, something in it is still mounted" >&2
  else
    rm -rf --one-file-system "$root"
  fi
}
trap clean_up EXIT

# mount_in TARGET MOUNT-OPTION...
mount_in() {
  mkdir -p "$root$1"
  mount "${@:2}" "$root$1"
  mounted+=("$root$1")
}

# timed TEXT COMMAND...
timed() {
  local start=$SECONDS status=0
  "${@:2}" || status=$?
  printf 'check-chroot.sh: %s: %s s, exit %s\n' "$1" "$((SECONDS - start))" "$status"
  return "$status"
}

# In the chroot, as a new machine would: with a bare environment. $1 is "online" or "offline".
inside() {
  local cut=()
  [ "$1" = online ] || cut=(unshare --net)
  "${cut[@]}" chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${@:2}"
}

base_create() {
  if [ -n "$tarball" ] && [ -e "$tarball" ]; then
    tar -C "$root" -xf "$tarball"
  else
    debootstrap --variant=minbase --include=git,ca-certificates bookworm "$root" "$mirror" \
      >"$root.log" || { tail -n 20 "$root.log" >&2; return 1; }
    rm -f "$root.log"
    [ -z "$tarball" ] || tar -C "$root" -cf "$tarball" .
  fi
}

timed 'base system' base_create
mount_in /proc -t proc proc
mount_in /sys -t sysfs -o ro sysfs
mount_in /dev -t tmpfs -o mode=755 tmpfs
for node in null zero full random urandom tty; do
  touch "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
  mounted+=("$root/dev/$node")
done
ln -s /proc/self/fd "$root/dev/fd"
mount_in /dev/pts -t devpts -o newinstance,ptmxmode=666 devpts
ln -s pts/ptmx "$root/dev/ptmx"
mount_in /dev/shm -t tmpfs tmpfs
[ -z "$cuda" ] || mount_in /usr/local/cuda --bind -o ro "$cuda"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
git clone --quiet "$repository" "$root/root/lightspine"

for command in "${commands[@]}"; do
  timed "bootstrap.sh $command" inside online /root/lightspine/bootstrap.sh "$command"
  timed "bootstrap.sh $command, again, without network" \
    inside offline /root/lightspine/bootstrap.sh "$command"
done
inside offline sh -c 'ls -l /root/lightspine/build/lightspine; du -sh /root/lightspine/build'
echo 'check-chroot.sh: passed'
