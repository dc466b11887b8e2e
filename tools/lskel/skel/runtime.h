/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* What every light skeleton needs at run time beside the C library and a kernel
 * with BPF syscall programs. It is emitted into each; the first one in a file
 * counts. What only some objects need is in parts/, and is emitted with these.
 * Functions return a negative errno and set errno too; what they could not do is
 * then a sentence of lskel_error(). Descriptors that do not exist are -1, and 0
 * is one like any other.
 */
#ifndef LSKEL_RUNTIME
#define LSKEL_RUNTIME 1

#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "runtime/bpf.h"
#include "runtime/object.h"
#include "runtime/base.h"
#include "runtime/hints.h"
#include "runtime/memlock.h"
#include "runtime/loader.h"
#include "runtime/load.h"

#endif /* LSKEL_RUNTIME */
