package dev.wellspring.run;

/// A folder that cannot take this run: another run is in it, or it holds something else. The message is one line
/// that says what to do.
public final class RunFolderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RunFolderException(String message) {
        super(message);
    }
}
