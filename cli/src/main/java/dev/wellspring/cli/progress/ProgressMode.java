package dev.wellspring.cli.progress;

/// What `--progress` chooses.
public enum ProgressMode {
    /// A bar on a terminal, plain lines elsewhere.
    AUTO,
    /// A line every ten seconds.
    PLAIN,
    /// Nothing but notes.
    OFF
}
