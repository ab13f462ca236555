"""What a folder holds, to be compared before and after."""
import hashlib
import os
import stat


def snapshot(folder):
    """Every path within a folder, with what tells its content: bytes, a link's target, or a kind."""
    found = {}
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(place, name)
            found[os.path.relpath(path, folder)] = content(path)
    return found


def content(path):
    """What is at a path, following no link; None where nothing is."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            return "file " + hashlib.sha256(file.read()).hexdigest()[:16]
    if stat.S_ISLNK(status.st_mode):
        return "link to " + os.readlink(path)
    return {
        stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket",
        stat.S_IFCHR: "character device", stat.S_IFBLK: "block device",
    }[stat.S_IFMT(status.st_mode)]


def is_hidden(path):
    """Whether a path lies under a name that `ls` does not show."""
    return any(part.startswith(".") for part in path.split(os.sep))


def hidden(tree):
    """The paths of a snapshot that `ls` does not show."""
    return sorted(path for path in tree if is_hidden(path))


def visible(tree):
    """A snapshot without them."""
    return {path: what for path, what in tree.items() if not is_hidden(path)}


def difference(tree, wanted):
    """In words, how a snapshot differs from another."""
    words = ["%s missing" % path for path in sorted(wanted.keys() - tree.keys())]
    words += ["%s not wanted" % path for path in sorted(tree.keys() - wanted.keys())]
    words += [
        "%s changed" % path for path in sorted(tree.keys() & wanted.keys())
        if tree[path] != wanted[path]]
    return ", ".join(words[:6]) or "nothing"
