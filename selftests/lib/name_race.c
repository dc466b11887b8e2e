// SPDX-License-Identifier: GPL-2.0-only
/* A name that loses its end while a helper looks at it. */
#include "t.h"

#include <pthread.h>
#include <time.h>

#define PAGE	4096
#define SECONDS	5	/* enough for mainline to oops in most runs */

struct eraser {
	pthread_t thread;
	char *end;		/* the byte that ends the name */
	char last;		/* what else may stand there */
	bool stop;
};

static void *erase(void *arg)
{
	struct eraser *e = arg;

	while (!__atomic_load_n(&e->stop, __ATOMIC_RELAXED)) {
		__atomic_store_n(e->end, e->last, __ATOMIC_RELAXED);
		__atomic_store_n(e->end, '\0', __ATOMIC_RELAXED);
	}
	return NULL;
}

bool t_name_race(int func, const char *name, const struct bpf_insn *args,
		 size_t arg_cnt)
{
	size_t size = strlen(name);	/* the last letter is what comes and goes */
	int map = t_map(BPF_MAP_TYPE_ARRAY, 4, PAGE, 1, BPF_F_MMAPABLE);
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);
	struct bpf_insn insns[16] = {
		BPF_MOV64_REG(BPF_REG_6, BPF_REG_1),
		BPF_LD_MAP_VALUE(BPF_REG_1, map, PAGE - (int)size),
		BPF_MOV64_IMM(BPF_REG_2, (int)size),
	};
	const struct bpf_insn rest[] = {
		BPF_EMIT_CALL(func),
		BPF_STX_MEM(BPF_DW, BPF_REG_6, BPF_REG_0, 0),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	struct eraser e = { .end = page + PAGE - 1, .last = name[size - 1] };
	size_t cnt = 4;
	time_t until;
	bool ok = true;
	int prog;

	if (map < 0 || page == MAP_FAILED)
		return false;
	memcpy(&insns[cnt], args, arg_cnt * sizeof(*args));
	cnt += arg_cnt;
	memcpy(&insns[cnt], rest, sizeof(rest));
	cnt += T_ARRAY_SIZE(rest);
	prog = t_load(insns, cnt);
	memcpy(page + PAGE - size, name, size - 1);

	if (prog < 0 || pthread_create(&e.thread, NULL, erase, &e))
		return false;
	for (until = time(NULL) + SECONDS; time(NULL) < until;) {
		__s64 ret = -1;

		ok &= !t_run(prog, &ret, sizeof(ret), NULL);
		ok &= ret >= 0 || ret == -EINVAL || ret == -ENOENT;
	}
	__atomic_store_n(&e.stop, true, __ATOMIC_RELAXED);
	pthread_join(e.thread, NULL);
	munmap(page, PAGE);
	close(prog);
	close(map);
	return ok;
}
