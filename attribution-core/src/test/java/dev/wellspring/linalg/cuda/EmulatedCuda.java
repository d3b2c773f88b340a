package dev.wellspring.linalg.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.linalg.cuda.library.LibraryPaths;
import dev.wellspring.linalg.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// The CUDA of plain C++: libraries with the names and functions of NVIDIA's, in which a device's memory is the
/// host's, products are loops, and kernels are the real ones, compiled by a C++ compiler against a header that
/// runs a block's threads one at a time. What real bindings, backend and kernels get wrong shows without a
/// GPU; what is fast does not.
///
/// One process has one of them, with one device and its settings.
public final class EmulatedCuda {
    /// What the device is unless told otherwise: capability 9.0, driver 12.8, 4 GiB.
    public static final Configuration USUAL = new Configuration(1, 90, 12_080, 4L << 30);

    private final Path folder;
    private final MethodHandle configure;
    private final MethodHandle need;
    private final MethodHandle liveAllocations;
    private final MethodHandle pinnedAllocations;
    private final MethodHandle contextsRetained;
    private final MethodHandle unalignedProducts;
    private final MethodHandle queued;
    private final MethodHandle message;
    private final MethodHandle forgive;
    private final MethodHandle makeHasty;

    /// What the driver says that it has.
    ///
    /// @param computeCapability 90 for 9.0
    /// @param driverVersion 12080 for 12.8
    /// @param memory in bytes; allocations beyond it are refused
    public record Configuration(int devices, int computeCapability, int driverVersion, long memory) {}

    private EmulatedCuda(Path folder) {
        this.folder = folder;
        var functions = new NativeFunctions(
                "emulated CUDA", SymbolLookup.libraryLookup(folder.resolve("libcuda.so.1"), Arena.global()));
        configure = functions.find("emulationConfigure", call(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        need = functions.find("emulationNeed", call(JAVA_LONG));
        liveAllocations = functions.find("emulationLiveAllocations", FunctionDescriptor.of(JAVA_LONG));
        pinnedAllocations = functions.find("emulationPinnedAllocations", FunctionDescriptor.of(JAVA_LONG));
        contextsRetained = functions.find("emulationContextsRetained", FunctionDescriptor.of(JAVA_LONG));
        unalignedProducts = functions.find("emulationUnalignedProducts", FunctionDescriptor.of(JAVA_LONG));
        queued = functions.find("emulationQueued", FunctionDescriptor.of(JAVA_LONG));
        message = functions.find("emulationMessage", FunctionDescriptor.of(ADDRESS));
        forgive = functions.find("emulationForgive", call());
        makeHasty = functions.find("emulationMakeHasty", call(JAVA_INT));
    }

    private static FunctionDescriptor call(MemoryLayout... arguments) {
        return FunctionDescriptor.ofVoid(arguments);
    }

    /// The libraries, compiled now or by an earlier run; the test is skipped, and says why, where they cannot be.
    public static EmulatedCuda orSkip() {
        return switch (EmulatedCudaBuild.build()) {
            case EmulatedCudaBuild.Built(Path folder) -> new EmulatedCuda(folder);
            case EmulatedCudaBuild.Impossible(String reason) -> Assumptions.abort(reason);
        };
    }

    /// Where the libraries lie.
    public Path folder() {
        return folder;
    }

    /// These libraries and no others.
    public LibraryPaths paths() {
        return LibraryPaths.only(List.of(folder));
    }

    /// Another device from now on; put [#USUAL] back afterwards.
    public void configure(Configuration wanted) {
        try {
            configure.invokeExact(
                    wanted.devices(), wanted.computeCapability(), wanted.driverVersion(), wanted.memory());
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// From now on libraries work and kernels start only while so much of the device's memory is free; 0 as at
    /// first.
    public void need(long bytes) {
        try {
            need.invokeExact(bytes);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// Streams do nothing until they are waited for, unless they are hasty: then they do everything at once,
    /// as far as they may. Put 0 back afterwards.
    ///
    /// @param which bit 0 for every other stream, in the order they are made, bit 1 for those between: from 0
    ///     to 3, so that of two streams made one after the other each is late or early
    public void makeHasty(int which) {
        try {
            makeHasty.invokeExact(which);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// Allocations of device memory that have not been freed.
    public long liveAllocations() {
        return count(liveAllocations);
    }

    /// Allocations of pinned host memory that have not been freed.
    public long pinnedAllocations() {
        return count(pinnedAllocations);
    }

    /// How often primary contexts were retained and not released.
    public long contextsRetained() {
        return count(contextsRetained);
    }

    /// Kernels, products, copies and the like that streams were given so far.
    public long queued() {
        return count(queued);
    }

    /// Products in BFLOAT16 or TF32 so far of which an operand lies so that tensor cores take it slowly.
    public long unalignedProducts() {
        return count(unalignedProducts);
    }

    private static long count(MethodHandle counter) {
        try {
            return (long) counter.invokeExact();
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// What the device found wrong last, for example which thread waits at which barrier.
    public String message() {
        try {
            var text = (MemorySegment) message.invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }

    /// Forgets a failed kernel, after which a real device has to be opened anew.
    public void forgive() {
        try {
            forgive.invokeExact();
        } catch (Throwable failure) {
            throw NativeFunctions.unexpected(failure);
        }
    }
}
