package dev.wellspring.run;

import java.io.Serial;

/// The run was asked to stop and did, with everything finished so far on disk.
public final class CancelledException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public CancelledException(String message) {
        super(message);
    }
}
