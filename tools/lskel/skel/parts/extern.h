/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What the object says of an extern */
#ifndef LSKEL_EXTERN
#define LSKEL_EXTERN

enum lskel_extern_kind {
	LSKEL_EXTERN_KCONFIG,
	LSKEL_EXTERN_VAR,
	LSKEL_EXTERN_FUNC,
	LSKEL_EXTERN_ADDRESS
};

enum lskel_value {
	LSKEL_VALUE_BOOL,
	LSKEL_VALUE_TRISTATE,
	LSKEL_VALUE_CHAR,
	LSKEL_VALUE_INT,
	LSKEL_VALUE_STRING
};

struct lskel_extern {
	const char *name;
	enum lskel_extern_kind kind;
	bool weak;		/* zero if there is none */
	__u32 user, nr_users;	/* which programs refer to it: in object.users */
	__u32 slot;		/* of the look-up, or LSKEL_NONE */
	__u32 type;		/* of a variable: BTF_KIND_*, and its name, or "" */
	const char *type_name;
	enum lskel_value value;	/* of the configuration: what it is, */
	bool is_signed;
	__u32 offset, size;	/* and where in .kconfig */
};

#endif /* LSKEL_EXTERN */
