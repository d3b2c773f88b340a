package dev.wellspring.gradient;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.FactorKind;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The coordinates of a store, `basis.safetensors`: for every module what preconditioning needs of what is kept. With
/// it damping, strategy and modules are chosen when queries come.
///
/// | tensor | shape | |
/// |---|---|---|
/// | `M/activation_directions` | (in, e_A) | E_A |
/// | `M/gradient_directions` | (out, e_S) | E_S |
/// | `M/activation_eigenvalues` | (e_A) | λ_A, none below zero |
/// | `M/gradient_eigenvalues` | (e_S) | λ_S |
/// | `M/lambda` | (e_S, e_A) | Λ, the mean; λ_S λ_Aᵀ where factors were fitted without it |
/// | `M/activation_whitening` | (e_A) | h_A |
/// | `M/gradient_whitening` | (e_S) | h_S |
/// | `M/activation_projection` | (k_A, e_A) | R_A, where there is one |
/// | `M/gradient_projection` | (k_S, e_S) | R_S |
/// | `M/summary` | (4) | mean(Λ) and mean(λ_S λ_Aᵀ) over all directions; shares of energy and score variance kept |
///
/// @param path the file
public record BasisFile(Path path) {
    /// Its name in a store.
    public static final String NAME = "basis.safetensors";

    private static final String LAMBDA = "lambda";
    private static final String MEASURED = "measured";
    private static final double DAMPING = Math.sqrt(0.1);

    /// What a store keeps of a module, and how much that is.
    ///
    /// @param energy share of ΣΛ, the squared gradient norm of the fitting documents
    /// @param scoreVariance share of Σ(Λ/(Λ+λ))², with λ = 0.1·mean(Λ)
    public record Kept(StoredModule module, double energy, double scoreVariance) {}

    /// Chooses directions and projections for every module, and writes them.
    ///
    /// @param seed of projections
    /// @param stored how directions and Λ are stored: FLOAT64 or FLOAT32
    public List<Kept> write(
            LinearAlgebra algebra,
            FactorFiles factors,
            List<LinearModule> modules,
            Compression compression,
            long seed,
            DType stored)
            throws IOException {
        List<KeptModule> kept = new ArrayList<>();
        try (Workspace memory = new Workspace(algebra)) {
            for (LinearModule module : modules) {
                kept.add(KeptModule.of(algebra, memory, factors, module, compression));
            }
            List<SafetensorsWriter.Slot> slots =
                    kept.stream().flatMap(one -> one.slots(stored).stream()).toList();
            Map<String, String> metadata = Map.of(LAMBDA, Spectrum.isMeasured(factors) ? MEASURED : "outer product");
            try (SafetensorsWriter writer = SafetensorsWriter.create(path, metadata, slots)) {
                for (KeptModule one : kept) {
                    try (Workspace work = new Workspace(algebra)) {
                        new Writing(algebra, work, writer, one, stored).write(factors, seed);
                    }
                }
                writer.finish();
            }
        }
        return kept.stream()
                .map(one -> new Kept(
                        one.stored(),
                        one.directions().energy(),
                        one.directions().scoreVariance()))
                .toList();
    }

    /// Refuses a strategy that the store was not made for.
    ///
    /// @throws CheckpointException naming those that can be had
    public void require(CurvatureStrategy strategy) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            boolean measured = MEASURED.equals(file.metadata().get(LAMBDA));
            boolean served = switch (strategy) {
                case EKFAC -> measured;
                case KFAC, IDENTITY -> true;
                case DIAGONAL -> false;
            };
            if (!served) {
                throw new CheckpointException(path + ": expected a curvature that this store can serve, "
                        + (measured ? "ekfac, kfac or identity" : "kfac or identity") + ", got " + strategy.word());
            }
        }
    }

    /// SHA-256 of the file, in 64 hexadecimal digits. Reads all of it.
    public String digest() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                Files.copy(path, out);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: every Java has it", impossible);
        }
    }

    /// Opens the file for reading.
    ///
    /// @throws CheckpointException when it is not readable
    public BasisReader open(LinearAlgebra algebra) throws IOException {
        return new BasisReader(algebra, SafetensorsFile.open(path));
    }

    /// The tensors of one module on their way into the file.
    private record Writing(
            LinearAlgebra algebra, Workspace work, SafetensorsWriter writer, KeptModule kept, DType stored) {
        void write(FactorFiles factors, long seed) throws IOException {
            LinearModule module = kept.module();
            Spectrum spectrum =
                    kept.spectrum() == null ? Spectrum.read(algebra, work, factors, module) : kept.spectrum();
            int s = kept.directions().gradient();
            int a = kept.directions().activation();
            directions(factors, FactorKind.ACTIVATION_EIGENVECTORS, BasisTensor.ACTIVATION_DIRECTIONS, a);
            directions(factors, FactorKind.GRADIENT_EIGENVECTORS, BasisTensor.GRADIENT_DIRECTIONS, s);
            Tensor lambda = spectrum.leadingLambda(kept.directions());
            TensorStorage.write(algebra, lambda, writer, BasisTensor.LAMBDA.name(module), stored);
            vector(BasisTensor.ACTIVATION_EIGENVALUES, last(spectrum.activation(), a));
            vector(BasisTensor.GRADIENT_EIGENVALUES, last(spectrum.gradient(), s));
            vector(BasisTensor.ACTIVATION_WHITENING, last(whitening(spectrum.activation()), a));
            vector(BasisTensor.GRADIENT_WHITENING, last(whitening(spectrum.gradient()), s));
            vector(BasisTensor.SUMMARY, new double[] {
                spectrum.meanLambda(),
                spectrum.meanOuter(),
                kept.directions().energy(),
                kept.directions().scoreVariance()
            });
            projection(BasisTensor.ACTIVATION_PROJECTION, kept.activationProjection(), a, seed);
            projection(BasisTensor.GRADIENT_PROJECTION, kept.gradientProjection(), s, seed);
        }

        /// The last columns of the eigenvectors.
        private void directions(FactorFiles factors, FactorKind kind, BasisTensor tensor, int count)
                throws IOException {
            try (Workspace own = new Workspace(algebra)) {
                Tensor vectors = own.allocate(stored, kind.shape(kept.module()));
                factors.read(algebra, kind, kept.module(), vectors);
                long all = vectors.size(1);
                TensorStorage.write(
                        algebra, vectors.columns(all - count, all), writer, tensor.name(kept.module()), stored);
            }
        }

        /// Signs over √k, so that E[RᵀR] is the identity.
        private void projection(BasisTensor tensor, int rows, int columns, long seed) throws IOException {
            if (rows == 0) {
                return;
            }
            String name = tensor.name(kept.module());
            var random = new SplittableRandom(seed ^ ((long) name.hashCode() << 32));
            double size = 1 / Math.sqrt(rows);
            double[] signs = new double[Math.multiplyExact(rows, columns)];
            Arrays.setAll(signs, _ -> random.nextBoolean() ? size : -size);
            write(name, DType.FLOAT32, signs, rows, columns);
        }

        private void vector(BasisTensor tensor, double[] values) throws IOException {
            write(tensor.name(kept.module()), DType.FLOAT64, values, values.length);
        }

        private void write(String name, DType type, double[] values, long... shape) throws IOException {
            try (Workspace own = new Workspace(algebra)) {
                Tensor tensor = own.allocate(DType.FLOAT64, shape);
                HostArrays.upload(algebra, values, tensor);
                TensorStorage.write(algebra, tensor, writer, name, type);
            }
        }

        /// h; ones where there is no curvature at all.
        private static double[] whitening(double[] eigenvalues) {
            double damping = DAMPING * Spectrum.mean(eigenvalues);
            return Arrays.stream(eigenvalues)
                    .map(value -> damping == 0 ? 1 : 1 / Math.sqrt(value + damping))
                    .toArray();
        }

        private static double[] last(double[] values, int count) {
            return Arrays.copyOfRange(values, values.length - count, values.length);
        }
    }
}
