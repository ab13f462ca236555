import AlbertPlatform

/// How long `body` takes, in seconds.
package func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  let duration = (ContinuousClock.now - start).components
  return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
}

/// The processor time that the process took so far, in seconds.
package var processorSeconds: Double {
  var usage = rusage()
  let this: Int32 = 0  // RUSAGE_SELF, whose type differs between systems
  getrusage(this, &usage)
  return [usage.ru_utime, usage.ru_stime]
    .map { Double($0.tv_sec) + Double($0.tv_usec) * 1e-6 }.reduce(0, +)
}
