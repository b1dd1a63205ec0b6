/* SPDX-License-Identifier: ISC
 *
 * fake_daemon.h - a control socket that says what a test wants said, and notes what it hears.
 *
 * It is in the process of the test, which says when it speaks; for functions that wait for an answer it is in a child.
 */
#ifndef TESTS_UNIT_FAKE_DAEMON_H
#define TESTS_UNIT_FAKE_DAEMON_H

#include <stdbool.h>

/* Listens on fake_path(), in a directory of its own, until fake_close(). */
void fake_open(void);
void fake_close(void);
const char *fake_path(void);

/* No longer, or again: it is killed, and started. */
void fake_die(void);
void fake_start(void);

/* The next client, when it has sent that command: its socket, to be closed by the test. */
int fake_accept(const char *command);

/* Whether somebody has connected who was not accepted yet. */
bool fake_is_wanted(void);

/* Says something to it; with a copy of a descriptor beside the first byte. */
void fake_say(int client, const char *text);
void fake_say_with(int client, const char *text, int fd);

/* Waits for a line of it and compares it; without its newline. */
void fake_hears(int client, const char *line);

/* Nothing of it is there to be read, and it has not gone. */
bool fake_hears_nothing(int client);

/* Answers the next request, which must be that command, from a child: says all texts (NULL at the end), a moment
 * apart, then closes the connection or, if it is silent, leaves it open as long as the test lasts. */
void fake_answer(const char *command, bool silent, const char *const texts[]);

/* It is readable, within some seconds. */
bool is_readable(int fd, int limit_ms);

/* Nobody has the other end of this pipe open any more. */
bool is_at_its_end(int fd);

#endif
