package dev.wellspring.linalg.cuda.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// NVRTC, the compiler of CUDA C++ as a library, as its header nvrtc.h declares it. It needs neither driver
/// nor device. Programs are longs. All functions throw [CudaException].
public record Nvrtc(
        MethodHandle nvrtcVersion,
        MethodHandle nvrtcGetNumSupportedArchs,
        MethodHandle nvrtcGetSupportedArchs,
        MethodHandle nvrtcCreateProgram,
        MethodHandle nvrtcDestroyProgram,
        MethodHandle nvrtcCompileProgram,
        MethodHandle nvrtcGetCUBINSize,
        MethodHandle nvrtcGetCUBIN,
        MethodHandle nvrtcGetPTXSize,
        MethodHandle nvrtcGetPTX,
        MethodHandle nvrtcGetProgramLogSize,
        MethodHandle nvrtcGetProgramLog,
        MethodHandle nvrtcGetErrorString)
        implements StatusFunctions {
    static Nvrtc of(NativeFunctions functions) {
        return new Nvrtc(
                functions.status("nvrtcVersion", ADDRESS, ADDRESS),
                functions.status("nvrtcGetNumSupportedArchs", ADDRESS),
                functions.status("nvrtcGetSupportedArchs", ADDRESS),
                functions.status("nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS),
                functions.status("nvrtcDestroyProgram", ADDRESS),
                functions.status("nvrtcCompileProgram", JAVA_LONG, JAVA_INT, ADDRESS),
                functions.status("nvrtcGetCUBINSize", JAVA_LONG, ADDRESS),
                functions.status("nvrtcGetCUBIN", JAVA_LONG, ADDRESS),
                functions.status("nvrtcGetPTXSize", JAVA_LONG, ADDRESS),
                functions.status("nvrtcGetPTX", JAVA_LONG, ADDRESS),
                functions.status("nvrtcGetProgramLogSize", JAVA_LONG, ADDRESS),
                functions.status("nvrtcGetProgramLog", JAVA_LONG, ADDRESS),
                functions.find("nvrtcGetErrorString", FunctionDescriptor.of(ADDRESS, JAVA_INT)));
    }

    /// As people write it: 12.9.
    public String version() {
        int release = release();
        return release / 1000 + "." + release % 1000 / 10;
    }

    /// As the driver counts: 12090 for 12.9.
    public int release() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment major = arena.allocate(JAVA_INT);
            MemorySegment minor = arena.allocate(JAVA_INT);
            call("nvrtcVersion", () -> (int) nvrtcVersion.invokeExact(major, minor));
            return 1000 * major.get(JAVA_INT, 0) + 10 * minor.get(JAVA_INT, 0);
        }
    }

    /// The compute capabilities it compiles for, rising: 90 for 9.0.
    public int[] supportedArchitectures() {
        int count = askInt("nvrtcGetNumSupportedArchs", place -> (int) nvrtcGetNumSupportedArchs.invokeExact(place));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment places = arena.allocate(JAVA_INT, count);
            call("nvrtcGetSupportedArchs", () -> (int) nvrtcGetSupportedArchs.invokeExact(places));
            int[] architectures = places.toArray(JAVA_INT);
            Arrays.sort(architectures);
            return architectures;
        }
    }

    /// @param headers texts by the names that the source includes them by
    public long nvrtcCreateProgram(String source, String name, Map<String, String> headers) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(source);
            MemorySegment title = arena.allocateFrom(name);
            MemorySegment texts = strings(arena, List.copyOf(headers.values()));
            MemorySegment names = strings(arena, List.copyOf(headers.keySet()));
            return ask("nvrtcCreateProgram", place ->
                    (int) nvrtcCreateProgram.invokeExact(place, text, title, headers.size(), texts, names));
        }
    }

    public void nvrtcDestroyProgram(long program) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocateFrom(JAVA_LONG, program);
            call("nvrtcDestroyProgram", () -> (int) nvrtcDestroyProgram.invokeExact(place));
        }
    }

    public void nvrtcCompileProgram(long program, List<String> options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment texts = strings(arena, options);
            call("nvrtcCompileProgram", () -> (int) nvrtcCompileProgram.invokeExact(program, options.size(), texts));
        }
    }

    /// Machine code, after a compilation for a real architecture.
    public byte[] cubin(long program) {
        long size = ask("nvrtcGetCUBINSize", place -> (int) nvrtcGetCUBINSize.invokeExact(program, place));
        return bytes(size, place -> call("nvrtcGetCUBIN", () -> (int) nvrtcGetCUBIN.invokeExact(program, place)));
    }

    /// Text for the driver's compiler, with a zero at its end.
    public byte[] ptx(long program) {
        long size = ask("nvrtcGetPTXSize", place -> (int) nvrtcGetPTXSize.invokeExact(program, place));
        return bytes(size, place -> call("nvrtcGetPTX", () -> (int) nvrtcGetPTX.invokeExact(program, place)));
    }

    /// What the compiler has to say, line by line.
    public List<String> log(long program) {
        long size = ask("nvrtcGetProgramLogSize", place -> (int) nvrtcGetProgramLogSize.invokeExact(program, place));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(size + 1);
            call("nvrtcGetProgramLog", () -> (int) nvrtcGetProgramLog.invokeExact(program, text));
            return text.getString(0).lines().toList();
        }
    }

    @FunctionalInterface
    private interface Reading {
        void into(MemorySegment place);
    }

    private static byte[] bytes(long size, Reading reading) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(size);
            reading.into(place);
            return place.toArray(JAVA_BYTE);
        }
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment pointers = arena.allocate(ADDRESS, texts.size());
        for (int i = 0; i < texts.size(); i++) {
            pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        return pointers;
    }

    @Override
    public CudaException failure(String function, int status) {
        return new CudaException(
                function, status, StatusFunctions.text(nvrtcGetErrorString, status) + " (" + status + ")");
    }
}
