// libFuzzer's entry for programs that have a main function of their own.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Runs `callback` on ever new inputs, as the arguments say; returns when time is up.
int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
