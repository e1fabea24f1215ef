// GoogleTest behind the C functions of shim.h; the only file that includes it. Holds main.
#include "shim.h"
#include <cinttypes>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <gtest/gtest.h>
#include <string>

namespace
{

shim_test *first_test = nullptr;
shim_test *last_test = nullptr;

class c_test : public testing::Test
{
public:
  explicit c_test(void (*body)()) : body_(body) {}
  void TestBody() override { body_(); }
  void TearDown() override { shim_scratch_clear(); }

private:
  void (*body_)();
};

const char *status_name(ls_status status)
{
  switch (status) {
  case LS_OK: return "LS_OK";
  case LS_ERR_NO: return "LS_ERR_NO";
  case LS_ERR_INPUT: return "LS_ERR_INPUT";
  case LS_ERR_IO: return "LS_ERR_IO";
  case LS_ERR_MEMORY: return "LS_ERR_MEMORY";
  case LS_ERR_DEVICE: return "LS_ERR_DEVICE";
  case LS_ERR_FULL: return "LS_ERR_FULL";
  case LS_ERR_STOPPED: return "LS_ERR_STOPPED";
  case LS_ERR_TIME: return "LS_ERR_TIME";
  case LS_ERR_INTERNAL: return "LS_ERR_INTERNAL";
  }
  return "(no ls_status)";
}

template <typename number> bool holds(number a, const char *relation, number b)
{
  const std::string r = relation;
  if (r == "==") return a == b;
  if (r == "!=") return a != b;
  if (r == "<") return a < b;
  if (r == "<=") return a <= b;
  ADD_FAILURE() << "unknown relation " << r;
  return false;
}

/* The beginning of what is long: whole files are compared, too. */
std::string quoted(const char *text)
{
  constexpr size_t shown = 2000;
  if (text == nullptr) return "NULL";
  const std::string whole = text;
  if (whole.size() <= shown) return testing::PrintToString(whole);
  return testing::PrintToString(whole.substr(0, shown)) + " and " +
         std::to_string(whole.size() - shown) + " bytes more";
}

} // namespace

void shim_register(shim_test *test)
{
  (last_test == nullptr ? first_test : last_test->next) = test;
  last_test = test;
}

bool shim_fail(const char *file, int line, const char *format, ...)
{
  char text[2048];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  ADD_FAILURE_AT(file, line) << text;
  return false;
}

bool shim_bool(const char *file, int line, const char *text, bool actual, bool expected)
{
  if (actual == expected) return true;
  ADD_FAILURE_AT(file, line) << "expected " << text << " to be " << (expected ? "true" : "false");
  return false;
}

bool shim_i64(const char *file, int line, const char *text, int64_t a, const char *relation,
              int64_t b)
{
  if (holds(a, relation, b)) return true;
  return shim_fail(file, line, "expected %s\n  got %" PRId64 " and %" PRId64, text, a, b);
}

bool shim_u64(const char *file, int line, const char *text, uint64_t a, const char *relation,
              uint64_t b)
{
  if (holds(a, relation, b)) return true;
  return shim_fail(file, line, "expected %s\n  got %" PRIu64 " and %" PRIu64, text, a, b);
}

bool shim_near(const char *file, int line, const char *text, double a, double b, double tolerance)
{
  if (std::fabs(a - b) <= tolerance) return true; // false for NaN
  return shim_fail(file, line, "expected %s\n  got %.17g and %.17g, more than %g apart", text, a, b,
                   tolerance);
}

bool shim_string(const char *file, int line, const char *text, const char *a, const char *b)
{
  if (a == b || (a != nullptr && b != nullptr && strcmp(a, b) == 0)) return true;
  ADD_FAILURE_AT(file, line) << "expected " << text << "\n  got " << quoted(a) << "\n  and "
                             << quoted(b);
  return false;
}

bool shim_contains(const char *file, int line, const char *text, const char *whole,
                   const char *part)
{
  if (whole != nullptr && strstr(whole, part) != nullptr) return true;
  ADD_FAILURE_AT(file, line) << "expected that " << text << "\n  got " << quoted(whole)
                             << "\n  without " << quoted(part);
  return false;
}

bool shim_bytes(const char *file, int line, const char *text, const void *a, const void *b,
                size_t size)
{
  const auto *left = static_cast<const unsigned char *>(a);
  const auto *right = static_cast<const unsigned char *>(b);
  size_t i = 0;
  while (i < size && left[i] == right[i]) i++;
  if (i == size) return true;
  return shim_fail(file, line, "expected %s\n  byte %zu of %zu is 0x%02x and 0x%02x", text, i, size,
                   left[i], right[i]);
}

bool shim_status(const char *file, int line, const char *text, ls_status actual, ls_status expected)
{
  if (actual == expected) return true;
  return shim_fail(file, line, "expected %s to be %s, got %s (%d)", text, status_name(expected),
                   status_name(actual), static_cast<int>(actual));
}

void shim_skip(const char *file, int line, const char *why)
{
  GTEST_SKIP() << file << ":" << line << ": " << why;
}

bool shim_has_failed() { return testing::Test::HasFailure(); }

int main(int argc, char **argv)
{
  testing::InitGoogleTest(&argc, argv);
  for (const shim_test *test = first_test; test != nullptr; test = test->next) {
    void (*body)() = test->body;
    testing::RegisterTest(test->suite, test->name, nullptr, nullptr, test->file, test->line,
                          [body]() -> testing::Test * { return new c_test(body); });
  }
  return RUN_ALL_TESTS();
}
