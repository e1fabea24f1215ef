/* Files and folders appear whole or not at all, whatever goes wrong. */
#include "../host/files.h"
#include "shim/shim.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST "{\"program\": \"lightspine\"}\n"

static int entry_count(const char *folder)
{
  DIR *open_folder = opendir(folder);
  if (open_folder == NULL) return -1;
  int count = 0;
  while (readdir(open_folder) != NULL) count++;
  closedir(open_folder);
  return count - 2; /* less "." and ".." */
}

static void text_write(const char *path, const char *text)
{
  ASSERT_TRUE(shim_file_write(path, text, strlen(text)));
}

/* ---- Files ---- */

LS_TEST(Files, commit_shows_the_file_whole)
{
  const char *folder = shim_folder(), *path = shim_format("%s/out.csv", folder);
  text_write(path, "old");
  ls_file_writer writer;
  ls_error error;
  ASSERT_STATUS(ls_file_open(&writer, path, &error), LS_OK);
  fputs("new", writer.stream);
  fflush(writer.stream);
  EXPECT_STREQ(shim_file_read(path, NULL), "old");
  ASSERT_STATUS(ls_file_commit(&writer, &error), LS_OK);
  EXPECT_STREQ(shim_file_read(path, NULL), "new");
  ls_file_abandon(&writer);
  EXPECT_STREQ(shim_file_read(path, NULL), "new");
  EXPECT_EQ_I64(entry_count(folder), 1);
}

LS_TEST(Files, abandon_leaves_the_old_file_and_nothing_else)
{
  const char *folder = shim_folder(), *path = shim_format("%s/out.csv", folder);
  text_write(path, "old");
  ls_file_writer writer;
  ASSERT_STATUS(ls_file_open(&writer, path, NULL), LS_OK);
  fputs("new", writer.stream);
  ls_file_abandon(&writer);
  EXPECT_STREQ(shim_file_read(path, NULL), "old");
  EXPECT_EQ_I64(entry_count(folder), 1);
}

LS_TEST(Files, a_name_alone_is_written_to_the_folder_one_is_in)
{
  char before[4096];
  ASSERT_TRUE(getcwd(before, sizeof before) != NULL);
  const char *folder = shim_folder();
  ASSERT_EQ_I64(chdir(folder), 0);
  ls_file_writer writer;
  ls_status status = ls_file_open(&writer, "out", NULL);
  if (status == LS_OK) status = ls_file_commit(&writer, NULL);
  EXPECT_STATUS(status, LS_OK);
  EXPECT_EQ_I64(chdir(before), 0);
  EXPECT_EQ_I64(entry_count(folder), 1);
}

LS_TEST(Files, a_symbolic_link_stays_and_its_target_is_replaced)
{
  const char *folder = shim_folder();
  const char *target = shim_format("%s/target", folder), *link = shim_format("%s/link", folder);
  text_write(target, "old");
  ASSERT_EQ_I64(symlink("target", link), 0);
  ls_file_writer writer;
  ASSERT_STATUS(ls_file_open(&writer, link, NULL), LS_OK);
  fputs("new", writer.stream);
  ASSERT_STATUS(ls_file_commit(&writer, NULL), LS_OK);
  EXPECT_STREQ(shim_file_read(target, NULL), "new");
  struct stat stat;
  ASSERT_EQ_I64(lstat(link, &stat), 0);
  EXPECT_TRUE(S_ISLNK(stat.st_mode));
}

LS_TEST(Files, open_refuses_what_cannot_be_a_file)
{
  const char *folder = shim_folder();
  ls_file_writer writer;
  ls_error error;
  EXPECT_STATUS(ls_file_open(&writer, folder, &error), LS_ERR_IO);
  EXPECT_CONTAINS(error.message, "it is a folder");
  EXPECT_STATUS(ls_file_open(&writer, "/dev/full", &error), LS_ERR_IO);
  EXPECT_CONTAINS(error.message, "no regular file");
  EXPECT_STATUS(ls_file_open(&writer, shim_format("%s/none/out", folder), &error), LS_ERR_IO);
  EXPECT_CONTAINS(error.message, "No such file or directory");
  EXPECT_STATUS(ls_file_open(&writer, shim_format("%s/..", folder), &error), LS_ERR_INPUT);
  EXPECT_STATUS(ls_file_open(&writer, "", &error), LS_ERR_INPUT);
  char *longer = shim_alloc(5001);
  memset(longer, 'x', 5000);
  EXPECT_STATUS(ls_file_open(&writer, longer, &error), LS_ERR_INPUT);
  EXPECT_CONTAINS(error.message, "too long");
  ls_file_abandon(&writer); /* harmless after an error */
  EXPECT_EQ_I64(entry_count(folder), 0);
}

/* What a link in /dev leads to is no path to replace. */
LS_TEST(Files, open_refuses_a_pipe_behind_a_link)
{
  ls_file_writer writer;
  ls_error error;
  int ends[2];
  ASSERT_EQ_I64(pipe(ends), 0);
  EXPECT_STATUS(ls_file_open(&writer, shim_format("/dev/fd/%d", ends[1]), &error), LS_ERR_IO);
  EXPECT_STREQ(error.message, "cannot be written: it is no regular file");
  close(ends[0]);
  close(ends[1]);
}

/* It would replace what is printed meanwhile. */
LS_TEST(Files, open_refuses_the_file_of_standard_output)
{
  const char *path = shim_format("%s/out", shim_folder());
  ls_file_writer writer;
  ls_error error;
  text_write(path, "printed");
  const int before = dup(STDOUT_FILENO), file = open(path, O_WRONLY | O_CLOEXEC);
  ASSERT_TRUE(before >= 0 && file >= 0);
  fflush(stdout);
  dup2(file, STDOUT_FILENO);
  const ls_status named = ls_file_open(&writer, path, &error);
  const ls_status linked = ls_file_open(&writer, "/dev/stdout", NULL);
  dup2(before, STDOUT_FILENO);
  close(before);
  close(file);
  EXPECT_STATUS(named, LS_ERR_IO);
  EXPECT_STATUS(linked, LS_ERR_IO);
  EXPECT_STREQ(error.message, "cannot be written: standard output goes there");
  EXPECT_STREQ(shim_file_read(path, NULL), "printed");
}

LS_TEST(Files, open_says_when_it_may_not_write)
{
  enum { NOBODY = 65534 };
  const char *folder = shim_folder();
  ls_file_writer writer;
  ls_folder_writer run;
  ls_error error, above;
  ASSERT_EQ_I64(chmod(folder, 0555), 0);
  uid_t user = geteuid(); /* root may write anywhere, so it steps down for a moment */
  if (user == 0) ASSERT_EQ_I64(seteuid(NOBODY), 0);
  ls_status status = ls_file_open(&writer, shim_format("%s/out", folder), &error);
  ls_status status_above = ls_folder_open(&run, shim_format("%s/results/run", folder), &above);
  if (user == 0) ASSERT_EQ_I64(seteuid(user), 0);
  EXPECT_STATUS(status, LS_ERR_IO);
  EXPECT_CONTAINS(error.message, "Permission denied");
  EXPECT_STATUS(status_above, LS_ERR_IO);
  EXPECT_STREQ(above.message, "cannot be created as a folder: Permission denied");
  ASSERT_EQ_I64(chmod(folder, 0700), 0);
}

/* A limit on file size stands in for a full disk: the write fails in the same place. */
LS_TEST(Files, commit_on_a_full_disk_keeps_the_old_file)
{
  const char *folder = shim_folder(), *path = shim_format("%s/out.csv", folder);
  text_write(path, "old");
  ls_file_writer writer;
  ls_error error;
  ASSERT_STATUS(ls_file_open(&writer, path, &error), LS_OK);
  struct rlimit before;
  ASSERT_EQ_I64(getrlimit(RLIMIT_FSIZE, &before), 0);
  const struct rlimit small = {.rlim_cur = 4096, .rlim_max = before.rlim_max};
  ASSERT_EQ_I64(setrlimit(RLIMIT_FSIZE, &small), 0);
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  for (int i = 0; i < 100000; i++) fputs("words\n", writer.stream);
  ls_status status = ls_file_commit(&writer, &error);
  signal(SIGXFSZ, handler);
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_STATUS(status, LS_ERR_IO);
  EXPECT_STREQ(error.file, path);
  EXPECT_STREQ(error.message, "cannot be written: File too large");
  EXPECT_STREQ(shim_file_read(path, NULL), "old");
  EXPECT_EQ_I64(entry_count(folder), 1);
}

LS_TEST(Files, read_gives_bytes_size_and_an_end)
{
  const char *path = shim_format("%s/in", shim_folder());
  ASSERT_TRUE(shim_file_write(path, "a\0b\n", 4));
  char *text = NULL;
  size_t size = 0;
  ASSERT_STATUS(ls_file_read(path, 4, &text, &size, NULL), LS_OK);
  EXPECT_EQ_U64(size, 4);
  EXPECT_BYTES(text, "a\0b\n", 5);
  free(text);
  text_write(path, "");
  ASSERT_STATUS(ls_file_read(path, 0, &text, &size, NULL), LS_OK);
  EXPECT_EQ_U64(size, 0);
  EXPECT_STREQ(text, "");
  free(text);
}

LS_TEST(Files, read_takes_a_pipe)
{
  int ends[2];
  ASSERT_EQ_I64(pipe(ends), 0);
  char chunk[6000];
  memset(chunk, 'x', sizeof chunk);
  EXPECT_EQ_I64(write(ends[1], chunk, sizeof chunk), sizeof chunk);
  close(ends[1]);
  char *text = NULL;
  size_t size = 0;
  ls_status status = ls_file_read(shim_format("/dev/fd/%d", ends[0]), 1 << 20, &text, &size, NULL);
  close(ends[0]);
  ASSERT_STATUS(status, LS_OK);
  EXPECT_EQ_U64(size, 6000);
  free(text);
}

LS_TEST(Files, read_refuses_missing_folders_and_large)
{
  const char *folder = shim_folder(), *path = shim_format("%s/in", folder);
  char *text = NULL;
  size_t size = 77;
  ls_error error;
  EXPECT_STATUS(ls_file_read(path, 100, &text, &size, &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.file, path);
  EXPECT_STREQ(error.message, "cannot be read: No such file or directory");
  EXPECT_STATUS(ls_file_read(folder, 100, &text, &size, &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.message, "is a folder, not a file");
  text_write(path, "12345");
  EXPECT_STATUS(ls_file_read(path, 4, &text, &size, &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.message, "is too large: at most 4 bytes are read");
  EXPECT_STATUS(ls_file_read("/dev/zero", 10000, &text, &size, &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.message, "is too large: at most 10000 bytes are read");
  EXPECT_TRUE(text == NULL);
  EXPECT_EQ_U64(size, 77);
}

/* FIPS 180-2's own examples. */
LS_TEST(Files, sha256_knows_the_standards_answers)
{
  char hex[65];
  ls_sha256("", 0, hex);
  EXPECT_STREQ(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  ls_sha256("abc", 3, hex);
  EXPECT_STREQ(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  char *million = shim_alloc(1000000);
  memset(million, 'a', 1000000);
  ls_sha256(million, 1000000, hex);
  EXPECT_STREQ(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* ---- Folders ---- */

LS_TEST(Folders, appear_whole_with_their_parents)
{
  const char *root = shim_folder(), *path = shim_format("%s/a/b/run/", root);
  ls_folder_writer writer;
  ls_error error;
  ASSERT_STATUS(ls_folder_open(&writer, path, &error), LS_OK);
  text_write(shim_format("%s/manifest.json", writer.temporary), MANIFEST);
  EXPECT_EQ_I64(access(path, F_OK), -1);
  ASSERT_STATUS(ls_folder_commit(&writer, &error), LS_OK);
  EXPECT_STREQ(shim_file_read(shim_format("%s/manifest.json", path), NULL), MANIFEST);
  ls_folder_abandon(&writer);
  EXPECT_EQ_I64(entry_count(path), 1);
  EXPECT_EQ_I64(entry_count(shim_format("%s/a/b", root)), 1);
}

LS_TEST(Folders, replace_an_older_run_and_remove_it)
{
  const char *root = shim_folder(), *path = shim_format("%s/run", root);
  ls_folder_writer writer;
  for (int run = 0; run < 3; run++) {
    ASSERT_STATUS(ls_folder_open(&writer, path, NULL), LS_OK);
    text_write(shim_format("%s/manifest.json", writer.temporary),
               shim_format("{\"program\": \"lightspine\", \"files\": [\"run-%d\"]}\n", run));
    ASSERT_EQ_I64(mkdir(shim_format("%s/run-%d", writer.temporary, run), 0777), 0);
    text_write(shim_format("%s/run-%d/file", writer.temporary, run), "x");
    ASSERT_STATUS(ls_folder_commit(&writer, NULL), LS_OK);
    EXPECT_EQ_I64(entry_count(path), 2);
    EXPECT_EQ_I64(access(shim_format("%s/run-%d/file", path, run), F_OK), 0);
    EXPECT_EQ_I64(entry_count(root), 1);
  }
}

/* What a user put beside a run's files is never lost. */
LS_TEST(Folders, one_with_a_foreign_file_is_kept)
{
  const char *path = shim_format("%s/run", shim_folder());
  ls_folder_writer writer;
  ls_error error = {.line = 0};
  ASSERT_STATUS(ls_folder_open(&writer, path, NULL), LS_OK);
  text_write(shim_format("%s/manifest.json", writer.temporary),
             "{\"program\": \"lightspine\", \"files\": [\"pareto.csv\"]}\n");
  text_write(shim_format("%s/pareto.csv", writer.temporary), "x");
  ASSERT_STATUS(ls_folder_commit(&writer, NULL), LS_OK);
  EXPECT_STATUS(ls_folder_check(path, &error), LS_OK);
  text_write(shim_format("%s/notes.txt", path), "mine");
  EXPECT_STATUS(ls_folder_open(&writer, path, &error), LS_ERR_INPUT);
  EXPECT_CONTAINS(error.message, "notes.txt");
  EXPECT_EQ_I64(entry_count(path), 3);
}

LS_TEST(Folders, an_empty_one_is_replaced)
{
  const char *root = shim_folder(), *path = shim_format("%s/run", root);
  ASSERT_EQ_I64(mkdir(path, 0777), 0);
  ls_folder_writer writer;
  ASSERT_STATUS(ls_folder_open(&writer, path, NULL), LS_OK);
  text_write(shim_format("%s/file", writer.temporary), "x");
  ASSERT_STATUS(ls_folder_commit(&writer, NULL), LS_OK);
  EXPECT_EQ_I64(entry_count(path), 1);
  EXPECT_EQ_I64(entry_count(root), 1);
}

LS_TEST(Folders, abandon_leaves_the_older_run)
{
  const char *root = shim_folder(), *path = shim_format("%s/run", root);
  ASSERT_EQ_I64(mkdir(path, 0777), 0);
  text_write(shim_format("%s/manifest.json", path), MANIFEST);
  ls_folder_writer writer;
  ASSERT_STATUS(ls_folder_open(&writer, path, NULL), LS_OK);
  text_write(shim_format("%s/file", writer.temporary), "x");
  ls_folder_abandon(&writer);
  EXPECT_EQ_I64(entry_count(path), 1);
  EXPECT_EQ_I64(entry_count(root), 1);
}

/* Nobody knows the temporary folder by its name. */
LS_TEST(Folders, what_fails_inside_is_told_by_its_final_name)
{
  const char *root = shim_folder(), *path = shim_format("%s/run", root);
  ls_folder_writer writer;
  ls_error error;
  ASSERT_STATUS(ls_folder_open(&writer, path, NULL), LS_OK);
  ls_error_set(&error, LS_ERR_IO, shim_format("%s/spec.yaml", writer.temporary), 0, NULL, "fails");
  ls_folder_fail(&writer, &error);
  EXPECT_STREQ(error.file, shim_format("%s/spec.yaml", path));
  EXPECT_EQ_I64(entry_count(root), 0);
}

LS_TEST(Folders, other_peoples_are_refused)
{
  const char *root = shim_folder(), *path = shim_format("%s/run", root);
  ls_folder_writer writer;
  ls_error error;
  ASSERT_EQ_I64(mkdir(path, 0777), 0);
  text_write(shim_format("%s/thesis.tex", path), "years of work");
  EXPECT_STATUS(ls_folder_open(&writer, path, &error), LS_ERR_INPUT);
  EXPECT_CONTAINS(error.message, "with other files in it");
  /* Another program's manifest does not make it ours. */
  text_write(shim_format("%s/manifest.json", path), "{\"name\": \"a web page\"}");
  EXPECT_STATUS(ls_folder_open(&writer, path, &error), LS_ERR_INPUT);
  EXPECT_STATUS(ls_folder_open(&writer, shim_format("%s/thesis.tex", path), &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.message, "is not a folder");
  EXPECT_STATUS(ls_folder_open(&writer, "/", &error), LS_ERR_INPUT);
  EXPECT_STATUS(ls_folder_open(&writer, ".", &error), LS_ERR_INPUT);
  EXPECT_STATUS(ls_folder_open(&writer, shim_format("%s/thesis.tex/run", path), &error),
                LS_ERR_INPUT);
  ls_folder_abandon(&writer); /* harmless after an error */
  EXPECT_EQ_I64(entry_count(path), 2);
  EXPECT_EQ_I64(entry_count(root), 1);
}

LS_TEST(Folders, what_came_in_the_meantime_is_kept)
{
  const char *root = shim_folder(), *path = shim_format("%s/run", root);
  ls_folder_writer writer;
  ls_error error;
  ASSERT_STATUS(ls_folder_open(&writer, path, NULL), LS_OK);
  ASSERT_EQ_I64(mkdir(path, 0777), 0);
  text_write(shim_format("%s/thesis.tex", path), "years of work");
  EXPECT_STATUS(ls_folder_commit(&writer, &error), LS_ERR_IO);
  EXPECT_CONTAINS(error.message, "with other files in it");
  EXPECT_EQ_I64(entry_count(path), 1);
  EXPECT_EQ_I64(entry_count(root), 1);
}

LS_TEST(Folders, a_symbolic_link_stays_and_its_target_is_replaced)
{
  const char *root = shim_folder(), *link = shim_format("%s/latest", root);
  ASSERT_EQ_I64(mkdir(shim_format("%s/run", root), 0777), 0);
  ASSERT_EQ_I64(symlink("run", link), 0);
  ls_folder_writer writer;
  ASSERT_STATUS(ls_folder_open(&writer, link, NULL), LS_OK);
  text_write(shim_format("%s/file", writer.temporary), "x");
  ASSERT_STATUS(ls_folder_commit(&writer, NULL), LS_OK);
  EXPECT_EQ_I64(entry_count(shim_format("%s/run", root)), 1);
  EXPECT_EQ_I64(entry_count(root), 2);
}
