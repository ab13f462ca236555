internal import CSupport

/// What a worker takes from itself before it looks at the first byte of a file.
enum HDF5Confinement {
  /// Sets every limit; throws where the task demands a confinement that cannot be had.
  static func apply(_ task: HDF5Task) throws(HDF5Failure) {
    // Left are the file, the answer and /dev/null.
    albertkit_close_from(3)
    albertkit_limit_process(UInt64(task.memory), UInt64(max(1, task.seconds)))
    guard sandbox() || !task.requireSandbox else {
      throw HDF5Failure(
        kind: .unconfined, message: "the worker process cannot be shut off from the system")
    }
  }

  /// Shuts the process off from files and from system calls that parsing does not need; returns
  /// whether that succeeded.
  ///
  /// This is the one place where Landlock and seccomp belong.
  private static func sandbox() -> Bool {
    false
  }
}
