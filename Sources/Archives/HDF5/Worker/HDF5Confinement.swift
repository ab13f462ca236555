internal import CAlbertPlatform

/// What a worker takes from itself before it looks at the first byte of a file.
enum HDF5Confinement {
  /// Sets every limit, and says whether all of the confinement could be had; throws where it could
  /// not and the task demands it.
  ///
  /// A kernel without Landlock or seccomp leaves the limits on resources, and a file's only way out
  /// would be a flaw of libhdf5's that runs code.
  static func apply(_ task: HDF5Task) throws(HDF5Failure) -> Bool {
    // Left are the file, the answer and /dev/null.
    albertkit_close_from(3)
    let isConfined = albertkit_confine_process(
      UInt64(task.memory), UInt64(max(1, task.seconds)))
    guard isConfined || !task.requireSandbox else {
      throw HDF5Failure(
        kind: .refused, message: "the kernel lacks Landlock or seccomp, or keeps them off")
    }
    return isConfined
  }
}
