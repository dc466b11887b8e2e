// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* libbpf OBJECT: load an object with libbpf. The first time it tries what the
 * kernel can do, of which nobody wants to know.
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int err = argc != 2;

	for (int i = 0; i < 2 && !err; i++) {
		struct bpf_object *object = bpf_object__open(argv[1]);

		err = !object || truncate(getenv("CALLS"), 0) || bpf_object__load(object);
		bpf_object__close(object);
	}
	return err;
}
