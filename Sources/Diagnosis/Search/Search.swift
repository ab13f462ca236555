/// What is known of a model, and how candidates are held against it.
protocol Evidence: AnyObject {
  /// One thing that is wrong and wants an explanation.
  associatedtype Question
  /// What may explain it.
  associatedtype Candidate
  /// A candidate and how well it explains.
  associatedtype Measured
  associatedtype Answer

  /// The next thing that is wrong; nil where there is no more.
  func nextQuestion() -> Question?

  /// Sets of candidates, each made only where those before it explain nothing.
  func rounds(of question: Question) -> [() -> AnySequence<Candidate>]

  /// What a short look does not refute.
  func screen(_ candidates: AnySequence<Candidate>, for question: Question)
    -> AnySequence<Candidate>

  /// What explains the question, measured on all that is known.
  func measure(_ candidates: AnySequence<Candidate>, for question: Question)
    -> AnySequence<Measured>

  /// The best of them; nil where none will do.
  func accept(_ measured: AnySequence<Measured>, for question: Question) -> Answer?

  /// Takes an answer, or none, into account.
  func close(_ question: Question, with answer: Answer?)

  /// All that was found, most specific first.
  var conclusion: [Diagnosis] { get }
}

/// The search for explanations, whatever the evidence.
enum Search {
  /// Answers every question.
  static func run(_ evidence: some Evidence) -> [Diagnosis] {
    while let question = evidence.nextQuestion() {
      evidence.close(question, with: answer(to: question, by: evidence))
    }
    return evidence.conclusion
  }

  private static func answer<E: Evidence>(to question: E.Question, by evidence: E) -> E.Answer? {
    for round in evidence.rounds(of: question) {
      let possible = evidence.screen(round(), for: question)
      let measured = evidence.measure(possible, for: question)
      if let answer = evidence.accept(measured, for: question) { return answer }
    }
    return nil
  }
}
