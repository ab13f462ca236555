// What Swift cannot import from the C library, each with the reason.
#pragma once

/// `O_TMPFILE`: a macro built from casts and octal alternatives, which Swift does not import.
extern const int albertkit_o_tmpfile;
