package dev.wellspring.benchmark;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/// The operations (multiplications and additions) that a stage needs at least, counted from shapes alone as
/// `docs/performance/kronfluence/operations.py` counts them: products of maps, attention and the head. Norms,
/// activations, softmax, reading and writing count as nothing. MLP modules are tracked.
///
/// @param config of the model
/// @param tracked its MLP modules
/// @param inputs one of them for each input that they read
/// @param documents how many, and how long
/// @param queries how many, and how long
/// @param rank of compressed query gradients
public record StageOperations(
        DecoderConfig config,
        List<LinearModule> tracked,
        List<LinearModule> inputs,
        Lengths documents,
        Lengths queries,
        int rank) {

    /// Sequences of equal length.
    ///
    /// @param count how many
    /// @param rows predicted tokens of each: one less than its tokens
    public record Lengths(long count, long rows) {
        long allRows() {
            return count * rows;
        }

        /// Positions that attend to positions, with the causal mask.
        long pairs() {
            return count * (rows * (rows + 1) / 2);
        }
    }

    /// Counts for a case.
    public static StageOperations of(DecoderConfig config, Lengths documents, Lengths queries, int rank) {
        List<LinearModule> tracked = config.modules().stream()
                .filter(module -> module.part() == LinearModule.Part.MLP)
                .toList();
        Set<String> groups = new HashSet<>();
        List<LinearModule> inputs = tracked.stream()
                .filter(module -> groups.add(module.inputGroup()))
                .toList();
        return new StageOperations(config, tracked, inputs, documents, queries, rank);
    }

    /// Both passes, and symmetric updates: half of a full product for each input and each output gradient.
    public long covariance() {
        return passes(documents)
                + documents.allRows()
                        * (sum(inputs, module -> symmetric(module.activationSize()))
                                + sum(tracked, module -> symmetric(module.outputs())));
    }

    /// For each side 4/3 n³ to a tridiagonal matrix, 4/3 n³ to divide and conquer, 2 n³ for the vectors back.
    public long eigenbasis() {
        return sum(inputs, module -> decomposition(module.activationSize()))
                + sum(tracked, module -> decomposition(module.outputs()));
    }

    /// Both passes, and every document's gradient in the eigenbasis.
    public long lambda() {
        return passes(documents) + rotated(documents);
    }

    /// Both passes, gradients in the eigenbasis, and factors rotated back; no singular value decomposition.
    public long queryGradients() {
        long back = 2 * queries.count() * rank * sum(tracked, StageOperations::squares);
        return passes(queries) + rotated(queries) + back;
    }

    /// Both passes, and the cheaper contraction of each module.
    public long scores() {
        return passes(documents) + sum(tracked, this::contraction);
    }

    /// Forward: 2 a weight and row, and 2 products of attention. Backward: gradients of inputs only, down to the
    /// outputs of the lowest tracked modules, and 4 products of attention.
    private long passes(Lengths lengths) {
        long head = (long) config.hidden() * config.vocabulary();
        long all = sum(config.modules(), StageOperations::weights);
        long above = sum(config.modules(), module -> module.layer() > 0 ? weights(module) : 0);
        String lowest = tracked.getFirst().inputGroup();
        long upper = sum(
                tracked, module -> module.layer() == 0 && !module.inputGroup().equals(lowest) ? weights(module) : 0);
        long attention = 4 * lengths.pairs() * config.attention().queryWidth();
        return 2 * lengths.allRows() * (all + above + upper + 2 * head)
                + attention * config.layers()
                + 2 * attention * (config.layers() - 1);
    }

    /// Gradients in the eigenbasis: rows are rotated and multiplied, or gradients formed and rotated.
    private long rotated(Lengths lengths) {
        long forming = 2 * lengths.allRows() * sum(tracked, LinearModule::parameters);
        long ofRows = 2
                * lengths.allRows()
                * (sum(inputs, module -> square(module.activationSize()))
                        + sum(tracked, module -> square(module.outputs())));
        long ofGradients = 2
                * lengths.count()
                * sum(tracked, module -> module.parameters() * (module.outputs() + module.activationSize()));
        return forming + Math.min(ofRows, ofGradients);
    }

    private long contraction(LinearModule module) {
        long size = module.parameters();
        long pairs = queries.count() * rank;
        long byRows = 2 * documents.allRows() * pairs * (module.outputs() + module.activationSize() + 1);
        long formed =
                2 * documents.allRows() * size + 2 * documents.count() * queries.count() * size + 2 * pairs * size;
        return Math.min(byRows, formed);
    }

    private static long weights(LinearModule module) {
        return (long) module.inputs() * module.outputs();
    }

    private static long squares(LinearModule module) {
        return square(module.outputs()) + square(module.activationSize());
    }

    private static long square(long n) {
        return n * n;
    }

    private static long symmetric(long n) {
        return n * (n + 1);
    }

    private static long decomposition(long n) {
        return 14 * n * n * n / 3;
    }

    private static long sum(List<LinearModule> modules, ToLongFunction<LinearModule> count) {
        return modules.stream().mapToLong(count).sum();
    }
}
