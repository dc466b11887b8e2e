// SPDX-License-Identifier: GPL-2.0-only
/* Kinds of BTF that are younger than 5.10: FLOAT, DECL_TAG and ENUM64
 *
 * A part of btf.c, which includes it: what a kind does is made of the verifier's
 * own functions there. TYPE_TAG has nothing of its own, it is one more modifier.
 */

static int check_no_vlen_no_kflag(struct btf_verifier_env *env,
				  const struct btf_type *t)
{
	if (btf_type_vlen(t)) {
		btf_verifier_log_type(env, t, "vlen != 0");
		return -EINVAL;
	}
	if (btf_type_kflag(t)) {
		btf_verifier_log_type(env, t, "Invalid btf_info kind_flag");
		return -EINVAL;
	}
	return 0;
}

/* What all records need */
static int check_meta_left(struct btf_verifier_env *env, const struct btf_type *t,
			   u32 meta_left, u32 meta_needed)
{
	if (meta_left >= meta_needed)
		return 0;
	btf_verifier_log_basic(env, t, "meta_left:%u meta_needed:%u", meta_left,
			       meta_needed);
	return -EINVAL;
}

static s32 btf_float_check_meta(struct btf_verifier_env *env,
				const struct btf_type *t, u32 meta_left)
{
	int err = check_no_vlen_no_kflag(env, t);

	if (err)
		return err;

	switch (t->size) {
	case 2:
	case 4:
	case 8:
	case 12:
	case 16:
		btf_verifier_log_type(env, t, NULL);
		return 0;
	default:
		btf_verifier_log_type(env, t, "Invalid type_size");
		return -EINVAL;
	}
}

/* How much a number must be aligned depends on the architecture; less than a
 * machine word, or the number itself if it is smaller, it is nowhere.
 */
static int btf_float_check_member(struct btf_verifier_env *env,
				  const struct btf_type *struct_type,
				  const struct btf_member *member,
				  const struct btf_type *member_type)
{
	u32 align = min_t(u32, member_type->size, sizeof(void *));
	u32 offset = BITS_ROUNDDOWN_BYTES(member->offset);

	if (BITS_PER_BYTE_MASKED(member->offset) || offset % align) {
		btf_verifier_log_member(env, struct_type, member,
					"Member is not properly aligned");
		return -EINVAL;
	}
	if ((u64)offset + member_type->size > struct_type->size) {
		btf_verifier_log_member(env, struct_type, member,
					"Member exceeds struct_size");
		return -EINVAL;
	}
	return 0;
}

static void btf_float_log(struct btf_verifier_env *env, const struct btf_type *t)
{
	btf_verifier_log(env, "size=%u", t->size);
}

static const struct btf_kind_operations float_ops = {
	.check_meta = btf_float_check_meta,
	.resolve = btf_df_resolve,
	.check_member = btf_float_check_member,
	.check_kflag_member = btf_generic_check_kflag_member,
	.log_details = btf_float_log,
	.show = btf_df_show,
};

static s32 btf_decl_tag_component(const struct btf_type *t)
{
	return ((const struct btf_decl_tag *)(t + 1))->component_idx;
}

static s32 btf_decl_tag_check_meta(struct btf_verifier_env *env,
				   const struct btf_type *t, u32 meta_left)
{
	u32 meta_needed = sizeof(struct btf_decl_tag);
	int err;

	err = check_meta_left(env, t, meta_left, meta_needed);
	if (err)
		return err;

	/* any text, but some */
	if (!*btf_name_by_offset(env->btf, t->name_off)) {
		btf_verifier_log_type(env, t, "Invalid value");
		return -EINVAL;
	}

	err = check_no_vlen_no_kflag(env, t);
	if (err)
		return err;

	/* -1 is the type itself, not one of its members or arguments */
	if (btf_decl_tag_component(t) < -1) {
		btf_verifier_log_type(env, t, "Invalid component_idx");
		return -EINVAL;
	}

	btf_verifier_log_type(env, t, NULL);

	return meta_needed;
}

/* How many members or arguments there are, none for what cannot have any, or
 * -EINVAL for what cannot have a tag
 */
static int nr_components(struct btf_verifier_env *env, const struct btf_type *t)
{
	int err;

	if (btf_type_is_struct(t))
		return btf_type_vlen(t);
	if (btf_type_is_var(t) || btf_type_is_typedef(t))
		return 0;
	if (!btf_type_is_func(t))
		return -EINVAL;

	/* It may come later, and not be checked yet. */
	err = btf_func_check(env, t);
	if (err)
		return err;
	return btf_type_vlen(btf_type_by_id(env->btf, t->type));
}

static int btf_decl_tag_resolve(struct btf_verifier_env *env,
				const struct resolve_vertex *v)
{
	const struct btf_type *target = btf_type_by_id(env->btf, v->t->type);
	int nr = target ? nr_components(env, target) : -EINVAL;

	if (nr < 0) {
		btf_verifier_log_type(env, v->t, "Invalid type_id");
		return -EINVAL;
	}
	if (btf_decl_tag_component(v->t) >= nr) {
		btf_verifier_log_type(env, v->t, "Invalid component_idx");
		return -EINVAL;
	}

	if (!env_type_is_resolve_sink(env, target) &&
	    !env_type_is_resolved(env, v->t->type))
		return env_stack_push(env, target, v->t->type);

	env_stack_pop_resolved(env, v->t->type, 0);
	return 0;
}

static void btf_decl_tag_log(struct btf_verifier_env *env,
			     const struct btf_type *t)
{
	btf_verifier_log(env, "type=%u component_idx=%d", t->type,
			 btf_decl_tag_component(t));
}

static const struct btf_kind_operations decl_tag_ops = {
	.check_meta = btf_decl_tag_check_meta,
	.resolve = btf_decl_tag_resolve,
	.check_member = btf_df_check_member,
	.check_kflag_member = btf_df_check_kflag_member,
	.log_details = btf_decl_tag_log,
	.show = btf_df_show,
};

static const struct btf_enum64 *btf_type_enum64(const struct btf_type *t)
{
	return (const struct btf_enum64 *)(t + 1);
}

static u64 btf_enum64_value(const struct btf_enum64 *e)
{
	return (u64)e->val_hi32 << 32 | e->val_lo32;
}

static s32 btf_enum64_check_meta(struct btf_verifier_env *env,
				 const struct btf_type *t, u32 meta_left)
{
	const char *format = btf_type_kflag(t) ? "\t%s val=%lld\n" :
						 "\t%s val=%llu\n";
	u32 meta_needed = btf_type_vlen(t) * sizeof(struct btf_enum64);
	const struct btf_enum64 *e = btf_type_enum64(t);
	struct btf *btf = env->btf;
	u16 i;
	int err;

	err = check_meta_left(env, t, meta_left, meta_needed);
	if (err)
		return err;

	if (t->size > sizeof(u64) || !is_power_of_2(t->size)) {
		btf_verifier_log_type(env, t, "Unexpected size");
		return -EINVAL;
	}
	if (t->name_off && !btf_name_valid_identifier(btf, t->name_off)) {
		btf_verifier_log_type(env, t, "Invalid name");
		return -EINVAL;
	}

	btf_verifier_log_type(env, t, NULL);

	for (i = 0; i < btf_type_vlen(t); i++, e++) {
		if (!btf_name_offset_valid(btf, e->name_off)) {
			btf_verifier_log(env, "\tInvalid name_offset:%u",
					 e->name_off);
			return -EINVAL;
		}
		if (!e->name_off ||
		    !btf_name_valid_identifier(btf, e->name_off)) {
			btf_verifier_log_type(env, t, "Invalid name");
			return -EINVAL;
		}
		if (env->log.level != BPF_LOG_KERNEL)
			btf_verifier_log(env, format,
					 __btf_name_by_offset(btf, e->name_off),
					 btf_enum64_value(e));
	}

	return meta_needed;
}

/* Bit fields are those of an int, as in an ENUM. Without one all bytes count. */
static int btf_enum64_check_kflag_member(struct btf_verifier_env *env,
					 const struct btf_type *struct_type,
					 const struct btf_member *member,
					 const struct btf_type *member_type)
{
	if (BTF_MEMBER_BITFIELD_SIZE(member->offset))
		return btf_enum_check_kflag_member(env, struct_type, member,
						   member_type);
	return btf_enum_check_member(env, struct_type, member, member_type);
}

static u64 btf_enum64_read(const struct btf_type *t, const void *data)
{
	u64 value = *(u8 *)data;

	switch (t->size) {
	case 2:
		value = get_unaligned((u16 *)data);
		break;
	case 4:
		value = get_unaligned((u32 *)data);
		break;
	case 8:
		value = get_unaligned((u64 *)data);
		break;
	}
	if (btf_type_kflag(t))
		value = sign_extend64(value, t->size * BITS_PER_BYTE - 1);
	return value;
}

static void btf_enum64_show(const struct btf *btf, const struct btf_type *t,
			    u32 type_id, void *data, u8 bits_offset,
			    struct btf_show *show)
{
	const struct btf_enum64 *e = btf_type_enum64(t);
	void *safe_data;
	u64 value;
	u32 i;

	safe_data = btf_show_start_type(show, t, type_id, data);
	if (!safe_data)
		return;

	value = btf_enum64_read(t, safe_data);
	for (i = 0; i < btf_type_vlen(t); i++)
		if (btf_enum64_value(&e[i]) == value)
			break;

	if (i < btf_type_vlen(t))
		btf_show_type_values(show, "%s",
				     __btf_name_by_offset(btf, e[i].name_off));
	else if (btf_type_kflag(t))
		btf_show_type_value(show, "%lld", value);
	else
		btf_show_type_value(show, "%llu", value);
	btf_show_end_type(show);
}

static const struct btf_kind_operations enum64_ops = {
	.check_meta = btf_enum64_check_meta,
	.resolve = btf_df_resolve,
	.check_member = btf_enum_check_member,
	.check_kflag_member = btf_enum64_check_kflag_member,
	.log_details = btf_enum_log,
	.show = btf_enum64_show,
};
