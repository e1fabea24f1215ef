/* What the program says of its commands: every command has a page, an example and completion, and
 * the options told are those that it reads. */
#include <stdlib.h>
#include <string.h>

#include "../host/arguments.h"
#include "../host/export.h"
#include "../host/options.h"
#include "../host/yaml_tree.h"
#include "shim/shim.h"

/* `lightspine help --json` as a tree, which the caller destroys. */
static bool table_read(ls_yaml_tree *tree)
{
  const char *const argv[] = {LS_TEST_PROGRAM, "help", "--json", NULL};
  shim_result result;
  return shim_run(argv, NULL, &result) &&
         ls_yaml_parse(result.out, strlen(result.out), "help", tree, NULL) == LS_OK;
}

static const ls_yaml_node *first_command(const ls_yaml_tree *tree)
{
  return ls_yaml_find(&tree->nodes[0], "commands")->first;
}

static const char *text_of(const ls_yaml_node *mapping, const char *key)
{
  return ls_yaml_find(mapping, key)->text;
}

/* Runs a line in bash with the program as `lightspine`. */
static shim_result bash(const char *line, const char *folder)
{
  const char *const argv[] = {
      "bash", "-c", shim_format("lightspine() { %s \"$@\"; }; %s", LS_TEST_PROGRAM, line), NULL};
  const shim_run_options options = {.folder = folder};
  shim_result result = {
      .exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  (void)shim_run(argv, &options, &result);
  return result;
}

static void page_expect(const ls_yaml_node *command, const char *list)
{
  const char *name = text_of(command, "command");
  const shim_result page = bash(shim_format("lightspine help %s", name), NULL);
  const shim_result same = bash(shim_format("lightspine %s --help", name), NULL);
  EXPECT_EQ_I64(page.exit_code, 0);
  EXPECT_EQ_I64(same.exit_code, 0);
  EXPECT_STREQ(page.out, same.out);
  EXPECT_CONTAINS(page.out, shim_format("Usage: lightspine %s", name));
  EXPECT_CONTAINS(list, shim_format("\n  %-12s %s\n", name, text_of(command, "purpose")));
  for (const ls_yaml_node *option = ls_yaml_find(command, "options")->first; option;
       option = option->next)
    EXPECT_CONTAINS(page.out, shim_format("--%s", text_of(option, "option")));
  EXPECT_CONTAINS(page.out, shim_format("  lightspine %s", name));
  for (const char *line = page.out; line && *line; line = strchr(line, '\n')) {
    line += *line == '\n';
    if (strncmp(line, "  lightspine", 12) != 0) EXPECT_LE_I64((int64_t)strcspn(line, "\n"), 80);
  }
}

LS_TEST(Help, every_command_has_a_page_with_an_example)
{
  ls_yaml_tree tree;
  int32_t count = 0;
  ASSERT_TRUE(table_read(&tree));
  const shim_result list = bash("lightspine --help", NULL);
  for (const ls_yaml_node *command = first_command(&tree); command; command = command->next) {
    page_expect(command, list.out);
    EXPECT_EQ_I64(ls_yaml_find(command, "examples")->count > 0, 1);
    count++;
  }
  EXPECT_LE_I64(17, count);
  ls_yaml_destroy(&tree);
}

static const ls_yaml_node *option_of(const ls_yaml_node *command, const char *name)
{
  const ls_yaml_node *option = ls_yaml_find(command, "options")->first;
  while (option && strcmp(text_of(option, "option"), name) != 0) option = option->next;
  return option;
}

/* What the program says of an option before one that nobody knows, so that nothing runs. */
static void option_expect(const char *command, const ls_yaml_node *option, bool is_taken)
{
  const char *word = shim_format("--%s", text_of(option, "option"));
  const bool has_value = ls_yaml_find(option, "value")->is_plain == false;
  const char *const argv[] = {
      LS_TEST_PROGRAM,    command, word, has_value ? "1" : "--no-such-option",
      "--no-such-option", NULL};
  const char *refusal = shim_format("%s is not an option of `lightspine %s`", word, command);
  shim_result result;
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 2);
  if ((strstr(result.err, refusal) == NULL) != is_taken)
    LS_TEST_FAIL("help of %s and its reading differ about %s: %s", command, word, result.err);
}

LS_TEST(Help, the_options_told_are_those_that_a_command_reads)
{
  ls_yaml_tree tree;
  ASSERT_TRUE(table_read(&tree));
  for (const ls_yaml_node *command = first_command(&tree); command; command = command->next)
    for (const ls_yaml_node *other = first_command(&tree); other; other = other->next)
      for (const ls_yaml_node *option = ls_yaml_find(other, "options")->first; option;
           option = option->next) {
        const ls_yaml_node *own = option_of(command, text_of(option, "option"));
        /* An option of several commands is tried once. */
        const ls_yaml_node *earlier = first_command(&tree);
        while (!option_of(earlier, text_of(option, "option"))) earlier = earlier->next;
        if (earlier == other)
          option_expect(text_of(command, "command"), own ? own : option, own != NULL);
      }
  ls_yaml_destroy(&tree);
}

LS_TEST(Help, what_is_misspelt_is_told_with_the_nearest_name)
{
  EXPECT_CONTAINS(bash("lightspine swep", NULL).err,
                  "there is no command swep; the nearest one is sweep");
  EXPECT_CONTAINS(bash("lightspine help verfy", NULL).err, "the nearest one is verify");
  EXPECT_CONTAINS(bash("lightspine foo", NULL).err,
                  "there is no command foo; `lightspine --help` lists them");
  EXPECT_CONTAINS(bash("lightspine wire --bogus", NULL).err,
                  "--bogus is not an option of `lightspine wire`, whose --help lists them");
  EXPECT_CONTAINS(bash("lightspine sweep --thread 2 --sead 3", NULL).err,
                  "--sead is not an option of `lightspine sweep`; the nearest one is --seed");
  EXPECT_CONTAINS(bash("lightspine sweep --gap 0.1 x", NULL).err,
                  "--gap is not an option of `lightspine sweep`, whose --help lists them");
}

LS_TEST(Help, formats_of_export_are_told)
{
  const char *names = "";
  for (const ls_export_format *format = ls_export_formats; format->name; format++)
    names = shim_format("%s%s%s", names, *names ? "|" : "", format->name);
  EXPECT_STREQ(ls_option_find(LS_OPTION_TO, LS_ARGUMENTS_EXPORT)->value, names);
}

LS_TEST(Help, every_example_runs_from_the_first_to_the_last)
{
  ls_yaml_tree tree;
  ASSERT_TRUE(table_read(&tree));
  const char *folder = shim_folder();
  EXPECT_EQ_I64(bash("ln -s " LS_TEST_SOURCE_DIR "/topologies .", folder).exit_code, 0);
  for (const ls_yaml_node *command = first_command(&tree); command; command = command->next)
    for (const ls_yaml_node *line = ls_yaml_find(command, "examples")->first; line;
         line = line->next) {
      const shim_result result = bash(line->text, folder);
      if (result.exit_code != 0) LS_TEST_FAIL("%s: %s", line->text, result.err);
    }
  ls_yaml_destroy(&tree);
}

/* What a command answers with exit code 1 is on its page. */
LS_TEST(Help, an_answer_of_no_is_told)
{
  static const char *const examples[][2] = {
      {"wire", "lightspine wire --hosts 5000 --radix 3"},
      {"resilience", "lightspine resilience run/knee.graphml --of ocs"},
      {"rewire", "lightspine rewire run/knee.graphml topologies/ring-8.csv"},
  };
  const char *folder = shim_folder();
  EXPECT_EQ_I64(bash("ln -s " LS_TEST_SOURCE_DIR "/topologies . && lightspine init --gpus 64 "
                     "--families clos1 -o lab.yaml && lightspine optimize lab.yaml -o run",
                     folder)
                    .exit_code,
                0);
  for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
    EXPECT_EQ_I64(bash(examples[i][1], folder).exit_code, 1);
    const char *page = bash(shim_format("lightspine help %s", examples[i][0]), folder).out;
    EXPECT_CONTAINS(page, "\n  1   ");
  }
}

/* ---- Completion ---- */

/* What bash offers for a command line, cut off at its end, as words between spaces. */
static const char *offered(const char *line)
{
  const shim_result result =
      bash(shim_format("eval \"$(lightspine help --bash)\"; line=\"%s\"; COMP_WORDS=($line);"
                       "[ \"${line%% }\" = \"$line\" ] || COMP_WORDS+=('');"
                       "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _lightspine;"
                       "echo \" ${COMPREPLY[*]} \"",
                       line),
           LS_TEST_SOURCE_DIR);
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_STREQ(result.err, "");
  return result.out;
}

LS_TEST(Help, bash_completes_every_command_and_option)
{
  ls_yaml_tree tree;
  ASSERT_TRUE(table_read(&tree));
  const char *commands = offered("lightspine ");
  for (const ls_yaml_node *command = first_command(&tree); command; command = command->next) {
    const char *name = text_of(command, "command");
    const char *options = offered(shim_format("lightspine %s -", name));
    EXPECT_CONTAINS(commands, shim_format(" %s ", name));
    for (const ls_yaml_node *option = ls_yaml_find(command, "options")->first; option;
         option = option->next)
      EXPECT_CONTAINS(options, shim_format(" --%s ", text_of(option, "option")));
  }
  ls_yaml_destroy(&tree);
}

LS_TEST(Help, bash_completes_values_words_and_files)
{
  EXPECT_STREQ(offered("lightspine swe"), " sweep \n");
  EXPECT_STREQ(offered("lightspine sweep --backend c"), " cpu cuda \n");
  EXPECT_STREQ(offered("lightspine sweep --backend = cu"), " cuda \n");
  EXPECT_STREQ(offered("lightspine catalog "), " check list \n");
  EXPECT_STREQ(offered("lightspine help resi"), " resilience \n");
  EXPECT_STREQ(offered("lightspine optimize topologies/lab"), " topologies/lab-64.yaml \n");
  EXPECT_STREQ(offered("lightspine optimize READ"), "  \n");
  EXPECT_STREQ(offered("lightspine optimize x.yaml -o READ"), " README.md \n");
  EXPECT_STREQ(offered("lightspine optimize x.yaml --log READ"), " README.md \n");
  EXPECT_STREQ(offered("lightspine optimize x.yaml --seed "), "  \n");
}

LS_TEST(Help, zsh_takes_its_completion)
{
  const shim_result made = bash("lightspine help --zsh > _lightspine", shim_folder());
  EXPECT_EQ_I64(made.exit_code, 0);
  if (bash("command -v zsh", NULL).exit_code != 0) LS_TEST_SKIP("no zsh");
  const shim_result read =
      bash("lightspine help --zsh > _lightspine && zsh -n _lightspine", shim_folder());
  EXPECT_EQ_I64(read.exit_code, 0);
  EXPECT_STREQ(read.err, "");
}

/* ---- The manual page ---- */

LS_TEST(Help, the_manual_page_has_every_command_and_option)
{
  ls_yaml_tree tree;
  if (bash("command -v man && command -v groff", NULL).exit_code != 0) LS_TEST_SKIP("no man");
  const shim_result page = bash("lightspine help --man > lightspine.1 &&"
                                "MANWIDTH=200 man --warnings -E ascii -l lightspine.1 | col -b",
                                shim_folder());
  EXPECT_EQ_I64(page.exit_code, 0);
  EXPECT_STREQ(page.err, "");
  ASSERT_TRUE(table_read(&tree));
  for (const ls_yaml_node *command = first_command(&tree); command; command = command->next) {
    EXPECT_CONTAINS(page.out, shim_format("lightspine %s", text_of(command, "command")));
    for (const ls_yaml_node *option = ls_yaml_find(command, "options")->first; option;
         option = option->next)
      EXPECT_CONTAINS(page.out, shim_format("--%s", text_of(option, "option")));
  }
  ls_yaml_destroy(&tree);
}
