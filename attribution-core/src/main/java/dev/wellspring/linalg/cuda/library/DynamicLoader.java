package dev.wellspring.linalg.cuda.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The system's own loader, `dlopen`: other than [SymbolLookup#libraryLookup] it says why a library does not load.
///
/// The handles read like its header, dlfcn.h.
record DynamicLoader(MethodHandle dlopen, MethodHandle dlsym, MethodHandle dlclose, MethodHandle dlerror) {
    private static final int RTLD_NOW = 2;
    private static final int RTLD_NOLOAD = 4;

    /// What came of opening a library.
    sealed interface Opening {}

    /// A library's symbols, there until it is closed.
    record Opened(MemorySegment handle, SymbolLookup symbols) implements Opening {}

    /// Why it does not load, in the loader's words.
    record Refused(String reason) implements Opening {}

    /// Nothing on a system that has no `dlopen`.
    static Optional<DynamicLoader> find() {
        SymbolLookup system = Linker.nativeLinker().defaultLookup();
        if (system.find("dlopen").isEmpty()) {
            return Optional.empty();
        }
        var functions = new NativeFunctions("libc", system);
        return Optional.of(new DynamicLoader(
                functions.find("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT)),
                functions.find("dlsym", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS)),
                functions.find("dlclose", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
                functions.find("dlerror", FunctionDescriptor.of(ADDRESS))));
    }

    /// Opens a library, which then also serves others that ask for one of its name.
    ///
    /// @param library a path, or a name that the loader looks for
    Opening open(String library) {
        try {
            MemorySegment handle = dlopen(library, RTLD_NOW);
            return handle.address() == 0
                    ? new Refused(StatusFunctions.string((MemorySegment) dlerror.invokeExact()))
                    : opened(handle);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// A library that this process has open already under that name, opened once more; nothing otherwise.
    Optional<Opened> reopen(String name) {
        MemorySegment handle = dlopen(name, RTLD_NOW | RTLD_NOLOAD);
        return handle.address() == 0 ? Optional.empty() : Optional.of(opened(handle));
    }

    private MemorySegment dlopen(String library, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (MemorySegment) dlopen.invokeExact(arena.allocateFrom(library), flags);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    private Opened opened(MemorySegment handle) {
        return new Opened(handle, name -> symbol(handle, name));
    }

    /// Takes back one opening. What something else has open stays in the process.
    ///
    /// @return whether the loader took it
    boolean close(Opened library) {
        try {
            return (int) dlclose.invokeExact(library.handle()) == 0;
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    private Optional<MemorySegment> symbol(MemorySegment library, String name) {
        try (Arena arena = Arena.ofConfined()) {
            var address = (MemorySegment) dlsym.invokeExact(library, arena.allocateFrom(name));
            return address.address() == 0 ? Optional.empty() : Optional.of(address);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }
}
