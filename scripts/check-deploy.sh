#!/usr/bin/env bash
# Whether what is in deploy/ holds: Prometheus takes the rules, each alert fires where it should and leads to a page that says
# what to do, and rules and pages name nothing that GAPIN does not have.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rules=deploy/prometheus/gapin.rules.yml
runbooks=docs/runbooks
faults=0

wrong() {
  echo "$1" >&2
  faults=1
}

promtool check config --syntax-only deploy/prometheus/prometheus.yml
promtool check rules "$rules"
promtool test rules deploy/prometheus/gapin.rules.test.yml

mapfile -t alerts < <(sed -n 's/^ *- alert: //p' "$rules")
((${#alerts[@]} > 0)) || wrong "$rules has no alerts"
for alert in "${alerts[@]}"; do
  grep -q "^ *runbook: $runbooks/$alert.md$" "$rules" || wrong "$alert does not lead to $runbooks/$alert.md"
  [[ -e $runbooks/$alert.md ]] || wrong "$alert has no page: $runbooks/$alert.md"
  grep -q "alertname: $alert," deploy/prometheus/gapin.rules.test.yml || grep -q "alertname: $alert\$" deploy/prometheus/gapin.rules.test.yml ||
    wrong "$alert is in no test of the rules"
done
for page in "$runbooks"/Gapin*.md; do
  name=$(basename "$page" .md)
  grep -q "^ *- alert: $name\$" "$rules" || wrong "$page is of no alert"
  grep -q "($name.md)" "$runbooks/README.md" || wrong "$runbooks/README.md does not name $name"
done

# Metrics: as the code registers them, or what a histogram adds.
while read -r metric; do
  plain=${metric%_bucket} plain=${plain%_sum} plain=${plain%_count}
  grep -rqF "\"$metric\"" --include='*.rs' gateway/src consumer/src bus/src store/src cli/src ||
    grep -rqF "\"$plain\"" --include='*.rs' gateway/src consumer/src bus/src store/src cli/src ||
    wrong "there is no metric $metric"
done < <(grep -rhoE '\bgapin_[a-z_]+' deploy/prometheus "$runbooks" | sort -u)

# Settings: as the generated table has them; what clients, examples and checks are told with is none.
while read -r setting; do
  grep -qF "\`${setting%_FILE}\`" docs/configuration.md || wrong "there is no setting $setting"
done < <(grep -rhoE '\b(GAPIN|KAFKA|DATABASE|REDIS)_[A-Z_]+' deploy "$runbooks" | sort -u | grep -vxE 'GAPIN_(URL|API_KEY|BIN)')

# Units, as they would lie in a system that has the binary; and how much they leave a process that was taken over.
units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT
mkdir -p "$units"/{usr/local/{bin,lib},opt/kafka/bin,etc/systemd/system,usr/lib/systemd/system}
for program in usr/local/bin/gapin usr/local/lib/gapin-backup opt/kafka/bin/kafka-{storage,server-start}.sh; do
  install -m 755 /bin/true "$units/$program"
done
cp deploy/systemd/*.service "$units/etc/systemd/system"
mkdir "$units/etc/systemd/system/gapin-gateway@.service.d"
cp deploy/systemd/redis.conf "$units/etc/systemd/system/gapin-gateway@.service.d"
cp /lib/systemd/system/{network-online,network,multi-user,sysinit,basic,shutdown}.target "$units/usr/lib/systemd/system"
for unit in deploy/systemd/*.service; do
  name=$(basename "$unit")
  systemd-analyze verify --root="$units" --man=no --recursive-errors=no "$name" || wrong "$unit is no good unit"
  # In tenths: 1.5 of 10, where a unit without anything has 9.6.
  systemd-analyze security --offline=true --threshold=15 --no-pager "$unit" >"$units/said" || {
    tail -n 1 "$units/said" >&2
    wrong "$unit leaves too much open"
  }
done

((faults == 0)) || exit 1
echo "deploy: ${#alerts[@]} alerts, each tried, and each with a page"

# Parts of deploy/ whose checks need tools of their own come with `all`: `make check-deploy`, and not `make test`.
if [[ ${1:-} == all ]]; then
  for check in deploy/*/check.sh; do
    [[ -e $check ]] || continue
    echo "$check"
    "$check"
  done
fi
