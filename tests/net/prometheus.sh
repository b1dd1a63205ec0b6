#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The example etc/examples/prometheus with a real Prometheus on host 4: what three nodes tell is without fault for its linter,
# the alerts fire when they should, and when two lead it knows.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
for tool in curl prometheus promtool; do
    type -P $tool >/dev/null || { echo "skipped: this test needs $tool (Debian: apt-get install curl prometheus)"; exit 77; }
done

readonly example=${abs_top_srcdir:-$builddir/../..}/etc/examples/prometheus

lint() { # HOST
    on 4 curl -sSf --max-time "$patience" "http://10.114.0.$1:29480/metrics" >"$scratch/metrics"
    promtool check metrics <"$scratch/metrics" 2>"$scratch/complaints" || fail "$(cat "$scratch/complaints")"
    [ ! -s "$scratch/complaints" ] || fail "$(cat "$scratch/complaints")"
}

# The example, with these addresses, for somebody who is in a hurry.
prometheus_on() { # HOST
    mkdir "$scratch/prometheus"
    sed 's/192\.0\.2\./10.114.0./; s/scrape_interval: 5s/scrape_interval: 1s/' "$example/prometheus.yml" \
        >"$scratch/prometheus/prometheus.yml"
    sed 's/interval: 5s/interval: 1s/' "$example/eldest.rules.yml" >"$scratch/prometheus/eldest.rules.yml"
    promtool check config "$scratch/prometheus/prometheus.yml"
    on "$1" prometheus --config.file="$scratch/prometheus/prometheus.yml" --storage.tsdb.path="$scratch/prometheus/data" \
        --web.listen-address=127.0.0.1:9090 >"$scratch/prometheus/log" 2>&1 &
}

knows() { # FILTER QUERY: it holds for the list of the values that the query gives
    on 4 curl -sS --get --data-urlencode "query=$2" http://127.0.0.1:9090/api/v1/query 2>/dev/null |
        jq -e "[.data.result[] | .value[1] | tonumber] | $1" >/dev/null
}

promtool test rules "${0%/*}/alerts.yml"
lan 4
for i in 1 2 3; do
    configure $i <<END
[http]
listen = 10.114.0.$i:29480
END
done
start_in_turn 1 2 3
for i in 1 2 3; do
    lint $i
done

prometheus_on 4
wait_until knows '. == [1]' cluster:eldest_leading:sum
wait_until knows '. == [3, 3, 3]' eldest_members
knows 'length == 0' 'ALERTS{alertstate="firing"}'

# Host 4 sees all, but the leader and its followers do not see each other.
for i in 2 3; do
    block 1 $i
    block $i 1
done
wait_until knows '. == [2]' cluster:eldest_leading:sum
wait_until knows 'length == 1' 'ALERTS{alertname="EldestSeveralLeaders"}'
wait_until knows 'length == 1' 'ALERTS{alertname="EldestDisagreement"}'
lint 1
lint 2
mend
wait_known 1 2 3
wait_until knows '. == [1]' cluster:eldest_leading:sum
wait_until knows 'length == 0' 'ALERTS{alertname="EldestSeveralLeaders"}'
