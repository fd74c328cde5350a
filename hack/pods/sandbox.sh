#!/bin/sh
# Within mount and network namespaces of its own: makes the file system that a container of a pod has, then becomes its process.
# usage: sandbox.sh ROOT IMAGE VOLUMES USER HOSTS FOLDER [NAME=VALUE]... COMMAND...
#   ROOT an empty folder; IMAGE the image's tree: /app and /usr/local; VOLUMES a file, "<folder> <mount path> <ro|rw>" a line; HOSTS the pod's /etc/hosts
# The root and what the image has cannot be written, nothing of this machine's environment comes along. Libraries and programs but those
# of /usr/local are this machine's, as the image's base would have them.
set -eu
root=$1 image=$2 volumes=$3 user=$4 hosts=$5 folder=$6
shift 6
mount --make-rprivate /
mount -t tmpfs -o size=16m tmpfs "$root"
bind() { # FROM TO OPTION
  mkdir -p "$root$2"
  mount --rbind "$1" "$root$2"
  mount -o "remount,bind,$3" "$root$2"
}
for system in /bin /lib /lib64 /usr; do
  [ ! -e "$system" ] || bind "$system" "$system" ro
done
mkdir -p "$root/dev" "$root/proc" "$root/etc"
mount --rbind /proc "$root/proc"
for device in null zero random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
printf 'dataall:x:%s:%s::/:/sbin/nologin\n' "${user%:*}" "${user#*:}" >"$root/etc/passwd"
cp "$hosts" "$root/etc/hosts"
[ ! -d /etc/ssl ] || bind /etc/ssl /etc/ssl ro
bind "$image/app" /app ro
bind "$image/usr/local" /usr/local ro
while read -r from path mode; do bind "$from" "$path" "$mode"; done <"$volumes"
mount -o remount,ro "$root"
cd "$root"
exec chroot --userspec="$user" "$root" /usr/bin/env -i -C "$folder" "$@"
