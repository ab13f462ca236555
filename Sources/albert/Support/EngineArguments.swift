public import AlbertArchitecture
public import ArgumentParser
public import AlbertVerification

extension Engine: ExpressibleByArgument {}
extension Engines: ExpressibleByArgument {}
