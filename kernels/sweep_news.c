#include "sweep_news.h"

void ls_sweep_news_tell(ls_sweep_news *news, int32_t teller, const ls_front_member *member)
{
  pthread_mutex_lock(&news->lock);
  const uint64_t at = news->count++ % LS_NEWS_MAX;
  news->told[at].teller = teller;
  news->told[at].member = *member;
  pthread_mutex_unlock(&news->lock);
}

int32_t ls_sweep_news_hear(ls_sweep_news *news, int32_t listener, uint64_t *heard_count,
                           ls_front_member *members)
{
  int32_t count = 0;
  pthread_mutex_lock(&news->lock);
  if (news->count - *heard_count > LS_NEWS_MAX) *heard_count = news->count - LS_NEWS_MAX;
  for (; *heard_count < news->count; ++*heard_count) {
    const uint64_t at = *heard_count % LS_NEWS_MAX;
    if (news->told[at].teller != listener) members[count++] = news->told[at].member;
  }
  pthread_mutex_unlock(&news->lock);
  return count;
}
