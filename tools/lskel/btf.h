/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The types of an object (.BTF), and what it says of its instructions
 * (.BTF.ext).
 */
#ifndef LSKEL_BTF_H
#define LSKEL_BTF_H

#include <bpf/btf.h>

#include "lib/names.h"
#include "spec.h"

/* Read the section .BTF into spec->types: afterwards every id and name in it
 * exists, and a DATASEC has only variables. Returns 0 or a negative errno with
 * the reason in the sink.
 */
int types_read(struct spec *spec, const uint8_t *bytes, size_t size);

/* For the one who completes types that a compiler could not: they are
 * writable until types_finish().
 */
static inline struct btf_type *types_edit(const struct spec *spec, uint32_t id)
{
	return (struct btf_type *)btf__type_by_id(spec->types, id);
}

/* The type behind modifiers and typedefs, or NULL for void and for a chain that
 * does not end. Its id is put into @id.
 */
const struct btf_type *types_skip(const struct btf *types, uint32_t *id);

/* The names of all types of a kind, for their ids. Returns 0 or -ENOMEM. */
int types_names(struct spec *spec, uint32_t kind, struct names *names);

/* Set the raw bytes in @spec, full and reduced */
int types_finish(struct spec *spec);

/* What a table in .BTF.ext has for one section: records sorted by the offset of
 * their instruction in bytes, which comes first in each; host byte order
 */
struct ext_records {
	const char *section;
	struct spec_records records;
};

typedef VEC(struct ext_records) ext_table;

struct ext {
	ext_table func, line, core;
};

/* Read the section .BTF.ext. Types have been read. */
int ext_read(struct ext *ext, struct spec *spec, const uint8_t *bytes,
	     size_t size);

/* Those of @records that are for the bytes from @start to before @end. They stay
 * where they are.
 */
struct spec_records ext_range(const struct spec_records *records, uint64_t start,
			      uint64_t end);

#endif /* LSKEL_BTF_H */
