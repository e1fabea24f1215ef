/* What the workers of a sweep tell each other: a ring of the designs that lately entered the front
 * of one of them. A worker that takes over what the others found has about the front and the
 * killers of one that does all, and asks and inserts no more than that one would. */
#ifndef LS_SWEEP_NEWS_H
#define LS_SWEEP_NEWS_H

#include <pthread.h>

#include "front.h"

enum { LS_NEWS_MAX = 1024 };

typedef struct ls_sweep_news {
  pthread_mutex_t lock;
  uint64_t count; /* of all that was ever told */
  struct {
    int32_t teller;
    ls_front_member member;
  } told[LS_NEWS_MAX];
} ls_sweep_news;

/* Any thread, at any time. */
void ls_sweep_news_tell(ls_sweep_news *news, int32_t teller, const ls_front_member *member);

/* Copies what others than the listener told since *heard_count of all was heard, the oldest first,
 * to members [LS_NEWS_MAX]; returns how many. What the ring has lost meanwhile is skipped: no
 * answer depends on it, as fronts are merged in the end. */
int32_t ls_sweep_news_hear(ls_sweep_news *news, int32_t listener, uint64_t *heard_count,
                           ls_front_member *members);

#endif
