/* SPDX-License-Identifier: ISC
 *
 * top_screen.c - see top_screen.h.
 */
#include "cli/top_screen.h"

#include "base/util.h"

#include <curses.h>
#include <errno.h>
#include <string.h>

enum { ESCAPE_DELAY_MS = 25, ESCAPE = 27, CONTROL_L = 12, CONTROL_B = 2, CONTROL_F = 6 };

static SCREEN *screen;
static int attributes[TONE_COUNT];

/* Without colours there are still bright and dim. */
static void set_tones(void) {
    static const short colours[TONE_COUNT] = { [TONE_GOOD] = COLOR_GREEN, [TONE_DOUBT] = COLOR_YELLOW,
                                               [TONE_BAD] = COLOR_RED };

    memset(attributes, 0, sizeof(attributes));
    attributes[TONE_FAINT] = A_DIM;
    attributes[TONE_STRONG] = attributes[TONE_GOOD] = attributes[TONE_DOUBT] = attributes[TONE_BAD] = A_BOLD;
    if (palette_unwanted() || !has_colors() || start_color() == ERR)
        return;
    use_default_colors();
    for (short tone = 0; tone < TONE_COUNT; tone++)
        if (colours[tone] != 0 && init_pair(tone, colours[tone], -1) != ERR)
            attributes[tone] |= COLOR_PAIR(tone);
}

int screen_open(void) {
    screen = newterm(NULL, stdout, stdin);
    if (!screen)
        return -ENOTSUP;
    if (!tigetstr("cup")) {
        screen_close();
        return -ENOTSUP;
    }
    set_escdelay(ESCAPE_DELAY_MS);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    intrflush(stdscr, FALSE);
    curs_set(0);
    set_tones();
    return 0;
}

void screen_close(void) {
    if (!screen)
        return;
    endwin();
    delscreen(screen);
    screen = NULL;
}

int screen_lines(void) {
    return LINES;
}

int screen_columns(void) {
    return COLS;
}

void screen_begin(void) {
    erase();
}

void screen_show(void) {
    refresh();
}

/* What is put on the character before needs one that is there. */
int screen_put(int line, int column, enum tone tone, const char *text, size_t length) {
    const char *end = text + strnlen(text, length);
    int start = column;

    if (line < 0 || line >= LINES)
        return column;
    attrset(attributes[tone]);
    move(line, column);
    while (text < end) {
        const char *from = text;
        int width = text_step(&text);

        if (column + (width < 0 ? 1 : width) > COLS)
            break;
        if (width < 0)
            addch('?');
        else if (width > 0 || column > start)
            addnstr(from, (int)(text - from));
        column += width < 0 ? 1 : width;
    }
    return column;
}

int screen_text(int line, int column, enum tone tone, const char *text) {
    return screen_put(line, column, tone, text, strlen(text));
}

void screen_bar(int line, enum tone tone) {
    mvchgat(line, 0, -1, (attr_t)attributes[tone] | A_REVERSE, (short)PAIR_NUMBER(attributes[tone]), NULL);
}

static const struct {
    int key;
    enum top_command command;
} keys[] = {
    { 'q', TOP_QUIT },
    { 'Q', TOP_QUIT },
    { ESCAPE, TOP_QUIT },
    { 'h', TOP_HELP },
    { '?', TOP_HELP },
    { KEY_F(1), TOP_HELP },
    { 's', TOP_ORDER },
    { 'p', TOP_FREEZE },
    { CONTROL_L, TOP_RESIZED },
    { KEY_RESIZE, TOP_RESIZED },
    { KEY_UP, TOP_UP },
    { 'k', TOP_UP },
    { KEY_DOWN, TOP_DOWN },
    { 'j', TOP_DOWN },
    { KEY_PPAGE, TOP_PAGE_UP },
    { CONTROL_B, TOP_PAGE_UP },
    { KEY_NPAGE, TOP_PAGE_DOWN },
    { CONTROL_F, TOP_PAGE_DOWN },
    { ' ', TOP_PAGE_DOWN },
    { KEY_HOME, TOP_HOME },
    { 'g', TOP_HOME },
    { KEY_END, TOP_END },
    { 'G', TOP_END },
};

enum top_command screen_command(void) {
    int key = getch();

    if (key == ERR)
        return TOP_NOTHING;
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
        if (keys[i].key == key) {
            if (key == CONTROL_L)
                clearok(curscr, TRUE);
            return keys[i].command;
        }
    return TOP_OTHER;
}
