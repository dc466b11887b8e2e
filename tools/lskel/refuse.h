/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What makes the tool refuse an object, by name.
 *
 * Every name has an object with that defect, and the message for it, in
 * tests/bad/.
 */
#ifndef LSKEL_REFUSE_H
#define LSKEL_REFUSE_H

#include <errno.h>

#include "spec.h"

#define REFUSALS(X) \
	/* The file */ \
	X(not_elf,		EINVAL) \
	X(not_bpf,		EINVAL) \
	X(bad_section,		EINVAL) \
	X(bad_symbol,		EINVAL) \
	X(bad_relocation,	EINVAL) \
	X(no_symbols,		EINVAL) \
	X(bad_btf,		EINVAL) \
	X(bad_btf_ext,		EINVAL) \
	X(bad_core,		EINVAL) \
	X(bad_datasec,		EINVAL) \
	X(bad_version,		EINVAL) \
	X(too_big,		EFBIG) \
	X(too_many,		E2BIG) \
	X(too_deep,		EINVAL) \
	X(name_collision,	EINVAL) \
	/* What is missing in it, or the next version's */ \
	X(undefined,		ENOENT) \
	X(kconfig,		EINVAL) \
	X(common,		EINVAL) \
	X(data_address,		EOPNOTSUPP) \
	/* Maps */ \
	X(map_static,		EOPNOTSUPP) \
	X(map_field,		EOPNOTSUPP) \
	X(map_field_type,	EINVAL) \
	X(map_type,		EINVAL) \
	X(map_size,		EINVAL) \
	X(map_values,		EINVAL) \
	X(map_inner,		EINVAL) \
	X(map_pinning,		EINVAL) \
	X(map_slot,		EINVAL) \
	X(map_legacy,		EINVAL) \
	X(map_without_btf,	EINVAL) \
	X(ops_section,		EOPNOTSUPP) \
	X(ops_type,		EINVAL) \
	X(ops_member,		EINVAL) \
	/* Programs */ \
	X(section_unknown,	EOPNOTSUPP) \
	X(type_unused,		EINVAL) \
	X(attach_target,	EINVAL) \
	X(ops_unused,		EINVAL) \
	X(bad_function,		EINVAL) \
	X(bad_instruction,	EINVAL) \
	X(raw_fd,		EOPNOTSUPP) \
	X(core_without_lines,	EINVAL) \
	X(call_target,		EINVAL) \
	X(map_target,		EINVAL) \
	X(data_target,		EINVAL)

enum refusal {
#define X(name, err) REFUSE_##name,
	REFUSALS(X)
#undef X
};

/* Where in the file; what is NULL is not said */
struct place {
	const char *section;
	const char *symbol;
	bool has_offset;
	uint64_t offset;	/* bytes in the section */
};

#define IN(section, symbol)		(&(struct place){ section, symbol, false, 0 })
#define AT(section, symbol, offset)	(&(struct place){ section, symbol, true, offset })

/* Refuse the object for @why: @format says what is wrong, as half a sentence
 * behind the place. Returns the negative errno that goes with @why.
 */
int refuse(const struct spec *spec, enum refusal why, const struct place *at,
	   const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif /* LSKEL_REFUSE_H */
