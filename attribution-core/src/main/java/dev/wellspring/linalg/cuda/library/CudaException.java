package dev.wellspring.linalg.cuda.library;

/// A function of NVIDIA's libraries did not succeed: which one, the status by number, name and text, and what to do
/// where that is known, in one line.
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String function;
    private final int status;

    /// @param explanation the status in words, and what to do
    public CudaException(String function, int status, String explanation) {
        super(function + ": expected success, got " + explanation);
        this.function = function;
        this.status = status;
    }

    /// The name of the function in its header.
    public String function() {
        return function;
    }

    /// What it returned.
    public int status() {
        return status;
    }
}
