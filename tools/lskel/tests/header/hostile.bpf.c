// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Names that are no identifiers, that languages or macros claim, and that try to
 * end a string, a comment or a line
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define EVIL "\"*/\n#error injected\n\\?\?/"

struct map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
};

struct map map asm("m" EVIL) SEC(".maps"), private SEC(".maps"), stat SEC(".maps");
int data asm("v" EVIL) = 1;
int custom SEC(".data." EVIL) = 2;
const volatile int empty SEC(".rodata.1x") = 3;
char LICENSE[] SEC("license") = "GPL" EVIL;

/* Of C++, of macros, of types and of the skeleton's own */
int class, new, this, template, operator, co_await, requires, nullptr;
int v1 asm("errno"), v2 asm("linux"), v3 asm("NULL"), v4 asm("bool"), v5 asm("__u32");
int v6 asm("__LINE__"), v7 asm("_Bool"), v8 asm("__attribute__"), v9 asm("int");
int EPERM, SYS_read, UINT32_MAX, MAP_FAILED, st_atime, stdin, offsetof, unix_;
int lskel, lskel_pad0, LSKEL_ASSERT, LSKEL_NONE, L_tmpnam, P_tmpdir;
int v10 asm("\303\244"), v11 asm("1st"), v12 asm("$");

struct hostile {
	int public;
	struct {
		int virtual;
		union {
			int using;
			struct {
				int friend : 3, : 4, try : 9;
			};
		};
	};
	struct {
		char catch;
		__u64 throw;
	} typename[2];
	char bytes[0];
} bss;

SEC("raw_tp/" EVIL)
int delete(void *ctx)
{
	return class + new;
}

SEC("?kprobe/" EVIL)
int prog(void *ctx) asm("operator" EVIL);
int prog(void *ctx)
{
	return 0;
}

SEC("?raw_tp/y")
int open(void *ctx)
{
	return 0;
}

SEC("?raw_tp/y")
int attach(void *ctx)
{
	return 0;
}
