#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static int ends[2] = {-1, -1};
static int (*answer)(int signal);
static volatile sig_atomic_t count;

/// Runs wherever the signal hits, so that it only passes the number on; who insists is obeyed at once.
static void pass_on(int number) {
  int code = errno;
  const unsigned char byte = (unsigned char)number;
  count = count + 1;
  if (count > 2 || write(ends[1], &byte, 1) != 1) _exit(128 + number);
  errno = code;
}

static void *answer_all(void *unused) {
  (void)unused;
  int wait = -1, number = 0;
  for (;;) {
    struct pollfd end = {ends[0], POLLIN, 0};
    int ready = poll(&end, 1, wait);
    unsigned char byte;
    if (ready < 0 || (ready > 0 && read(ends[0], &byte, 1) != 1)) continue;
    if (ready > 0) number = byte;
    wait = answer(number);
  }
  return NULL;
}

static void end_at_once(int number) { _exit(128 + number); }

void albertkit_answer_signals(int (*function)(int signal)) {
  // A file that grows beyond the limit is then a failed write, which is told like any other.
  signal(SIGXFSZ, SIG_IGN);
  answer = function;
  pthread_attr_t attributes;
  pthread_t thread;
  int isReady = albertkit_pipe(ends) == 0 && pthread_attr_init(&attributes) == 0;
  if (isReady) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_setstacksize(&attributes, 512 << 10);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    // Signals go to the other threads, which this one may have to wait for.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    isReady = pthread_create(&thread, &attributes, answer_all, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
  }
  const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (int i = 0; i < 3; i++) {
    struct sigaction action = {0}, before;
    action.sa_handler = isReady ? pass_on : end_at_once;
    action.sa_flags = SA_RESTART;
    // `nohup` is kept to.
    if (numbers[i] == SIGHUP && sigaction(SIGHUP, NULL, &before) == 0 &&
        before.sa_handler == SIG_IGN)
      continue;
    sigaction(numbers[i], &action, NULL);
  }
}
