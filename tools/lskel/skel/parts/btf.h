/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* Types as the kernel gives them; nothing in them is trusted */
#ifndef LSKEL_BTF
#define LSKEL_BTF

struct lskel_btf {
	const char *data;
	__u32 types, end;	/* offsets in data */
	const char *strings;
	__u32 strings_size;	/* at least 1; the last byte is 0 */
};

/* A type without what is behind it */
struct lskel_type {
	__u32 name, info, type;
};

/* Make @data, which the caller frees, the @size bytes that BTF object @fd was loaded
 * with; of a module, without those of the kernel's own that are before them. NULL if
 * that fails.
 */
static inline int lskel_btf_read(int fd, char **data, __u32 *size)
{
	struct { __u64 btf; __u32 size, id; } info;
	int err;

	memset(&info, 0, sizeof(info));
	*data = NULL;
	err = lskel_get_info(fd, &info, sizeof(info));
	if (err)
		return err;
	*size = info.size;
	*data = (char *)malloc(*size ? *size : 1);
	if (!*data)
		return -ENOMEM;
	info.btf = lskel_address(*data);
	err = lskel_get_info(fd, &info, sizeof(info));
	if (err) {
		free(*data);
		*data = NULL;
	}
	return err;
}

static inline int lskel_btf_init(struct lskel_btf *btf, const char *data, size_t size)
{
	__u32 header[6];	/* magic, length; offset and length of types and of strings */
	__u64 types, strings;

	if (size < sizeof(header) || size > 1 << 30)
		return -EINVAL;
	memcpy(header, data, sizeof(header));
	types = (__u64)header[1] + header[2];
	strings = (__u64)header[1] + header[4];
	if ((header[0] & 0xffff) != 0xeb9f || types + header[3] > size ||
	    strings + header[5] > size || !header[5] || data[strings + header[5] - 1])
		return -EINVAL;
	btf->data = data;
	btf->types = (__u32)types;
	btf->end = (__u32)(types + header[3]);
	btf->strings = data + strings;
	btf->strings_size = header[5];
	return 0;
}

static inline const char *lskel_btf_name(const struct lskel_btf *btf, __u32 name)
{
	return name < btf->strings_size ? btf->strings + name : "";
}

static inline __u32 lskel_btf_kind(const struct lskel_type *type)
{
	return type->info >> 24 & 31;
}

/* The type at @at, which becomes the place of the next one; false behind the last */
static inline bool lskel_btf_next(const struct lskel_btf *btf, __u32 *at, struct lskel_type *type)
{
	/* Behind the 12 bytes of a type: bytes, and bytes per member */
	static const struct {
		unsigned char fixed, each;
	} kinds[] = {
		{ 0, 0 }, { 4, 0 }, { 0, 0 }, { 12, 0 }, { 0, 12 }, { 0, 12 }, { 0, 8 },
		{ 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 8 },
		{ 4, 0 }, { 0, 12 }, { 0, 0 }, { 4, 0 }, { 0, 0 }, { 0, 12 }
	};
	__u32 kind;

	if (*at > btf->end || btf->end - *at < sizeof(*type))
		return false;
	memcpy(type, btf->data + *at, sizeof(*type));
	kind = lskel_btf_kind(type);
	if (kind >= sizeof(kinds) / sizeof(kinds[0]))
		return false;
	*at += (__u32)sizeof(*type) + kinds[kind].fixed + (type->info & 0xffff) * kinds[kind].each;
	return true;
}

#endif /* LSKEL_BTF */
