package dev.wellspring.linalg;

import dev.wellspring.linalg.cpu.CpuLinearAlgebra;
import dev.wellspring.linalg.cuda.CudaLinearAlgebra;
import dev.wellspring.linalg.cuda.Gpu;
import dev.wellspring.linalg.cuda.library.LibraryPaths;
import dev.wellspring.linalg.nd4j.NativeCode;
import dev.wellspring.linalg.nd4j.Nd4jLinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Picks an implementation of [LinearAlgebra] and says why.
public final class Backends {
    /// The word that leaves the choice to [#open].
    public static final String AUTO = "auto";

    private Backends() {}

    /// What is known of a backend before it is loaded.
    ///
    /// @param name the word the option `--backend` knows it by
    /// @param available whether it can be opened, as far as that shows without loading native code
    /// @param reason what it is, or what is missing, in words
    /// @param types whole models can be computed in
    public record Availability(String name, boolean available, String reason, List<DType> types) {}

    /// A backend's name, and why it was taken, in one line.
    public record Choice(String name, String why) {}

    /// A loaded backend, which the caller closes.
    public record Opened(LinearAlgebra algebra, Choice choice) {}

    /// Every known backend, fastest first. Costs no more than a look at the class path.
    public static List<Availability> list() {
        return Arrays.stream(Known.values()).map(Known::availability).toList();
    }

    /// Loads a backend.
    ///
    /// @param choice `auto`, or a name in [#list]; `auto` takes the first that computes in the type and loads
    /// @param type that models are to be computed in
    /// @param parallel spreads independent rows over threads
    /// @throws IllegalArgumentException for a name or a type that cannot be had
    public static Opened open(String choice, DType type, RowParallel parallel) {
        return choice.equals(AUTO) ? openFirst(type, parallel) : openNamed(Known.byName(choice), type, parallel);
    }

    /// How many devices a backend has to compute on: the GPUs that the driver lists, or 1.
    ///
    /// @param name of a backend that is open
    public static int devices(String name) {
        return Known.byName(name) == Known.CUDA ? Math.max(1, Gpu.count(LibraryPaths.ofSystem())) : 1;
    }

    /// Loads a backend that is open already on another of its devices.
    ///
    /// @param device counted from 0
    /// @throws IllegalArgumentException when it cannot be had there
    public static LinearAlgebra openOn(String name, int device, DType type, RowParallel parallel) {
        return switch (Known.byName(name).open(type, parallel, device)) {
            case Loaded(LinearAlgebra algebra) -> algebra;
            case Absent(String reason) ->
                throw new IllegalArgumentException("device " + device + " of " + name + ": " + reason);
        };
    }

    private static Opened openNamed(Known known, DType type, RowParallel parallel) {
        if (!known.types().contains(type)) {
            throw new IllegalArgumentException("backend " + known.word + ": expected a type out of " + known.typeWords()
                    + ", got " + word(type) + "; use one of these, or the backend " + AUTO);
        }
        return switch (known.open(type, parallel, 0)) {
            case Loaded(LinearAlgebra algebra) -> new Opened(algebra, new Choice(known.word, "asked for"));
            case Absent(String reason) ->
                throw new IllegalArgumentException("backend " + known.word + ": expected native code that loads, got "
                        + reason + "; use " + AUTO + " or " + Known.REFERENCE.word);
        };
    }

    private static Opened openFirst(DType type, RowParallel parallel) {
        List<String> reasons = new ArrayList<>();
        for (Known known : Known.values()) {
            if (!known.types().contains(type)) {
                reasons.add(known.word + " does not compute in it");
                continue;
            }
            switch (known.open(type, parallel, 0)) {
                case Loaded(LinearAlgebra algebra) -> {
                    reasons.addFirst("the fastest here that computes in " + word(type));
                    return new Opened(algebra, new Choice(known.word, String.join("; ", reasons)));
                }
                case Absent(String reason) -> reasons.add(known.word + " does not load: " + reason);
            }
        }
        throw new IllegalArgumentException(
                "type: no backend computes in " + word(type) + "; use " + Known.REFERENCE.typeWords());
    }

    private static String word(DType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /// What came of loading a backend.
    private sealed interface Attempt {}

    private record Loaded(LinearAlgebra algebra) implements Attempt {}

    private record Absent(String reason) implements Attempt {}

    /// The backends, fastest first.
    private enum Known {
        CUDA("cuda"),
        CPU("cpu"),
        ND4J("nd4j"),
        REFERENCE("reference");

        private final String word;

        Known(String word) {
            this.word = word;
        }

        static Known byName(String name) {
            return Arrays.stream(values())
                    .filter(known -> known.word.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("backend: expected " + AUTO + ", "
                            + Arrays.stream(values()).map(known -> known.word).collect(Collectors.joining(", "))
                            + ", got " + name));
        }

        Attempt open(DType type, RowParallel parallel, int device) {
            return switch (this) {
                case CUDA -> openCuda(type, parallel, device);
                case CPU -> openCpu(parallel);
                case ND4J -> openNd4j(parallel);
                case REFERENCE -> new Loaded(new ReferenceLinearAlgebra());
            };
        }

        /// Models in BFLOAT16 take TF32 for what is FLOAT32 in them: it keeps more of a number than they do.
        private static Attempt openCuda(DType type, RowParallel parallel, int device) {
            boolean rounded = type == DType.BFLOAT16 || "on".equals(System.getenv(Gpu.TF32_SWITCH));
            var products = rounded ? Gpu.Float32Products.TF32 : Gpu.Float32Products.EXACT;
            return switch (Gpu.open(LibraryPaths.ofSystem(), device, products)) {
                case Gpu.Opened(Gpu gpu) -> new Loaded(new CudaLinearAlgebra(gpu, hostBeside(parallel)));
                case Gpu.Absent(String reason) -> new Absent(reason);
            };
        }

        /// What decomposes small matrices beside a device.
        private static LinearAlgebra hostBeside(RowParallel parallel) {
            return switch (openCpu(parallel)) {
                case Loaded(LinearAlgebra algebra) -> algebra;
                case Absent _ -> new ReferenceLinearAlgebra();
            };
        }

        private static Attempt openCpu(RowParallel parallel) {
            try {
                return new Loaded(new CpuLinearAlgebra(parallel));
            } catch (LinkageError e) {
                return new Absent(rootOf(e));
            }
        }

        private static Attempt openNd4j(RowParallel parallel) {
            if (NativeCode.onClassPath().isEmpty()) {
                return new Absent("no native code of ND4J for " + NativeCode.platform());
            }
            try {
                return new Loaded(new Nd4jLinearAlgebra(parallel));
            } catch (LinkageError e) {
                return new Absent(rootOf(e));
            }
        }

        Availability availability() {
            return switch (this) {
                case CUDA -> {
                    Optional<String> lack = Gpu.lack(LibraryPaths.ofSystem());
                    yield new Availability(
                            word, lack.isEmpty(), lack.orElse("NVIDIA GPU; kernels are compiled when used"), types());
                }
                case CPU ->
                    CpuLinearAlgebra.isOnClassPath()
                            ? new Availability(word, true, "OpenBLAS, called directly, and loops in Java", types())
                            : new Availability(word, false, "no OpenBLAS for this machine on the class path", types());
                case ND4J -> {
                    Optional<String> found = NativeCode.onClassPath();
                    String reason = found.map(code -> "ND4J with OpenBLAS; native code " + code + ", loaded when used")
                            .orElseGet(() -> "no native code of ND4J for " + NativeCode.platform());
                    yield new Availability(word, found.isPresent(), reason, types());
                }
                case REFERENCE -> new Availability(word, true, "plain loops in float64: exact and slow", types());
            };
        }

        List<DType> types() {
            return switch (this) {
                case ND4J -> List.of(DType.FLOAT32, DType.FLOAT64);
                case CUDA, CPU, REFERENCE -> List.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16);
            };
        }

        String typeWords() {
            return types().stream().map(Backends::word).collect(Collectors.joining(", "));
        }

        private static String rootOf(Throwable error) {
            Throwable root = error;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root.getClass().getSimpleName() + ": " + root.getMessage();
        }
    }
}
