package dev.wellspring.run;

/// A run that cannot be made of what the user gave: the folder holds something else, the options cannot be met, there
/// are no documents. The message is one line that says what was expected, what was found and what to do.
public final class RunRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RunRefusedException(String message) {
        super(message);
    }

    public RunRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
