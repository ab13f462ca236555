import AlbertArchitecture
import ArgumentParser
import AlbertVerification

extension Engine: ExpressibleByArgument {}
extension Engines: ExpressibleByArgument {}
