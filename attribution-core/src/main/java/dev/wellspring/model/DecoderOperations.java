package dev.wellspring.model;

import java.util.Collection;
import java.util.List;

/// How many multiplications and additions the passes through a decoder need, counted from its shapes: linear
/// maps, the language-model head and attention. Norms, activations and softmax are left out; they are a few
/// per cent.
///
/// @param forward of one row, attention included
/// @param backward of one row: gradients of inputs down to the lowest tracked layer, without any of weights
public record DecoderOperations(long forward, long backward) {
    /// @param documentRows how many rows a document has
    /// @param tracked the modules whose gradients are wanted
    public static DecoderOperations perRow(DecoderConfig config, int documentRows, Collection<LinearModule> tracked) {
        List<LinearModule> modules = config.modules();
        long head = 2L * config.hidden() * config.vocabulary();
        long pairs = (documentRows + 1L) / 2; // that a row sees, on average
        long attention = 4L * pairs * config.attention().queryWidth();
        int lowest = tracked.stream().mapToInt(LinearModule::layer).min().orElse(config.layers());
        long maps = modules.stream().mapToLong(LinearModule::parameters).sum();
        long mapsAbove = modules.stream()
                .filter(module -> module.layer() >= lowest)
                .mapToLong(LinearModule::parameters)
                .sum();
        return new DecoderOperations(
                2 * maps + head + config.layers() * attention,
                2 * mapsAbove + head + 2L * (config.layers() - lowest) * attention);
    }

    /// Both passes.
    public long both() {
        return forward + backward;
    }
}
