extension Dictionary {
  /// What each key stands for first.
  package init(firstOfEach pairs: some Sequence<(Key, Value)>) {
    self.init(pairs, uniquingKeysWith: { first, _ in first })
  }
}
