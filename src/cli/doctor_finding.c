/* SPDX-License-Identifier: ISC
 *
 * doctor_finding.c - the list of findings, and the questions that every judge asks. A part of doctor.h.
 */
#include "cli/doctor.h"

#include <stdarg.h>
#include <string.h>

enum { PORTS_ABOVE = 16, DEFAULT_PORT = 29417, FORGOTTEN_MS = 15 * 1000 };

const char *const doctor_families[2] = { "ipv4", "ipv6" };

static const char *const severity_names[] = { "note", "warning", "problem" };

const char *family_text(const char *family) {
    return strcmp(family, "ipv6") == 0 ? "IPv6" : "IPv4";
}

json_t *finding_new(json_t *findings, const char *code, enum severity severity, const char *what, ...) {
    json_t *finding = json_pack("{s:s, s:s}", "code", code, "severity", severity_names[severity]);
    va_list arguments;

    va_start(arguments, what);
    json_object_set_new(finding, "what", json_vsprintf(what, arguments));
    va_end(arguments);
    json_array_append_new(findings, finding);
    return finding;
}

void finding_shows(json_t *finding, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    json_object_set_new(finding, "shows", json_vsprintf(format, arguments));
    va_end(arguments);
}

void finding_do(json_t *finding, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    json_object_set_new(finding, "do", json_vsprintf(format, arguments));
    va_end(arguments);
}

void finding_about(json_t *finding, const char *interface, const char *peer) {
    if (interface && *interface)
        json_object_set_new(finding, "interface", json_string(interface));
    if (peer && *peer)
        json_object_set_new(finding, "peer", json_string(peer));
}

void doctor_checked(struct doctor *doctor, const char *what) {
    json_array_append_new(doctor->checked, json_string(what));
}

void doctor_not_checked(struct doctor *doctor, const char *what, const char *why, ...) {
    json_t *entry = json_pack("{s:s}", "what", what);
    va_list arguments;

    va_start(arguments, why);
    json_object_set_new(entry, "why", json_vsprintf(why, arguments));
    va_end(arguments);
    json_array_append_new(doctor->not_checked, entry);
}

bool findings_matter(const json_t *findings) {
    size_t index;
    json_t *finding;

    json_array_foreach(findings, index, finding)
        if (strcmp(text_of(finding, "severity"), severity_names[SEVERITY_NOTE]) != 0)
            return true;
    return false;
}

json_int_t number_of(const json_t *object, const char *key, json_int_t otherwise) {
    const json_t *value = json_object_get(object, key);

    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool lately(const json_t *object, const char *key, json_int_t within_ms) {
    return number_of(object, key, within_ms + 1) <= within_ms;
}

const char *ports_text(const json_t *facts, char between, char text[TEXT_SIZE]) {
    json_int_t first = number_of(json_object_get(facts, "network"), "group_port", DEFAULT_PORT);

    snprintf(text, TEXT_SIZE, "%" JSON_INTEGER_FORMAT "%c%" JSON_INTEGER_FORMAT, first, between, first + PORTS_ABOVE);
    return text;
}

bool is_alone(const json_t *facts) {
    const json_t *network = json_object_get(facts, "network");
    size_t index;
    json_t *node;

    json_array_foreach(json_object_get(network, "nodes"), index, node)
        if (lately(node, "heard_ms", FORGOTTEN_MS))
            return false;
    return network && number_of(json_object_get(facts, "status"), "members", 1) <= 1;
}
