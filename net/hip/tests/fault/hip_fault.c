// SPDX-License-Identifier: GPL-2.0
/*
 * Which allocations does hip.ko make, and what if one of them fails?
 *
 * The test kernels ask a hook before each allocation (see <linux/fault-hook.h>).
 * We look at the stack.  A site is a way to an allocation: the two innermost
 * functions of hip.ko and all that they called on the way.  The table of sites is
 * learned while something runs; then each site can be told to fail.
 *
 * In debugfs, directory hip_fault:
 *
 *	sites	a line for each site: number, hits, failures, functions; whatever
 *		is written sets the hits to zero
 *	arm	"SITE [SKIP [TIMES]]" lets the hit after SKIP further ones fail, and
 *		then, if TIMES is more than 1, what the same task allocates by the
 *		same call from hip.ko, which is how a fallback fails, too; "off".
 *		Reading it tells how many failed since.
 *
 * To be loaded before hip.ko, whose addresses are learned when it comes.
 */
#include <linux/debugfs.h>
#include <linux/fault-hook.h>
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define HIP_FAULT_DEPTH		64	/* functions that are looked at */
#define HIP_FAULT_OURS		2	/* functions of hip.ko that count */
#define HIP_FAULT_CALLED	3	/* called functions in a name */
#define HIP_FAULT_SITES		8192
#define HIP_FAULT_NAME		192
#define HIP_FAULT_BITS		9

/* What these allocate is for the sanitizers, which go blind without, or the doing
 * of whoever raised the softirq, or the pages of a slab, for which fewer pages do
 * as well.  And when sysfs_slab_add() fails, it is the kernel itself (6.1) that leaks
 * the name of the cache.
 */
static const char * const hip_fault_spared[] = {
	"__debug_object", "debug_object", "kmemleak", "__create_object",
	"__stack_depot", "stack_depot", "kasan_", "ref_tracker",
	"do_softirq", "__do_softirq", "handle_softirqs",
	"allocate_slab", "new_slab", "__slab_alloc", "___slab_alloc",
	"sysfs_slab_add",
};

/**
 * struct hip_fault_site - a way to an allocation
 * @node: in hip_fault_table, by @key
 * @key: hash of the addresses
 * @hits: how often it was reached
 * @failed: how often it failed
 * @spared: not to fail: never listed
 * @name: functions, from the outermost one to what hip.ko called
 */
struct hip_fault_site {
	struct hlist_node node;
	u32 key;
	unsigned int hits;
	unsigned int failed;
	bool spared;
	char name[HIP_FAULT_NAME];
};

static struct hip_fault_site hip_fault_sites[HIP_FAULT_SITES];
static unsigned int hip_fault_n_sites;
static DEFINE_HASHTABLE(hip_fault_table, HIP_FAULT_BITS);
static bool hip_fault_overflow;

/**
 * struct hip_fault_arm - what is to fail
 * @site: number, -1: nothing
 * @skip: hits before that
 * @times: failures to come
 * @failed: failures so far
 * @task: which has seen the first failure
 * @call: hash of where it was in hip.ko
 */
struct hip_fault_arm {
	int site;
	unsigned int skip;
	unsigned int times;
	unsigned int failed;
	const struct task_struct *task;
	u32 call;
};

static struct hip_fault_arm hip_fault_arm = { .site = -1 };

/* Protects all of the above; raw, as we are called in every context */
static DEFINE_RAW_SPINLOCK(hip_fault_lock);

/* hip.ko, or NULL; RCU, which the hook is called under */
static const struct module *hip_fault_module;

/* hip.ko comes to lie elsewhere with each insmod, but its functions keep their
 * distances
 */
static unsigned long hip_fault_relative(const struct module *mod,
					unsigned long addr)
{
	if (within_module_init(addr, mod))
		return addr - (unsigned long)mod->init_layout.base + 1;
	if (within_module_core(addr, mod))
		return (addr - (unsigned long)mod->core_layout.base) << 1;
	return addr;
}

/* A symbol of the function that will be returned to, without what the compiler
 * and kallsyms add to its name
 */
static const char *hip_fault_symbol(unsigned long addr)
{
	static char buf[KSYM_SYMBOL_LEN];	/* under hip_fault_lock */

	sprint_symbol_no_offset(buf, addr - 1);
	buf[strcspn(buf, " .[")] = '\0';
	return buf;
}

static bool hip_fault_is_spared(const char *symbol)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hip_fault_spared); i++)
		if (!strncmp(symbol, hip_fault_spared[i],
			     strlen(hip_fault_spared[i])))
			return true;
	return false;
}

/* @stack: from the allocator to the outermost function that counts, of which
 * those from @ours on are in hip.ko
 */
static void hip_fault_describe(struct hip_fault_site *site,
			       const unsigned long *stack, unsigned int ours,
			       unsigned int n)
{
	unsigned int i, last = ours - min(ours, HIP_FAULT_CALLED);
	size_t len = 0;

	for (i = n; i-- > last;)
		len += scnprintf(site->name + len, sizeof(site->name) - len,
				 "%s%s", i == n - 1 ? "" : ">",
				 hip_fault_symbol(stack[i]));
	for (i = 0; i < ours; i++)
		site->spared |= hip_fault_is_spared(hip_fault_symbol(stack[i]));
}

static struct hip_fault_site *hip_fault_site(u32 key, const unsigned long *stack,
					     unsigned int ours, unsigned int n)
{
	struct hip_fault_site *site;

	lockdep_assert_held(&hip_fault_lock);

	hash_for_each_possible(hip_fault_table, site, node, key)
		if (site->key == key)
			return site;

	if (hip_fault_n_sites == HIP_FAULT_SITES) {
		hip_fault_overflow = true;
		return NULL;
	}
	site = &hip_fault_sites[hip_fault_n_sites];
	site->key = key;
	hip_fault_describe(site, stack, ours, n);
	hash_add(hip_fault_table, &site->node, key);
	/* pairs with hip_fault_sites_show() */
	smp_store_release(&hip_fault_n_sites, hip_fault_n_sites + 1);
	return site;
}

static bool hip_fault_decide(const struct hip_fault_site *site, u32 call)
{
	struct hip_fault_arm *arm = &hip_fault_arm;

	lockdep_assert_held(&hip_fault_lock);

	if (!arm->times)
		return false;
	if (arm->failed) {
		if (arm->task != current || arm->call != call)
			return false;
	} else {
		if (site - hip_fault_sites != arm->site)
			return false;
		if (arm->skip) {
			arm->skip--;
			return false;
		}
		arm->task = current;
		arm->call = call;
	}
	arm->times--;
	arm->failed++;
	return true;
}

static bool hip_fault_ask(void)
{
	const struct module *mod = READ_ONCE(hip_fault_module);
	unsigned long stack[HIP_FAULT_DEPTH];
	struct hip_fault_site *site;
	unsigned int n, ours, i;
	bool fails = false;
	u32 call = 0, key;
	unsigned long flags;

	if (!mod)
		return false;

	/* What an interrupt does is not the doing of whom it interrupts */
	n = filter_irq_stacks(stack, stack_trace_save(stack, ARRAY_SIZE(stack),
						      0));
	for (ours = 0; ours < n; ours++)
		if (within_module(stack[ours], mod))
			break;
	if (ours == n)
		return false;
	for (i = ours; i < n && i < ours + HIP_FAULT_OURS &&
	     within_module(stack[i], mod); i++)
		call = jhash_2words(hip_fault_relative(mod, stack[i]), 0, call);
	n = i;
	key = jhash2((u32 *)stack, ours * (sizeof(*stack) / sizeof(u32)), call);

	raw_spin_lock_irqsave(&hip_fault_lock, flags);
	site = hip_fault_site(key, stack, ours, n);
	if (site && !site->spared) {
		site->hits++;
		fails = hip_fault_decide(site, call);
		site->failed += fails;
	}
	raw_spin_unlock_irqrestore(&hip_fault_lock, flags);
	return fails;
}

static int hip_fault_module_event(struct notifier_block *nb,
				  unsigned long event, void *data)
{
	struct module *mod = data;

	if (strcmp(mod->name, "hip"))
		return NOTIFY_DONE;

	if (event == MODULE_STATE_COMING) {
		WRITE_ONCE(hip_fault_module, mod);
	} else if (event == MODULE_STATE_GOING) {
		WRITE_ONCE(hip_fault_module, NULL);
		synchronize_rcu();
	}
	return NOTIFY_DONE;
}

static struct notifier_block hip_fault_notifier = {
	.notifier_call = hip_fault_module_event,
};

static int hip_fault_sites_show(struct seq_file *m, void *v)
{
	const struct hip_fault_site *site;
	unsigned int i, n;

	/* Sites are never removed; pairs with hip_fault_site() */
	n = smp_load_acquire(&hip_fault_n_sites);
	for (i = 0; i < n; i++) {
		site = &hip_fault_sites[i];
		if (!site->spared)
			seq_printf(m, "%u %u %u %s\n", i,
				   READ_ONCE(site->hits),
				   READ_ONCE(site->failed), site->name);
	}
	if (READ_ONCE(hip_fault_overflow))
		seq_puts(m, "# there are more\n");
	return 0;
}

static int hip_fault_sites_open(struct inode *inode, struct file *file)
{
	return single_open(file, hip_fault_sites_show, NULL);
}

static ssize_t hip_fault_sites_write(struct file *file, const char __user *buf,
				     size_t len, loff_t *pos)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&hip_fault_lock, flags);
	for (i = 0; i < hip_fault_n_sites; i++)
		hip_fault_sites[i].hits = 0;
	raw_spin_unlock_irqrestore(&hip_fault_lock, flags);
	return len;
}

static const struct file_operations hip_fault_sites_fops = {
	.owner		= THIS_MODULE,
	.open		= hip_fault_sites_open,
	.read		= seq_read,
	.write		= hip_fault_sites_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int hip_fault_arm_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%u\n", READ_ONCE(hip_fault_arm.failed));
	return 0;
}

static int hip_fault_arm_open(struct inode *inode, struct file *file)
{
	return single_open(file, hip_fault_arm_show, NULL);
}

static ssize_t hip_fault_arm_write(struct file *file, const char __user *buf,
				   size_t len, loff_t *pos)
{
	struct hip_fault_arm arm = { .site = -1 };
	unsigned long flags;
	char text[64] = "";

	if (len >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, len))
		return -EFAULT;
	if (strcmp(strim(text), "off")) {
		arm.times = 1;
		if (sscanf(text, "%d %u %u", &arm.site, &arm.skip,
			   &arm.times) < 1 ||
		    arm.site < 0 || arm.site >= READ_ONCE(hip_fault_n_sites))
			return -EINVAL;
	}

	raw_spin_lock_irqsave(&hip_fault_lock, flags);
	hip_fault_arm = arm;
	raw_spin_unlock_irqrestore(&hip_fault_lock, flags);
	return len;
}

static const struct file_operations hip_fault_arm_fops = {
	.owner		= THIS_MODULE,
	.open		= hip_fault_arm_open,
	.read		= seq_read,
	.write		= hip_fault_arm_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static struct dentry *hip_fault_dir;

static int __init hip_fault_init(void)
{
	int err;

	if (READ_ONCE(fault_hook))
		return -EBUSY;
	err = register_module_notifier(&hip_fault_notifier);
	if (err)
		return err;

	hip_fault_dir = debugfs_create_dir("hip_fault", NULL);
	debugfs_create_file("sites", 0600, hip_fault_dir, NULL,
			    &hip_fault_sites_fops);
	debugfs_create_file("arm", 0600, hip_fault_dir, NULL,
			    &hip_fault_arm_fops);
	WRITE_ONCE(fault_hook, hip_fault_ask);
	return 0;
}

static void __exit hip_fault_exit(void)
{
	debugfs_remove(hip_fault_dir);
	WRITE_ONCE(fault_hook, NULL);
	unregister_module_notifier(&hip_fault_notifier);
	synchronize_rcu();
}

module_init(hip_fault_init);
module_exit(hip_fault_exit);

MODULE_DESCRIPTION("Lets allocations of hip.ko fail, for its tests");
MODULE_AUTHOR("The hip project");
MODULE_LICENSE("GPL");
