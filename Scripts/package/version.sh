# Read by the scripts beside it, in the package's folder: what the tool calls itself, and when its sources
# were made, so that the same sources make the same package.
version=$("$tool" --version | awk '{ print $NF }')
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C.UTF-8
umask 022
