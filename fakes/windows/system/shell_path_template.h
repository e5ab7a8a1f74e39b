/* SPDX-License-Identifier: MIT */
/* The path functions of shlwapi.h for one width of characters: shell_path.c includes this twice,
 * with CHAR_T and NAME(function) defined. They work on texts alone and look at no file. (No guard:
 * to be included twice is what it is for.) */

static size_t NAME(length)(const CHAR_T *text)
{
    size_t n = 0;

    while (text[n])
        n++;
    return n;
}

static void NAME(move)(CHAR_T *to, const CHAR_T *from)
{
    memmove(to, from, (NAME(length)(from) + 1) * sizeof(CHAR_T));
}

static BOOL NAME(is_letter)(CHAR_T c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static BOOL NAME(has_drive)(const CHAR_T *path)
{
    return NAME(is_letter)(path[0]) && path[1] == ':';
}

CHAR_T *WINAPI NAME(PathFindFileName)(const CHAR_T *path)
{
    const CHAR_T *last = path;

    for (; path && *path; path++) {
        if ((*path == '\\' || *path == '/' || *path == ':') && path[1] && path[1] != '\\' &&
            path[1] != '/')
            last = path + 1;
    }
    return (CHAR_T *)last;
}

CHAR_T *WINAPI NAME(PathFindExtension)(const CHAR_T *path)
{
    const CHAR_T *dot = NULL;

    for (; path && *path; path++) {
        if (*path == '\\' || *path == ' ')
            dot = NULL;
        else if (*path == '.')
            dot = path;
    }
    return (CHAR_T *)(dot ? dot : path);
}

CHAR_T *WINAPI NAME(PathAddBackslash)(CHAR_T *path)
{
    size_t n = path ? NAME(length)(path) : MAX_PATH;

    if (n >= MAX_PATH - 1)
        return NULL;
    if (n && path[n - 1] != '\\') {
        path[n++] = '\\';
        path[n] = 0;
    }
    return path + n;
}

CHAR_T *WINAPI NAME(PathRemoveBackslash)(CHAR_T *path)
{
    size_t n = path ? NAME(length)(path) : 0;

    if (!path)
        return NULL;
    if (!n)
        return path;
    if (path[n - 1] != '\\')
        return path + n - 1 + (path[n - 1] != 0);
    if (!NAME(PathIsRoot)(path))
        path[n - 1] = 0;
    return path + n - 1;
}

BOOL WINAPI NAME(PathIsRelative)(const CHAR_T *path)
{
    return !path || !*path || !(*path == '\\' || NAME(has_drive)(path));
}

BOOL WINAPI NAME(PathIsUNC)(const CHAR_T *path)
{
    return path && path[0] == '\\' && path[1] == '\\';
}

/* "\", "C:\", "\\server", "\\server\share". */
BOOL WINAPI NAME(PathIsRoot)(const CHAR_T *path)
{
    unsigned n_slashes = 0;

    if (!path || !*path)
        return FALSE;
    if (*path == '\\' && !path[1])
        return TRUE;
    if (path[0] != '\\')
        return NAME(has_drive)(path) && path[2] == '\\' && !path[3];
    if (path[1] != '\\')
        return FALSE;
    for (const CHAR_T *at = path + 2; *at; at++) {
        if (*at == '\\' && (++n_slashes > 1 || !at[1]))
            return FALSE;
    }
    return TRUE;
}

INT WINAPI NAME(PathGetDriveNumber)(const CHAR_T *path)
{
    return path && NAME(has_drive)(path) ? (path[0] | 32) - 'a' : -1;
}

/* What stands in front of the last element, without its backslash unless that is the root's. */
BOOL WINAPI NAME(PathRemoveFileSpec)(CHAR_T *path)
{
    CHAR_T *at = path, *cut = path;

    if (!path)
        return FALSE;
    if (*at == '\\')
        cut = ++at;
    if (*at == '\\')
        cut = ++at;
    for (; *at; at++) {
        if (*at == '\\')
            cut = at;
        if (*at == ':') {
            cut = at + 1;
            if (at[1] == '\\')
                cut = ++at + 1;
        }
    }
    if (!*cut)
        return FALSE;
    *cut = 0;
    return TRUE;
}

BOOL WINAPI NAME(PathStripToRoot)(CHAR_T *path)
{
    if (!path)
        return FALSE;
    while (!NAME(PathIsRoot)(path)) {
        if (!NAME(PathRemoveFileSpec)(path))
            return FALSE;
    }
    return TRUE;
}

VOID WINAPI NAME(PathStripPath)(CHAR_T *path)
{
    CHAR_T *name = NAME(PathFindFileName)(path);

    if (path && name != path)
        NAME(move)(path, name);
}

VOID WINAPI NAME(PathRemoveExtension)(CHAR_T *path)
{
    if (path)
        *NAME(PathFindExtension)(path) = 0;
}

BOOL WINAPI NAME(PathRenameExtension)(CHAR_T *path, const CHAR_T *extension)
{
    CHAR_T *at = NAME(PathFindExtension)(path);

    if ((size_t)(at - path) + NAME(length)(extension) >= MAX_PATH)
        return FALSE;
    NAME(move)(at, extension);
    return TRUE;
}

/* "." and ".." worked out; a path never goes above its root. */
BOOL WINAPI NAME(PathCanonicalize)(CHAR_T *to, const CHAR_T *from)
{
    size_t n = 0, root;

    if (to)
        to[0] = 0;
    if (!to || !from)
        return FALSE;
    if (NAME(length)(from) >= MAX_PATH)
        return FALSE;
    root = NAME(has_drive)(from) && from[2] == '\\' ? 3 : from[0] == '\\' ? 1 : 0;
    for (; n < root; n++)
        to[n] = *from++;
    while (*from) {
        size_t length = 0;
        while (from[length] && from[length] != '\\')
            length++;
        BOOL is_dot = length == 1 && from[0] == '.';
        BOOL is_up = length == 2 && from[0] == '.' && from[1] == '.';
        if (is_up) {
            n -= n > root && to[n - 1] == '\\' ? 1 : 0;
            while (n > root && to[n - 1] != '\\')
                n--;
            n -= n > root && !from[length] ? 1 : 0;
        } else if (!is_dot) {
            for (size_t i = 0; i < length; i++)
                to[n++] = from[i];
        } else if (!from[length] && n > root && to[n - 1] == '\\') {
            n--;
        }
        from += length;
        if (*from == '\\') {
            if (!is_dot && !is_up)
                to[n++] = '\\';
            from++;
        }
    }
    if (!n)
        to[n++] = '\\';
    if (n == 2 && NAME(has_drive)(to))
        to[n++] = '\\';
    to[n] = 0;
    return TRUE;
}

CHAR_T *WINAPI NAME(PathCombine)(CHAR_T *to, const CHAR_T *folder, const CHAR_T *file)
{
    CHAR_T whole[2 * MAX_PATH + 2] = { 0 };
    size_t n_folder = folder ? NAME(length)(folder) : 0, n_file = file ? NAME(length)(file) : 0;

    if (!to)
        return NULL;
    if ((!folder && !file) || n_folder >= MAX_PATH || n_file >= MAX_PATH) {
        to[0] = 0;
        return NULL;
    }
    if (!n_file) {
        NAME(move)(whole, folder ? folder : file);
    } else if (!n_folder ||
               (!NAME(PathIsRelative)(file) && !(file[0] == '\\' && file[1] != '\\'))) {
        NAME(move)(whole, file);
    } else {
        NAME(move)(whole, folder);
        if (file[0] == '\\') { /* from the root of the folder */
            NAME(PathStripToRoot)(whole);
            file++;
        }
        n_folder = NAME(length)(whole);
        if (n_folder && whole[n_folder - 1] != '\\')
            whole[n_folder++] = '\\';
        NAME(move)(whole + n_folder, file);
    }
    if (!NAME(PathCanonicalize)(to, whole)) {
        to[0] = 0;
        return NULL;
    }
    return to;
}

BOOL WINAPI NAME(PathAppend)(CHAR_T *path, const CHAR_T *more)
{
    if (!path || !more)
        return FALSE;
    while (*more == '\\' && !NAME(PathIsUNC)(more))
        more++;
    return NAME(PathCombine)(path, path, more) != NULL;
}

VOID WINAPI NAME(PathUnquoteSpaces)(CHAR_T *path)
{
    size_t n = path ? NAME(length)(path) : 0;

    if (n < 2 || path[0] != '"' || path[n - 1] != '"')
        return;
    path[n - 1] = 0;
    NAME(move)(path, path + 1);
}

VOID WINAPI NAME(PathQuoteSpaces)(CHAR_T *path)
{
    size_t n = path ? NAME(length)(path) : 0, i = 0;

    while (i < n && path[i] != ' ')
        i++;
    if (i == n || n + 2 >= MAX_PATH)
        return;
    NAME(move)(path + 1, path);
    path[0] = path[n + 1] = '"';
    path[n + 2] = 0;
}
