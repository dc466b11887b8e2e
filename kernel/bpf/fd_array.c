// SPDX-License-Identifier: GPL-2.0-only
/* fd_array of BPF_PROG_LOAD: the maps of a program by index
 *
 * Instructions that name a map by its place in an array instead of by its file
 * descriptor are the same for every load.
 *
 * With fd_array_cnt == 0 nobody knows the length of the array, and each
 * reference reads the element that it names. With a count the array is read once
 * and what its descriptors stand for is bound to the program, whether or not an
 * instruction refers to it; the descriptors do not matter any more then.
 */
#include <linux/bpf.h>
#include <linux/bpf_btf_module.h>
#include <linux/bpf_fd_array.h>
#include <linux/bpf_verifier.h>
#include <linux/bpfptr.h>
#include <linux/btf.h>
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* No more of either can be bound to a program than it may use maps. */
#define MAX_USED_BTFS	MAX_USED_MAPS

/* Longest array with a count, holes included. Mainline has no such limit, and
 * allocates whatever a program without privileges asks for.
 */
#define MAX_FD_ARRAY_CNT	65536

/* Have the program keep @btf until it is freed, and the module that it is of. Takes
 * over the caller's reference in any case.
 *
 * Returns 0, -E2BIG for one object too many, -ENOMEM, or -ENXIO if the module is not
 * live.
 */
int bpf_add_used_btf(struct bpf_verifier_env *env, struct btf *btf)
{
	struct bpf_prog_aux *aux = env->prog->aux;
	struct btf **btfs;
	int err;
	u32 i;

	for (i = 0; i < aux->used_btf_cnt; i++)
		if (aux->used_btfs[i] == btf) {
			err = 0;
			goto put_btf;
		}

	err = -E2BIG;
	if (aux->used_btf_cnt >= MAX_USED_BTFS)
		goto put_btf;

	err = -ENOMEM;
	btfs = krealloc(aux->used_btfs, (aux->used_btf_cnt + 1) * sizeof(*btfs),
			GFP_KERNEL);
	if (!btfs)
		goto put_btf;

	aux->used_btfs = btfs;

	err = -ENXIO;
	if (btf_is_module(btf) && !btf_try_get_module(btf))
		goto put_btf;

	btfs[aux->used_btf_cnt++] = btf;
	return 0;

put_btf:
	btf_put(btf);
	return err;
}

/* Drop the BTF objects of a program that is freed, or has been refused. */
void bpf_free_used_btfs(struct bpf_prog_aux *aux)
{
	u32 i;

	for (i = 0; i < aux->used_btf_cnt; i++) {
		if (btf_is_module(aux->used_btfs[i]))
			btf_put_module(aux->used_btfs[i]);
		btf_put(aux->used_btfs[i]);
	}
	kfree(aux->used_btfs);
	aux->used_btfs = NULL;
	aux->used_btf_cnt = 0;
}

/* Bind what @fd stands for: a map, which is then stored in @slot, a BTF object,
 * or nothing, if it is 0 and neither.
 */
static int bind_fd(struct bpf_verifier_env *env, int fd, struct bpf_map **slot)
{
	struct bpf_map *map;
	struct btf *btf;
	int err;

	map = bpf_map_get(fd);
	if (!IS_ERR(map)) {
		err = bpf_add_used_map(env, map);
		bpf_map_put(map);
		if (err < 0)
			return err;
		*slot = map;
		return 0;
	}

	btf = btf_get_by_fd(fd);
	if (!IS_ERR(btf))
		return bpf_add_used_btf(env, btf);

	if (!fd)
		return 0;
	bpf_verifier_log_write(env, "fd %d in fd_array is neither a map nor BTF\n",
			       fd);
	return PTR_ERR(map);
}

/**
 * bpf_fd_array_init() - take up the fd_array of a program
 * @env: the verification of that program
 * @attr: the attributes of its PROG_LOAD
 * @uattr: where they came from
 *
 * Return: 0, or for an array with a count -EINVAL or -E2BIG if that is too large,
 * -EFAULT, -ENOMEM, -EBADF or -EINVAL for an fd that cannot be bound, or what
 * bpf_add_used_map() returns.
 */
int bpf_fd_array_init(struct bpf_verifier_env *env, const union bpf_attr *attr,
		      bpfptr_t uattr)
{
	u32 cnt = attr->fd_array_cnt, i;
	struct bpf_map **maps;
	int *fds, err = 0;

	env->fd_array.fds = make_bpfptr(attr->fd_array, bpfptr_is_kernel(uattr));
	if (!cnt)
		return 0;
	if (cnt > U32_MAX / sizeof(*fds))
		return -EINVAL;
	if (cnt > MAX_FD_ARRAY_CNT)
		return -E2BIG;

	fds = kvmemdup_bpfptr_array(env->fd_array.fds, cnt, sizeof(*fds));
	if (IS_ERR(fds))
		return PTR_ERR(fds);

	maps = kvcalloc(cnt, sizeof(*maps), GFP_KERNEL);
	if (!maps) {
		err = -ENOMEM;
		goto free_fds;
	}
	env->fd_array.maps = maps;
	env->fd_array.cnt = cnt;

	for (i = 0; i < cnt && !err; i++)
		err = bind_fd(env, fds[i], &maps[i]);

free_fds:
	kvfree(fds);
	return err;
}

/* The maps themselves stay with the program. */
void bpf_fd_array_free(struct bpf_verifier_env *env)
{
	kvfree(env->fd_array.maps);
}

/**
 * bpf_fd_array_get_map() - the map that an instruction names by index
 * @env: the verification of its program
 * @idx: the index
 *
 * Return: the map with a reference for the caller, or ERR_PTR() of -EPROTO if the
 * program came without an fd_array, -EFAULT, -EINVAL or -EBADF. The log says
 * why.
 */
struct bpf_map *bpf_fd_array_get_map(struct bpf_verifier_env *env, int idx)
{
	struct bpf_fd_array *array = &env->fd_array;
	int fd;

	if (bpfptr_is_null(array->fds)) {
		bpf_verifier_log_write(env, "fd_idx without fd_array is invalid\n");
		return ERR_PTR(-EPROTO);
	}

	if (idx < 0 || (array->cnt && idx >= array->cnt)) {
		bpf_verifier_log_write(env, "fd_idx %d is outside of fd_array\n",
				       idx);
		return ERR_PTR(-EINVAL);
	}

	if (array->cnt) {
		if (!array->maps[idx]) {
			bpf_verifier_log_write(env,
					       "fd_array has no map at fd_idx %d\n",
					       idx);
			return ERR_PTR(-EINVAL);
		}
		bpf_map_inc(array->maps[idx]);
		return array->maps[idx];
	}

	if (copy_from_bpfptr_offset(&fd, array->fds, (size_t)idx * sizeof(fd),
				    sizeof(fd))) {
		bpf_verifier_log_write(env, "fd_array cannot be read at fd_idx %d\n",
				       idx);
		return ERR_PTR(-EFAULT);
	}
	return bpf_get_map_for_prog(env, fd);
}
