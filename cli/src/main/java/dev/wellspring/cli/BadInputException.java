package dev.wellspring.cli;

import java.io.Serial;

/// Arguments that cannot be met. The message names the option, what was expected, what was found and what to do.
public final class BadInputException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public BadInputException(String message) {
        super(message);
    }
}
