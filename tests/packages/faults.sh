#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What happens to a service on three hosts: it is stopped, its processes are killed, it hangs, its host goes down. Another one
# leads each time, in the way that costs least, and the service is back by itself.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

ended_by() { # HOST REASON: the leadership before the present one, as it saw it
    [ "$(ask "$1" history --json | jq -r '.history[-2].ended_by')" = "$2" ] ||
        fail "host $1 does not say $2, but: $(ask "$1" history)"
}

restarted() { # HOST TIMES
    [ "$(on "$1" systemctl show --property=NRestarts --value eldest)" = "$2" ]
}

result() { # HOST UNIT
    on "$1" systemctl show --property=Result --value "$2"
}

# The journal knows how it ended, though it runs again.
has_ended() { # HOST RESULT
    logged "$1" init.scope "eldest.service: Failed with result '$2'"
}

hosts 3
install 1 2 3
wait_leader 1 2 3
wait_known 1 2 3
expect_leader 1

# Stopped, it hands over.
service 1 stop
is 1 eldest inactive
wait_leader 2 3
expect_leader 2
ended_by 3 resign
[ "$(result 1 eldest)" = success ]
service 1 start
back 1

# Killed, it has a sentinel, which systemd lets speak.
kill_main 2 eldest
wait_leader 1 3
expect_leader 3
ended_by 1 farewell
back 2
restarted 2 1
has_ended 2 signal

# All of it killed at once, the others find out.
kill_all 3 eldest
wait_leader 1 2
expect_leader 1
ended_by 2 death
back 3

# The sentinel alone is replaced by the daemon.
kill_sentinel() { # HOST
    on "$1" pkill -KILL -x eldest-sentinel
}
kill_sentinel 1
wait_until on 1 pgrep -x eldest-sentinel
is 1 eldest active
restarted 1 0
expect_leader 1

# It hangs: others lead at once, and systemd ends it when its time is over, which is shorter here than in the unit.
on 2 mkdir /run/systemd/system/eldest.service.d
on 2 tee /run/systemd/system/eldest.service.d/soon.conf >/dev/null <<<$'[Service]\nWatchdogSec=3s'
on 2 systemctl daemon-reload
service 2 restart
back 2
service 1 restart
back 1
service 3 restart
back 3
expect_leader 2
hangs=$(on 2 systemctl show --property=MainPID --value eldest)
on 2 kill -STOP "$hangs"
frozen[2]=yes
wait_leader 1 3
expect_leader 1
ended_by 3 death
wait_until has_ended 2 watchdog
unset 'frozen[2]'
back 2
[ "$(on 2 systemctl show --property=MainPID --value eldest)" != "$hangs" ]

# Hosts go down and come back as the youngest, with the identity that they had.
identity=$(id_of 1)
reboot 1
back 1
expect_leader 3
ended_by 2 resign
[ "$(id_of 1)" = "$identity" ] || fail "host 1 has another identity"
shut_down 3
wait_leader 1 2
expect_leader 2
ended_by 1 resign
boot 3
back 3
expect_leader 2
