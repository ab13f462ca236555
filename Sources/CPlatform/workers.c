#define _GNU_SOURCE
#include "CPlatform.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

/// Work in parts, which its caller and the workers take one after the other.
typedef struct albertkit_job {
  void (*body)(void *context, long part);
  void *context;
  long count, next;
  _Atomic long running;
  /// How many of the workers and, where it works along, the caller are on it at once.
  long most;
  struct albertkit_job *following;
} Job;

// The lock guards all that follows, and what jobs count.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t hasWork = PTHREAD_COND_INITIALIZER;
static pthread_cond_t isDone = PTHREAD_COND_INITIALIZER;
/// The jobs with parts that nobody has taken, the newest first.
static Job *jobs = NULL;
static int workers = 0;

/// How often whoever waits looks again before it sleeps: some 50 microseconds, which is about what a thread
/// takes to wake up. A pass of a model shares work every millisecond.
enum { looks = 2000 };
/// Jobs with parts that nobody has taken, for those who look without the lock.
static _Atomic long openJobs = 0;

static void pause_briefly(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Waits a moment until a count is or is not zero. The lock is held, but not meanwhile.
static void look(const _Atomic long *count, bool wantsZero) {
  pthread_mutex_unlock(&lock);
  for (int times = 0; times < looks; times++) {
    if ((atomic_load_explicit(count, memory_order_relaxed) == 0) == wantsZero) break;
    pause_briefly();
  }
  pthread_mutex_lock(&lock);
}

static void remove_job(Job *job) {
  Job **place = &jobs;
  while (*place != job) place = &(*place)->following;
  *place = job->following;
  openJobs--;
}

/// Does parts of a job until none is left. The lock is held, but not while a part is done; a job
/// whose last part has ended is no longer touched.
static void work_on(Job *job) {
  while (job->next < job->count) {
    const long part = job->next++;
    if (job->next == job->count) remove_job(job);
    job->running++;
    pthread_mutex_unlock(&lock);
    job->body(job->context, part);
    pthread_mutex_lock(&lock);
    if (--job->running == 0 && job->next == job->count) {
      pthread_cond_broadcast(&isDone);
      return;
    }
  }
}

/// A job that one more may work on; null where there is none.
static Job *open_job(void) {
  Job *job = jobs;
  while (job != NULL && job->running >= job->most) job = job->following;
  return job;
}

static void *work(void *unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  for (;;) {
    Job *job;
    if ((job = open_job()) == NULL) {
      look(&openJobs, false);
      while ((job = open_job()) == NULL) pthread_cond_wait(&hasWork, &lock);
    }
    work_on(job);
  }
  return NULL;
}

bool albertkit_thread_start(void *(*body)(void *context), void *context) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  // Signals from outside go to the threads that were there before; faults stay with who makes them.
  sigset_t outside, before;
  sigfillset(&outside);
  const int faults[] = {SIGBUS, SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGPROF};
  for (unsigned index = 0; index < sizeof faults / sizeof faults[0]; index++)
    sigdelset(&outside, faults[index]);
  pthread_attr_setstacksize(&attributes, 2 << 20);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_sigmask(SIG_SETMASK, &outside, &before);
  pthread_t thread;
  const bool isStarted = pthread_create(&thread, &attributes, body, context) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return isStarted;
}

/// Offers a job to the workers, of whom there are then `others` if the process can have them. The lock is
/// held.
static void enlist(Job *job, int others) {
  while (workers < others && albertkit_thread_start(work, NULL)) workers++;
  job->following = jobs;
  jobs = job;
  openJobs++;
  pthread_cond_broadcast(&hasWork);
}

/// Works along until a job is done. The lock is held, but not meanwhile.
static void complete(Job *job) {
  work_on(job);
  if (job->running > 0) look(&job->running, true);
  while (job->running > 0) pthread_cond_wait(&isDone, &lock);
}

void albertkit_share_work(
    long count, int others, void (*body)(void *context, long part), void *context) {
  if (count < 1) return;
  Job job = {body, context, count, 0, 0, (long)others + 1, NULL};
  pthread_mutex_lock(&lock);
  enlist(&job, others);
  complete(&job);
  pthread_mutex_unlock(&lock);
}

albertkit_job *albertkit_begin_work(
    long count, void (*body)(void *context, long part), void *context) {
  Job *job = count < 1 ? NULL : malloc(sizeof *job);
  if (job == NULL) return NULL;
  *job = (Job){body, context, count, 0, 0, 1, NULL};
  pthread_mutex_lock(&lock);
  enlist(job, 1);
  pthread_mutex_unlock(&lock);
  return job;
}

void albertkit_end_work(albertkit_job *job) {
  pthread_mutex_lock(&lock);
  complete(job);
  pthread_mutex_unlock(&lock);
  free(job);
}
