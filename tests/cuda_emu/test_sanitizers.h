/* Which sanitizer this build has, as LS_TEST_ASAN or LS_TEST_TSAN. */
#ifndef LS_EMU_TEST_SANITIZERS_H
#define LS_EMU_TEST_SANITIZERS_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LS_TEST_ASAN 1
#elif __has_feature(thread_sanitizer)
#define LS_TEST_TSAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define LS_TEST_ASAN 1
#elif defined(__SANITIZE_THREAD__)
#define LS_TEST_TSAN 1
#endif

#endif
