package dev.wellspring.influence;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.CovarianceAccumulator;
import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.curvature.LambdaAccumulator;
import dev.wellspring.curvature.ModuleBases;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.GradientTap;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/// One golden case with all its factors fitted: what the stages of a run do, in order, without files of their own.
public final class GoldenRun implements AutoCloseable {
    /// Not a divisor of the number of documents, so that the last batch is smaller.
    private static final int DOCUMENTS_AT_ONCE = 7;

    public final GoldenCase golden;
    public final Decoder decoder;
    final CovarianceAccumulator covariances;
    public final FactorFiles factors;
    final FactorFiles diagonal;
    public final QueryGradients queryGradients;
    private final LinearAlgebra algebra;
    private final DType type;
    private final BatchCapacity capacity;

    /// Fits everything.
    public GoldenRun(String name, LinearAlgebra algebra, DType type, Path folder) throws IOException {
        this.algebra = algebra;
        this.type = type;
        golden = GoldenCase.load(name);
        capacity = new BatchCapacity(
                DOCUMENTS_AT_ONCE
                        * golden.documents().values().stream()
                                .mapToInt(Sequence::rows)
                                .max()
                                .orElseThrow(),
                DOCUMENTS_AT_ONCE);
        try (Checkpoint checkpoint = Checkpoint.open(golden.model())) {
            decoder = Decoder.load(checkpoint, algebra, type, capacity.rows());
        }
        DType sums = type.sumType();
        List<LinearModule> modules = decoder.modules();

        covariances = new CovarianceAccumulator(algebra, modules, type);
        factors = new FactorFiles(Files.createDirectories(folder.resolve("ekfac")));
        passDocuments(modules, covariances, first -> {});
        factors.writeCovariances(algebra, covariances, DType.FLOAT64);
        factors.writeEigenbases(algebra, modules, DType.FLOAT64, 0, _ -> {});
        DType operands = algebra.operandType(type);
        try (var bases = ModuleBases.load(algebra, factors, modules, operands);
                var lambda = LambdaAccumulator.inEigenbasis(algebra, modules, bases, capacity, operands)) {
            passDocuments(modules, lambda, first -> {});
            factors.writeLambda(algebra, lambda, DType.FLOAT64);
        }
        diagonal = new FactorFiles(Files.createDirectories(folder.resolve("diagonal")));
        try (var lambda = LambdaAccumulator.inParameterBasis(algebra, modules, capacity, sums)) {
            passDocuments(modules, lambda, first -> {});
            diagonal.writeLambda(algebra, lambda, DType.FLOAT64);
        }
        queryGradients = new QueryGradients(algebra, modules, golden.queries().size(), sums);
        pass(golden.queries().values(), modules, queryGradients, 4, queryGradients::startAt);
    }

    /// The modules of `mlp` or `all`.
    public List<LinearModule> modules(String scope) {
        List<String> names = golden.modules(scope);
        return decoder.modules().stream()
                .filter(module -> names.contains(module.name()))
                .toList();
    }

    Preconditioner preconditioner(LinearModule module, CurvatureStrategy strategy, Damping damping) throws IOException {
        FactorFiles files = strategy == CurvatureStrategy.DIAGONAL ? diagonal : factors;
        return Preconditioner.load(algebra, files, module, strategy, damping, type.sumType());
    }

    public QueryBlock block(String scope, CurvatureStrategy strategy, Damping damping, int rank) throws IOException {
        List<LinearModule> modules = modules(scope);
        int[] lengths =
                golden.queries().values().stream().mapToInt(Sequence::rows).toArray();
        var block = new QueryBlock(algebra, lengths.length, rank, algebra.operandType(type));
        try (var rows = new QueryRows(algebra, modules, lengths, type.sumType())) {
            pass(golden.queries().values(), modules, rows, 4, rows::startAt);
            for (LinearModule module : modules) {
                try (Preconditioner preconditioner = preconditioner(module, strategy, damping)) {
                    block.put(module, rows, preconditioner, 1 << 14); // a few queries at a time
                }
            }
        }
        return block;
    }

    /// The scores of all documents for several blocks of the same modules, from one pass: for each block,
    /// batch after batch.
    public List<List<BatchScores>> scores(List<QueryBlock> blocks, ScoreOptions options) {
        List<ScoreKernel> kernels = blocks.stream()
                .map(block -> new ScoreKernel(algebra, block, capacity, options, 1 << 20))
                .toList();
        List<List<BatchScores>> scores = new ArrayList<>();
        kernels.forEach(kernel -> scores.add(new ArrayList<>()));
        GradientTap all = (module, a, g, segments) -> kernels.forEach(kernel -> kernel.accept(module, a, g, segments));
        Runnable finish = () -> {
            for (int k = 0; k < kernels.size(); k++) {
                scores.get(k).add(kernels.get(k).finish());
            }
        };
        passDocuments(blocks.getFirst().modules(), all, first -> {
            if (first > 0) {
                finish.run();
            }
        });
        finish.run();
        kernels.forEach(ScoreKernel::close);
        return scores;
    }

    double[] selfInfluence(SelfInfluence self, List<LinearModule> modules) {
        List<double[]> batches = new ArrayList<>();
        passDocuments(modules, self, first -> {
            if (first > 0) {
                batches.add(self.finish());
            }
        });
        batches.add(self.finish());
        return batches.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    public BatchCapacity capacity() {
        return capacity;
    }

    /// All documents, in batches, the first document of each told before it.
    public void passDocuments(List<LinearModule> modules, GradientTap tap, IntConsumer beforeBatch) {
        pass(golden.documents().values(), modules, tap, DOCUMENTS_AT_ONCE, beforeBatch);
    }

    private void pass(
            Iterable<Sequence> sequences, List<LinearModule> modules, GradientTap tap, int size, IntConsumer before) {
        List<Sequence> all = new ArrayList<>();
        sequences.forEach(all::add);
        Set<LinearModule> tracked = new LinkedHashSet<>(modules);
        for (int first = 0; first < all.size(); first += size) {
            before.accept(first);
            List<Sequence> batch = all.subList(first, Math.min(all.size(), first + size));
            decoder.gradients(PackedBatch.of(batch), null, tracked, tap);
        }
    }

    @Override
    public void close() {
        queryGradients.close();
        covariances.close();
        decoder.close();
    }
}
