// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* endian LITTLE.o BIG.o: is one source, compiled for either byte order, the same
 * model? What is not raw bytes must be; and the types, once they are converted.
 */
#include <bpf/btf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"

struct object {
	struct arena arena;
	struct sink sink;
	struct spec spec;
};

static int differences;

static void differ(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void differ(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	differences++;
}

static int read_object(struct object *o, const char *path)
{
	FILE *file = fopen(path, "rb");
	static char bytes[1 << 20];
	size_t size;

	if (!file)
		return -1;
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	o->spec.arena = &o->arena;
	o->spec.sink = &o->sink;
	if (!spec_read(&o->spec, "endian.bpf.o", bytes, size, NULL))
		return 0;
	printf("%s\n", o->sink.line);
	return -1;
}

#define same_number(field) \
	(a->field == b->field || (differ("%s: " #field, a->name), false))
#define same_string(field) \
	(!strcmp(a->field ?: "", b->field ?: "") || (differ("%s: " #field, a->name), false))

static void compare_maps(const struct spec_map *a, const struct spec_map *b)
{
	same_string(name);
	same_string(kernel_name);
	same_string(section);
	same_number(offset);
	same_number(kind);
	same_number(type);
	same_number(key_size);
	same_number(value_size);
	same_number(max_entries);
	same_number(entries);
	same_number(flags);
	same_number(numa_node);
	same_number(map_extra);
	same_number(btf_key_type_id);
	same_number(btf_value_type_id);
	same_number(inner);
	same_number(inner_only);
	same_number(datasec);
	if (same_number(slots.n) && a->slots.n &&
	    memcmp(a->slots.items, b->slots.items, a->slots.n * sizeof(*a->slots.items)))
		differ("%s: slots", a->name);
	if (!a->data != !b->data)
		differ("%s: data", a->name);
}

static void compare_records(const char *name, const struct spec_records *a,
			    const struct spec_records *b)
{
	if (a->n != b->n || a->rec_size != b->rec_size ||
	    (a->n && memcmp(a->items, b->items, (size_t)a->n * a->rec_size)))
		differ("%s: records", name);
}

static void compare_progs(const struct spec_prog *a, const struct spec_prog *b)
{
	same_string(name);
	same_string(section);
	same_string(sec_name);
	same_number(offset);
	same_number(type);
	same_number(expected_attach_type);
	same_number(flags);
	same_number(autoload);
	same_string(btf_target);
	same_number(attach);
	if (same_number(insn_cnt) &&
	    memcmp(a->insns, b->insns, a->insn_cnt * sizeof(*a->insns)))
		differ("%s: instructions", a->name);
	if (!same_number(map_refs.n))
		return;
	for (size_t i = 0; i < a->map_refs.n; i++) {
		same_number(map_refs.items[i].insn);
		same_number(map_refs.items[i].map);
		same_number(map_refs.items[i].value);
		same_number(map_refs.items[i].offset);
	}
	compare_records(a->name, &a->func_info, &b->func_info);
	compare_records(a->name, &a->line_info, &b->line_info);
}

/* The types of the big-endian object, converted, are those of the other. */
static void compare_types(const char *what, const uint8_t *a, uint32_t a_size,
			  const uint8_t *b, uint32_t b_size)
{
	enum btf_endianness native = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ?
				     BTF_BIG_ENDIAN : BTF_LITTLE_ENDIAN;
	struct btf *little = a ? btf__new(a, a_size) : NULL;
	struct btf *big = b ? btf__new(b, b_size) : NULL;
	const void *x, *y;

	if (!a && !b)
		return;
	if (!little || !big || btf__endianness(little) != BTF_LITTLE_ENDIAN ||
	    btf__endianness(big) != BTF_BIG_ENDIAN) {
		differ("%s types are not in the object's byte order", what);
	} else {
		btf__set_endianness(little, native);
		btf__set_endianness(big, native);
		x = btf__raw_data(little, &a_size);
		y = btf__raw_data(big, &b_size);
		if (a_size != b_size || memcmp(x, y, a_size))
			differ("%s types", what);
	}
	btf__free(little);
	btf__free(big);
}

int main(int argc, char **argv)
{
	static struct object little, big;
	struct spec *a = &little.spec, *b = &big.spec;

	if (argc != 3 || read_object(&little, argv[1]) || read_object(&big, argv[2]))
		return 2;
	if (a->big_endian || !b->big_endian)
		differ("byte order");
	same_string(license);
	same_number(kern_version);
	if (same_number(maps.n))
		for (size_t i = 0; i < a->maps.n; i++)
			compare_maps(&a->maps.items[i], &b->maps.items[i]);
	if (same_number(progs.n))
		for (size_t i = 0; i < a->progs.n; i++)
			compare_progs(&a->progs.items[i], &b->progs.items[i]);
	compare_types("full", a->btf, a->btf_size, b->btf, b->btf_size);
	compare_types("reduced", a->reduced_btf, a->reduced_btf_size,
		      b->reduced_btf, b->reduced_btf_size);
	spec_free(a);
	spec_free(b);
	arena_free(&little.arena);
	arena_free(&big.arena);
	return !!differences;
}
