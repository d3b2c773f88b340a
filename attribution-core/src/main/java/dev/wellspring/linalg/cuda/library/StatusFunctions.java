package dev.wellspring.linalg.cuda.library;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A library whose functions return a status, 0 for success.
interface StatusFunctions {
    /// One call.
    @FunctionalInterface
    interface Call {
        int status() throws Throwable;
    }

    /// One call that writes what it finds to a place of eight bytes.
    @FunctionalInterface
    interface Asking {
        int status(MemorySegment place) throws Throwable;
    }

    /// A status that is not success, in words.
    CudaException failure(String function, int status);

    /// @throws CudaException when the status is not success
    default void call(String function, Call call) {
        int status;
        try {
            status = call.status();
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
        if (status != 0) {
            throw failure(function, status);
        }
    }

    /// What the call writes, a pointer or a size.
    default long ask(String function, Asking asking) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(JAVA_LONG);
            call(function, () -> asking.status(place));
            return place.get(JAVA_LONG, 0);
        }
    }

    /// What the call writes, an `int`.
    default int askInt(String function, Asking asking) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(JAVA_LONG);
            call(function, () -> asking.status(place));
            return place.get(JAVA_INT, 0);
        }
    }

    /// The text of a function `const char *f(status)`.
    static String text(MethodHandle function, int status) {
        try {
            return string((MemorySegment) function.invokeExact(status));
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// A `const char *`, which may be null.
    static String string(MemorySegment address) {
        return address.address() == 0
                ? "no text"
                : address.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
