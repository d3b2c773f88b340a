package dev.wellspring.run;

/// The user asked the run to stop, and it did, after a commit.
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CancelledException(String message) {
        super(message);
    }
}
