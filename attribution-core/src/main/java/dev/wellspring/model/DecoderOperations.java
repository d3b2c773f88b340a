package dev.wellspring.model;

import java.util.Collection;
import java.util.function.Predicate;

/// How many multiplications and additions the passes through a decoder need, counted from its shapes: linear
/// maps, the language-model head and attention. Norms, activations and softmax are left out; they are a few
/// per cent. Of attention only the pairs of rows that see each other count, and its probabilities once.
///
/// @param forward of one row, attention included
/// @param backward of one row: gradients of inputs, as far down as a tracked module needs them, and none of weights
public record DecoderOperations(long forward, long backward) {
    /// @param documentRows how many rows a document has
    /// @param tracked the modules whose gradients are wanted
    /// @param withHead whether logits are computed; not where [HeadGradients] are there
    public static DecoderOperations perRow(
            DecoderConfig config, int documentRows, Collection<LinearModule> tracked, boolean withHead) {
        long head = withHead ? 2L * config.hidden() * config.vocabulary() : 0;
        long pairs = (documentRows + 1L) / 2; // that a row sees, on average
        long attention = 4L * pairs * config.attention().queryWidth();
        BackwardReach reach = BackwardReach.of(config, tracked);
        return new DecoderOperations(
                2 * parameters(config, module -> true) + head + config.layers() * attention,
                2 * parameters(config, module -> reach.passes(module, config))
                        + head
                        + 2L * reach.attentions(config) * attention);
    }

    /// Both passes.
    public long both() {
        return forward + backward;
    }

    private static long parameters(DecoderConfig config, Predicate<LinearModule> counts) {
        return config.modules().stream()
                .filter(counts)
                .mapToLong(module -> (long) module.outputs() * module.inputs())
                .sum();
    }
}
