/* Designs that lately dominated others, the latest first. Backends test candidates against these
 * few before they ask the front, and drop most of them here.
 * Equals of a candidate may kill it only from a lower rank: who asks them out of order must tell.
 */
#ifndef LS_KILLER_POOL_H
#define LS_KILLER_POOL_H

#include <string.h>

#include "front.h"

enum { LS_POOL_SIZE = 24 };

typedef struct ls_killer_pool {
  int32_t count;
  ls_front_member member[LS_POOL_SIZE];
} ls_killer_pool;

/* Puts a copy of *member first; the last one leaves when the pool is full. */
static inline void ls_killer_pool_push(ls_killer_pool *pool, const ls_front_member *member)
{
  if (pool->count < LS_POOL_SIZE) pool->count++;
  memmove(&pool->member[1], &pool->member[0], (size_t)(pool->count - 1) * sizeof pool->member[0]);
  pool->member[0] = *member;
}

#endif
