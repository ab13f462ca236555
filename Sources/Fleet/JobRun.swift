package import AlbertBytes
package import AlbertJSON
internal import Synchronization
package import SystemPackage

/// Conversions side by side, each in a process of its own: one that fails, or that the system ends, takes
/// no other along.
package struct JobRun: Sendable {
  /// How a conversion ended.
  package enum Result: String, CaseIterable, Sendable {
    /// Written and verified.
    case ok
    /// Written, and its verification failed: it has no name.
    case failed
    /// The source cannot be used, or the output not be written.
    case error
    /// An output is there already, which only a finished conversion leaves.
    case there
  }

  /// A conversion and its end.
  package struct Outcome: Sendable {
    package let job: JobList.Job
    package let result: Result
    /// The document that the process printed; null where it printed none.
    package let document: JSONValue
    /// How long it took.
    package let seconds: Double

    /// What hindered it, in a sentence.
    package var message: String? {
      switch result {
      case .ok: nil
      case .there: "its output is there already"
      case .failed: "what was written is not what it should be"
      case .error: document["error"]?["message"]?.string ?? "the process ended without a word"
      }
    }
  }

  private let program: FilePath
  private let arguments: [[UInt8]]
  private let replaces: Bool

  /// Prepares runs of `program` with `arguments`, behind which source and output are put.
  package init(_ program: FilePath, _ arguments: [[UInt8]], replaces: Bool) {
    self.program = program
    self.arguments = arguments
    self.replaces = replaces
  }

  /// Carries out all conversions, `count` at a time; the outcomes have the list's order.
  ///
  /// Throws `cancelled` where the observer gives up.
  package func run(_ list: JobList, atOnce count: Int, _ observer: WorkObserver)
    throws(FileError) -> [Outcome]
  {
    let outcomes = Mutex<[Outcome?]>(list.jobs.map { _ in nil })
    let tally = WorkTally(of: list.jobs.count, observer.progress)
    let threads = max(1, Machine.cores / max(1, min(count, list.jobs.count)))
    observer.progress(0, list.jobs.count)
    Machine.concurrently(list.jobs.count, atMost: count) { index in
      if observer.isCancelled() { return }
      let outcome = outcome(of: list.jobs[index], threads: threads, observer)
      outcomes.withLock { $0[index] = outcome }
      tally.add(1)
    }
    try observer.check("the conversions")
    return outcomes.withLock { $0.compactMap { $0 } }
  }

  private func outcome(of job: JobList.Job, threads: Int, _ observer: WorkObserver) -> Outcome {
    let clock = ContinuousClock()
    let begin = clock.now
    if !replaces, job.output.isTaken {
      return Outcome(job: job, result: .there, document: .null, seconds: 0)
    }
    let paths = [Array("--".utf8), job.source.bytes, job.output.bytes]
    let ending: Process.Ending
    do throws(Errno) {
      ending = try Process.run(
        program, arguments + paths, setting: ("OPENBLAS_NUM_THREADS", String(threads)),
        isCancelled: observer.isCancelled)
    } catch {
      ending = Process.Ending(status: -1, output: [])
    }
    let document = try? JSONValue.parse(ending.output, path: "the document of a conversion")
    let result: Result =
      switch ending.status {
      case 0: .ok
      case 1: .failed
      default: .error
      }
    let duration = (clock.now - begin).components
    let seconds = Double(duration.seconds) + Double(duration.attoseconds) / 1e18
    return Outcome(job: job, result: result, document: document ?? .null, seconds: seconds)
  }
}
