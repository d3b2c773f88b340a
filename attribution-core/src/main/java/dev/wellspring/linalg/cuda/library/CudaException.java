package dev.wellspring.linalg.cuda.library;

/// A function of NVIDIA's libraries did not succeed: which one, the status by number, name and text, and what to do
/// where that is known, in one line.
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String function;
    private final int status;
    private final boolean outOfMemory;

    /// @param explanation the status in words, and what to do
    public CudaException(String function, int status, String explanation) {
        this(function, status, explanation, false);
    }

    /// @param outOfMemory whether the device has too little memory left
    public CudaException(String function, int status, String explanation, boolean outOfMemory) {
        super(function + ": expected success, got " + explanation);
        this.function = function;
        this.status = status;
        this.outOfMemory = outOfMemory;
    }

    /// The name of the function in its header.
    public String function() {
        return function;
    }

    /// Whether the device has too little memory left: the same call may succeed once there is more.
    public boolean outOfMemory() {
        return outOfMemory;
    }

    /// What it returned.
    public int status() {
        return status;
    }
}
