import AlbertArchitecture
import AlbertDiagnosis
import AlbertTensors
import AlbertTestModels
import AlbertVerification
import Testing

/// What became of each number of a parameter is named with the parameter.
@Suite("Diagnosis of numbers")
struct ValueDiagnosisTests {
  private static let roles: [ParameterRole] = [
    .wordEmbeddings, .embeddingLayerNormWeight, .keyWeight, .ffnBias, .mlmBias,
  ]

  @Test("A parameter times a factor", arguments: Draft.names, [Float(0.125), -3, 1.0625])
  func scaled(_ name: String, _ factor: Float) throws {
    for role in Self.roles {
      let (all, draft) = try diagnose(name) {
        for index in $0[$0.block(role)].indices { $0[$0.block(role)][index] *= factor }
      }
      #expect(all.map(\.code) == [.scaled])
      #expect(all.first?.parameter == draft.block(role).name)
      #expect(all.first?.message.contains(" is \(factor) times what it should be") == true)
      #expect(all.first?.explains == 1)
    }
  }

  @Test("A factor that no number says exactly", arguments: Draft.names)
  func inexactFactor(_ name: String) throws {
    let (all, _) = try diagnose(name) { draft in
      draft[draft.block(.queryWeight)] = draft[draft.block(.queryWeight)].map { $0 * 0.3535534 }
      draft[draft.block(.queryBias)] = draft[draft.block(.queryBias)].map { $0 * 0.3535534 }
    }
    #expect(all.map(\.code) == [.scaled])
    #expect(all.first?.message.contains("0.353553 times") == true)
    #expect(all.first?.message.hasSuffix(", and its bias too") == true)
  }

  @Test("A parameter of the opposite sign", arguments: Draft.names)
  func signFlipped(_ name: String) throws {
    for role in Self.roles {
      let (all, draft) = try diagnose(name) {
        for index in $0[$0.block(role)].indices { $0[$0.block(role)][index].negate() }
      }
      #expect(all.map(\.code) == [.signFlipped])
      #expect(all.first?.parameter == draft.block(role).name)
      #expect(all.first?.explains == 1)
    }
  }

  @Test("A parameter that is present and all zero", arguments: Draft.names)
  func zeroed(_ name: String) throws {
    for role in Self.roles {
      let (all, draft) = try diagnose(name) {
        $0[$0.block(role)] = $0[$0.block(role)].map { _ in 0 }
      }
      #expect(all.map(\.code) == [.zeroed])
      #expect(all.first?.parameter == draft.block(role).name)
      #expect(all.first?.explains == 1)
    }
  }

  @Test("Zeros on the other side are said to be the reference's", arguments: Draft.names)
  func zeroedReference(_ name: String) throws {
    let sound = try Draft(name)
    var zeroed = sound
    zeroed[Parameter(.mlmBias)] = zeroed[Parameter(.mlmBias)].map { _ in 0 }
    let all = try sound.diagnose(against: zeroed)
    #expect(all.map(\.code) == [.zeroed])
    #expect(all.first?.message == "the vocabulary bias of the decoder of the reference is all zero")
  }

  @Test("The decoder's bias twice, and another one", arguments: Draft.names)
  func doubled(_ name: String) throws {
    for (role, code) in [(ParameterRole.mlmBias, Diagnosis.Code.biasDoubled), (.ffnBias, .scaled)] {
      let (all, draft) = try diagnose(name) {
        for index in $0[$0.block(role)].indices { $0[$0.block(role)][index] *= 2 }
      }
      #expect(all.map(\.code) == [code])
      #expect(all.first?.parameter == draft.block(role).name)
    }
  }

  /// Ways of losing digits, and what is said of them.
  enum Loss: String, CaseIterable {
    case float16 = "rounded to float16"
    case bfloat16 = "rounded to bfloat16"
    case truncated = "truncated to bfloat16 instead of rounded"
    case halfTruncated = "truncated to float16 instead of rounded"

    func apply(_ value: Float) -> Float {
      switch self {
      case .float16: Float(Float16(value))
      case .bfloat16: BFloat16(value).float
      case .truncated: Float(bitPattern: value.bitPattern & 0xFFFF_0000)
      case .halfTruncated:
        // Normal halves have 13 bits less; what is smaller has fewer still.
        abs(value) < 0x1p-14
          ? (value / 0x1p-24).rounded(.towardZero) * 0x1p-24
          : Float(bitPattern: value.bitPattern & 0xFFFF_E000)
      }
    }
  }

  @Test(
    "A file that holds numbers of less precision than its type",
    arguments: Draft.names, Loss.allCases)
  func precisionLoss(_ name: String, _ loss: Loss) throws {
    let (all, draft) = try diagnose(name) {
      $0.changeAll { for index in $0.indices { $0[index] = loss.apply($0[index]) } }
    }
    #expect(all.map(\.code) == [.precisionLoss])
    #expect(all.first?.parameter == Parameter(.wordEmbeddings).name)
    #expect(
      all.first?.message == "each of \(draft.values.count) parameters was \(loss.rawValue)")
    #expect(all.first?.explains == 1)
  }

  @Test("A single parameter of less precision", arguments: Draft.names, Loss.allCases)
  func onePrecisionLoss(_ name: String, _ loss: Loss) throws {
    let (all, draft) = try diagnose(name) {
      $0[$0.block(.ffnOutputWeight)] = $0[$0.block(.ffnOutputWeight)].map(loss.apply)
    }
    #expect(all.map(\.code) == [.precisionLoss])
    #expect(all.first?.parameter == draft.block(.ffnOutputWeight).name)
  }

  @Test("Matrices that went through 8-bit integers", arguments: Draft.names, [true, false])
  func quantised(_ name: String, _ isPerRow: Bool) throws {
    let matrices = try Draft(name).values.keys.filter { $0.role.isLinearWeight }
    let (all, draft) = try diagnose(name) { draft in
      for parameter in matrices {
        let old = draft[parameter]
        let width = isPerRow ? parameter.role.shape(in: draft.config).dimensions[1] : old.count
        draft[parameter] = stride(from: 0, to: old.count, by: width).flatMap { start in
          let row = old[start..<start + width]
          let scale = (row.map(abs).max() ?? 0) / 127
          return row.map { ($0 / scale).rounded() * scale }
        }
      }
    }
    #expect(all.map(\.code) == [.precisionLoss])
    #expect(all.first?.parameter == draft.block(.projectionWeight).name)
    #expect(
      all.first?.message
        == "each of \(matrices.count) parameters was quantised to int8 (\(isPerRow ? "one scale per row" : "one scale"))"
    )
  }

  @Test("A matrix that went through 4 bits in blocks of its rows", arguments: [32, 64])
  func quantisedInBlocks(_ block: Int) throws {
    // Symmetric, as onnxruntime has it: from -8 to 7 steps.
    func fourBits(_ row: ArraySlice<Float>) -> [Float] {
      let most = row.max { abs($0) < abs($1) } ?? 1
      return row.map { min(7, max(-8, ($0 / (most / -8)).rounded())) * (most / -8) }
    }
    let parameter = Parameter(.ffnOutputWeight)
    let (all, draft) = try diagnose("tiny-a") { draft in
      let old = draft[parameter]
      let width = parameter.role.shape(in: draft.config).dimensions[1]
      draft[parameter] = stride(from: 0, to: old.count, by: width).flatMap { row in
        stride(from: row, to: row + width, by: block).flatMap {
          fourBits(old[$0..<min($0 + block, row + width)])
        }
      }
    }
    #expect(all.map(\.code) == [.precisionLoss], "\(all)")
    #expect(all.first?.parameter == draft.block(.ffnOutputWeight).name)
    #expect(all.first?.message.contains("was quantised to 4 bits (one scale for ") == true)
  }

  @Test(
    "Short rows that went through 4 bits, with a zero point or without", arguments: [true, false])
  func quantisedInShortBlocks(isSymmetric: Bool) throws {
    // Its rows hold 24 numbers.
    let parameter = Parameter(.projectionWeight)
    let (all, draft) = try diagnose("tiny-b") { draft in
      let old = draft[parameter]
      let width = parameter.role.shape(in: draft.config).dimensions[1]
      draft[parameter] = stride(from: 0, to: old.count, by: width).flatMap { row in
        stride(from: row, to: row + width, by: 16).flatMap { first -> [Float] in
          let block = old[first..<min(first + 16, row + width)]
          let (least, most) = (min(0, block.min() ?? 0), max(0, block.max() ?? 0))
          let step = isSymmetric ? max(most, -least) / 7 : (most - least) / 15
          let zero = isSymmetric ? 0 : (-least / step).rounded()
          return block.map { (min(15, max(-8, ($0 / step).rounded() + zero)) - zero) * step }
        }
      }
    }
    #expect(all.map(\.code) == [.precisionLoss], "\(all)")
    #expect(all.first?.parameter == draft.block(.projectionWeight).name)
    #expect(all.first?.message.contains("was quantised to 4 bits (one scale for 16 ") == true)
  }

  @Test(
    "A matrix that went through 8 bits in blocks of its rows, with a zero point or without",
    arguments: [16, 32], [true, false])
  func quantisedTo8BitsInBlocks(_ block: Int, isSymmetric: Bool) throws {
    let parameter = Parameter(.ffnOutputWeight)
    let (all, draft) = try diagnose("tiny-a") { draft in
      let old = draft[parameter]
      let width = parameter.role.shape(in: draft.config).dimensions[1]
      draft[parameter] = stride(from: 0, to: old.count, by: width).flatMap { row in
        stride(from: row, to: row + width, by: block).flatMap { first -> [Float] in
          let block = old[first..<min(first + block, row + width)]
          let (least, most) = (min(0, block.min() ?? 0), max(0, block.max() ?? 0))
          let step = isSymmetric ? max(most, -least) / 127 : (most - least) / 255
          let zero = isSymmetric ? 0 : (-least / step).rounded()
          return block.map { (min(255, max(-128, ($0 / step).rounded() + zero)) - zero) * step }
        }
      }
    }
    #expect(all.map(\.code) == [.precisionLoss], "\(all)")
    #expect(all.first?.parameter == draft.block(.ffnOutputWeight).name)
    let words = "was quantised to 8 bits (one scale for \(block) "
    #expect(all.first?.message.contains(words) == true, "\(all)")
  }

  @Test("Halves whose smallest numbers were set to zero")
  func flushed() throws {
    let small = try Draft("tiny-a")
    var sound = small
    // A tenth of the numbers are subnormal halves.
    for index in sound[Parameter(.keyWeight)].indices where index % 10 == 0 {
      sound[Parameter(.keyWeight)][index] *= 0x1p-12
    }
    var spoiled = sound
    spoiled[Parameter(.keyWeight)] = spoiled[Parameter(.keyWeight)].map {
      abs($0) < Float(Float16.leastNormalMagnitude) ? 0 : Float(Float16($0))
    }
    let all = try spoiled.diagnose(against: sound)
    #expect(all.map(\.code) == [.precisionLoss])
    #expect(all.first?.message.hasSuffix("with its smallest numbers set to zero") == true)
  }

  @Test("A file of half precision is none that lost it", arguments: Draft.names)
  func halves(_ name: String) throws {
    let sound = try Draft(name)
    for type in [ElementType.float16, .bfloat16] {
      var half = sound
      half.type = type
      let result = try half.verify(against: sound)
      #expect(result.passes && result.diagnosis.isEmpty)
      // Other defects are found across types too.
      half.swap(half.block(.queryWeight), half.block(.keyWeight))
      half[Parameter(.mlmBias)] = half[Parameter(.mlmBias)].map { -$0 }
      let all = try half.diagnose(against: sound)
      #expect(all.map(\.code) == [.signFlipped, .swapped])
    }
  }

  @Test("Both half types of one model agree", arguments: Draft.names)
  func bothHalves(_ name: String) throws {
    var (float16, bfloat16) = (try Draft(name), try Draft(name))
    // Numbers below which float16 has fewer digits than bfloat16.
    for index in 0..<20 { float16[Parameter(.keyWeight)][index] *= 0x1p-14 }
    bfloat16[Parameter(.keyWeight)] = float16[Parameter(.keyWeight)]
    float16.type = .float16
    bfloat16.type = .bfloat16
    for (subject, reference) in [(float16, bfloat16), (bfloat16, float16)] {
      let result = try subject.verify(against: reference)
      #expect(result.passes && result.diagnosis.isEmpty)
    }
  }

  @Test("Zeros are zeros, whatever type the other side has", arguments: Draft.names)
  func zeroedAcrossTypes(_ name: String) throws {
    let sound = try Draft(name)
    var zeroed = sound
    zeroed[Parameter(.mlmBias)] = zeroed[Parameter(.mlmBias)].map { _ in 0 }
    for type in [ElementType.float16, .bfloat16] {
      var half = sound
      half.type = type
      #expect(try zeroed.diagnose(against: half).map(\.code) == [.zeroed])
      #expect(try half.diagnose(against: zeroed).map(\.code) == [.zeroed])
    }
  }

  @Test("A file whose bytes are in reverse order", arguments: Draft.names)
  func byteSwapped(_ name: String) throws {
    let (all, draft) = try diagnose(name) {
      $0.changeAll {
        for index in $0.indices { $0[index] = Float(bitPattern: $0[index].bitPattern.byteSwapped) }
      }
    }
    #expect(all.map(\.code) == [.byteSwapped])
    #expect(
      all.first?.message
        == "each of \(draft.values.count) parameters has the bytes of each number in reverse order")
    let (one, spoiled) = try diagnose(name) {
      $0[$0.block(.keyBias)] = $0[$0.block(.keyBias)].map {
        Float(bitPattern: $0.bitPattern.byteSwapped)
      }
    }
    #expect(one.map(\.code) == [.byteSwapped])
    #expect(one.first?.parameter == spoiled.block(.keyBias).name)
  }
}
