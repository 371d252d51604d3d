#!/usr/bin/env bash
# The suites of remotes over stores that others wrote: s3rver (plain transfer), Ceph's gateway (conditional writes, parts), and through
# rclone a folder, SFTP and WebDAV. Installs what is missing, starts it as this user on free ports, and ends it. What cannot be
# installed or started is named, and its tests are skipped.
set -u
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
# What this machine has of its own for a store would be meant for ours too.
for name in $(compgen -e AWS_; compgen -e RCLONE_); do unset "$name"; done
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }
listens() {
  for _ in $(seq "${2:-100}"); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
    sleep 0.2
  done
  return 1
}
start() { "$@" >>"$work/log" 2>&1 & pids+=($!); }
missing() { echo "not started: $1"; }

packages=()
command -v rclone >/dev/null || packages+=(rclone)
command -v /usr/sbin/sshd >/dev/null || packages+=(openssh-server)
command -v radosgw >/dev/null && command -v ceph-mon >/dev/null && command -v ceph-osd >/dev/null || packages+=(radosgw ceph-mon ceph-osd ceph-common)
if [ "${#packages[@]}" -gt 0 ]; then
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"; } >>"$work/log" 2>&1 ||
    echo "not installed: ${packages[*]}"
fi

start_s3rver() {
  (cd "$work" && npm install --no-audit --no-fund s3rver@3) >>"$work/log" 2>&1 || return 1
  local port; port=$(free_port)
  mkdir -p "$work/s3rver"
  # It encrypts the tokens of lists that go on with a cipher that OpenSSL 3 counts as legacy.
  start env NODE_OPTIONS=--openssl-legacy-provider node "$work/node_modules/s3rver/bin/s3rver.js" --directory "$work/s3rver" --address 127.0.0.1 --port "$port" --configure-bucket harvest --silent
  listens "$port" && export HARVEST_TEST_S3RVER="http://127.0.0.1:$port"
}

# One monitor and one store in memory, without authentication among them: nothing but this machine reaches them.
start_ceph() {
  local mon gateway fsid osd conf=$work/ceph.conf
  mon=$(free_port) gateway=$(free_port) fsid=$(cat /proc/sys/kernel/random/uuid) osd=$(cat /proc/sys/kernel/random/uuid)
  mkdir -p "$work/mon" "$work/osd" "$work/run"
  cat >"$conf" <<CONF
[global]
fsid = $fsid
mon_host = v1:127.0.0.1:$mon
mon_initial_members = a
public_network = 127.0.0.0/8
ms_bind_msgr2 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
auth_allow_insecure_global_id_reclaim = true
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_class_update_on_start = false
osd_crush_update_on_start = false
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
osd_objectstore = memstore
memstore_device_bytes = 2147483648
run_dir = $work/run
admin_socket = $work/run/\$name.asok
log_file = $work/run/\$name.log
mon_data = $work/mon
osd_data = $work/osd
osd_journal = $work/osd/journal
rgw_data = $work/rgw
setuser_match_path =
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:$gateway
rgw_thread_pool_size = 32
CONF
  {
    monmaptool --create --fsid "$fsid" --addv a "v1:127.0.0.1:$mon" "$work/monmap" &&
      ceph-mon -c "$conf" -i a --mkfs --monmap "$work/monmap" || return 1
  } >>"$work/log" 2>&1
  start ceph-mon -c "$conf" -i a -f
  listens "$mon" || return 1
  {
    timeout 30 ceph -c "$conf" osd create "$osd" 0 || return 1
    ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$osd" || true
    timeout 30 ceph -c "$conf" osd crush add 0 1.0 root=default host=localhost || return 1
  } >>"$work/log" 2>&1
  start ceph-osd -c "$conf" -i 0 -f
  start radosgw -c "$conf" -n client.rgw -f
  listens "$gateway" 300 || return 1
  timeout 60 radosgw-admin -c "$conf" -n client.rgw user create --uid harvest --display-name harvest \
    --access-key HARVESTRADOSGW --secret-key harvestradosgwsecret >>"$work/log" 2>&1 || return 1
  RCLONE_CONFIG_RGW_TYPE=s3 RCLONE_CONFIG_RGW_PROVIDER=Ceph RCLONE_CONFIG_RGW_ENDPOINT="http://127.0.0.1:$gateway" \
    RCLONE_CONFIG_RGW_ACCESS_KEY_ID=HARVESTRADOSGW RCLONE_CONFIG_RGW_SECRET_ACCESS_KEY=harvestradosgwsecret \
    timeout 60 rclone mkdir rgw:harvest >>"$work/log" 2>&1 || return 1
  export HARVEST_TEST_RADOSGW="http://127.0.0.1:$gateway"
}

start_sftp() {
  local port; port=$(free_port)
  mkdir -p "$work/sftp" /run/sshd
  ssh-keygen -q -t ed25519 -N '' -f "$work/host" && ssh-keygen -q -t ed25519 -N '' -f "$work/key" && cp "$work/key.pub" "$work/authorized" || return 1
  chmod 700 "$work" && chmod 600 "$work/authorized"
  start /usr/sbin/sshd -D -e -f /dev/null -p "$port" -h "$work/host" -o ListenAddress=127.0.0.1 -o AuthorizedKeysFile="$work/authorized" \
    -o StrictModes=no -o PidFile=none -o UsePAM=no -o MaxStartups=100 -o Subsystem="sftp internal-sftp"
  listens "$port" || return 1
  export RCLONE_CONFIG_HARVESTSFTP_TYPE=sftp RCLONE_CONFIG_HARVESTSFTP_HOST=127.0.0.1 RCLONE_CONFIG_HARVESTSFTP_PORT=$port \
    RCLONE_CONFIG_HARVESTSFTP_USER=$(id -un) RCLONE_CONFIG_HARVESTSFTP_KEY_FILE="$work/key" RCLONE_CONFIG_HARVESTSFTP_SHELL_TYPE=unix
  rclone lsd "harvestsftp:$work/sftp" >>"$work/log" 2>&1 && export HARVEST_TEST_SFTP="harvestsftp:$work/sftp"
}

start_webdav() {
  local port; port=$(free_port)
  mkdir -p "$work/webdav"
  start rclone serve webdav "$work/webdav" --addr "127.0.0.1:$port"
  listens "$port" || return 1
  export RCLONE_CONFIG_HARVESTDAV_TYPE=webdav RCLONE_CONFIG_HARVESTDAV_URL="http://127.0.0.1:$port" RCLONE_CONFIG_HARVESTDAV_VENDOR=other
  export HARVEST_TEST_WEBDAV="harvestdav:"
}

start_s3rver || missing s3rver
start_ceph || missing "Ceph's gateway"
start_sftp || missing "SFTP"
start_webdav || missing "WebDAV"
[ -n "${HARVEST_KEEP_LOG:-}" ] && cp "$work/log" "$HARVEST_KEEP_LOG"

out=$(timeout 300 dotnet test tests/HarvestTools.Remotes.Tests --nologo ${HARVEST_NO_BUILD:+--no-build} \
  --filter "FullyQualifiedName~.Services.|FullyQualifiedName~.Rclone." 2>&1)
status=$?
grep -vE '^\[xUnit\.net|^ +Skipped ' <<<"$out"
count() { grep -oE "$1: +[0-9]+" <<<"$out" | tail -n 1 | grep -oE '[0-9]+' || echo 0; }
passed=$(count Passed) failed=$(count Failed) skipped=$(count Skipped)
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
if [ -n "${HARVEST_KEEP_LOG:-}" ]; then cp "$work/log" "$HARVEST_KEEP_LOG"; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
