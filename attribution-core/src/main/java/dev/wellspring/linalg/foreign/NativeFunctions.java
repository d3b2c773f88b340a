package dev.wellspring.linalg.foreign;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// The functions of an open library, by name.
///
/// @param name of the library, for people
public record NativeFunctions(String name, SymbolLookup library) {
    /// @throws UnsatisfiedLinkError when the library lacks it
    public MethodHandle find(String function, FunctionDescriptor type) {
        MemorySegment address =
                library.find(function).orElseThrow(() -> new UnsatisfiedLinkError(name + ": no function " + function));
        return Linker.nativeLinker().downcallHandle(address, type);
    }

    /// One that returns a status.
    public MethodHandle status(String function, MemoryLayout... arguments) {
        return find(function, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /// What came out of a call: a native function throws nothing of its own, so only what was thrown around it, or
    /// errors of the JVM.
    public static RuntimeException unexpected(Throwable failure) {
        return switch (failure) {
            case RuntimeException known -> known;
            case Error error -> throw error;
            default -> new IllegalStateException(failure);
        };
    }
}
