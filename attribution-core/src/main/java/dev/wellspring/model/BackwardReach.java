package dev.wellspring.model;

import dev.wellspring.model.LinearModule.Part;
import java.util.Collection;

/// How far down a backward pass goes, as [Block#backward] has it.
///
/// @param lowest the lowest layer with a tracked module; the number of layers where there is none
/// @param attentionInput whether one of its maps to queries, keys and values is tracked
/// @param attention whether any map of its attention is
/// @param mlpInput whether one of the maps its MLP begins with is
/// @param parallel whether the halves of a block read the same stream
record BackwardReach(int lowest, boolean attentionInput, boolean attention, boolean mlpInput, boolean parallel) {
    static BackwardReach of(DecoderConfig config, Collection<LinearModule> tracked) {
        int lowest = tracked.stream().mapToInt(LinearModule::layer).min().orElse(config.layers());
        return new BackwardReach(
                lowest,
                tracked.stream()
                        .anyMatch(module ->
                                module.layer() == lowest && module.part() == Part.ATTENTION && !isExit(config, module)),
                tracked.stream().anyMatch(module -> module.layer() == lowest && module.part() == Part.ATTENTION),
                tracked.stream()
                        .anyMatch(module ->
                                module.layer() == lowest && module.part() == Part.MLP && !isExit(config, module)),
                config.parallel());
    }

    /// Whether the gradient of a map's input is computed.
    boolean passes(LinearModule module, DecoderConfig config) {
        if (module.layer() != lowest) {
            return module.layer() > lowest;
        }
        boolean throughMlp = attention && !parallel;
        return switch (module.part()) {
            case ATTENTION -> attentionInput && isExit(config, module);
            case MLP -> isExit(config, module) ? mlpInput || throughMlp : throughMlp;
        };
    }

    /// Through how many layers' attention the pass goes.
    int attentions(DecoderConfig config) {
        return Math.max(0, config.layers() - lowest - 1) + (attentionInput ? 1 : 0);
    }

    /// Whether a map leads back to the stream.
    static boolean isExit(DecoderConfig config, LinearModule module) {
        TensorNames names = config.names();
        return module.name().equals(names.inBlock(module.layer(), names.attentionOutput()))
                || module.name().equals(names.inBlock(module.layer(), names.mlpOutput()));
    }
}
