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
record DynamicLoader(MethodHandle dlopen, MethodHandle dlsym, MethodHandle dlerror) {
    private static final int RTLD_NOW = 2;

    /// What came of opening a library.
    sealed interface Opening {}

    /// The library's symbols, for as long as the process lives.
    record Opened(SymbolLookup symbols) implements Opening {}

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
                functions.find("dlerror", FunctionDescriptor.of(ADDRESS))));
    }

    /// Opens a library, which then also serves others that ask for one of its name.
    ///
    /// @param library a path, or a name that the loader looks for
    Opening open(String library) {
        try (Arena arena = Arena.ofConfined()) {
            var handle = (MemorySegment) dlopen.invokeExact(arena.allocateFrom(library), RTLD_NOW);
            return handle.address() == 0
                    ? new Refused(StatusFunctions.string((MemorySegment) dlerror.invokeExact()))
                    : new Opened(name -> symbol(handle, name));
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
