/// How far one phase of long work is, in words.
struct PhaseProgress {
  let label: String
  let done: Int
  let total: Int
  let unit: ProgressUnit
  var elapsed: Duration

  var percent: Int { Int(Double(done) / Double(total) * 100) }

  /// `212.0 MB/s`, `35.1 GFLOP/s`, `4.0 models/s` or `2.5 models/min`.
  private var rate: String? {
    guard done > 0, elapsed > .zero else { return nil }
    let pace = Double(done) / elapsed.seconds
    switch unit {
    case .bytes: return Numbers.bytes(Int(min(pace, 0x1p60))) + "/s"
    // A multiplication goes with an addition.
    case .multiplications: return Numbers.fixed(pace * 2000 / 1e9, 1) + " GFLOP/s"
    case .items(let name):
      return pace >= 1
        ? "\(Numbers.fixed(pace, 1)) \(name)/s" : "\(Numbers.fixed(pace * 60, 1)) \(name)/min"
    case .share: return nil
    }
  }

  /// `0:12 left`, as the pace so far has it.
  private var left: String? {
    guard done > 0 else { return nil }
    let rest = elapsed.seconds * Double(total - done) / Double(done)
    guard rest < 360_000 else { return nil }
    let whole = Int(rest.rounded(.up))
    let seconds = Numbers.two(whole % 60)
    return whole >= 3600
      ? "\(whole / 3600):\(Numbers.two(whole / 60 % 60)):\(seconds) left"
      : "\(whole / 60):\(seconds) left"
  }

  /// `converting took 0.12 s, 389.0 MB/s`.
  var summary: String {
    "\(label) took \(Numbers.fixed(elapsed.seconds, 2)) s" + (rate.map { ", \($0)" } ?? "")
  }

  private var details: String { [rate, left].compactMap(\.self).joined(separator: ", ") }

  /// `converting 43%, 212.0 MB/s, 0:12 left`.
  var line: String { "\(label) \(percent)%" + (details.isEmpty ? "" : ", \(details)") }

  /// The bar as it fits on one line.
  func bar(_ terminal: Terminal) -> String {
    let room = max(5, min(40, terminal.width - label.count - details.count - 9))
    let full = room * percent / 100
    let drawn =
      String(repeating: "█", count: full) + String(repeating: "░", count: room - full)
    return "\(label) \(terminal.styled(drawn, .cyan)) \(percent)% \(details)"
  }
}
