/* SPDX-License-Identifier: ISC
 *
 * alarm.c - see alarm.h.
 */
#include "lib/alarm.h"

#include <errno.h>
#include <sys/timerfd.h>

int alarm_open(void) {
    int alarm = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);

    return alarm < 0 ? -errno : alarm;
}

/* A time that is over has its alarm at once; one of 0 would switch it off. */
void alarm_set(int alarm, usec_t at) {
    struct itimerspec value = { .it_interval = { 0, 0 } };

    if (at != USEC_NEVER) {
        value.it_value.tv_sec = (time_t)(at / USEC_PER_SEC);
        value.it_value.tv_nsec = (long)(at % USEC_PER_SEC) * 1000 + 1;
    }
    timerfd_settime(alarm, TFD_TIMER_ABSTIME, &value, NULL);
}
