/// Every threshold of a diagnosis, with its unit and its reason.
enum Policy {
  // MARK: Numbers of parameters

  /// Elements that differ of a parameter, which refute nearly every candidate before all are compared.
  static let samples = 48
  /// Samples of which one may contradict: single elements may be damaged beside.
  static let samplesPerException = 10
  /// Elements that differ of which one may be left unexplained, for the same reason.
  static let elementsPerException = 100
  /// Units in the last place that a factor may leave: it is itself known to about one, and the
  /// product was rounded.
  static let scalingUlps = 8.0
  /// Multiples of those by which a factor must differ from 1 to be no rounding.
  static let leastScaling = 4.0
  /// First numbers that tell parameters apart.
  static let fingerprint = 16
  /// Parameters that one is taken for, together over all that differ: of models with hundreds of
  /// blocks not everything is compared with everything.
  static let comparisons = 100_000
  /// The fewest and the most of these for one parameter: alone, with one defect more, with two.
  static let (sources, sourcesWithOne, sourcesWithTwo) = (32...512, 4...24, 2...8)
  /// Numbers of a head by which it is another one's equal.
  static let headProbes = 6
  /// Numbers of a matrix by which it resembles another: by chance so many do not correlate.
  static let resemblance = 256...1024
  /// The correlation from which on numbers are the same, and the one below which they are not.
  static let (alike, unlike) = (0.9, 0.5)
  /// The fewest numbers that tell multiples of a step from coincidence.
  static let fewestIntegers = 8
  /// How far a number may be from a multiple, in steps: what Float32 leaves.
  static let stepSlack = 1e-3
  /// Parameters up to which what happens to whole files is named of each.
  static let namedOneByOne = 4

  // MARK: Rows of tables

  /// Rows that tell whether it is worth while to look for all, and the share of them to be found.
  static let (rowProbes, foundRowProbes) = (64, 0.25)
  /// Numbers of a row that identify it.
  static let rowKey = 8
  /// The share of the rows that must be elsewhere, or shifted alike, for the table to be.
  static let tellingRows = 0.9
  /// The share of the rows that must be in place for a table to be cut or padded.
  static let keptRows = 0.99

  // MARK: Training

  /// Differences up to this, relative to the weights, are a matter of arithmetic.
  static let leastMovement = 1e-4
  /// Matrices that training moves at least.
  static let movedMatrices = 3
  /// The share of the matrices that training moves, in the parts of the model that it moves at all.
  static let movedShare = 0.8
  /// The cosine from which on weights are those of the same model.
  static let sameModel = 0.5
  /// The share of the samples that must be different numbers: fewer lie on a grid.
  static let distinctSamples = 0.5
  /// The correlation of outputs below which two models have nothing in common, and the fewest tokens
  /// that tell.
  static let (unrelated, unrelatedTokens) = (0.3, 6)

  /// The fewest numbers of a matrix of which no correlation says that it is another one.
  static let fewestUnrelated = 64
  /// Standard deviations that new models begin with: 0.02 in every publisher's code, and as much around it as
  /// few numbers leave.
  static let freshDeviations = 0.017...0.023

  // MARK: Outputs

  /// Float32 multiplications that the search for one explanation may cost: some seconds on two cores.
  static let multiplications = 800e9
  /// The most numbers in all layers' matrices at which each layer is searched with weights of its own, which packs
  /// them for every pass: some seconds.
  static let separateLayers = 6e6
  /// What a multiplication in Float64 costs, in those in Float32.
  static let referenceCost = 8.0
  /// Passes of a whole golden file in Float64 that measuring and confirming may cost beside.
  static let confirmations = 64.0
  /// Explanations after which a diagnosis ends.
  static let explanations = 8
  /// Recorded numbers that are kept, stages of all kinds together: some 200 MB.
  static let goldenValues = 24_000_000
  /// The share of an error that may remain beyond what rounding explains.
  static let remainder = 0.05
  /// The same of an error that is as random as that of rounding.
  static let roundedRemainder = 0.7
  /// The same where rounding explains what remains.
  static let explainedRemainder = 0.3
  /// The probability that any of the candidates tried fits by accident.
  static let accident = 1e-4
  /// Independent directions that are counted at most: activations are correlated.
  static let directions = 24
  /// Numbers that decide, and sequences that are looked at for them at most.
  static let (decidingNumbers, decidingSequences) = (128, 32)
  /// Multiples of the allowance from which on Float32 is enough to call a step wrong.
  static let clearlyWrong = 20.0
  /// The share of an error that a candidate may leave in Float32, in units of `remainder`.
  static let screeningMargin = 1.2
  /// Candidates that are measured in Float64.
  static let measured = 40
  /// How far from 1 a factor must be that few outputs show, where they are off by no more than rounding.
  static let leastFittedFactor = 0.05
  /// The root mean square of an error that is as large as allowed: the largest of many is some three
  /// times that.
  static let peak = 3.0
  /// The share of the allowance below which errors are equal.
  static let equalErrors = 0.125
  /// The share of the error that an accepted defect must explain.
  static let leastShare = 0.3
  /// The share of a stage's size up to which an error may come from rounded weights.
  static let roundingError = 0.1
  /// Words from which on only one logit in many is looked at in Float32, and the distance.
  static let (wideVocabulary, wideStride) = (4096, 61)
  /// The share of the error that one of two defects at most leaves alone, and how many are combined.
  static let (partialRemainder, firstOfPair, secondOfPair) = (0.97, 8, 4)
  /// Blocks up to which all pairs of them are exchanged.
  static let exchangedBlocks = 12
  /// Later steps are wrong beyond this many allowances: Float32 measures them.
  static let laterSteps = 3.0
  /// Numbers of a token that tell whether few of them are wrong, the share of a token that is few,
  /// and the share of the worst from which on a number is wrong.
  static let (sparseWidth, sparseShare, sparseError) = (16, 0.1, 0.01)
  /// Tokens of which the rows of tables, logits' columns and decoders are read off.
  static let (embeddedTokens, columnTokens, decodedTokens) = (64, 12, 48)
  /// The fewest tokens for that.
  static let (fewestEmbedded, fewestDecoded) = (3, 4)
  /// How far from 1 the correlation of a recorded embedding with its rows may be.
  static let embeddingSlack = 1e-5
  /// Comparisons of numbers that the search for words' rows may cost.
  static let rowComparisons = 1e9
  /// Allowances that must lie outside of what a decoder can give for it to be another one.
  static let outsideAllowances = 20.0
  /// The share of the logits that must, where they are known to come from a matrix and where not.
  static let (outsideLinear, outsideUnknown) = (0.005, 0.05)
  /// The share of the logits that a linear function of the state in front of them may leave.
  static let linearRemainder = 1e-3
  /// The share of its tolerance from which on a stage counts as another: a short probe shows a
  /// little less than the full ones do.
  static let visible = 0.5
}
