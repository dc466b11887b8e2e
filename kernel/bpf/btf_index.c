// SPDX-License-Identifier: GPL-2.0-only
/* The types of the kernel's BTF by name
 *
 * Names are hashed without their flavour, so that one table serves those who look
 * for a name and those who look for all flavours of it. The table is an array of
 * type ids, sorted by bucket and then by id, and an array that says where each
 * bucket begins: four bytes per named type and about one more for the buckets.
 */
#include <linux/bpf.h>
#include <linux/bpf_btf_index.h>
#include <linux/bpf_btf_module.h>
#include <linux/btf.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>

#include "core/flavour.h"

/* As many types share a bucket, or up to twice as many. */
#define TYPES_PER_BUCKET	4

#define NO_NAME			U32_MAX

struct btf_index {
	u32	nr_buckets;	/* a power of 2 */
	u32	start[];	/* where a bucket begins; the ids follow */
};

static const char *type_name(const struct btf *btf, u32 id)
{
	return btf_name_by_offset(btf, btf_type_by_id(btf, id)->name_off);
}

static u32 hash_essential(const char *name)
{
	u64 hashlen = hashlen_string(NULL, name);
	u32 len = core_essential_len(name, hashlen_len(hashlen));

	if (len == hashlen_len(hashlen))
		return hashlen_hash(hashlen);
	return full_name_hash(NULL, name, len);
}

static const u32 *bucket_ids(const struct btf_index *index, u32 bucket)
{
	return index->start + index->nr_buckets + 1 + index->start[bucket];
}

/**
 * btf_index_build() - index the named types of a BTF object
 * @btf: the object, with all its types checked
 *
 * Types of a base are not in it.
 *
 * Return: the index, or NULL if there is no memory for it.
 */
struct btf_index *btf_index_build(const struct btf *btf)
{
	u32 first = btf_first_id(btf), end = btf_nr_types(btf);
	u32 nr_buckets = rounddown_pow_of_two((end - first) / TYPES_PER_BUCKET + 1);
	u32 named = 0, bucket, id, *buckets, *ids;
	struct btf_index *index = NULL;
	const char *name;

	/* the bucket of each type */
	buckets = kvmalloc_array(end - first, sizeof(*buckets),
				 GFP_KERNEL | __GFP_NOWARN);
	if (!buckets)
		return NULL;
	for (id = first; id < end; id++) {
		name = type_name(btf, id);
		buckets[id - first] = NO_NAME;
		if (*name) {
			buckets[id - first] = hash_essential(name) & (nr_buckets - 1);
			named++;
		}
	}

	index = kvzalloc(struct_size(index, start, nr_buckets + 1 + named),
			 GFP_KERNEL | __GFP_NOWARN);
	if (!index)
		goto free_buckets;
	index->nr_buckets = nr_buckets;

	/* Where each bucket ends, then fill it from there, the last id first */
	for (id = first; id < end; id++)
		if (buckets[id - first] != NO_NAME)
			index->start[buckets[id - first]]++;
	for (bucket = 1; bucket <= nr_buckets; bucket++)
		index->start[bucket] += index->start[bucket - 1];
	ids = index->start + nr_buckets + 1;
	for (id = end; id-- > first;)
		if (buckets[id - first] != NO_NAME)
			ids[--index->start[buckets[id - first]]] = id;

free_buckets:
	kvfree(buckets);
	return index;
}

void btf_index_free(struct btf_index *index)
{
	kvfree(index);
}

/**
 * btf_index_find() - find a type by its name
 * @index: the index of @btf
 * @btf: the BTF object
 * @name: the whole name, not empty
 * @kind: its BTF_KIND_*
 *
 * Return: the lowest id of such a type, or -ENOENT.
 */
s32 btf_index_find(const struct btf_index *index, const struct btf *btf,
		   const char *name, u8 kind)
{
	u32 bucket = hash_essential(name) & (index->nr_buckets - 1);
	const u32 *id, *end = bucket_ids(index, bucket + 1);

	for (id = bucket_ids(index, bucket); id < end; id++)
		if (BTF_INFO_KIND(btf_type_by_id(btf, *id)->info) == kind &&
		    !strcmp(type_name(btf, *id), name))
			return *id;
	return -ENOENT;
}

static bool has_essential_name(const struct btf *btf, u32 id, const char *name,
			       u32 len)
{
	const char *whole = type_name(btf, id);

	return !strncmp(whole, name, len) &&
	       core_essential_len(whole, strlen(whole)) == len;
}

static u32 next_linear(const struct btf *btf, const char *name, u32 len, u32 id)
{
	for (id = max(id + 1, btf_first_id(btf)); id < btf_nr_types(btf); id++)
		if (has_essential_name(btf, id, name, len))
			return id;
	return 0;
}

static u32 next_in_index(const struct btf_index *index, const struct btf *btf,
			 const char *name, u32 len, u32 id)
{
	u32 bucket = full_name_hash(NULL, name, len) & (index->nr_buckets - 1);
	const u32 *next, *end = bucket_ids(index, bucket + 1);

	for (next = bucket_ids(index, bucket); next < end; next++)
		if (*next > id && has_essential_name(btf, *next, name, len))
			return *next;
	return 0;
}

/**
 * btf_next_by_essential_name() - walk the types that are flavours of one name
 * @btf: a BTF object, on which the caller has a reference unless it is vmlinux's;
 *	types of a base are passed over
 * @name: begins with the essential name: a name up to its last "___", if any
 * @len: length of the essential name, at least 1
 * @id: the last type that was returned, 0 for the first
 *
 * The types are of any kind, those called just @name among them. A step costs some
 * hundred instructions in BTF that has an index, and a linear search elsewhere.
 *
 * Return: the lowest id above @id of a type with this essential name, or 0.
 */
u32 btf_next_by_essential_name(const struct btf *btf, const char *name, u32 len,
			       u32 id)
{
	const struct btf_index *index = btf_get_index(btf);

	return index ? next_in_index(index, btf, name, len, id) :
		       next_linear(btf, name, len, id);
}

#ifdef CONFIG_BPF_BTF_INDEX_KUNIT_TEST
#include "btf_index_test.c"
#endif
