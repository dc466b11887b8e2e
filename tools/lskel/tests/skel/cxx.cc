// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Skeletons in C++, with what a reference may be bound to */
#include <algorithm>
#include <cstdio>

#include "life.lskel.h"
#include "sizes.lskel.h"

int main()
{
	life *skel = life__open();
	bool fine;

	std::puts("TAP version 13\n1..1");
	if (!skel)
		return 1;
	skel->rodata->pid = static_cast<__u32>(getpid());
	fine = !life__load(skel) && !life__attach(skel);
	if (!fine)
		std::printf("# %s\n", life__error(skel));
	syscall(__NR_getpgid, getpid());
	if (fine)
		fine = std::min(skel->bss->entered, skel->bss->left) == 1;
	life__destroy(skel);

	sizes *other = sizes__open_and_load();
	fine = fine && other && other->data->pair.number == 5;
	sizes__destroy(other);
	std::printf("%s 1 cxx\n", fine ? "ok" : "not ok");
	return !fine;
}
