// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Types that are not laid out as C would do it, or that C has no word for */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct __attribute__((packed)) packed {
	char a;
	__u64 b;
	__u16 c;
};

struct __attribute__((packed, aligned(2))) half_packed {
	__u16 a;
	__u32 b;
};

struct __attribute__((aligned(64))) wide {
	char a;
};

struct bits {
	__u64 a : 1, b : 40, : 0, c : 33;
	__s8 d : 5;
	_Bool e : 1;
	__u32 : 12, f : 20;
	int g;
};

union mixed {
	char a[3];
	__u32 b;
	struct {
		__u16 c, d;
	};
	struct bits e;
};

enum negative { MINUS = -1, ONE = 1 };
enum __attribute__((packed)) small { LITTLE = 200 };
typedef int matrix_t[2][3];
typedef struct { int x; union { int y; struct { short lo, hi; }; float z; }; } anonymous_t;
struct flexible { int n; int items[]; };
struct list { struct list *next; void (*call)(struct list *); const char *name; };
/* The tag of a section */
struct bss { int in_bss; };

struct packed packed = { 1 };
struct half_packed half_packed[3] = { { 1 } };
struct wide wide = { 1 };
struct bits bits = { 1 };
union mixed mixed = { { 1 } };
enum negative negative = ONE;
enum small small = LITTLE;
matrix_t matrix[4] = { { { 1 } } };
anonymous_t anonymous[2] = { { 1 } };
struct flexible flexible = { 2, { 1, 2 } };
struct list list = { 0 };
struct bss bss = { 1 };
__int128 huge = 1;
unsigned __int128 huge_array[2] = { 1 };
float single = 1;
long double_ = 1;
char text[5] = "text", one = 'c', many[2][3];
signed char byte = -1;
_Bool flags[3] = { 1 };
const volatile int *pointer = (void *)8;
int hidden __attribute__((visibility("hidden"))) = 1;
static volatile int not_for_others = 1;

SEC("raw_tp/x")
int prog(void *ctx)
{
	return not_for_others;
}
