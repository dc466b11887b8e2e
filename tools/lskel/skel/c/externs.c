// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "skel/c/print.h"

void c_print_externs(struct printer *p)
{
	static const char *const kinds[] = {
		[EXTERN_KCONFIG] = "KCONFIG", [EXTERN_VAR] = "VAR", [EXTERN_FUNC] = "FUNC",
		[EXTERN_ADDRESS] = "ADDRESS",
	};
	static const char *const values[] = {
		[KCONFIG_BOOL] = "BOOL", [KCONFIG_TRISTATE] = "TRISTATE", [KCONFIG_CHAR] = "CHAR",
		[KCONFIG_INT] = "INT", [KCONFIG_STRING] = "STRING",
	};
	const struct skel *skel = p->skel;
	const struct skel_extern *e;
	const uint32_t *user;

	if (skel->users.n) {
		P("static const __u32 %s__users[] = {", skel->name);
		vec_for_each(user, &skel->users)
			P("%s %u", user == skel->users.items ? "" : ",", *user);
		P(" };\n\n");
	}
	if (!skel->externs.n)
		return;
	P("static const struct lskel_extern %s__externs[] = {\n", skel->name);
	vec_for_each(e, &skel->externs) {
		P("\t{ ");
		c_print_name(p, e->ext->name);
		P(", LSKEL_EXTERN_%s, %s, %u, %u, ", kinds[e->ext->kind],
		  e->ext->weak ? "true" : "false", e->user, e->users);
		if (e->slot == NOT_HERE)
			P("LSKEL_NONE");
		else
			P("%u", e->slot);
		P(", %u, ", e->type);
		c_print_name(p, e->type_name);
		P(",\n\t\tLSKEL_VALUE_%s, %s, %u, %u },\n", values[e->ext->value],
		  e->ext->is_signed ? "true" : "false", e->ext->offset, e->ext->size);
	}
	P("};\n\n");
}
