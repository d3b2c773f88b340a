package dev.wellspring.model.checkpoint;

/// A checkpoint, or another file of its form, that cannot be trusted or cannot be written. The message is one
/// line that names the file and the field, what was expected, what was found, what to do.
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
