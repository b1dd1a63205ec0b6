/* SPDX-License-Identifier: ISC
 *
 * unit.c - see unit.h.
 */
#include "cli/unit.h"

#include "base/util.h"

#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 128 };

static bool is_default(const char *cluster) {
    return strcmp(cluster, "default") == 0;
}

const char *unit_name(const char *cluster, char text[TEXT_SIZE]) {
    snprintf(text, TEXT_SIZE, "eldest%s%.64s", is_default(cluster) ? "" : "@", is_default(cluster) ? "" : cluster);
    return text;
}

/* Its file need not be loaded yet; systemd looks for it in these. */
bool unit_is_installed(const char *cluster) {
    static const char *const folders[] = {
        "/etc/systemd/system",     "/run/systemd/system", "/usr/local/lib/systemd/system",
        "/usr/lib/systemd/system", "/lib/systemd/system",
    };
    const char *file = is_default(cluster) ? "eldest.service" : "eldest@.service";
    char path[PATH_SIZE];

    if (access("/run/systemd/system", F_OK) != 0)
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
        snprintf(path, sizeof(path), "%s/%s", folders[i], file);
        if (access(path, F_OK) == 0)
            return true;
    }
    return false;
}

const char *unit_by_hand(const char *cluster, char text[TEXT_SIZE]) {
    snprintf(text, TEXT_SIZE, "sudo eldestd%s%.64s", is_default(cluster) ? "" : " -C ",
             is_default(cluster) ? "" : cluster);
    return text;
}

const char *unit_start_command(const char *cluster, char text[TEXT_SIZE]) {
    char name[TEXT_SIZE];

    if (!unit_is_installed(cluster))
        return unit_by_hand(cluster, text);
    snprintf(text, TEXT_SIZE, "sudo systemctl start %.100s", unit_name(cluster, name));
    return text;
}
