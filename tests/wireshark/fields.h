/* SPDX-License-Identifier: ISC
 *
 * fields.h - what a dissector is to say of a datagram, told from the message that it was made of, not from its bytes.
 *
 * A line for each field on standard output, in the order of the datagram: FRAME, name and value as in tshark's PDML,
 * separated by tabs. A field that has been added to wire.h and not here is not noticed by this; that the dissector
 * shows all bytes as some field is (compare.py).
 */
#ifndef ELDEST_TESTS_FIELDS_H
#define ELDEST_TESTS_FIELDS_H

#include "wire/wire.h"

/* The MAC is what the last bytes of the datagram are; so is what is encrypted, if its flags say so. */
void fields_tell(unsigned frame, const struct wire_message *message, const uint8_t *datagram, size_t length);

#endif
