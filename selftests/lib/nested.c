// SPDX-License-Identifier: GPL-2.0-only
/* Nested commands: the attribute lies in an array map that is also mapped. */
#include "t.h"

#include <stddef.h>

/* Of the memory, only the first part holds attributes */
#define ATTR_OFF_MAX	T_ATTR_MAX

struct nested_ctx {
	__u32	cmd;
	__u32	size;
	__u32	off;
	__u32	pad;
	__u64	kaddr;
	__s64	ret;
};

#define CTX(member)	((int)offsetof(struct nested_ctx, member))

static int load_prog(int map_fd)
{
	const struct bpf_insn insns[] = {
		BPF_MOV64_REG(BPF_REG_6, BPF_REG_1),
		BPF_ST_MEM(BPF_W, BPF_REG_10, -4, 0),
		BPF_LD_MAP_FD(BPF_REG_1, map_fd),
		BPF_MOV64_REG(BPF_REG_2, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, -4),
		BPF_EMIT_CALL(BPF_FUNC_map_lookup_elem),
		BPF_JMP_IMM(BPF_JEQ, BPF_REG_0, 0, 12),
		BPF_MOV64_REG(BPF_REG_2, BPF_REG_0),
		BPF_STX_MEM(BPF_DW, BPF_REG_6, BPF_REG_2, CTX(kaddr)),
		BPF_LDX_MEM(BPF_W, BPF_REG_1, BPF_REG_6, CTX(cmd)),
		BPF_LDX_MEM(BPF_W, BPF_REG_3, BPF_REG_6, CTX(size)),
		BPF_LDX_MEM(BPF_W, BPF_REG_4, BPF_REG_6, CTX(off)),
		/* 1 to T_ATTR_MAX, in a form that the verifier follows */
		BPF_ALU64_IMM(BPF_SUB, BPF_REG_3, 1),
		BPF_JMP_IMM(BPF_JGT, BPF_REG_3, T_ATTR_MAX - 1, 5),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_3, 1),
		BPF_JMP_IMM(BPF_JGT, BPF_REG_4, ATTR_OFF_MAX, 3),
		BPF_ALU64_REG(BPF_ADD, BPF_REG_2, BPF_REG_4),
		BPF_EMIT_CALL(BPF_FUNC_sys_bpf),
		BPF_STX_MEM(BPF_DW, BPF_REG_6, BPF_REG_0, CTX(ret)),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};

	return T_LOAD(insns);
}

static int run(struct t_nested *n, struct nested_ctx *ctx)
{
	int err = t_run(n->prog_fd, ctx, sizeof(*ctx), NULL);

	if (!err)
		n->kaddr = ctx->kaddr;
	return err;
}

/* @size is rounded up to 64 KiB; the map is one array, hence contiguous */
int t_nested_open(struct t_nested *n, size_t size)
{
	const unsigned int chunk = 1 << 16;
	unsigned int chunks = (size + T_NESTED_DATA + chunk - 1) / chunk;
	struct nested_ctx ctx = {};
	int err;

	*n = (struct t_nested){ .prog_fd = -1, .size = chunks * chunk };
	n->mem = MAP_FAILED;
	n->map_fd = t_map(BPF_MAP_TYPE_ARRAY, 4, chunk, chunks, BPF_F_MMAPABLE);
	if (n->map_fd < 0)
		return n->map_fd;
	n->mem = mmap(NULL, n->size, PROT_READ | PROT_WRITE, MAP_SHARED,
		      n->map_fd, 0);
	if (n->mem == MAP_FAILED) {
		err = -errno;
		goto err_close;
	}
	n->prog_fd = load_prog(n->map_fd);
	err = n->prog_fd < 0 ? n->prog_fd : run(n, &ctx);
	if (!err)
		return 0;
err_close:
	t_nested_close(n);
	return err;
}

void t_nested_close(struct t_nested *n)
{
	if (n->mem != MAP_FAILED)
		munmap(n->mem, n->size);
	if (n->prog_fd >= 0)
		close(n->prog_fd);
	close(n->map_fd);
}

__u64 t_nested_put(struct t_nested *n, const void *data, size_t size)
{
	size_t off = T_NESTED_DATA + n->used;

	if (off + size > n->size)
		return 0;
	memcpy(n->mem + off, data, size);
	n->used += (size + 7) & ~(size_t)7;
	return n->kaddr + off;
}

__u64 t_nested_end(struct t_nested *n, size_t size)
{
	return n->kaddr + n->size - size;
}

long t_nested_bpf_at(struct t_nested *n, unsigned int cmd, unsigned int off,
		     unsigned int size)
{
	struct nested_ctx ctx = { .cmd = cmd, .size = size, .off = off };
	int err = run(n, &ctx);

	return err ? err : ctx.ret;
}

long t_nested_bpf(struct t_nested *n, unsigned int cmd, const void *attr,
		  unsigned int size)
{
	memcpy(n->mem, attr, size);
	return t_nested_bpf_at(n, cmd, 0, size);
}
