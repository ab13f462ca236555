internal import Albert

extension [WeightFinding] {
  /// One finding for two parameters that hold each other's numbers: that of the first.
  var withPairsOnce: [WeightFinding] {
    var result: [WeightFinding] = []
    for finding in self {
      guard finding.other != nil, let back = first(where: { $0.isReverse(of: finding) }) else {
        result.append(finding)
        continue
      }
      if result.contains(where: { $0.isReverse(of: finding) }) { continue }
      var both = finding
      both.isMutual = true
      both.error.add(back.error)
      result.append(both)
    }
    return result
  }

  /// One finding for a weight and its bias where the same happened to both.
  var withBiasesInWeights: [WeightFinding] {
    compactMap { finding in
      if contains(where: { $0.includes(finding) }) { return nil }
      guard let bias = first(where: { finding.includes($0) }) else { return finding }
      var both = finding
      both.includesBias = true
      both.error.add(bias.error)
      return both
    }
  }

  /// One finding for what happened to more than a few parameters where it is a matter of the whole
  /// file: its byte order or its precision.
  var withWholeFilesOnce: [WeightFinding] {
    let ofFiles: [Diagnosis.Code] = [.byteSwapped, .precisionLoss]
    let namedOneByOne = 4
    return compactMap { finding in
      guard ofFiles.contains(finding.code) else { return finding }
      let alike = filter {
        $0.code == finding.code && $0.words == finding.words
          && $0.isOfReference == finding.isOfReference
      }
      guard alike.count > namedOneByOne else { return finding }
      guard alike[0].parameter == finding.parameter else { return nil }
      var all = finding
      all.count = alike.count
      for other in alike.dropFirst() { all.error.add(other.error) }
      return all
    }
  }
}

extension WeightFinding {
  /// Whether this says that the other one's parameters are swapped the other way round.
  fileprivate func isReverse(of finding: WeightFinding) -> Bool {
    code == .swapped && finding.code == .swapped && parameter == finding.other
      && other == finding.parameter
  }
}
