package dev.wellspring.linalg.cuda.library;

/// Something that a device cannot be used without is missing, or too old. Its message is for people, one line.
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnavailableException(String message) {
        super(message);
    }

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
