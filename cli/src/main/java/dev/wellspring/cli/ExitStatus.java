package dev.wellspring.cli;

/// What a process says with its exit status.
final class ExitStatus {
    /// Done.
    static final int DONE = 0;
    /// The run failed, or stopped before its end.
    static final int FAILED = 1;
    /// Bad arguments or bad input.
    static final int BAD_INPUT = 2;

    private ExitStatus() {}
}
