/* Where the catalog and the example specs lie that come with the program. */
#ifndef LS_DATA_FOLDER_H
#define LS_DATA_FOLDER_H

#ifdef __cplusplus
extern "C" {
#endif

/* The path of a file that comes with the program, such as "catalog.yaml": in share/lightspine of
 * where the program (or the library) is installed, else in the folder that it was built from. path
 * has capacity bytes; a longer one is cut. The file need not exist. */
void ls_data_path(const char *name, char *path, int capacity);

#ifdef __cplusplus
}
#endif
#endif
