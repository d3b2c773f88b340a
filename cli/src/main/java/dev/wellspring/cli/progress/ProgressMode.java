package dev.wellspring.cli.progress;

import java.util.Locale;

/// What `--progress` chooses.
public enum ProgressMode {
    /// A bar on a terminal, plain lines elsewhere.
    AUTO,
    /// A line every ten seconds.
    PLAIN,
    /// Nothing but notes.
    OFF;

    /// The word for it on the command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
