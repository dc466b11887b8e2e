// SPDX-License-Identifier: GPL-2.0-only
/* BTF of modules: what is there of it, to be listed and to be found. */
#include "test.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "lookup.h"

#define SYSFS_FILE	"/sys/kernel/btf/" T_MODULE
#define TYPE		T_MODULE "_pair"	/* a structure of the module only */

FIXTURE(module_btf)
{
	struct bpf_object *obj;
	struct btf *vmlinux, *btf;
	int find, type;
};

FIXTURE_SETUP(module_btf)
{
	if (!t_module_available())
		SKIP(return, "this kernel has no module for the tests");
	self->obj = bpf_object__open_file("btf_find.bpf.o", NULL);
	ASSERT_NE(NULL, self->obj);
	ASSERT_EQ(0, bpf_object__load(self->obj));
	self->find = bpf_program__fd(bpf_object__find_program_by_name(self->obj, "find"));
	self->vmlinux = btf__load_vmlinux_btf();
	ASSERT_NE(NULL, self->vmlinux);
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
	self->btf = btf__load_module_btf(T_MODULE, self->vmlinux);
	ASSERT_NE(NULL, self->btf);
	self->type = btf__find_by_name_kind(self->btf, TYPE, BTF_KIND_STRUCT);
	ASSERT_LT(0, self->type);
}

FIXTURE_TEARDOWN(module_btf)
{
	if (!self->obj)
		return;
	EXPECT_EQ(0, t_module_unload_soon(T_MODULE));
	btf__free(self->btf);
	btf__free(self->vmlinux);
	bpf_object__close(self->obj);
}

#define SKIP_IF_NONE()							\
	do {								\
		if (!self->obj)						\
			return;						\
	} while (0)

static __s64 find_kind(int prog, const char *name, __u32 kind)
{
	struct lookup_args args = {
		.name_sz = strlen(name) + 1, .kind = kind, .ret = -1,
	};

	strcpy(args.name, name);
	if (t_run(prog, &args, sizeof(args), NULL))
		return -ENOTRECOVERABLE;
	return args.ret;
}

static __s64 find(int prog, const char *name)
{
	return find_kind(prog, name, BTF_KIND_STRUCT);
}

/* The id of the kernel's BTF that is called @name, or 0 */
static __u32 id_of(const char *name)
{
	struct bpf_btf_info info = {};
	int fd = t_kernel_btf(name);

	if (fd < 0)
		return 0;
	t_btf_info(fd, &info, sizeof(info));
	close(fd);
	return info.id;
}

static void *read_all(const char *path, size_t *size)
{
	char *data = malloc(1 << 24);
	int fd = open(path, O_RDONLY);
	ssize_t len = 0, n;

	while ((n = read(fd, data + len, 65536)) > 0)
		len += n;
	close(fd);
	*size = len;
	return data;
}

TEST_F(module_btf, file)
{
	struct bpf_btf_info info = {};
	void *file, *data;
	size_t size;
	int fd;

	SKIP_IF_NONE();
	file = read_all(SYSFS_FILE, &size);
	ASSERT_LT(sizeof(struct btf_header), size);
	fd = t_kernel_btf(T_MODULE);
	ASSERT_LE(0, fd);
	data = malloc(size);
	info.btf = t_ptr(data);
	info.btf_size = size;
	EXPECT_EQ(0, t_btf_info(fd, &info, sizeof(info)));
	EXPECT_EQ(size, info.btf_size);
	EXPECT_EQ(0, memcmp(file, data, size));
	EXPECT_GT((__u32)self->type, btf__type_cnt(self->vmlinux) - 1);
	free(file);
	free(data);
	close(fd);
	EXPECT_EQ(0, t_module_unload(T_MODULE));
	EXPECT_EQ(-1, access(SYSFS_FILE, F_OK));
	EXPECT_EQ(0, id_of(T_MODULE));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

/* Without the data, whose size comes back */
static int get_name(int fd, void *info, __u32 size)
{
	((struct bpf_btf_info *)info)->btf_size = 0;
	return t_btf_info(fd, info, size);
}

TEST_F(module_btf, info)
{
	static const char name[] = T_MODULE;
	struct {
		struct bpf_btf_info known;
		__u64 more;
	} info = {};
	char buf[64];
	int fd, user;

	SKIP_IF_NONE();
	fd = t_kernel_btf(T_MODULE);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, get_name(fd, &info, sizeof(info.known)));
	EXPECT_EQ(1, info.known.kernel_btf);
	EXPECT_EQ(sizeof(name) - 1, info.known.name_len);
	/* the size is not enough, just enough */
	info.known.name = t_ptr(buf);
	info.known.name_len = sizeof(name) - 1;
	memset(buf, '!', sizeof(buf));
	EXPECT_EQ(-ENOSPC, get_name(fd, &info, sizeof(info.known)));
	EXPECT_EQ(sizeof(name) - 1, info.known.name_len);
	EXPECT_EQ(0, memcmp(buf, name, sizeof(name) - 2));
	EXPECT_EQ('\0', buf[sizeof(name) - 2]);
	EXPECT_EQ('!', buf[sizeof(name) - 1]);
	info.known.name_len = sizeof(name);
	EXPECT_EQ(0, get_name(fd, &info, sizeof(info.known)));
	EXPECT_STREQ(name, buf);
	EXPECT_EQ('!', buf[sizeof(name)]);
	/* no room, though there is a place, and the other way round */
	info.known.name_len = 0;
	EXPECT_EQ(-EINVAL, get_name(fd, &info, sizeof(info.known)));
	info.known.name = 0;
	info.known.name_len = 8;
	EXPECT_EQ(-EINVAL, get_name(fd, &info, sizeof(info.known)));
	info.known.name = 8;
	EXPECT_EQ(-EFAULT, get_name(fd, &info, sizeof(info.known)));
	/* as it was before there were names, and after a future change */
	memset(&info, 0, sizeof(info));
	EXPECT_EQ(0, get_name(fd, &info, offsetof(struct bpf_btf_info, name)));
	EXPECT_LT(0, info.known.btf_size);
	EXPECT_EQ(0, info.known.kernel_btf);
	EXPECT_EQ(0, get_name(fd, &info, sizeof(info)));
	info.more = 1;
	EXPECT_EQ(-E2BIG, get_name(fd, &info, sizeof(info)));
	close(fd);

	user = t_btf_load();
	memset(&info, 0, sizeof(info));
	info.known.name = t_ptr(buf);
	info.known.name_len = sizeof(buf);
	EXPECT_EQ(0, get_name(user, &info, sizeof(info.known)));
	EXPECT_EQ(0, info.known.kernel_btf);
	EXPECT_EQ(0, info.known.name_len);
	EXPECT_STREQ("", buf);
	close(user);

	fd = t_kernel_btf("vmlinux");
	EXPECT_LE(0, fd);
	close(fd);
}

TEST_F(module_btf, descriptor_needs_rights)
{
	__u32 id;

	SKIP_IF_NONE();
	id = id_of(T_MODULE);
	ASSERT_NE(0, id);
	/* what unloading needs later */
	ASSERT_EQ(0, t_caps_keep(T_CAP(CAP_SYS_MODULE) | T_CAP(CAP_BPF)));
	EXPECT_EQ(-EPERM, t_btf_by_id(id));
}

TEST_F(module_btf, found)
{
	struct bpf_btf_info info = {};
	__s64 ret;
	int fd;

	SKIP_IF_NONE();
	ret = find(self->find, TYPE);
	fd = ret >> 32;
	EXPECT_LT(0, fd);
	EXPECT_EQ(self->type, (__s32)ret);
	EXPECT_EQ(0, t_btf_info(fd, &info, sizeof(info)));
	EXPECT_EQ(id_of(T_MODULE), info.id);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	close(fd);
	/* the kernel's own come first, and need no descriptor */
	EXPECT_EQ(btf__find_by_name_kind(self->vmlinux, "list_head", BTF_KIND_STRUCT),
		  find(self->find, "list_head"));
	EXPECT_EQ(-ENOENT, find(self->find, TYPE "_"));
	EXPECT_EQ(-ENOENT, find_kind(self->find, TYPE, BTF_KIND_UNION));
	EXPECT_EQ(0, t_module_unload(T_MODULE));
	EXPECT_EQ(-ENOENT, find(self->find, TYPE));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

/* All that the module has, by name and kind, as libbpf finds it */
TEST_F(module_btf, all_types)
{
	__u32 first, nr, id, compared = 0;

	SKIP_IF_NONE();
	first = btf__type_cnt(self->vmlinux);
	nr = btf__type_cnt(self->btf);
	ASSERT_LT(first, nr);
	for (id = first; id < nr; id++) {
		const struct btf_type *t = btf__type_by_id(self->btf, id);
		const char *name = btf__name_by_offset(self->btf, t->name_off);
		__s32 expected;
		__s64 ret;

		if (!*name)
			continue;
		/* libbpf begins with the kernel's */
		expected = btf__find_by_name_kind(self->btf, name, btf_kind(t));
		ret = find_kind(self->find, name, btf_kind(t));
		EXPECT_EQ(expected, (__s32)ret) TH_LOG("%s", name);
		EXPECT_EQ((__u32)expected >= first, ret >> 32 > 0);
		if (ret >> 32 > 0)
			close(ret >> 32);
		compared++;
	}
	EXPECT_LT(4, compared);
}

/* fd 0 in the result means that it is the kernel's. */
TEST_F(module_btf, without_stdin)
{
	__s64 ret;

	SKIP_IF_NONE();
	T_ONLY_OURS("descriptor 0 is not told from none");
	close(0);
	ret = find(self->find, TYPE);
	EXPECT_LT(0, ret >> 32);
	EXPECT_EQ(self->type, (__s32)ret);
	EXPECT_EQ(-1, fcntl(0, F_GETFD));
	close(ret >> 32);
	EXPECT_EQ(0, open("/dev/null", O_RDONLY));
}

TEST_F(module_btf, without_free_descriptors)
{
	struct rlimit limit, none;
	__s64 ret = 0;
	int i;

	SKIP_IF_NONE();
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	none = limit;
	none.rlim_cur = 0;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	for (i = 0; i < 1000 && (!ret || ret == -EMFILE); i++)
		ret = find(self->find, TYPE);
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-EMFILE, ret);
	/* only 0 would be left */
	close(0);
	none.rlim_cur = 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_EQ(-EMFILE, find(self->find, TYPE));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(0, open("/dev/null", O_RDONLY));
	EXPECT_EQ(0, t_module_unload(T_MODULE));
	EXPECT_EQ(0, id_of(T_MODULE));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

/* Neither what is found nor what is not leaves a reference. */
TEST_F(module_btf, many_lookups)
{
	__u32 id;
	int i;

	SKIP_IF_NONE();
	id = id_of(T_MODULE);
	for (i = 0; i < 20000; i++) {
		__s64 ret = find(self->find, i % 2 ? TYPE : TYPE "_");

		ASSERT_EQ(i % 2, ret > 0);
		if (ret > 0)
			close(ret >> 32);
	}
	EXPECT_EQ(0, t_module_unload(T_MODULE));
	EXPECT_EQ(-ENOENT, t_btf_by_id(id));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

/* A descriptor keeps the object, not the module. */
TEST_F(module_btf, object_outlives_module)
{
	struct bpf_btf_info info = {};
	char data[256] = {};
	__u32 id;
	int fd;

	SKIP_IF_NONE();
	id = id_of(T_MODULE);
	fd = t_btf_by_id(id);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, t_module_unload(T_MODULE));
	info.btf = t_ptr(data);
	info.btf_size = sizeof(data);
	EXPECT_EQ(0, t_btf_info(fd, &info, sizeof(info)));
	EXPECT_EQ(id, info.id);
	EXPECT_EQ(BTF_MAGIC, *(__u16 *)data);
	EXPECT_EQ(-ENOENT, find(self->find, TYPE));
	close(fd);
	EXPECT_EQ(-ENOENT, t_btf_by_id(id));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

static void *load_waiting(void *args)
{
	return (void *)(long)t_module_load(T_MODULE, args, NULL, 0);
}

/* Types of a module whose init has not returned, or fails, are not found. */
static void not_live(struct __test_metadata *_metadata, int prog, char *args, int expected)
{
	pthread_t thread;
	void *err;
	__s64 ret;
	int i;

	ASSERT_EQ(0, pthread_create(&thread, NULL, load_waiting, args));
	while (access("/sys/module/" T_MODULE "/parameters/go", F_OK))
		usleep(1000);
	EXPECT_NE(0, id_of(T_MODULE));
	EXPECT_EQ(0, access(SYSFS_FILE, F_OK));
	for (i = 0; i < 100; i++)
		EXPECT_EQ(-ENOENT, find(prog, TYPE));
	EXPECT_EQ(0, t_write("/sys/module/" T_MODULE "/parameters/go", "1"));
	pthread_join(thread, &err);
	EXPECT_EQ(expected, (int)(long)err);
	ret = find(prog, TYPE);
	EXPECT_EQ(!expected, ret > 0);
	if (ret > 0)
		close(ret >> 32);
	if (expected) {
		EXPECT_EQ(0, id_of(T_MODULE));
		EXPECT_EQ(-1, access(SYSFS_FILE, F_OK));
	}
}

TEST_F(module_btf, init_runs)
{
	SKIP_IF_NONE();
	ASSERT_EQ(0, t_module_unload(T_MODULE));
	not_live(_metadata, self->find, "wait=1", 0);
}

TEST_F(module_btf, init_fails)
{
	SKIP_IF_NONE();
	ASSERT_EQ(0, t_module_unload(T_MODULE));
	not_live(_metadata, self->find, "wait=1 fail=1", -EINVAL);
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

struct comings {
	atomic_bool stop;
	unsigned int nr, failed;
};

static void *come_and_go(void *data)
{
	struct comings *comings = data;

	while (!comings->stop) {
		comings->failed += !!t_module_unload(T_MODULE);
		comings->failed += !!t_module_load(T_MODULE, "", NULL, 0);
		comings->failed += t_module_load(T_MODULE "2", "fail=1", NULL, 0) != -EINVAL;
		comings->nr++;
	}
	return NULL;
}

/* Look for what there is not, and for what comes and goes, at the same time. */
TEST_F(module_btf, modules_come_and_go)
{
	unsigned int found = 0, missed = 0, n;
	struct comings comings = {};
	pthread_t thread;
	__s64 ret;

	SKIP_IF_NONE();
	ASSERT_EQ(0, pthread_create(&thread, NULL, come_and_go, &comings));
	for (n = 0; comings.nr < 20 || ((!found || !missed) && comings.nr < 1000); n++) {
		EXPECT_EQ(-ENOENT, find(self->find, TYPE "_"));
		if (n % 16 == 0)
			id_of("none");
		ret = find(self->find, TYPE);
		if (ret == -ENOENT) {
			missed++;
			continue;
		}
		ASSERT_LT(0, ret >> 32);
		EXPECT_EQ(self->type, (__s32)ret);
		close(ret >> 32);
		found++;
	}
	comings.stop = true;
	pthread_join(thread, NULL);
	EXPECT_EQ(0, comings.failed);
	EXPECT_NE(0, found);
	EXPECT_NE(0, missed);
}

/* A map whose keys and values are of type 1 */
static int create_map(int btf)
{
	union t_attr attr = {};

	attr.bpf.map_type = BPF_MAP_TYPE_ARRAY;
	attr.bpf.key_size = 4;
	attr.bpf.value_size = 4;
	attr.bpf.max_entries = 1;
	attr.bpf.btf_fd = btf;
	attr.bpf.btf_key_type_id = 1;
	attr.bpf.btf_value_type_id = 1;
	return t_drop(t_bpf(BPF_MAP_CREATE, &attr,
			    t_attr_end(bpf.btf_vmlinux_value_type_id)));
}

/* BTF of the kernel or a module is not that of a program or of a map. */
TEST_F(module_btf, not_for_programs)
{
	static const char *const names[] = { T_MODULE, "vmlinux" };
	const struct bpf_insn insns[] = { BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN() };
	struct bpf_func_info func = { .type_id = 1 };
	struct bpf_core_relo relo = { .type_id = 1, .kind = BPF_CORE_TYPE_EXISTS };
	union t_attr attr;
	size_t i;
	int fd;

	SKIP_IF_NONE();
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		fd = t_kernel_btf(names[i]);
		ASSERT_LE(0, fd);
		t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
		attr.bpf.prog_btf_fd = fd;
		attr.bpf.func_info = t_ptr(&func);
		attr.bpf.func_info_cnt = 1;
		attr.bpf.func_info_rec_size = sizeof(func);
		EXPECT_EQ(-EACCES, t_drop(t_load_attr(&attr, t_attr_end(bpf.fd_array))));
		attr.bpf.func_info_cnt = 0;
		attr.bpf.core_relos = t_ptr(&relo);
		attr.bpf.core_relo_cnt = 1;
		attr.bpf.core_relo_rec_size = sizeof(relo);
		EXPECT_EQ(-EACCES, t_drop(t_load_attr(&attr,
						      t_attr_end(bpf.core_relo_rec_size))));
		EXPECT_EQ(-EACCES, create_map(fd));
		close(fd);
	}
	EXPECT_EQ(0, t_module_unload(T_MODULE));
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
}

/* A module that has no name is refused only after its BTF has been taken up. */
TEST_F(module_btf, without_name)
{
	union t_attr attr = {};
	struct bpf_btf_info info = {};
	int fd, status;
	pid_t pid;

	SKIP_IF_NONE();
	attr.bpf.start_id = id_of(T_MODULE);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(-t_module_load("", "hold=1", NULL, 0));
	while (t_bpf(BPF_BTF_GET_NEXT_ID, &attr, t_attr_end(bpf.open_flags)) &&
	       !waitpid(pid, &status, WNOHANG))
		usleep(1000);
	fd = t_btf_by_id(attr.bpf.next_id);
	EXPECT_LE(0, fd);
	t_btf_info(fd, &info, sizeof(info));
	EXPECT_EQ(1, info.kernel_btf);
	EXPECT_EQ(0, info.name_len);
	EXPECT_EQ(-EACCES, create_map(fd));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	EXPECT_TRUE(WIFSIGNALED(status));
	close(fd);
	EXPECT_NE(0, t_bpf(BPF_BTF_GET_NEXT_ID, &attr, t_attr_end(bpf.open_flags)));
}

/* BTF with @types, each of @words 32-bit words, on top of the kernel's */
static int load_types(FIXTURE_DATA(module_btf) *self, const __u32 *types, size_t words,
		      const char *strings, size_t strings_size)
{
	char data[512] = {};
	struct btf_header hdr = {
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(hdr),
		.type_len = words * 4,
		.str_off = words * 4,
		.str_len = strings_size,
	};
	int err;

	(void)self;
	memcpy(data, &hdr, sizeof(hdr));
	memcpy(data + sizeof(hdr), types, words * 4);
	memcpy(data + sizeof(hdr) + words * 4, strings, strings_size);
	err = t_module_load(T_MODULE "2", "", data, sizeof(hdr) + words * 4 + strings_size);
	if (!err)
		err = t_module_unload(T_MODULE "2");
	return err;
}

#define LOAD(strings, ...)						\
({									\
	const __u32 types[] = { __VA_ARGS__ };				\
									\
	load_types(self, types, ARRAY_SIZE(types), strings, sizeof(strings));	\
})
#define INFO(kind, vlen)	((kind) << 24 | (vlen))

/* A module with damaged BTF is not loaded, and leaves nothing. */
TEST_F(module_btf, damaged)
{
	struct btf_header *hdr;
	struct t_live before;
	__u32 first, str, far;
	size_t size, len;
	char *data;

	SKIP_IF_NONE();
	first = btf__type_cnt(self->vmlinux);
	hdr = (struct btf_header *)btf__raw_data(self->vmlinux, &far);
	str = hdr->str_len;
	far = 0xfffff;
	t_live_count(&before);

	/* the form: each type is checked as it would be in BTF_LOAD */
	EXPECT_EQ(0, LOAD("s", str, INFO(BTF_KIND_STRUCT, 0), 0)) TH_LOG("%u", first);
	EXPECT_EQ(-EINVAL, LOAD("s", str + 2, INFO(BTF_KIND_STRUCT, 0), 0));
	EXPECT_EQ(-EINVAL, LOAD("s", str, INFO(BTF_KIND_STRUCT, 1), 0));
	EXPECT_EQ(-EINVAL, LOAD("s", str, INFO(31, 0), 0));
	EXPECT_EQ(-EINVAL, LOAD("s", str, INFO(BTF_KIND_STRUCT, 0)));
	EXPECT_EQ(-EINVAL, LOAD("0", str, INFO(BTF_KIND_STRUCT, 0), 0));

	/* types that there are not, from where the search for a size begins */
	EXPECT_EQ(0, LOAD("s", 0, INFO(BTF_KIND_CONST, 0), 1));
	EXPECT_EQ(0, LOAD("s", 0, INFO(BTF_KIND_PTR, 0), first));
	EXPECT_EQ(-EINVAL, LOAD("s", 0, INFO(BTF_KIND_CONST, 0), first + 1));
	EXPECT_EQ(-EINVAL, LOAD("s", 0, INFO(BTF_KIND_CONST, 0), far));
	EXPECT_EQ(-EINVAL, LOAD("v", str, INFO(BTF_KIND_VAR, 0), far, 1));
	EXPECT_EQ(-EINVAL, LOAD("s", str, INFO(BTF_KIND_STRUCT, 1), 8, 0, far, 0));
	EXPECT_EQ(-EINVAL, LOAD("s", 0, INFO(BTF_KIND_ARRAY, 0), 0, 1, far, 1));
	EXPECT_EQ(-EINVAL, LOAD("s", 0, INFO(BTF_KIND_FUNC_PROTO, 1), 0, 0, far));
	EXPECT_EQ(-EINVAL, LOAD("s", str, INFO(BTF_KIND_DATASEC, 1), 8, far, 0, 8));

	/* circles without a pointer */
	EXPECT_EQ(-EINVAL, LOAD("s", 0, INFO(BTF_KIND_CONST, 0), first));
	EXPECT_EQ(-EINVAL, LOAD("s", 0, INFO(BTF_KIND_CONST, 0), first + 1,
				0, INFO(BTF_KIND_VOLATILE, 0), first));
	EXPECT_EQ(-EINVAL, LOAD("s", 0, INFO(BTF_KIND_ARRAY, 0), 0, first, 1, 1));

	/* what a walk would divide by: an array at the end whose elements have no size */
	EXPECT_EQ(0, LOAD("s", str, INFO(BTF_KIND_STRUCT, 0), 0,
			  0, INFO(BTF_KIND_ARRAY, 0), 0, first, 1, 0,
			  str, INFO(BTF_KIND_STRUCT, 1), 8, 0, first + 1, 64));

	/* the whole, cut short and with a bit of another value */
	data = read_all(SYSFS_FILE, &size);
	for (len = 1; len < size; len += 1 + size / 64)
		EXPECT_NE(0, t_module_load(T_MODULE "2", "", data, len));
	hdr = (struct btf_header *)data;
	hdr->magic++;
	EXPECT_EQ(-EINVAL, t_module_load(T_MODULE "2", "", data, size));
	hdr->magic--;
	hdr->version++;
	EXPECT_GT(0, t_module_load(T_MODULE "2", "", data, size));
	hdr->version--;
	EXPECT_EQ(0, t_module_load(T_MODULE "2", "", data, size));
	EXPECT_EQ(0, t_module_unload(T_MODULE "2"));
	free(data);

	EXPECT_EQ(0, id_of(T_MODULE "2"));
	EXPECT_TRUE(t_live_back_to(&before));
}

/* None at all is not damaged. */
TEST_F(module_btf, none)
{
	SKIP_IF_NONE();
	EXPECT_EQ(0, t_module_load(T_MODULE "2", "", "", 0));
	EXPECT_EQ(0, id_of(T_MODULE "2"));
	EXPECT_EQ(0, t_module_unload(T_MODULE "2"));
}

/*
 * CO-RE: where the member "second" of a structure is that only the module has, or why
 * the program does not load
 */
static long offset_of_second(const char *name)
{
	struct bpf_insn insns[] = { BPF_MOV64_IMM(BPF_REG_0, 4), BPF_EXIT_INSN() };
	struct bpf_core_relo relo = { .kind = BPF_CORE_FIELD_BYTE_OFFSET };
	struct bpf_func_info func = {};
	union t_attr btf = {}, attr;
	struct btf *types = btf__new_empty();
	int number, wide, fd, ret;
	__u32 size, retval;

	number = btf__add_int(types, "int", 4, BTF_INT_SIGNED);
	wide = btf__add_int(types, "long", 8, BTF_INT_SIGNED);
	relo.type_id = btf__add_struct(types, name, 12);
	btf__add_field(types, "third", number, 0, 0);
	btf__add_field(types, "second", wide, 32, 0);
	func.type_id = btf__add_func(types, "f", BTF_FUNC_GLOBAL,
				     btf__add_func_proto(types, number));
	relo.access_str_off = btf__add_str(types, "0:1");
	btf.bpf.btf = t_ptr(btf__raw_data(types, &size));
	btf.bpf.btf_size = size;
	fd = t_bpf(BPF_BTF_LOAD, &btf, t_attr_end(bpf.btf_log_level));
	btf__free(types);
	if (fd < 0)
		return fd;

	t_prog_attr(&attr, insns, ARRAY_SIZE(insns));
	attr.bpf.prog_btf_fd = fd;
	attr.bpf.func_info = t_ptr(&func);
	attr.bpf.func_info_cnt = 1;
	attr.bpf.func_info_rec_size = sizeof(func);
	attr.bpf.core_relos = t_ptr(&relo);
	attr.bpf.core_relo_cnt = 1;
	attr.bpf.core_relo_rec_size = sizeof(relo);
	ret = t_load_attr(&attr, t_attr_end(bpf.core_relo_rec_size));
	close(fd);
	if (ret < 0)
		return ret;
	fd = ret;
	ret = t_run(fd, NULL, 0, &retval);
	close(fd);
	return ret ?: (long)retval;
}

TEST_F(module_btf, core)
{
	SKIP_IF_NONE();
	EXPECT_EQ(8, offset_of_second(TYPE)) TH_LOG("%s", t_log);
	EXPECT_EQ(8, offset_of_second(TYPE "___flavour")) TH_LOG("%s", t_log);
	/* it does not keep the module */
	ASSERT_EQ(0, t_module_unload(T_MODULE));
	EXPECT_EQ(-EINVAL, offset_of_second(TYPE));
	/* nor is what it was remembered */
	ASSERT_EQ(0, t_module_load(T_MODULE, "", NULL, 0));
	EXPECT_EQ(8, offset_of_second(TYPE)) TH_LOG("%s", t_log);
}

/* Two modules with one type of that name, laid out in two ways */
TEST_F(module_btf, core_disagreement)
{
	struct btf *other;
	const void *raw;
	__u32 size;
	int number;

	SKIP_IF_NONE();
	other = btf__new_empty_split(self->vmlinux);
	number = btf__find_by_name_kind(other, "long int", BTF_KIND_INT);
	ASSERT_LT(0, number);
	btf__add_struct(other, TYPE, 24);
	btf__add_field(other, "second", number, 128, 0);
	raw = btf__raw_data(other, &size);
	ASSERT_EQ(0, t_module_load(T_MODULE "2", "", raw, size));
	EXPECT_EQ(-EINVAL, offset_of_second(TYPE));
	EXPECT_EQ(0, t_module_unload(T_MODULE "2"));
	EXPECT_EQ(8, offset_of_second(TYPE)) TH_LOG("%s", t_log);

	/* a third is of a kind that is none of it */
	btf__free(other);
	other = btf__new_empty_split(self->vmlinux);
	btf__add_enum(other, TYPE, 4);
	btf__add_enum_value(other, "BTF_MODULE_TEST_NONE", 1);
	raw = btf__raw_data(other, &size);
	ASSERT_EQ(0, t_module_load(T_MODULE "2", "", raw, size));
	EXPECT_EQ(8, offset_of_second(TYPE)) TH_LOG("%s", t_log);
	EXPECT_EQ(0, t_module_unload(T_MODULE "2"));
	btf__free(other);
}

TEST_F(module_btf, core_while_modules_come_and_go)
{
	unsigned int found = 0, missed = 0;
	struct comings comings = {};
	pthread_t thread;
	long ret;

	SKIP_IF_NONE();
	ASSERT_EQ(0, pthread_create(&thread, NULL, come_and_go, &comings));
	while (comings.nr < 20 || ((!found || !missed) && comings.nr < 1000)) {
		ret = offset_of_second(TYPE);
		found += ret == 8;
		missed += ret == -EINVAL;
		if (ret != 8)
			EXPECT_EQ(-EINVAL, ret);
	}
	comings.stop = true;
	pthread_join(thread, NULL);
	EXPECT_EQ(0, comings.failed);
	EXPECT_NE(0, found);
	EXPECT_NE(0, missed);
}

TEST_HARNESS_MAIN
